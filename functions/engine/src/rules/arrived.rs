//! Which mails are new to a rule. A mail is judged once: what comes back, because a person took a run back, is no
//! new mail.

use std::collections::HashSet;

use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mail::Item;
use bulkhead_shared::query::{Moment, Query, Term};
use jiff::{SignedDuration, Timestamp};

use super::rows;
use super::turns;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::{ArrivedRecord, Judged, names};

/// How much later a mail may show up than the time that its server says it was received: clocks differ, and mails are
/// brought from one server to another.
const LATE: SignedDuration = SignedDuration::from_hours(1);
/// Mails that are remembered as judged, most. Of more the earliest are: what came before them is not looked at again.
const JUDGED_MOST: usize = 1_000;
/// Letters of a mark: enough to tell the mails of two hours apart.
const MARK_LETTERS: usize = 16;

/// What is new to a rule.
pub(super) struct Arrived {
    pub(super) record: ArrivedRecord,
    /// Mails that were received before are not.
    pub(super) since: Timestamp,
    known: HashSet<String>,
}

impl Arrived {
    /// What is new to this rule of an account; none if it has no turns of its own any more.
    pub(super) async fn of(
        ports: &Ports,
        account: &AccountId,
        rule: &str,
        now: Timestamp,
    ) -> Result<Option<Self>, Error> {
        let Some(turn) = turns::of(ports, account).await?.remove(rule) else {
            return Ok(None);
        };
        let record = rows::get::<ArrivedRecord>(ports, &names::rule_arrived(account, rule)).await?;
        let record = record.unwrap_or_default();
        // A clock that was ahead once would hide all that comes until it is caught up with.
        let whole = record.whole_until.map(|until| until.min(now) - LATE);
        // What was judged before it was switched on anew says nothing of what is new now.
        let since = whole.map_or(turn.since, |whole| whole.max(turn.since));
        let known = record.judged.iter().map(|judged| judged.mark.clone());
        Ok(Some(Self {
            known: known.collect(),
            since,
            record,
        }))
    }

    /// That a mail is not older.
    pub(super) fn term(since: Timestamp) -> Query {
        Query::Term(Term::After(Moment::At(since)))
    }

    /// How this mail is remembered; none if it is not new.
    pub(super) fn judge(&self, item: &Item) -> Option<Judged> {
        let mark = mark(item);
        let is_new = item.date >= self.since && !self.known.contains(&mark);
        is_new.then_some(Judged {
            at: item.date,
            mark,
        })
    }

    /// What is to be remembered after a look that was begun at this time and judged these. One that did not come to
    /// its end is begun anew for what it did not see.
    pub(super) fn after(
        &self,
        begun_at: Timestamp,
        sync_token: Option<String>,
        judged: Vec<Judged>,
        is_whole: bool,
    ) -> ArrivedRecord {
        let mut all: Vec<Judged> = self.record.judged.iter().cloned().chain(judged).collect();
        if !is_whole {
            return ArrivedRecord {
                judged: all,
                sync_token: None,
                ..self.record.clone()
            };
        }
        let mut whole_until = begun_at;
        all.retain(|judged| judged.at >= begun_at - LATE);
        all.sort_by_key(|judged| std::cmp::Reverse(judged.at));
        if all.len() > JUDGED_MOST {
            all.truncate(JUDGED_MOST);
            let oldest = all.last().map_or(begun_at, |judged| judged.at);
            whole_until = oldest + LATE;
        }
        ArrivedRecord {
            sync_token,
            whole_until: Some(whole_until),
            judged: all,
        }
    }
}

/// Tells a mail from others, wherever it is.
fn mark(item: &Item) -> String {
    let told = (item.date.as_second(), item.size, &item.from, &item.subject);
    let mut hash = sha256_hex(format!("{told:?}").as_bytes());
    hash.truncate(MARK_LETTERS);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::listed;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn judged(seconds: i64) -> Judged {
        Judged {
            at: at(seconds),
            mark: format!("{seconds}"),
        }
    }

    fn arrived(known: Vec<Judged>) -> Arrived {
        Arrived {
            since: at(0),
            known: known.iter().map(|it| it.mark.clone()).collect(),
            record: ArrivedRecord {
                whole_until: Some(at(-100)),
                sync_token: Some("before".to_owned()),
                judged: known,
            },
        }
    }

    fn item() -> Item {
        Item {
            to: "me@x.example".to_owned(),
            subject: "Hello".to_owned(),
            date: at(0),
            size: 10,
            ..listed("INBOX.1".parse().unwrap(), "Ann <ann@x.example>")
        }
    }

    #[test]
    fn a_mail_is_new_from_its_time_on_and_once_wherever_it_is() {
        let none = arrived(Vec::new());
        let first = none.judge(&item()).unwrap();
        assert_eq!((first.at, first.mark.len()), (at(0), 16));
        let earlier = Item {
            date: at(0) - SignedDuration::from_nanos(1),
            ..item()
        };
        assert!(none.judge(&earlier).is_none());
        let known = arrived(vec![first]);
        let elsewhere = Item {
            id: "Work.7".parse().unwrap(),
            folder: "Work".to_owned(),
            unread: false,
            starred: true,
            ..item()
        };
        assert!(known.judge(&elsewhere).is_none());
        for other in [
            Item {
                date: at(1),
                ..item()
            },
            Item { size: 11, ..item() },
            Item {
                from: "Bob <bob@x.example>".to_owned(),
                ..item()
            },
            Item {
                subject: "Hello again".to_owned(),
                ..item()
            },
        ] {
            assert!(known.judge(&other).is_some(), "{other:?}");
        }
    }

    #[test]
    fn after_a_whole_look_what_may_show_up_late_is_remembered() {
        let hour = 3_600;
        let known = vec![judged(-hour - 1), judged(-hour), judged(-5)];
        let after = arrived(known).after(at(0), Some("now".to_owned()), vec![judged(-1)], true);
        let record = ArrivedRecord {
            whole_until: Some(at(0)),
            sync_token: Some("now".to_owned()),
            judged: vec![judged(-1), judged(-5), judged(-hour)],
        };
        assert_eq!(after, record);
    }

    #[test]
    fn a_look_that_saw_a_part_forgets_nothing_and_says_nothing_of_the_rest() {
        let known = vec![judged(-9_999)];
        let after = arrived(known).after(at(0), Some("now".to_owned()), vec![judged(-1)], false);
        let record = ArrivedRecord {
            whole_until: Some(at(-100)),
            sync_token: None,
            judged: vec![judged(-9_999), judged(-1)],
        };
        assert_eq!(after, record);
    }

    #[test]
    fn of_more_mails_than_are_remembered_the_latest_are_and_those_before_are_not_looked_at_again() {
        for (mails, kept, whole_until) in [
            (1_000, 1_000, at(0)),
            // The oldest one that is remembered came 999 seconds ago.
            (1_001, 1_000, at(-999) + LATE),
        ] {
            let new = (0..mails).map(|ago| judged(-ago)).collect();
            let after = arrived(Vec::new()).after(at(0), None, new, true);
            assert_eq!(after.judged.len(), kept);
            assert_eq!(after.judged[0], judged(0));
            assert_eq!(after.whole_until, Some(whole_until), "{mails}");
        }
    }
}
