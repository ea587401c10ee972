//! How good suggestions are on a year of mailboxes whose owners' habits are known, because they were made up: of the
//! mails that are suggested to leave the inbox, how many their owner would let go (precision), and of those that the
//! owner would let go, how many are suggested (reach). `cargo xtask bench model` prints it.

#![allow(clippy::print_stdout, reason = "a benchmark shows what it prints")]

use std::collections::HashSet;

use bulkhead_engine::advice::weigh::{Looked, weigh};
use bulkhead_engine::advice::{Leanings, Source, sources};
use bulkhead_engine::records::{ScannedFolder, ScannedMail, ScannedSender, Scope};
use bulkhead_shared::advice::Action;
use bulkhead_shared::class::Class;
use jiff::{SignedDuration, Timestamp};

/// Mailboxes that are made.
const MAILBOXES: u64 = 20;
/// How often the model is right about a single mail, as `cargo xtask bench model` measures it.
const MODEL_RIGHT: u64 = 92;
const DAY: i64 = 24 * 60 * 60;

/// What an owner would let go of a sender's mails in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LetsGo {
    All,
    /// What has been there for a month.
    Older,
    Nothing,
}

/// A kind of sender, and the owner's habit with it.
struct Habit {
    class: Class,
    is_list: bool,
    automatic: bool,
    lets_go: LetsGo,
    /// Percent that are read, from and to: each sender is somewhere between.
    read: (u64, u64),
    /// Percent of the read ones that are answered.
    answered: u64,
    /// Percent that their owner puts away by hand within days.
    puts_away: u64,
    /// Mails in a year, from and to.
    mails: (u64, u64),
    /// Senders of this kind.
    senders: u64,
}

const fn habit(
    class: Class,
    lets_go: LetsGo,
    read: (u64, u64),
    mails: (u64, u64),
    senders: u64,
) -> Habit {
    Habit {
        class,
        is_list: matches!(
            class,
            Class::Newsletter | Class::Promotion | Class::ListDiscussion
        ),
        automatic: !matches!(class, Class::Personal | Class::Request | Class::Question),
        lets_go,
        read,
        answered: 0,
        puts_away: 0,
        mails,
        senders,
    }
}

/// A household's mail: what is never read, what is read and then in the way, what is waited for although it is read
/// late, and people.
fn habits() -> Vec<Habit> {
    let (all, older, nothing) = (LetsGo::All, LetsGo::Older, LetsGo::Nothing);
    let person = |class, senders| Habit {
        answered: 30,
        ..habit(class, nothing, (80, 100), (4, 80), senders)
    };
    let by_hand = |class, lets_go, puts_away, mails, senders| Habit {
        puts_away,
        ..habit(class, lets_go, (70, 100), mails, senders)
    };
    vec![
        // Read, and put away by hand: what is left of it was forgotten.
        by_hand(Class::Newsletter, all, 85, (60, 300), 8),
        by_hand(Class::Notification, all, 90, (60, 400), 6),
        // Put away now and then, and kept in the inbox for the rest.
        by_hand(Class::Newsletter, nothing, 30, (40, 200), 4),
        by_hand(Class::Receipt, nothing, 40, (10, 60), 4),
        habit(Class::Newsletter, all, (0, 20), (20, 300), 20),
        habit(Class::Newsletter, older, (25, 60), (20, 200), 8),
        habit(Class::Newsletter, nothing, (50, 100), (12, 100), 6),
        habit(Class::Promotion, all, (0, 15), (20, 250), 15),
        habit(Class::Promotion, older, (25, 55), (10, 80), 4),
        habit(Class::Notification, all, (0, 25), (30, 400), 8),
        habit(Class::Notification, older, (30, 70), (10, 200), 6),
        // A bank, a school, a doctor: read late, and waited for.
        habit(Class::Notification, nothing, (60, 100), (4, 40), 8),
        // Kept for some day, and mostly not opened: no header tells that from what is in the way.
        habit(Class::Notification, nothing, (5, 40), (4, 60), 2),
        habit(Class::Newsletter, nothing, (5, 40), (12, 60), 1),
        habit(Class::ListDiscussion, all, (0, 15), (50, 600), 3),
        habit(Class::ListDiscussion, older, (30, 60), (50, 300), 2),
        habit(Class::Receipt, nothing, (60, 100), (3, 30), 12),
        habit(Class::Delivery, older, (50, 90), (5, 60), 4),
        person(Class::Personal, 20),
        person(Class::Request, 8),
        // Rarely answered, and not always read.
        habit(Class::Question, nothing, (60, 95), (3, 30), 8),
    ]
}

/// The same numbers on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn between(&mut self, (least, most): (u64, u64)) -> u64 {
        least + self.next() % (most - least + 1)
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// A year's mails of one owner, in the inbox and out of it, and what each sender is.
fn year(seed: u64) -> ([ScannedFolder; 2], Vec<Habit>, Vec<usize>) {
    let (mut dice, habits) = (Dice(seed), habits());
    let named = |name: &str| ScannedFolder {
        name: name.to_owned(),
        ..ScannedFolder::default()
    };
    let [mut folder, mut away] = [named("INBOX"), named("Archive")];
    let mut kinds = Vec::new();
    for (kind, habit) in habits.iter().enumerate() {
        for number in 0..habit.senders {
            let sender = u32::try_from(folder.senders.len()).unwrap();
            folder.senders.push(ScannedSender {
                address: format!("s{kind}.{number}@x.example"),
                name: String::new(),
                list: habit.is_list.then(|| format!("l{kind}-{number}.x.example")),
                unsubscribe: habit.is_list,
                automatic: habit.automatic,
            });
            kinds.push(kind);
            let read = dice.between(habit.read);
            for _ in 0..dice.between(habit.mails) {
                let age = i64::try_from(dice.between((0, 365 * DAY as u64))).unwrap();
                let is_read = dice.percent(read);
                let is_away = age > 4 * DAY && dice.percent(habit.puts_away);
                let place = if is_away { &mut away } else { &mut folder };
                place.mails.push(ScannedMail {
                    key: place.mails.len() as u64,
                    sender,
                    received: now() - SignedDuration::from_secs(age),
                    size: 1_000,
                    unread: !is_read,
                    starred: false,
                    answered: is_read && dice.percent(habit.answered),
                });
            }
        }
    }
    away.senders.clone_from(&folder.senders);
    ([folder, away], habits, kinds)
}

/// What the model says of 20 mails of a source.
fn looked(class: Class, source: &Source, dice: &mut Dice) -> Looked {
    let one = |dice: &mut Dice| match dice.percent(MODEL_RIGHT) {
        true => class,
        false => Class::ALL[(dice.next() % Class::ALL.len() as u64) as usize],
    };
    let classes: Vec<Class> = (0..source.mails.min(20)).map(|_| one(dice)).collect();
    Looked::at(source, &classes).unwrap()
}

#[derive(Debug, Default, Clone, Copy)]
struct Score {
    suggested: u64,
    right: u64,
    /// That the owner would let go.
    wanted: u64,
}

impl Score {
    fn precision(self) -> f64 {
        self.right as f64 / self.suggested.max(1) as f64
    }
}

/// Mails of a source, and of those the ones that have been there for a month.
fn mails_of(folder: &ScannedFolder, source: &Source) -> (u64, u64) {
    let month = now() - SignedDuration::from_secs(30 * DAY);
    let of_it = folder
        .mails
        .iter()
        .filter(|mail| folder.senders[mail.sender as usize].address == source.address);
    of_it.fold((0, 0), |(all, older), mail| {
        (all + 1, older + u64::from(mail.received < month))
    })
}

fn score(seed: u64, total: &mut Score, by_sure: &mut [Score; 10]) {
    let (folders, habits, kinds) = year(seed);
    let [folder, _] = &folders;
    let mut dice = Dice(seed ^ 0xad11ce);
    let place = |source: &Source| {
        let is_it = |sender: &ScannedSender| sender.address == source.address;
        folder.senders.iter().position(is_it).unwrap()
    };
    for source in sources(&folders, &HashSet::new(), now()) {
        let habit = &habits[kinds[place(&source)]];
        let (all, older) = mails_of(folder, &source);
        total.wanted += match habit.lets_go {
            LetsGo::All => all,
            LetsGo::Older => older,
            LetsGo::Nothing => 0,
        };
        let looked = looked(habit.class, &source, &mut dice);
        for weighed in weigh(&source, &looked, all, 0, &Leanings::default()) {
            if weighed.action != Action::Archive {
                continue;
            }
            let (suggested, right) = match (weighed.scope, habit.lets_go) {
                (_, LetsGo::Nothing) if weighed.scope == Scope::All => (all, 0),
                (_, LetsGo::Nothing) => (older, 0),
                (Scope::All, LetsGo::Older) => (all, older),
                (Scope::All, LetsGo::All) => (all, all),
                _ => (older, older),
            };
            let band = &mut by_sure[usize::from(weighed.percent / 10).min(9)];
            for score in [&mut *total, band] {
                score.suggested += suggested;
                score.right += right;
            }
        }
    }
}

#[test]
fn what_is_suggested_is_what_an_owner_would_let_go() {
    let (mut total, mut by_sure) = (Score::default(), [Score::default(); 10]);
    for seed in 0..MAILBOXES {
        score(seed, &mut total, &mut by_sure);
    }
    let reach = total.right as f64 / total.wanted as f64;
    println!("Suggestions to archive, on a year of {MAILBOXES} made-up mailboxes:");
    println!(
        "  precision {:.3}, reach {reach:.3} ({} mails suggested)",
        total.precision(),
        total.suggested
    );
    for (tens, score) in by_sure
        .iter()
        .enumerate()
        .filter(|(_, it)| it.suggested > 0)
    {
        println!(
            "  {}0 to {}9 % sure: {:.3} right ({} mails)",
            tens,
            tens,
            score.precision(),
            score.suggested
        );
    }
    assert!(total.precision() >= 0.95, "{total:?}");
    assert!(reach >= 0.75, "{total:?}");
    // Who says that it is so sure is right at least so often.
    for (tens, score) in by_sure
        .iter()
        .enumerate()
        .filter(|(_, it)| it.suggested > 1_000)
    {
        assert!(
            score.precision() * 10.0 >= tens as f64,
            "{tens}0 %: {score:?}"
        );
    }
}
