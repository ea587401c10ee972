//! What decisions about mails that wait teach: the same lessons as decisions about suggestions.

use std::collections::{BTreeMap, HashMap};

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::Item;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::proposal::Proposal;
use jiff::Timestamp;

use super::queue::Place;
use crate::advice;
use crate::error::Error;
use crate::header::bare_address;
use crate::ports::Ports;
use crate::records::LessonRecord;
use crate::scan;

/// Senders that one decision teaches something of, most: those with the most mails. Lessons are few by design.
const SENDERS_MOST: usize = 20;

/// Whom a decision is about.
pub(super) struct Learned {
    /// The job that proposed it, and those with the most mails: address, class, and what was proposed.
    senders: Vec<(JobId, String, Class, Proposal)>,
}

impl Learned {
    /// The senders of these mails.
    pub(super) fn of(places: &[Place<'_>], mails: &HashMap<ItemId, Item>) -> Self {
        let mut counts: BTreeMap<(String, Class, Proposal), (u64, JobId)> = BTreeMap::new();
        for place in places {
            let item = mails.get(place.id);
            let sender = item.map(|item| bare_address(&item.from));
            let sender = sender
                .filter(|sender| sender.contains('@') && scan::word("from", sender).is_some());
            if let (Some(sender), Some(class)) = (sender, place.mail.class) {
                let job = &place.chunk.stored.record.job;
                let alike = (sender, class, place.mail.proposal);
                counts.entry(alike).or_insert((0, job.clone())).0 += 1;
            }
        }
        let mut senders: Vec<_> = counts.into_iter().collect();
        senders.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        senders.truncate(SENDERS_MOST);
        let senders = senders
            .into_iter()
            .map(|((sender, class, proposal), (_, job))| (job, sender, class, proposal));
        Self {
            senders: senders.collect(),
        }
    }

    /// That this was done with their mails; and that what was proposed was wrong, where it was something else.
    pub(super) fn accepted(
        &self,
        done: Proposal,
        job: Option<&JobId>,
        now: Timestamp,
    ) -> Vec<LessonRecord> {
        let mut lessons = Vec::new();
        for sender in &self.senders {
            let proposed = action(sender.3);
            if let Some(wrong) = proposed.filter(|_| sender.3 != done) {
                lessons.push(lesson(sender, wrong, Decision::Dismissed, None, now));
            }
            if let Some(done) = action(done) {
                lessons.push(lesson(sender, done, Decision::Accepted, job, now));
            }
        }
        lessons
    }

    /// That nothing of what was proposed was wanted.
    pub(super) fn dismissed(&self, now: Timestamp) -> Vec<LessonRecord> {
        let lessons = self.senders.iter().filter_map(|sender| {
            let action = action(sender.3)?;
            Some(lesson(sender, action, Decision::Dismissed, None, now))
        });
        lessons.collect()
    }
}

fn lesson(
    (proposed_by, sender, class, _): &(JobId, String, Class, Proposal),
    action: Action,
    decision: Decision,
    job: Option<&JobId>,
    at: Timestamp,
) -> LessonRecord {
    LessonRecord {
        source: scan::word("from", sender).unwrap_or_else(|| sender.clone()),
        name: sender.clone(),
        action,
        class: class.name().to_owned(),
        decision,
        // All decisions about what one job proposed count as one.
        suggestion: Some(proposed_by.to_string()),
        job: job.cloned(),
        at,
    }
}

/// What is learned about: nothing where nothing is done.
fn action(proposal: Proposal) -> Option<Action> {
    match proposal {
        Proposal::Archive => Some(Action::Archive),
        Proposal::Trash => Some(Action::Trash),
        Proposal::LabelReceipt => Some(Action::Label),
        Proposal::Keep | Proposal::Review | Proposal::Reply => None,
    }
}

/// Notes lessons beside those that there are.
pub(super) async fn learn(
    ports: &Ports,
    account: &AccountId,
    lessons: Vec<LessonRecord>,
) -> Result<(), Error> {
    match lessons.is_empty() {
        true => Ok(()),
        false => advice::note_beside(ports, account, lessons).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Key;
    use crate::records::store::Stored;
    use crate::records::{WaitingChunk, WaitingMail};
    use crate::review::queue::Stands;
    use crate::review::rows::Chunk;
    use crate::testing::mailbox::listed;
    use Proposal::{Archive, Keep, LabelReceipt, Reply, Review, Trash};
    use bulkhead_shared::api::Why;

    fn job() -> JobId {
        JobId::new("prc", Timestamp::UNIX_EPOCH, 1)
    }

    /// What is learned of one sender, by action.
    fn told(lessons: &[LessonRecord]) -> Vec<(Action, Decision)> {
        lessons.iter().map(|it| (it.action, it.decision)).collect()
    }

    #[test]
    fn what_was_done_is_a_lesson_and_so_is_what_was_proposed_instead_of_it() {
        use Decision::{Accepted, Dismissed};
        for (proposed, done, lessons) in [
            (Archive, Archive, vec![(Action::Archive, Accepted)]),
            (
                Archive,
                Trash,
                vec![(Action::Archive, Dismissed), (Action::Trash, Accepted)],
            ),
            (Archive, Keep, vec![(Action::Archive, Dismissed)]),
            (LabelReceipt, Reply, vec![(Action::Label, Dismissed)]),
            (Review, LabelReceipt, vec![(Action::Label, Accepted)]),
            (Keep, Trash, vec![(Action::Trash, Accepted)]),
            // Nothing is done where a mail stays, waits or is answered.
            (Keep, Keep, vec![]),
            (Reply, Reply, vec![]),
            (Review, Keep, vec![]),
        ] {
            let sender = (job(), "a@x.example".to_owned(), Class::Receipt, proposed);
            let learned = Learned {
                senders: vec![sender],
            };
            let accepted = learned.accepted(done, Some(&job()), Timestamp::UNIX_EPOCH);
            assert_eq!(told(&accepted), lessons, "{done:?} instead of {proposed:?}");
            let wrong = learned.dismissed(Timestamp::UNIX_EPOCH);
            let wrongs = action(proposed).map(|action| (action, Dismissed));
            assert_eq!(told(&wrong), Vec::from_iter(wrongs), "{proposed:?}");
        }
    }

    #[test]
    fn a_lesson_is_of_the_sender_by_the_job_that_proposed_it() {
        let proposed_by = JobId::new("prc", Timestamp::UNIX_EPOCH, 2);
        let sender = "o'neil@x.example".to_owned();
        let learned = Learned {
            senders: vec![(
                proposed_by.clone(),
                sender.clone(),
                Class::Newsletter,
                Trash,
            )],
        };
        let at = Timestamp::from_second(9).unwrap();
        let lesson = LessonRecord {
            source: "from:\"o'neil@x.example\"".to_owned(),
            name: sender,
            action: Action::Archive,
            class: "newsletter".to_owned(),
            decision: Decision::Accepted,
            suggestion: Some(proposed_by.to_string()),
            job: Some(job()),
            at,
        };
        let wrong = LessonRecord {
            action: Action::Trash,
            decision: Decision::Dismissed,
            job: None,
            ..lesson.clone()
        };
        let accepted = learned.accepted(Archive, Some(&job()), at);
        assert_eq!(accepted, [wrong.clone(), lesson]);
        assert_eq!(learned.dismissed(at), [wrong]);
    }

    /// What is learned of a decision about newsletters that these wrote.
    fn senders(from: &[String]) -> Vec<String> {
        let id = |number: usize| -> ItemId { format!("INBOX.{number}").parse().unwrap() };
        let mails = (0..from.len()).map(|number| WaitingMail {
            id: id(number),
            class: Some(Class::Newsletter),
            percent: 80,
            proposal: Archive,
            why: Why::Unsure,
            because: String::new(),
            settled: None,
        });
        let record = WaitingChunk {
            job: job(),
            at: 0,
            mails: mails.collect(),
        };
        let chunk = Chunk {
            key: Key {
                partition: String::new(),
                sort: String::new(),
            },
            stored: Stored { record, version: 1 },
            expires: None,
        };
        let items = from
            .iter()
            .enumerate()
            .map(|(number, from)| listed(id(number), from));
        let items: HashMap<ItemId, Item> = items.map(|item| (item.id.clone(), item)).collect();
        let mails = chunk.stored.record.mails.iter().enumerate();
        let places = mails.map(|(number, mail)| Place {
            chunk: &chunk,
            number,
            mail,
            id: &mail.id,
            stands: Stands::Waits,
        });
        let learned = Learned::of(&places.collect::<Vec<_>>(), &items);
        learned.senders.into_iter().map(|sender| sender.1).collect()
    }

    #[test]
    fn nothing_is_learned_of_who_has_no_address_or_one_that_no_search_finds() {
        for (from, learned) in [
            ("Ann <ANN@x.example>", Some("ann@x.example")),
            ("ann@x.example", Some("ann@x.example")),
            ("O'Neil <o'neil@x.example>", Some("o'neil@x.example")),
            ("Ann", None),
            ("", None),
            ("Ann <a\"b@x.example>", None),
        ] {
            let learned = Vec::from_iter(learned.map(str::to_owned));
            assert_eq!(senders(&[from.to_owned()]), learned, "{from}");
        }
    }

    #[test]
    fn of_more_than_twenty_senders_something_is_learned_of_those_with_the_most_mails() {
        let address = |number: usize| format!("{number:02}@x.example");
        let mut from: Vec<String> = (1..=22).map(address).collect();
        assert_eq!(senders(&from), (1..=20).map(address).collect::<Vec<_>>());
        from.extend([21, 22, 22].map(address));
        let expected = [22, 21].into_iter().chain(1..=18).map(address);
        assert_eq!(senders(&from), expected.collect::<Vec<_>>());
    }
}
