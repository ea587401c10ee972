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
