//! What a job found out of mails is kept for their account, so that lists show it and searches find by it; also of mails
//! that a job moves, which have another id then on some servers.

use bulkhead_shared::api::ToldBy;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemResult;

use crate::classes;
use crate::error::Error;
use crate::jobs::endings::{Ended, Row, chunk_outcomes};
use crate::ports::Ports;
use crate::records::{JobRecord, KeptClass};

/// Chunks of one write: all that is kept of an account is written with each.
const CHUNKS: u32 = 16;

/// Keeps what was found in some chunks of a job, from this one on, and follows mails that it moved; the chunk that is
/// next.
pub(super) async fn keep_some(ports: &Ports, job: &JobRecord, from: u32) -> Result<u32, Error> {
    let next = from.saturating_add(CHUNKS).min(job.chunks());
    let (mut told, mut moved) = (Vec::new(), Vec::new());
    for chunk in from..next {
        // What cannot be read is not looked at.
        let Ended::Known(rows) = chunk_outcomes(ports, job, chunk).await? else {
            continue;
        };
        for row in rows {
            if row.id_now != row.outcome.id {
                moved.push((row.outcome.id.clone(), row.id_now.clone()));
            }
            told.extend(told_of(job, row));
        }
    }
    if !moved.is_empty() {
        unless_unreadable(job, classes::follow(ports, &job.account, &moved).await)?;
    }
    if !told.is_empty() {
        unless_unreadable(job, classes::keep(ports, &job.account, &told).await)?;
    }
    Ok(next)
}

/// What cannot be read stays as it is, and keeps no proposal from its owner: the mails can be looked at again.
fn unless_unreadable(job: &JobRecord, kept: Result<(), Error>) -> Result<(), Error> {
    match kept {
        Err(error) if error.is_unreadable() => {
            tracing::error!(job.id = %job.id, error = %error, "What it told of mails is not kept.");
            Ok(())
        }
        kept => kept,
    }
}

/// What was found of a mail; none where nothing was.
fn told_of(job: &JobRecord, row: Row) -> Option<(ItemId, KeptClass)> {
    let result = row.outcome.result?;
    let kept = KeptClass {
        class: class(&job.operation, &result)?,
        percent: result.percent,
        by: match job.model {
            Some(_) => ToldBy::Endpoint,
            None => ToldBy::BuiltIn,
        },
        at: row.outcome.at.or(job.ended_at)?.as_second(),
    };
    Some((row.id_now, kept))
}

/// The class that stands in a result, which names a proposal where one is made.
fn class(operation: &Operation, result: &ItemResult) -> Option<Class> {
    match operation {
        Operation::Classify(_) => Class::named(&result.class),
        Operation::Process(_) => Class::named(result.about.as_deref()?),
        _ => None,
    }
}
