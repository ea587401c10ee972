//! What is suggested for a sender or list, how sure that is, and why. A pure function, so that its quality can be
//! measured on mailboxes whose owners' habits are known.

use bulkhead_shared::advice::{Action, label};
use bulkhead_shared::class::Class;

use super::leaning::Leanings;
use super::source::Source;
use crate::records::Scope;

/// Mails of the inbox that make something worth suggesting.
const MAILS_LEAST: u64 = 5;
/// Mails that nobody opened in a year, for suggesting to trash them.
const FORGOTTEN_LEAST: u64 = 20;
/// How much of it may be read where all of it is suggested to go, and not just what is older than a month.
const READ_FOR_ALL: f64 = 0.25;
/// Last mails of a source that make a habit worth going by.
const RECENT_LEAST: u64 = 10;
/// How sure a habit is at the least that is gone by.
const HABIT_LEAST: f64 = 0.75;
/// Stars that say that its mails are worth seeing.
const STARRED_LEAST: u64 = 3;
/// Mails that nobody opened, for suggesting to unsubscribe.
const UNOPENED_LEAST: u64 = 10;
/// How far the true share may be from the one that was seen: one-sided, 95 % (the standard normal distribution).
const Z: f64 = 1.645;

/// What the model says of a few mails of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// What most of them are.
    pub class: Class,
    /// Mails of that class.
    pub of_class: u32,
    /// Mails of a class that nobody waits for.
    pub unawaited: u32,
    /// Mails that were looked at.
    pub mails: u32,
}

impl Looked {
    /// Of the classes of a source's mails that were looked at; none of none.
    pub fn at(source: &Source, classes: &[Class]) -> Option<Self> {
        // A discussion has more than one voice, which no single mail shows.
        let heard = |class: &Class| match class {
            Class::ListDiscussion if !source.is_shared => Class::Newsletter,
            class => *class,
        };
        Self::of(&classes.iter().map(heard).collect::<Vec<_>>())
    }

    fn of(classes: &[Class]) -> Option<Self> {
        let count = |class: Class| classes.iter().filter(|it| **it == class).count() as u32;
        let class = Class::ALL
            .into_iter()
            .max_by_key(|class| (count(*class), std::cmp::Reverse(*class)))?;
        let unawaited = classes.iter().filter(|class| is_unawaited(**class));
        (!classes.is_empty()).then_some(Self {
            class,
            of_class: count(class),
            unawaited: unawaited.count() as u32,
            mails: classes.len() as u32,
        })
    }
}

/// Whether nobody waits for mails of this class.
fn is_unawaited(class: Class) -> bool {
    matches!(
        class,
        Class::Newsletter
            | Class::Promotion
            | Class::Notification
            | Class::Delivery
            | Class::Spam
            | Class::ListDiscussion
    )
}

/// What is suggested for a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub action: Action,
    pub scope: Scope,
    /// How sure it is.
    pub percent: u8,
    /// Why, as the end of a sentence.
    pub why: String,
}

/// What is suggested for a source, of which the inbox has so many mails, and so many that nobody opened in a year.
pub fn weigh(
    source: &Source,
    looked: &Looked,
    inbox: u64,
    forgotten: u64,
    leanings: &Leanings,
) -> Vec<Weighed> {
    let mut weighed = Vec::new();
    let mut suggest = |action: Action, scope: Scope, sure: f64, why: String| {
        let sure = leanings.applied(action, looked.class.name(), sure);
        // Never all of it: no measurement says that nothing can go wrong.
        let percent = (sure * 100.0).floor().clamp(0.0, 99.0) as u8;
        let suggested = percent >= action.bar() && !leanings.refuse(&source.query, action);
        if suggested {
            weighed.push(Weighed {
                action,
                scope,
                percent,
                why,
            });
        }
        suggested
    };
    if label(looked.class).is_some() && !source.is_list {
        let why = format!(
            "{} of {} that were looked at are",
            looked.of_class, looked.mails
        );
        let sure = share(looked.of_class, looked.mails);
        suggest(Action::Label, Scope::Unlabelled, sure, why);
    }
    if let Some(sure) = keep(source, looked) {
        if inbox > 0 {
            suggest(Action::Keep, Scope::All, sure, why_kept(source));
        }
        return weighed;
    }
    if source.is_protected {
        return weighed;
    }
    if source.is_list && source.can_be_left && source.settled >= UNOPENED_LEAST && source.read == 0
    {
        let why = format!("list mail, you read none of {}", source.settled);
        let sure = lowest(source.settled, source.settled);
        suggest(Action::Unsubscribe, Scope::All, sure, why);
    }
    if inbox < MAILS_LEAST {
        return weighed;
    }
    let (bulk, read) = (bulk(source, looked), read_most(source));
    let trashed = may_be_trashed(source, looked) && forgotten >= FORGOTTEN_LEAST && {
        let sure = share(looked.unawaited, looked.mails) * (1.0 - 0.05 * read);
        let why = format!("{}, {} not opened in a year", what(source), forgotten);
        suggest(Action::Trash, Scope::Forgotten, sure, why)
    };
    let (scope, weight) = match (trashed, read < READ_FOR_ALL) {
        (true, _) => (Scope::NotForgotten, 0.35),
        (false, true) => (Scope::All, 0.6),
        (false, false) => (Scope::Older, 0.35),
    };
    if !trashed || inbox >= forgotten + MAILS_LEAST {
        let sure = bulk * (1.0 - weight * read);
        let (scope, sure, why) = match (habit(source), scope) {
            // What they do themselves says more than what could be guessed of it.
            (Some(by_hand), Scope::All | Scope::Older) => {
                let why = format!("{}, {}", what(source), habit_words(source));
                (Scope::All, by_hand.max(sure), why)
            }
            _ => {
                let why = format!("{}, {}", what(source), read_words(source));
                (scope, sure, why)
            }
        };
        suggest(Action::Archive, scope, sure, why);
    }
    weighed
}

/// How sure it is, by what became of its last mails, that the others are not wanted in the inbox either; none where
/// they are no habit.
pub(super) fn habit(source: &Source) -> Option<f64> {
    let sure = lowest(source.put_away, source.recent);
    (source.recent >= RECENT_LEAST && sure >= HABIT_LEAST).then_some(sure)
}

fn habit_words(source: &Source) -> String {
    let (away, recent) = (source.put_away, source.recent);
    format!("{away} of its last {recent} are out of the inbox already")
}

/// How sure it is that somebody writes this whom a person wants to go on seeing; none where nothing says so.
fn keep(source: &Source, looked: &Looked) -> Option<f64> {
    let wrote_themselves = matches!(
        looked.class,
        Class::Request | Class::Question | Class::Meeting | Class::Personal
    );
    let read = lowest(source.read, source.settled);
    match (source.is_list || source.mails < 3, source.answered) {
        (true, _) => None,
        (false, 1..) => Some(read.max(0.9)),
        (false, 0) if source.starred >= STARRED_LEAST => Some(read.max(0.8)),
        (false, 0) => (wrote_themselves && read >= 0.7).then_some(read),
    }
}

/// How sure it is that nobody wrote this to this person alone.
fn bulk(source: &Source, looked: &Looked) -> f64 {
    let unawaited = share(looked.unawaited, looked.mails);
    match (source.is_list, source.automatic) {
        // A list says that it is one, and a model may be wrong about what is on it.
        (true, _) => 0.5 + 0.5 * unawaited,
        (false, true) => 0.3 + 0.7 * unawaited,
        (false, false) => 0.9 * unawaited,
    }
}

fn may_be_trashed(source: &Source, looked: &Looked) -> bool {
    let class = matches!(
        looked.class,
        Class::Promotion | Class::Notification | Class::Delivery | Class::Spam
    );
    class && (source.is_list || source.automatic)
}

/// The share of so many of so many that is expected of the others: never all, never none.
fn share(of: u32, all: u32) -> f64 {
    (f64::from(of) + 0.5) / (f64::from(all) + 1.0)
}

/// The most of it that is likely to be read.
fn read_most(source: &Source) -> f64 {
    1.0 - lowest(
        source.settled - source.read.min(source.settled),
        source.settled,
    )
}

/// The lowest likely share where so many of so many were seen (Wilson's interval); zero of none.
fn lowest(of: u64, all: u64) -> f64 {
    if all == 0 {
        return 0.0;
    }
    let (of, all) = (of as f64, all as f64);
    let (share, square) = (of / all, Z * Z);
    let middle = share + square / (2.0 * all);
    let spread = Z * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    ((middle - spread) / (1.0 + square / all)).max(0.0)
}

fn what(source: &Source) -> &'static str {
    match (source.is_list, source.automatic) {
        (true, _) => "list mail",
        (false, true) => "written by a machine",
        (false, false) => "nothing that anybody waits for",
    }
}

fn read_words(source: &Source) -> String {
    format!("you read {} of {}", source.read, source.settled)
}

fn why_kept(source: &Source) -> String {
    match (source.answered, source.starred) {
        (0, 0) => read_words(source),
        (0, starred) => format!("you starred {starred} of {}", source.mails),
        (answered, _) => format!("you answered {answered} of {}", source.mails),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(is_list: bool, mails: u64, read: u64) -> Source {
        Source {
            query: "list:x".to_owned(),
            is_list,
            automatic: is_list,
            mails,
            settled: mails,
            read,
            ..Source::default()
        }
    }

    fn all(class: Class) -> Looked {
        Looked::of(&[class; 24]).unwrap()
    }

    /// So many mails of this class, and the others of the 24 from a person.
    fn most(class: Class, many: usize) -> Looked {
        let mut classes = [Class::Personal; 24];
        classes[..many].fill(class);
        Looked::of(&classes).unwrap()
    }

    fn told(source: &Source, looked: &Looked, inbox: u64, forgotten: u64) -> Vec<(Action, Scope)> {
        let weighed = weigh(source, looked, inbox, forgotten, &Leanings::default());
        weighed
            .into_iter()
            .map(|it| (it.action, it.scope))
            .collect()
    }

    #[test]
    fn what_nobody_reads_leaves_the_inbox_and_what_is_read_stays_a_month() {
        let news = all(Class::Newsletter);
        let unread = source(true, 140, 2);
        let weighed = weigh(&unread, &news, 140, 0, &Leanings::default());
        assert_eq!(weighed.len(), 1);
        assert_eq!(weighed[0].why, "list mail, you read 2 of 140");
        assert!(weighed[0].percent >= 90, "{weighed:?}");
        assert_eq!(
            (weighed[0].action, weighed[0].scope),
            (Action::Archive, Scope::All)
        );
        let half = told(&source(true, 140, 60), &news, 140, 0);
        assert_eq!(half, [(Action::Archive, Scope::Older)]);
        assert_eq!(told(&source(true, 140, 139), &news, 140, 0), []);
    }

    #[test]
    fn what_nobody_opened_in_a_year_may_go_for_good_and_the_rest_is_archived() {
        let offers = all(Class::Promotion);
        let both = [
            (Action::Trash, Scope::Forgotten),
            (Action::Archive, Scope::NotForgotten),
        ];
        assert_eq!(told(&source(true, 200, 20), &offers, 200, 100), both);
        // Newsletters are worth keeping.
        let news = told(&source(true, 200, 20), &all(Class::Newsletter), 200, 100);
        assert_eq!(news, [(Action::Archive, Scope::All)]);
    }

    #[test]
    fn what_its_owner_puts_away_by_hand_says_more_than_that_it_is_read() {
        let news = all(Class::Newsletter);
        let read = source(true, 140, 139);
        assert_eq!(told(&read, &news, 30, 0), []);
        let by_hand = |put_away, recent| Source {
            put_away,
            recent,
            ..read.clone()
        };
        let weighed = weigh(&by_hand(38, 40), &news, 30, 0, &Leanings::default());
        let [archive] = weighed.as_slice() else {
            panic!("{weighed:?}")
        };
        assert_eq!(
            (archive.action, archive.scope),
            (Action::Archive, Scope::All)
        );
        let why = "list mail, 38 of its last 40 are out of the inbox already";
        assert_eq!(archive.why, why);
        assert!(archive.percent >= 80, "{archive:?}");
        // A person whom they answer stays, wherever their mails are.
        let ann = Source {
            answered: 3,
            is_protected: true,
            is_list: false,
            ..by_hand(40, 40)
        };
        assert_eq!(told(&ann, &news, 30, 0), [(Action::Keep, Scope::All)]);
    }

    #[test]
    fn stars_say_that_somebody_is_worth_seeing() {
        let bank = Source {
            starred: 3,
            is_list: false,
            ..source(false, 40, 10)
        };
        let weighed = weigh(
            &bank,
            &all(Class::Notification),
            40,
            0,
            &Leanings::default(),
        );
        assert_eq!(weighed.len(), 1);
        assert_eq!(weighed[0].action, Action::Keep);
        assert_eq!(weighed[0].why, "you starred 3 of 40");
    }

    #[test]
    fn only_what_nobody_ever_opened_is_to_be_left() {
        let news = all(Class::Newsletter);
        let unread = Source {
            can_be_left: true,
            ..source(true, 40, 0)
        };
        let leaves = |source: &Source| {
            let told = told(source, &news, 40, 0);
            told.contains(&(Action::Unsubscribe, Scope::All))
        };
        assert!(leaves(&unread));
        let weighed = weigh(&unread, &news, 0, 0, &Leanings::default());
        assert_eq!(weighed[0].why, "list mail, you read none of 40");
        let read_once = Source {
            read: 1,
            ..unread.clone()
        };
        let quiet = Source {
            can_be_left: false,
            ..unread.clone()
        };
        let protected = Source {
            is_protected: true,
            ..unread.clone()
        };
        for other in [read_once, quiet, protected] {
            assert!(!leaves(&other), "{other:?}");
        }
    }

    #[test]
    fn protected_wins_over_every_score() {
        for class in Class::ALL {
            for is_list in [true, false] {
                for (answered, is_protected) in [(1, true), (0, true)] {
                    let source = Source {
                        answered,
                        is_protected,
                        can_be_left: true,
                        ..source(is_list, 900, 0)
                    };
                    let told = told(&source, &all(class), 900, 900);
                    assert!(
                        told.iter().all(|(action, _)| {
                            !action.hides() && *action != Action::Unsubscribe
                        }),
                        "{class:?} {told:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn people_stay_and_receipts_get_their_label() {
        let ann = Source {
            answered: 3,
            is_protected: true,
            ..source(false, 20, 19)
        };
        let weighed = weigh(&ann, &all(Class::Personal), 20, 0, &Leanings::default());
        assert_eq!(weighed[0].action, Action::Keep);
        assert_eq!(weighed[0].why, "you answered 3 of 20");
        let shop = Source {
            automatic: true,
            ..source(false, 40, 30)
        };
        let told = told(&shop, &all(Class::Receipt), 20, 0);
        assert_eq!(told, [(Action::Label, Scope::Unlabelled)]);
    }

    #[test]
    fn who_writes_to_a_list_alone_writes_a_newsletter() {
        let classes = [Class::ListDiscussion; 3];
        let alone = source(true, 9, 0);
        let shared = Source {
            is_shared: true,
            ..source(true, 9, 0)
        };
        let class = |source: &Source| Looked::at(source, &classes).unwrap().class;
        assert_eq!(class(&alone), Class::Newsletter);
        assert_eq!(class(&shared), Class::ListDiscussion);
        assert_eq!(Looked::at(&alone, &[]), None);
    }

    #[test]
    fn what_is_suggested_at_the_limits_of_each_rule() {
        use Action::{Archive, Keep, Label, Trash, Unsubscribe};
        use Scope::{All, Forgotten, NotForgotten, Older, Unlabelled};
        let news = all(Class::Newsletter);
        let offers = all(Class::Promotion);
        let person = all(Class::Personal);
        let list = |mails, read| source(true, mails, read);
        let machine = |mails, read| Source {
            automatic: true,
            ..source(false, mails, read)
        };
        let other = |mails, read| source(false, mails, read);
        let leave = |mails| Source {
            can_be_left: true,
            ..list(mails, 0)
        };
        let habit = |put_away, recent, source| Source {
            put_away,
            recent,
            ..source
        };
        let answered = |answered, source| Source { answered, ..source };
        let starred = |starred, source| Source { starred, ..source };
        // What a source is, and what its mails are; how many are in the inbox and how many of them forgotten.
        for (source, looked, inbox, forgotten, told) in [
            // The less is read the surer, and from a quarter on only what is older goes.
            (list(140, 0), news, 140, 0, vec![(Archive, All, 97)]),
            (list(140, 26), news, 140, 0, vec![(Archive, All, 84)]),
            (list(140, 27), news, 140, 0, vec![(Archive, Older, 90)]),
            (list(140, 60), news, 140, 0, vec![(Archive, Older, 81)]),
            // The smallest number of mails of which it can be a quarter exactly.
            (
                list(1_920_000, 479_013),
                news,
                140,
                0,
                vec![(Archive, Older, 90)],
            ),
            (machine(140, 0), news, 140, 0, vec![(Archive, All, 97)]),
            (machine(140, 27), news, 140, 0, vec![(Archive, Older, 89)]),
            (other(140, 0), news, 140, 0, vec![(Archive, All, 87)]),
            (other(140, 26), news, 140, 0, vec![(Archive, All, 75)]),
            (other(140, 60), news, 140, 0, vec![]),
            (list(140, 0), news, 5, 0, vec![(Archive, All, 97)]),
            (list(140, 0), news, 4, 0, vec![]),
            // What nobody opened in a year, and what is left then.
            (
                list(200, 20),
                offers,
                200,
                20,
                vec![(Trash, Forgotten, 97), (Archive, NotForgotten, 94)],
            ),
            (list(200, 20), offers, 200, 19, vec![(Archive, All, 90)]),
            (
                list(200, 20),
                offers,
                200,
                195,
                vec![(Trash, Forgotten, 97), (Archive, NotForgotten, 94)],
            ),
            (
                list(200, 20),
                offers,
                200,
                196,
                vec![(Trash, Forgotten, 97)],
            ),
            (
                list(200, 20),
                most(Class::Promotion, 23),
                200,
                200,
                vec![(Trash, Forgotten, 93)],
            ),
            (
                list(200, 20),
                most(Class::Promotion, 22),
                200,
                200,
                vec![(Archive, All, 86)],
            ),
            (
                machine(200, 20),
                offers,
                200,
                196,
                vec![(Trash, Forgotten, 97)],
            ),
            (other(200, 20), offers, 200, 196, vec![(Archive, All, 80)]),
            // People who are read, answered or starred stay where something of theirs is.
            (other(20, 18), person, 20, 0, vec![(Keep, All, 73)]),
            (other(20, 17), person, 20, 0, vec![]),
            (other(20, 20), person, 1, 0, vec![(Keep, All, 88)]),
            (other(20, 20), person, 0, 0, vec![]),
            (list(20, 20), person, 20, 0, vec![]),
            (other(20, 20), news, 20, 0, vec![]),
            (answered(1, other(3, 0)), news, 3, 0, vec![(Keep, All, 90)]),
            (answered(1, other(2, 0)), news, 2, 0, vec![]),
            (
                answered(1, other(200, 200)),
                news,
                9,
                0,
                vec![(Keep, All, 98)],
            ),
            (starred(3, other(40, 0)), news, 40, 0, vec![(Keep, All, 80)]),
            (
                starred(3, other(200, 200)),
                news,
                9,
                0,
                vec![(Keep, All, 98)],
            ),
            (
                starred(2, other(40, 0)),
                news,
                40,
                0,
                vec![(Archive, All, 84)],
            ),
            // Labels, beside whatever else there is, and none for lists.
            (
                machine(40, 40),
                all(Class::Delivery),
                0,
                0,
                vec![(Label, Unlabelled, 98)],
            ),
            (list(40, 40), all(Class::Receipt), 40, 0, vec![]),
            // Ten that nobody opened are enough to ask a list to write no more.
            (
                leave(10),
                news,
                10,
                0,
                vec![(Unsubscribe, All, 78), (Archive, All, 86)],
            ),
            (leave(9), news, 9, 0, vec![(Archive, All, 85)]),
            // What is put away by hand says more than what is read, from ten mails on.
            (
                habit(10, 10, list(140, 139)),
                news,
                5,
                0,
                vec![(Archive, All, 78)],
            ),
            (habit(9, 9, list(140, 139)), news, 5, 0, vec![]),
            (
                habit(35, 40, list(140, 139)),
                news,
                5,
                0,
                vec![(Archive, All, 76)],
            ),
            (habit(34, 40, list(140, 139)), news, 5, 0, vec![]),
            (
                habit(35, 40, list(140, 0)),
                news,
                5,
                0,
                vec![(Archive, All, 97)],
            ),
            (
                habit(40, 40, list(140, 60)),
                news,
                5,
                0,
                vec![(Archive, All, 93)],
            ),
            (
                habit(40, 40, list(200, 20)),
                offers,
                200,
                100,
                vec![(Trash, Forgotten, 97), (Archive, NotForgotten, 94)],
            ),
        ] {
            let weighed = weigh(&source, &looked, inbox, forgotten, &Leanings::default());
            let weighed = weighed.into_iter();
            let weighed: Vec<_> = weighed
                .map(|it| (it.action, it.scope, it.percent))
                .collect();
            assert_eq!(
                weighed, told,
                "{inbox} in the inbox, {forgotten} forgotten: {source:?} {looked:?}"
            );
        }
    }

    #[test]
    fn why_is_told_by_what_a_source_is_and_what_becomes_of_it() {
        let news = all(Class::Newsletter);
        let machine = Source {
            automatic: true,
            ..source(false, 140, 0)
        };
        let offers = Source {
            put_away: 40,
            recent: 40,
            ..source(true, 200, 20)
        };
        let receipts = most(Class::Receipt, 23);
        let why = |source: &Source, looked: &Looked, forgotten| {
            let weighed = weigh(source, looked, 100, forgotten, &Leanings::default());
            let why = weighed.into_iter().map(|it| it.why);
            why.collect::<Vec<_>>()
        };
        assert_eq!(
            why(&machine, &news, 0),
            ["written by a machine, you read 0 of 140"]
        );
        assert_eq!(
            why(&source(false, 140, 1), &news, 0),
            ["nothing that anybody waits for, you read 1 of 140"]
        );
        assert_eq!(
            why(&offers, &all(Class::Promotion), 50),
            [
                "list mail, 50 not opened in a year",
                "list mail, you read 20 of 200"
            ]
        );
        assert_eq!(
            why(&source(false, 40, 40), &receipts, 0),
            ["23 of 24 that were looked at are"]
        );
        let read = source(false, 20, 20);
        assert_eq!(why(&read, &all(Class::Personal), 0), ["you read 20 of 20"]);
    }

    #[test]
    fn mails_are_what_most_of_them_are_and_of_equals_what_a_person_waits_for() {
        use Class::{Meeting, Newsletter, Notification, Other, Personal, Promotion, Spam};
        for (classes, class, of_class, unawaited) in [
            (vec![Personal], Personal, 1, 0),
            (vec![Promotion, Personal, Promotion, Spam], Promotion, 2, 3),
            (vec![Newsletter, Meeting], Meeting, 1, 1),
            (vec![Spam, Notification, Other], Notification, 1, 2),
        ] {
            let looked = Looked {
                class,
                of_class,
                unawaited,
                mails: classes.len() as u32,
            };
            assert_eq!(Looked::of(&classes), Some(looked), "{classes:?}");
        }
        let unawaited = Class::ALL.into_iter().filter(|class| is_unawaited(*class));
        let unawaited: Vec<_> = unawaited.map(Class::name).collect();
        let nobody_waits = "list_discussion newsletter promotion notification delivery spam";
        assert_eq!(unawaited.join(" "), nobody_waits);
    }

    #[test]
    fn a_share_is_as_low_as_it_may_be_and_what_is_read_as_high() {
        assert_eq!(lowest(0, 0), 0.0);
        for (of, all, least) in [
            (3, 3, 0.526),
            (9, 10, 0.652),
            (40, 40, 0.937),
            (50, 100, 0.419),
            (300, 300, 0.991),
            (0, 40, 0.0),
            (1, 2, 0.121),
        ] {
            assert!((lowest(of, all) - least).abs() < 0.001, "{of} of {all}");
        }
        for (read, settled, most) in [(0, 140, 0.019), (139, 140, 0.998), (0, 0, 1.0), (9, 4, 1.0)]
        {
            let source = source(true, settled, read);
            assert!(
                (read_most(&source) - most).abs() < 0.001,
                "{read} of {settled}"
            );
        }
        for (of, all, expected) in [(0, 1, 0.25), (1, 1, 0.75), (3, 4, 0.7), (24, 24, 0.98)] {
            assert!((share(of, all) - expected).abs() < 1e-9, "{of} of {all}");
        }
    }
}
