//! All that is on record of one job, in one file: the job, its events of the audit trail with their hashes, and how
//! each item ended. Whoever checks the job's work needs nothing else.

use bulkhead_shared::api::{AuditEvent, AuditedItem, Job};
use bulkhead_shared::ids::{ItemId, UserId};

use crate::audit;
use crate::error::Error;
use crate::jobs::endings::{Ended, Row};
use crate::ports::Ports;
use crate::records::JobRecord;

/// Events of the trail that are read at once.
const PAGE: u32 = 500;

/// What the file begins with, up to its items.
pub(super) async fn opening(ports: &Ports, user: &UserId, job: &Job) -> Result<Vec<u8>, Error> {
    let mut events: Vec<AuditEvent> = Vec::new();
    let mut cursor = None;
    loop {
        let page = audit::list(ports, user, cursor.as_deref(), PAGE).await?;
        // Newest first: nothing about a job is older than the job.
        let is_older = |event: &AuditEvent| event.at < job.created_at;
        let reached = page.events.last().is_none_or(is_older);
        let of_job = page.events.into_iter();
        events.extend(of_job.filter(|event| event.job.as_ref() == Some(&job.id)));
        cursor = page.next_cursor.filter(|_| !reached);
        if cursor.is_none() {
            break;
        }
    }
    events.reverse();
    let mut out = b"{\"job\":".to_vec();
    serde_json::to_writer(&mut out, job)?;
    out.extend(b",\n\"events\":");
    serde_json::to_writer(&mut out, &events)?;
    out.extend(b",\n\"items\":[\n");
    Ok(out)
}

/// What it ends with.
pub(super) const END: &[u8] = b"\n]}\n";

/// Items, with their numbers counted from `first`; a comma before each but the first of all. Neither cards nor what
/// rows brought: the trail holds no content.
pub(super) fn items(first: u64, ended: Ended) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let items: Vec<AuditedItem> = match ended {
        Ended::Known(rows) => (first..).zip(rows).map(known).collect(),
        Ended::Unreadable(ids) => (first..).zip(ids).map(unreadable).collect(),
    };
    for (number, item) in (first..).zip(items) {
        if number > 1 {
            out.extend(b",\n");
        }
        serde_json::to_writer(&mut out, &item)?;
    }
    Ok(out)
}

fn known((number, row): (u64, Row)) -> AuditedItem {
    let outcome = row.outcome;
    AuditedItem {
        number: outcome.row.unwrap_or(number),
        id: outcome.id,
        outcome: outcome.outcome,
        reason: outcome.reason,
        started_at: outcome.started_at,
        at: outcome.at,
        result: outcome.result.map(|result| result.class),
    }
}

/// An item of which it cannot be read what became of it.
fn unreadable((number, id): (u64, ItemId)) -> AuditedItem {
    AuditedItem {
        number,
        id,
        outcome: None,
        reason: None,
        started_at: None,
        at: None,
        result: Some("unreadable".to_owned()),
    }
}

/// The name of a job's file.
pub(super) fn file_name(job: &JobRecord) -> String {
    format!("{}-audit.json", job.id)
}
