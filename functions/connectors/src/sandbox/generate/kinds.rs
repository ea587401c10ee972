//! The kinds of mail, how common each is, and what one of each kind looks like.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::habits::*;
use super::random::{Dice, mix};
use super::words::*;
use super::{Attachment, Mail, Party, Recipe};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Newsletter,
    Social,
    Offer,
    Order,
    Work,
    Personal,
    Build,
    Bill,
    Trip,
    Meeting,
    Alarm,
    Spam,
}

/// Of every twenty mails in a row, nine are newsletters: so many that it is known how many came
/// before, which is what numbers their issues.
const ROW: u32 = 20;
const NEWSLETTERS_IN_ROW: u32 = 9;

/// Of the others, by weight.
const SHARES: [(Kind, u32); 11] = [
    (Kind::Social, 200),
    (Kind::Offer, 85),
    (Kind::Order, 65),
    (Kind::Work, 75),
    (Kind::Personal, 40),
    (Kind::Build, 25),
    (Kind::Bill, 15),
    (Kind::Trip, 12),
    (Kind::Meeting, 15),
    (Kind::Alarm, 8),
    (Kind::Spam, 10),
];

fn kind(recipe: &Recipe, index: u32) -> Kind {
    if newsletters_before(recipe, index).is_some() {
        return Kind::Newsletter;
    }
    let whole = SHARES.iter().map(|(_, share)| share).sum();
    let mut throw = Dice::new(recipe.seed ^ 0x0bed, index).below(whole);
    for (kind, share) in SHARES {
        match throw.checked_sub(share) {
            Some(rest) => throw = rest,
            None => return kind,
        }
    }
    Kind::Social
}

/// How many newsletters came before, if this mail is one.
fn newsletters_before(recipe: &Recipe, index: u32) -> Option<u32> {
    let row = index / ROW;
    let mut dice = Dice::new(recipe.seed ^ 0x90e5, row);
    let (mut left, mut newsletters) = (ROW, NEWSLETTERS_IN_ROW);
    for _ in 0..index % ROW {
        // Draws without putting back: exactly nine in the end.
        newsletters -= u32::from(dice.below(left) < newsletters);
        left -= 1;
    }
    let before = NEWSLETTERS_IN_ROW - newsletters;
    (dice.below(left) < newsletters).then_some(row * NEWSLETTERS_IN_ROW + before)
}

pub(super) fn mail(recipe: &Recipe, index: u32, received: Timestamp, dice: Dice) -> Mail {
    let maker = Maker {
        dice,
        received,
        index,
        title: "",
        issue: 0,
    };
    match kind(recipe, index) {
        Kind::Newsletter => maker.newsletter(recipe),
        Kind::Social => maker.machine(NETWORKS, SOCIAL_SUBJECTS, (3_000, 12_000), SOCIAL),
        Kind::Offer => maker.machine(SHOPS, OFFER_SUBJECTS, (15_000, 70_000), OFFER),
        Kind::Order => maker.machine(SHOPS, ORDER_SUBJECTS, (6_000, 30_000), ORDER),
        Kind::Work => maker.conversation(recipe, Kind::Work),
        Kind::Personal => maker.conversation(recipe, Kind::Personal),
        Kind::Build => maker.machine(&[BUILDER], BUILD_SUBJECTS, (0, 0), BUILD),
        Kind::Bill => maker.machine(BILLERS, BILL_SUBJECTS, (4_000, 9_000), BILL),
        Kind::Trip => maker.machine(CARRIERS, TRIP_SUBJECTS, (9_000, 40_000), TRIP),
        Kind::Meeting => maker.machine(PEOPLE, MEETING_SUBJECTS, (1_500, 2_500), MEETING),
        Kind::Alarm => maker.machine(GUARDS, ALARM_SUBJECTS, (3_000, 6_000), ALARM),
        Kind::Spam => maker.machine(SPAMMERS, SPAM_SUBJECTS, (500, 4_000), SPAM),
    }
}

const BUILDER: (&str, &str) = ("Build Robot", "builds@ci.example.com");

struct Maker {
    dice: Dice,
    received: Timestamp,
    index: u32,
    /// Of a newsletter.
    title: &'static str,
    issue: u32,
}

impl Maker {
    /// Each comes once in every round of all of them, which is about once a week.
    fn newsletter(mut self, recipe: &Recipe) -> Mail {
        let before = newsletters_before(recipe, self.index).unwrap_or(0);
        let all = NEWSLETTERS.len() as u32;
        let (round, place) = (before / all, before % all);
        // The order changes now and then; five has no divisor in common with the number of them, so
        // that each comes up.
        let shift = Dice::new(recipe.seed ^ 0x51f7, round / 4).below(all);
        let (title, address, first_issue) = NEWSLETTERS[((place * 5 + shift) % all) as usize];
        (self.title, self.issue) = (title, first_issue + round);
        let html = (12_000, 90_000);
        self.machine(&[(title, address)], NEWSLETTER_SUBJECTS, html, NEWSLETTER)
    }

    fn machine(
        mut self,
        senders: &[(&str, &str)],
        subjects: &[&'static str],
        html: (u32, u32),
        habit: Habit,
    ) -> Mail {
        let sender = self.dice.pick(senders);
        let template = self.dice.pick(subjects);
        let subject = self.fill(template);
        let html = match html.1 {
            0 => 0,
            most => self.dice.between(html.0, most),
        };
        let sentences = self.dice.between(2, 5);
        let text = self.text(&habit, SENTENCES, sentences, sender.0);
        let folder = self.folder(&habit);
        let list = match habit.list {
            List::None => None,
            List::Nameless => Some(String::new()),
            List::Named => Some(sender.1.replace('@', ".")),
        };
        self.finish(Parts {
            sender: Party::new(sender.0, sender.1),
            recipients: vec![owner()],
            subject,
            text,
            html,
            answers: None,
            bulk: true,
            list,
            folder,
            habit,
        })
    }

    /// Mails of one thread lie close together: a thread lives in a stretch of numbers, and which
    /// mail of it this is follows from looking at those before.
    fn conversation(mut self, recipe: &Recipe, kind_of_talk: Kind) -> Mail {
        const STRETCH: u32 = 96;
        let (talks, subjects, habit) = match kind_of_talk {
            Kind::Work => (2, WORK_SUBJECTS, WORK),
            _ => (1, PERSONAL_SUBJECTS, PERSONAL),
        };
        let talk_of = |index| Dice::new(recipe.seed ^ 0x7a1c, index).below(talks);
        let talk = talk_of(self.index);
        let begin = self.index - self.index % STRETCH;
        let before: Vec<u32> = (begin..self.index)
            .filter(|&other| kind(recipe, other) == kind_of_talk && talk_of(other) == talk)
            .collect();
        let thread = mix(recipe.seed ^ (u64::from(begin + talk) << 8) ^ kind_of_talk as u64);
        let mut whole = Dice::new(thread, 0);
        let people: Vec<(&str, &str)> = (0..3).map(|_| whole.pick(PEOPLE)).collect();
        let template = whole.pick(subjects);
        let own_dice = std::mem::replace(&mut self.dice, whole);
        let plain = self.fill(template);
        self.dice = own_dice;

        let turn = before.len();
        let ours = turn % 4 == 3;
        let (name, address) = if ours { OWNER } else { people[turn % 3] };
        let mut recipients: Vec<Party> = people
            .iter()
            .filter(|person| person.1 != address)
            .map(|person| Party::new(person.0, person.1))
            .collect();
        recipients.dedup();
        if !ours {
            recipients.insert(0, owner());
        }
        let subject = match turn {
            0 => plain,
            _ => format!("Re: {plain}"),
        };
        let sentences = self.dice.between(1, 4);
        let first = name.split(' ').next().unwrap_or(name);
        let text = self.text(&habit, REPLIES, sentences, first);
        let folder = match ours {
            true if self.dice.percent(6) => "Drafts",
            true => "Sent",
            false => self.folder(&habit),
        };
        self.finish(Parts {
            sender: Party::new(name, address),
            recipients,
            subject,
            text,
            html: 0,
            answers: before.last().copied(),
            bulk: false,
            list: None,
            folder,
            habit,
        })
    }

    fn folder(&mut self, habit: &Habit) -> &'static str {
        let mut throw = self.dice.below(100);
        for &(folder, percent) in habit.folders {
            match throw.checked_sub(percent) {
                Some(rest) => throw = rest,
                None => return folder,
            }
        }
        "INBOX"
    }

    fn text(&mut self, habit: &Habit, sentences: &[&str], count: u32, closing: &str) -> String {
        let opening = self.dice.pick(habit.openings);
        let mut text = self.fill(opening);
        text.push_str("\r\n\r\n");
        let begin = self.dice.below(1_000);
        for number in 0..count {
            // Five has no divisor in common with the number of sentences: none comes twice.
            let which = (begin + number * 5) as usize % sentences.len();
            text.push_str(sentences[which]);
            text.push_str(if self.dice.percent(30) { "\r\n" } else { " " });
        }
        text.push_str("\r\n\r\n");
        text.push_str(closing);
        text.push_str("\r\n");
        text
    }

    fn finish(mut self, parts: Parts) -> Mail {
        let habit = parts.habit;
        let own = matches!(parts.folder, "Sent" | "Drafts");
        let mut flags = Vec::new();
        if own || !self.dice.percent(habit.unread) {
            flags.push("\\Seen");
            if !own && !parts.bulk && self.dice.percent(30) {
                flags.push("\\Answered");
            }
        }
        if parts.folder == "Drafts" {
            flags.push("\\Draft");
        }
        if self.dice.percent(if parts.bulk { 1 } else { 6 }) {
            flags.push("\\Flagged");
        }
        if self.dice.percent(habit.label.1) {
            flags.push(habit.label.0);
        }
        let (name, media_type, kilobytes, percent) = habit.file;
        let mut attachments = Vec::new();
        if self.dice.percent(percent) {
            // Most files are small: the smaller of three throws.
            let most = kilobytes * 1_024 / 57;
            let lines = (0..3).map(|_| self.dice.below(most)).min().unwrap_or(0) + 4;
            attachments.push(Attachment {
                name: name.replace('.', &format!("-{}.", self.dice.between(100, 999))),
                media_type,
                lines,
            });
        }
        Mail {
            index: self.index,
            received: self.received,
            folder: parts.folder,
            flags,
            sender: parts.sender,
            recipients: parts.recipients,
            subject: parts.subject,
            text: parts.text,
            html: parts.html,
            attachments,
            answers: parts.answers,
            bulk: parts.bulk,
            list: parts.list,
        }
    }

    /// Fills in what a template leaves open.
    fn fill(&mut self, template: &str) -> String {
        let mut text = String::with_capacity(template.len() + 24);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            text.push_str(&self.value(name));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn value(&mut self, name: &str) -> String {
        match name {
            "title" => self.title.to_owned(),
            "issue" => self.issue.to_string(),
            "topic" => self.dice.pick(TOPICS).to_owned(),
            "person" => self.dice.pick(PEOPLE).0.to_owned(),
            "product" => self.dice.pick(PRODUCTS).to_owned(),
            "project" => self.dice.pick(PROJECTS).to_owned(),
            "city" => self.dice.pick(CITIES).to_owned(),
            "repository" => self.dice.pick(REPOSITORIES).to_owned(),
            "month" => self.month().to_owned(),
            "build" => (self.index / 3 + 1_000).to_string(),
            "small" => self.dice.between(2, 19).to_string(),
            "percent" => (self.dice.between(2, 14) * 5).to_string(),
            // The same throughout a mail.
            "order" => {
                let bits = mix(u64::from(self.index));
                format!("{}-{}", 100 + bits % 900, 10_000 + (bits >> 32) % 90_000)
            }
            "amount" => format!("€{}.{:02}", self.dice.between(5, 900), self.dice.below(100)),
            _ => String::new(),
        }
    }

    fn month(&self) -> &'static str {
        let month = self.received.to_zoned(TimeZone::UTC).month();
        let index = usize::try_from(month - 1).unwrap_or(0);
        MONTHS.get(index).copied().unwrap_or("January")
    }
}

struct Parts {
    sender: Party,
    recipients: Vec<Party>,
    subject: String,
    text: String,
    html: u32,
    answers: Option<u32>,
    bulk: bool,
    list: Option<String>,
    folder: &'static str,
    habit: Habit,
}

fn owner() -> Party {
    Party::new(OWNER.0, OWNER.1)
}
