//! The audit trail: appended facts, each with the hash of the one before, so that a changed or
//! missing event shows. Events carry ids and figures, never content.

use bulkhead_shared::api::{AuditEvent, AuditEvents};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use jiff::SignedDuration;
use serde_json::Value;

use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Span, Write};
use crate::records::names;
use crate::records::store::{read_text, text_row};

/// Years an event is kept.
const YEARS: i64 = 7;
/// The hash before the first event.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    /// Past tense (`job_confirmed`).
    pub event: &'static str,
    /// The job it is about.
    pub job: Option<&'a JobId>,
    /// The account it is about.
    pub account: Option<&'a AccountId>,
    /// Figures.
    pub facts: Value,
}

/// Appends a fact to a person's trail.
pub async fn record(ports: &Ports, user: &UserId, fact: Fact<'_>) -> Result<(), Error> {
    loop {
        let last = page(ports, user, None, 1).await?.pop();
        let mut event = AuditEvent {
            sequence: last.as_ref().map_or(1, |last| last.sequence + 1),
            at: ports.clock.now(),
            event: fact.event.to_owned(),
            job: fact.job.cloned(),
            account: fact.account.cloned(),
            facts: fact.facts.clone(),
            previous: last.map_or_else(|| BEGINNING.to_owned(), |last| last.hash),
            hash: String::new(),
        };
        event.hash = digest(&event)?;
        let expires = event.at + SignedDuration::from_hours(YEARS * 366 * 24);
        let row = text_row(names::audit(user, event.sequence), 1, &event, Some(expires))?;
        match ports
            .table
            .write(vec![Write::Put(row, Expect::Absent)])
            .await
            .map_err(Error::from)
        {
            // Somebody else appended first: take the next place.
            Err(error) if error.is_conflict() => {}
            other => return other,
        }
    }
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
