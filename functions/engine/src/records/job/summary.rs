//! What is in a job's mails, counted while they are frozen, and what keeps protected ones out.

use std::collections::HashMap;

use bulkhead_shared::api::KeptOut;
use bulkhead_shared::ids::ItemId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{Facts, FromWhom};

/// Senders that are told apart at once. Of more, some are counted short.
const SENDERS_MOST: usize = 10_000;
/// Of those, the ones with the most mails that are stored between two pages: the job's row stays small.
const SENDERS_KEPT: usize = 100;
/// Senders that are told once all is counted.
const SENDERS_TOLD: usize = 5;
/// Senders by which a job is found later.
pub const SENDERS_REMEMBERED: usize = 3;
/// Letters of a name or an address that are kept.
const LETTERS: usize = 100;

/// What keeps protected mails out of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// Besides starred and answered ones, what these searches find: senders, lists and labels that a person said
    /// are always to be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
    /// How many it kept out (so far).
    pub kept_out: KeptOut,
}

impl Guard {
    /// It kept out these, too.
    pub(super) fn keeps_out(&mut self, more: KeptOut) {
        let sum = &mut self.kept_out;
        sum.starred += more.starred;
        sum.answered += more.answered;
        sum.of_senders += more.of_senders;
        sum.labelled += more.labelled;
    }

    /// What was found is read anew.
    pub(super) fn forget(&mut self) {
        self.kept_out = KeptOut::default();
    }
}

/// What is in a job's mails (so far).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryRecord {
    pub mails: u64,
    pub unread: u64,
    pub starred: u64,
    pub answered: u64,
    /// Mails whose size is known, and their bytes.
    pub sized: u64,
    pub bytes: u64,
    /// Mails of which it is known when they were received.
    pub dated: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<(Timestamp, ItemId)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<(Timestamp, ItemId)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest: Option<(u64, ItemId)>,
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub senders: Tally,
}

impl SummaryRecord {
    /// One more mail.
    pub(super) fn add(&mut self, id: &ItemId, facts: Facts) {
        self.mails += 1;
        self.unread += u64::from(facts.unread);
        self.starred += u64::from(facts.starred);
        self.answered += u64::from(facts.answered);
        if let Some(size) = facts.size {
            self.sized += 1;
            self.bytes += size;
            keep(&mut self.largest, size, id, |new, old| new > old);
        }
        if let Some(at) = facts.received {
            self.dated += 1;
            keep(&mut self.oldest, at, id, |new, old| new < old);
            keep(&mut self.newest, at, id, |new, old| new > old);
        }
        if let Some(sender) = facts.sender {
            self.senders.add(sender);
        }
    }

    /// Nothing more is counted: only what is told of it stays.
    pub(super) fn settle(&mut self) {
        self.senders.cut(SENDERS_TOLD);
    }

    /// It is no draft any more: nobody asks for more than its sums and whose mails they mostly are, and the job's row is
    /// written often.
    pub(super) fn keep_sums(&mut self) {
        (self.oldest, self.newest, self.largest) = (None, None, None);
        self.senders.cut(SENDERS_REMEMBERED);
    }
}

fn keep<T: Copy>(
    best: &mut Option<(T, ItemId)>,
    new: T,
    id: &ItemId,
    is_better: fn(&T, &T) -> bool,
) {
    if best.as_ref().is_none_or(|(old, _)| is_better(&new, old)) {
        *best = Some((new, id.clone()));
    }
}

/// How many mails each sender has, by Misra and Gries ("Finding repeated elements", 1982) where there are more
/// senders than are told apart: each may then be counted short, by the same number at the most.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredTally", into = "StoredTally")]
pub struct Tally {
    /// Mails whose sender is known.
    pub of: u64,
    /// Different senders; if it is about so many, at least.
    pub count: u64,
    /// There were too many to tell them all apart.
    pub about: bool,
    by_address: HashMap<String, (String, u64)>,
}

impl Tally {
    fn is_empty(&self) -> bool {
        self.of == 0
    }

    /// One more mail of this sender.
    fn add(&mut self, sender: FromWhom) {
        self.of += 1;
        let address = short(&sender.address);
        if let Some((_, mails)) = self.by_address.get_mut(&address) {
            *mails += 1;
            return;
        }
        // One that was cut off when this was stored is not told from one that is new.
        self.about |= self.count > self.by_address.len() as u64;
        if self.by_address.len() < SENDERS_MOST {
            self.count += u64::from(!self.about);
            self.by_address.insert(address, (short(&sender.name), 1));
        } else {
            self.about = true;
            self.by_address.retain(|_, (_, mails)| {
                *mails -= 1;
                *mails > 0
            });
        }
    }

    /// Name, address and mails of those with the most, at most so many.
    pub fn top(&self, most: usize) -> Vec<(&str, &str, u64)> {
        let all = self.by_address.iter();
        let mut all: Vec<_> = all
            .map(|(address, (name, mails))| (name.as_str(), address.as_str(), *mails))
            .collect();
        all.sort_unstable_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(b.1)));
        all.truncate(most);
        all
    }

    fn cut(&mut self, most: usize) {
        let top = self.top(most).into_iter();
        self.by_address = top
            .map(|(name, address, mails)| (address.to_owned(), (name.to_owned(), mails)))
            .collect();
    }
}

fn short(text: &str) -> String {
    text.chars().take(LETTERS).collect()
}

/// A tally as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredTally {
    of: u64,
    count: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    about: bool,
    /// Name, address, mails.
    top: Vec<(String, String, u64)>,
}

impl From<StoredTally> for Tally {
    fn from(stored: StoredTally) -> Self {
        let top = stored.top.into_iter();
        Self {
            of: stored.of,
            count: stored.count,
            about: stored.about,
            by_address: top
                .map(|(name, address, mails)| (address, (name, mails)))
                .collect(),
        }
    }
}

impl From<Tally> for StoredTally {
    fn from(tally: Tally) -> Self {
        let top = tally.top(SENDERS_KEPT).into_iter();
        Self {
            of: tally.of,
            count: tally.count,
            about: tally.about,
            top: top
                .map(|(name, address, mails)| (name.to_owned(), address.to_owned(), mails))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn sender(number: u64) -> FromWhom {
        FromWhom {
            address: format!("{number}@example.org"),
            name: format!("Sender {number}"),
        }
    }

    #[test]
    fn who_has_many_mails_is_found_among_more_than_are_told_apart() {
        let mut tally = Tally::default();
        // One in three is from the same one, who comes late.
        for number in 0..60_000 {
            tally.add(sender(number));
            if number >= 30_000 {
                tally.add(sender(1_000_000));
            }
        }
        assert_eq!((tally.of, tally.about), (90_000, true));
        assert!(tally.count >= SENDERS_MOST as u64);
        let (_, address, mails) = tally.top(1)[0];
        assert_eq!(address, "1000000@example.org");
        // Counted short by one for each time that there was no room.
        let short = tally.of / (SENDERS_MOST as u64 + 1);
        assert!((30_000 - short..=30_000).contains(&mails), "{mails}");
    }

    #[test]
    fn what_is_stored_between_pages_stays_small_and_says_that_it_was_cut() {
        let mut tally = Tally::default();
        for number in 0..500 {
            (0..=number % 7).for_each(|_| tally.add(sender(number)));
        }
        let text = serde_json::to_string(&tally).unwrap();
        assert!(text.len() < 5_000, "{}", text.len());
        let mut read: Tally = serde_json::from_str(&text).unwrap();
        assert_eq!((read.count, read.about), (500, false));
        read.add(sender(1_000));
        assert_eq!((read.count, read.about), (500, true));
        tally.cut(SENDERS_TOLD);
        let text = serde_json::to_string(&tally).unwrap();
        let read: Tally = serde_json::from_str(&text).unwrap();
        assert_eq!((read.count, read.about, read.top(9).len()), (500, false, 5));
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(seconds)
    }

    #[test]
    fn each_mail_is_counted_for_what_is_known_of_it() {
        let mut summary = SummaryRecord::default();
        let id = |text: &str| text.parse::<ItemId>().unwrap();
        let mail = |received, size| Facts {
            received,
            size,
            ..Facts::default()
        };
        let marked = Facts {
            unread: true,
            starred: true,
            answered: true,
            sender: Some(sender(1)),
            ..mail(Some(at(20)), Some(300))
        };
        summary.add(&id("a"), marked);
        // Of several as old or as large the first one is told.
        summary.add(&id("b"), mail(Some(at(20)), Some(300)));
        summary.add(&id("c"), mail(Some(at(10)), None));
        summary.add(&id("d"), mail(Some(at(30)), Some(301)));
        summary.add(&id("e"), mail(Some(at(10)), Some(5)));
        summary.add(&id("f"), mail(Some(at(30)), None));
        summary.add(&id("g"), mail(None, None));
        let expected = SummaryRecord {
            mails: 7,
            unread: 1,
            starred: 1,
            answered: 1,
            sized: 4,
            bytes: 906,
            dated: 6,
            oldest: Some((at(10), id("c"))),
            newest: Some((at(30), id("d"))),
            largest: Some((301, id("d"))),
            senders: summary.senders.clone(),
        };
        assert_eq!(summary, expected);
        assert_eq!(summary.senders.of, 1);
        let stored = serde_json::to_value(SummaryRecord::default()).unwrap();
        let bare = serde_json::json!({"mails": 0, "unread": 0, "starred": 0, "answered": 0,
            "sized": 0, "bytes": 0, "dated": 0});
        assert_eq!(stored, bare);
        let stored = serde_json::to_value(&summary).unwrap();
        let senders = serde_json::json!({"of": 1, "count": 1,
            "top": [["Sender 1", "1@example.org", 1]]});
        assert_eq!(stored["senders"], senders);
    }

    #[test]
    fn those_with_the_most_mails_come_first_and_of_as_many_by_their_addresses() {
        let mut tally = Tally::default();
        for number in [3, 1, 2, 2, 3, 5] {
            tally.add(sender(number));
        }
        let top = [
            ("Sender 2", "2@example.org", 2),
            ("Sender 3", "3@example.org", 2),
            ("Sender 1", "1@example.org", 1),
        ];
        assert_eq!(tally.top(3), top);
        assert_eq!((tally.of, tally.count, tally.about), (6, 4, false));
        assert_eq!(tally.top(0), []);
        assert_eq!(tally.top(9).len(), 4);
    }

    #[test]
    fn ten_thousand_senders_are_told_apart() {
        let mut tally = Tally::default();
        for number in 0..SENDERS_MOST as u64 {
            tally.add(sender(number));
        }
        tally.add(sender(0));
        assert_eq!((tally.count, tally.about), (10_000, false));
        assert_eq!(tally.top(1), [("Sender 0", "0@example.org", 2)]);
        // One more makes room by taking one of each.
        tally.add(sender(10_000));
        assert_eq!((tally.of, tally.count, tally.about), (10_002, 10_000, true));
        assert_eq!(tally.top(9), [("Sender 0", "0@example.org", 1)]);
        tally.add(sender(7));
        assert_eq!((tally.count, tally.top(9).len()), (10_000, 2));
    }

    #[test]
    fn a_hundred_letters_of_a_name_and_of_an_address_are_kept() {
        let mut tally = Tally::default();
        tally.add(FromWhom {
            address: "\u{e9}".repeat(101),
            name: "n".repeat(101),
        });
        let (address, name) = ("\u{e9}".repeat(100), "n".repeat(100));
        assert_eq!(tally.top(1), [(&*name, &*address, 1)]);
    }

    #[test]
    fn what_was_cut_off_when_it_was_stored_makes_the_count_about_right() {
        let mut tally = Tally::default();
        (0..101).for_each(|number| tally.add(sender(number)));
        let text = serde_json::to_string(&tally).unwrap();
        let read: Tally = serde_json::from_str(&text).unwrap();
        assert_eq!((read.of, read.count, read.top(999).len()), (101, 101, 100));
        // Who is known still is no new one.
        let mut known = read.clone();
        known.add(sender(0));
        assert_eq!((known.of, known.count, known.about), (102, 101, false));
        let mut new = read;
        new.add(sender(500));
        assert_eq!((new.of, new.count, new.about), (102, 101, true));
        let text = serde_json::to_string(&new).unwrap();
        assert!(text.contains("\"about\":true"), "{text}");
    }
}
