//! The audit trail: appended facts, each with the hash of the one before, so that a changed or
//! missing event shows. Events carry ids and figures, never content.

use bulkhead_shared::api::{AuditEvent, AuditEvents};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Span, TableError, Write};
use crate::records::names;
use crate::records::store::{read_text, text_row};

/// Years an event is kept.
const YEARS: i64 = 7;
/// The hash before the first event.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How often a place in a trail is tried to be taken. Each time somebody else was faster, so more than
/// this means that very many things happen to one person's jobs at once: that passes.
const TRIES: u32 = 50;

/// What is to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Fact<'a> {
    /// Past tense (`job_confirmed`).
    pub(crate) event: String,
    /// The job it is about.
    pub(crate) job: Option<&'a JobId>,
    /// The account it is about.
    pub(crate) account: Option<&'a AccountId>,
    /// Figures.
    pub(crate) facts: Value,
}

/// Writes rows together with the facts they make true, as one: the facts are the next ones of a
/// person's trail. `besides` makes what else is to be stored of each fact from its place in the trail.
///
/// A conflict means that one of the `rows` was not as expected, and then nothing was written. Whoever
/// only was slower than somebody else who recorded takes the next place.
pub(crate) async fn write(
    ports: &Ports,
    user: &UserId,
    facts: &[Fact<'_>],
    rows: Vec<Write>,
    besides: impl Fn(&[AuditEvent]) -> Result<Vec<Write>, Error> + Send + Sync,
) -> Result<(), Error> {
    let mut last = last(ports, user).await?;
    for _ in 0..TRIES {
        let events = following(last.as_ref(), facts, ports.clock.now())?;
        let mut writes = rows.clone();
        for event in &events {
            let expires = event.at + SignedDuration::from_hours(YEARS * 366 * 24);
            let row = text_row(names::audit(user, event.sequence), 1, event, Some(expires))?;
            writes.push(Write::Put(row, Expect::Absent));
        }
        writes.extend(besides(&events)?);
        match ports.table.write(writes).await {
            Err(TableError::Conflict) => {}
            written => return Ok(written?),
        }
        let now_last = self::last(ports, user).await?;
        if now_last == last {
            return Err(TableError::Conflict.into());
        }
        last = now_last;
    }
    Err(TableError::Unavailable("others take every place in this audit trail".into()).into())
}

/// Writes rows together with a fact of its own, as one.
pub(crate) async fn record(
    ports: &Ports,
    user: &UserId,
    fact: Fact<'_>,
    rows: Vec<Write>,
) -> Result<(), Error> {
    write(ports, user, &[fact], rows, |_| Ok(Vec::new())).await
}

/// The events that come after `last`.
fn following(
    last: Option<&AuditEvent>,
    facts: &[Fact<'_>],
    now: Timestamp,
) -> Result<Vec<AuditEvent>, Error> {
    let first = last.map_or(1, |last| last.sequence + 1);
    let mut previous = last.map_or_else(|| BEGINNING.to_owned(), |last| last.hash.clone());
    let mut events = Vec::with_capacity(facts.len());
    for (sequence, fact) in (first..).zip(facts) {
        let mut event = AuditEvent {
            sequence,
            at: now,
            event: fact.event.clone(),
            job: fact.job.cloned(),
            account: fact.account.cloned(),
            facts: fact.facts.clone(),
            previous,
            hash: String::new(),
        };
        event.hash = digest(&event)?;
        previous = event.hash.clone();
        events.push(event);
    }
    Ok(events)
}

async fn last(ports: &Ports, user: &UserId) -> Result<Option<AuditEvent>, Error> {
    Ok(page(ports, user, None, 1).await?.pop())
}

/// The hash an event has to carry: over all of it but the hash itself.
pub fn digest(event: &AuditEvent) -> Result<String, Error> {
    let bare = AuditEvent {
        hash: String::new(),
        ..event.clone()
    };
    Ok(sha256_hex(&serde_json::to_vec(&bare)?))
}

/// A page of a person's trail, newest first. `cursor` is what the page before gave.
pub async fn list(
    ports: &Ports,
    user: &UserId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AuditEvents, Error> {
    let before = cursor.and_then(|cursor| cursor.parse().ok());
    let events = page(ports, user, before, limit).await?;
    let full = events.len() as u64 == u64::from(limit);
    let next_cursor = events
        .last()
        .filter(|last| full && last.sequence > 1)
        .map(|last| last.sequence.to_string());
    Ok(AuditEvents {
        events,
        next_cursor,
    })
}

async fn page(
    ports: &Ports,
    user: &UserId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditEvent>, Error> {
    let Key {
        partition,
        sort: to,
    } = names::audit(
        user,
        before.map_or(999_999_999_999, |n| n.saturating_sub(1)),
    );
    let span = Span {
        partition,
        from: names::audit(user, 1).sort,
        to,
        reverse: true,
        limit: Some(limit),
    };
    let rows = ports.table.range(&span).await?;
    rows.iter()
        .map(|row| read_text(row).map(|stored| stored.record))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use crate::testing::intercept::{self, Call, Failure};
    use crate::testing::mailbox::{MemoryMailbox, Moment};
    use crate::testing::stage::Stage;
    use futures::executor::block_on;
    use serde_json::json;

    fn fact(event: &str, figure: u64) -> Fact<'_> {
        Fact {
            event: event.to_owned(),
            job: None,
            account: None,
            facts: json!({ "figure": figure }),
        }
    }

    /// A person of whom nothing is recorded yet.
    async fn bob() -> (Stage, UserId) {
        let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
        (stage, "bob".parse().unwrap())
    }

    #[test]
    fn each_event_names_the_one_before_and_the_first_one_nothing() {
        block_on(async {
            let (stage, user) = bob().await;
            let ports = &stage.ports;
            let at = ports.clock.now();
            record(ports, &user, fact("one", 1), Vec::new())
                .await
                .unwrap();
            stage.clock.advance(Duration::from_secs(60));
            let both = [fact("two", 2), fact("three", 3)];
            write(ports, &user, &both, Vec::new(), |events| {
                let sequences: Vec<u64> = events.iter().map(|event| event.sequence).collect();
                assert_eq!(sequences, [2, 3]);
                Ok(Vec::new())
            })
            .await
            .unwrap();
            let events = list(ports, &user, None, 9).await.unwrap().events;
            let told: Vec<(u64, &str)> = events
                .iter()
                .map(|event| (event.sequence, event.event.as_str()))
                .collect();
            assert_eq!(told, [(3, "three"), (2, "two"), (1, "one")]);
            let times: Vec<i64> = events
                .iter()
                .map(|event| event.at.duration_since(at).as_secs())
                .collect();
            assert_eq!(times, [60, 60, 0]);
            assert_eq!(events[2].previous, "0".repeat(64));
            assert_eq!(events[1].previous, events[2].hash);
            assert_eq!(events[0].previous, events[1].hash);
            for event in &events {
                assert_eq!(digest(event).unwrap(), event.hash);
            }
            let rows = stage.table.rows();
            let kept = rows.iter().filter(|row| row.key.partition == "AUDIT#bob");
            let days: Vec<i64> = kept
                .map(|row| row.expires.unwrap().duration_since(at).as_hours() / 24)
                .collect();
            assert_eq!(days, [7 * 366; 3]);
        });
    }

    #[test]
    fn the_hash_of_an_event_is_over_all_of_it() {
        let event = AuditEvent {
            sequence: 7,
            at: "2026-11-27T12:00:00Z".parse().unwrap(),
            event: "job_confirmed".to_owned(),
            job: Some("arc_01arz3ndektsv4rrffq69g5fav".parse().unwrap()),
            account: Some("acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap()),
            facts: json!({ "total": 3 }),
            previous: "0".repeat(64),
            hash: "whatever stands here".to_owned(),
        };
        let text = concat!(
            r#"{"sequence":7,"at":"2026-11-27T12:00:00Z","event":"job_confirmed","#,
            r#""job":"arc_01arz3ndektsv4rrffq69g5fav","account":"acc_01arz3ndektsv4rrffq69g5fav","#,
            r#""facts":{"total":3},"previous":"#,
            r#""0000000000000000000000000000000000000000000000000000000000000000","hash":""}"#,
        );
        assert_eq!(digest(&event).unwrap(), sha256_hex(text.as_bytes()));
    }

    #[test]
    fn a_trail_is_read_page_by_page_to_its_first_event() {
        block_on(async {
            let (stage, user) = bob().await;
            let ports = &stage.ports;
            let empty = list(ports, &user, None, 3).await.unwrap();
            assert_eq!((empty.events.len(), empty.next_cursor), (0, None));
            for figure in 1..=7 {
                let fact = fact("something", figure);
                record(ports, &user, fact, Vec::new()).await.unwrap();
            }
            let page = async |cursor: Option<&str>, limit| {
                let page = list(ports, &user, cursor, limit).await.unwrap();
                let numbers = page.events.iter().map(|event| event.sequence);
                (numbers.collect::<Vec<_>>(), page.next_cursor)
            };
            let next = |cursor: &str| Some(cursor.to_owned());
            assert_eq!(page(None, 3).await, (vec![7, 6, 5], next("5")));
            assert_eq!(page(Some("5"), 3).await, (vec![4, 3, 2], next("2")));
            assert_eq!(page(Some("2"), 3).await, (vec![1], None));
            // A page that ends with the first event is the last one, also when it is full.
            assert_eq!(page(Some("4"), 3).await, (vec![3, 2, 1], None));
            assert_eq!(page(None, 7).await, (vec![7, 6, 5, 4, 3, 2, 1], None));
            assert_eq!(page(Some("1"), 3).await, (vec![], None));
            assert_eq!(page(Some("0"), 3).await, (vec![], None));
        });
    }

    /// These ports, with somebody else who takes the next place in bob's trail right before so many writes.
    fn slower(stage: &Stage, times: u32) -> (Ports, Arc<AtomicU32>) {
        let (tries, inside) = (Arc::new(AtomicU32::new(0)), stage.ports.clone());
        let seen = tries.clone();
        let others = intercept::by(move |moment, call: &Call<'_>| {
            if let (Moment::BeforeEffect, Call::Write(_)) = (moment, call)
                && seen.fetch_add(1, Ordering::SeqCst) < times
            {
                let other = fact("other", 0);
                let user = "bob".parse().unwrap();
                block_on_inside(record(&inside, &user, other, Vec::new()));
            }
            Ok(())
        });
        let table = intercept::table(stage.table.clone(), &others);
        let ports = Ports {
            table,
            ..stage.ports.clone()
        };
        (ports, tries)
    }

    /// The table in memory never waits.
    fn block_on_inside(writing: impl Future<Output = Result<(), Error>>) {
        futures::FutureExt::now_or_never(writing).unwrap().unwrap();
    }

    #[test]
    fn who_was_slower_takes_the_next_place_and_gives_up_after_fifty() {
        block_on(async {
            for (times, succeeds) in [(0, true), (1, true), (49, true), (50, false)] {
                let (stage, user) = bob().await;
                let (ports, tries) = slower(&stage, times);
                let written = record(&ports, &user, fact("mine", 1), Vec::new()).await;
                match succeeds {
                    true => assert!(written.is_ok(), "{times}"),
                    false => assert!(written.unwrap_err().is_passing(), "{times}"),
                }
                let expected = (times + 1).min(50);
                assert_eq!(tries.load(Ordering::SeqCst), expected, "{times}");
                let last = last(&stage.ports, &user).await.unwrap().unwrap();
                assert_eq!(last.sequence, u64::from(times) + u64::from(succeeds));
            }
        });
    }

    #[test]
    fn rows_that_are_not_as_expected_are_a_conflict_and_nothing_is_recorded() {
        block_on(async {
            let (stage, user) = bob().await;
            let ports = &stage.ports;
            let key = names::wait(&stage.account);
            let row = || text_row(key.clone(), 1, &"x", None).unwrap();
            let absent = || vec![Write::Put(row(), Expect::Absent)];
            record(ports, &user, fact("one", 1), absent())
                .await
                .unwrap();
            let again = record(ports, &user, fact("two", 2), absent()).await;
            assert!(again.unwrap_err().is_conflict());
            let facts = [fact("two", 2)];
            let besides = write(ports, &user, &facts, Vec::new(), |_| Ok(absent()));
            assert!(besides.await.unwrap_err().is_conflict());
            let last = last(ports, &user).await.unwrap().unwrap();
            assert_eq!(last.sequence, 1);
        });
    }

    #[test]
    fn a_table_that_does_not_answer_is_asked_once() {
        block_on(async {
            let (stage, user) = bob().await;
            let tries = Arc::new(AtomicU32::new(0));
            let seen = tries.clone();
            let busy = intercept::by(move |_, call: &Call<'_>| match call {
                Call::Write(_) => {
                    seen.fetch_add(1, Ordering::SeqCst);
                    Err(Failure::Unavailable)
                }
                _ => Ok(()),
            });
            let table = intercept::table(stage.table.clone(), &busy);
            let ports = Ports {
                table,
                ..stage.ports.clone()
            };
            let written = record(&ports, &user, fact("one", 1), Vec::new()).await;
            assert!(written.unwrap_err().is_passing());
            assert_eq!(tries.load(Ordering::SeqCst), 1);
        });
    }
}
