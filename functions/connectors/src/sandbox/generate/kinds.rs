//! The kinds of mail, how common each is, and what one of each kind looks like.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// Of a thousand mails.
const SHARES: [(Kind, u32); 12] = [
    (Kind::Newsletter, 450),
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
    let mut throw = Dice::new(recipe.seed ^ 0x0bed, index).below(1_000);
    for (kind, share) in SHARES {
        match throw.checked_sub(share) {
            Some(rest) => throw = rest,
            None => return kind,
        }
    }
    Kind::Newsletter
}

pub(super) fn mail(recipe: &Recipe, index: u32, received: Timestamp, dice: Dice) -> Mail {
    let maker = Maker {
        dice,
        received,
        index,
        title: "",
        per_year: 0,
    };
    match kind(recipe, index) {
        Kind::Newsletter => maker.newsletter(),
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

/// What becomes of mails of one kind in this mailbox.
struct Habit {
    /// Percent that were never opened.
    unread: u32,
    /// Folders with their percentages; the rest stays in the inbox.
    folders: &'static [(&'static str, u32)],
    /// A label and how many percent carry it.
    label: (&'static str, u32),
    /// A file's name, its media type, its kilobytes at most, and how many percent have one.
    file: (&'static str, &'static str, u32, u32),
}

const NO_FILE: (&str, &str, u32, u32) = ("", "", 0, 0);
const PDF: &str = "application/pdf";

const NEWSLETTER: Habit = Habit {
    unread: 86,
    folders: &[("Newsletters", 18), ("Archive", 9), ("Trash", 3)],
    label: ("to-read", 1),
    file: NO_FILE,
};
const SOCIAL: Habit = Habit {
    unread: 70,
    folders: &[("Archive", 8), ("Trash", 7)],
    label: ("", 0),
    file: NO_FILE,
};
const OFFER: Habit = Habit {
    unread: 62,
    folders: &[("Archive", 8), ("Trash", 10)],
    label: ("", 0),
    file: NO_FILE,
};
const ORDER: Habit = Habit {
    unread: 18,
    folders: &[("Receipts", 35), ("Archive", 12)],
    label: ("receipts", 12),
    file: ("receipt.pdf", PDF, 120, 30),
};
const WORK: Habit = Habit {
    unread: 9,
    folders: &[("Work/Projects", 32), ("Work", 12), ("Archive", 14)],
    label: ("important", 5),
    file: ("slides.pdf", PDF, 6_000, 14),
};
const PERSONAL: Habit = Habit {
    unread: 6,
    folders: &[("Archive", 36), ("Trash", 2)],
    label: ("family", 12),
    file: ("photo.jpg", "image/jpeg", 9_000, 12),
};
const BUILD: Habit = Habit {
    unread: 55,
    folders: &[("Work/Builds", 60), ("Trash", 6)],
    label: ("", 0),
    file: NO_FILE,
};
const BILL: Habit = Habit {
    unread: 12,
    folders: &[("Receipts", 45), ("Archive", 15)],
    label: ("taxes", 35),
    file: ("invoice.pdf", PDF, 300, 85),
};
const TRIP: Habit = Habit {
    unread: 10,
    folders: &[("Travel", 55), ("Archive", 10)],
    label: ("trips", 30),
    file: ("booking.pdf", PDF, 800, 60),
};
const MEETING: Habit = Habit {
    unread: 15,
    folders: &[("Work", 20), ("Archive", 20), ("Trash", 12)],
    label: ("", 0),
    file: ("invite.ics", "text/calendar", 2, 90),
};
const ALARM: Habit = Habit {
    unread: 25,
    folders: &[("Archive", 15), ("Trash", 15)],
    label: ("", 0),
    file: NO_FILE,
};
const SPAM: Habit = Habit {
    unread: 95,
    folders: &[("Spam", 84), ("Trash", 6)],
    label: ("", 0),
    file: ("details.zip", "application/zip", 60, 10),
};

struct Maker {
    dice: Dice,
    received: Timestamp,
    index: u32,
    /// Of a newsletter.
    title: &'static str,
    per_year: u32,
}

impl Maker {
    fn newsletter(mut self) -> Mail {
        let (title, address, per_year) = self.dice.pick(NEWSLETTERS);
        (self.title, self.per_year) = (title, per_year);
        self.machine(
            &[(title, address)],
            NEWSLETTER_SUBJECTS,
            (12_000, 90_000),
            NEWSLETTER,
        )
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
        let text = self.text(&format!("{subject}."), SENTENCES, sentences, sender.0);
        let folder = self.folder(&habit);
        self.finish(Parts {
            sender: Party::new(sender.0, sender.1),
            recipients: vec![owner()],
            subject,
            text,
            html,
            answers: None,
            bulk: true,
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
        let text = self.text("Hi,", REPLIES, sentences, first);
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

    fn text(&mut self, opening: &str, sentences: &[&str], count: u32, closing: &str) -> String {
        let mut text = format!("{opening}\r\n\r\n");
        for _ in 0..count {
            text.push_str(self.dice.pick(sentences));
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
            "issue" => self.issue().to_string(),
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
            "order" => format!(
                "{}-{}",
                self.dice.between(100, 999),
                self.dice.between(10_000, 99_999)
            ),
            "amount" => format!("€{}.{:02}", self.dice.between(5, 900), self.dice.below(100)),
            _ => String::new(),
        }
    }

    /// Issues are numbered through from 2010.
    fn issue(&self) -> i64 {
        const DAY: i64 = 24 * 60 * 60;
        let days = self.received.as_second() / DAY - 40 * 365;
        (days * i64::from(self.per_year) / 365).max(1)
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
    folder: &'static str,
    habit: Habit,
}

fn owner() -> Party {
    Party::new(OWNER.0, OWNER.1)
}
