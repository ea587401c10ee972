//! Mails that may have arrived or not: what is known of them, and what a person says of each. Nothing else sends
//! one again.

use bulkhead_shared::api::NewJob;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::operations::recipient::Recipient;
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::selection::Selection;
use serde_json::json;

use crate::audit::{self, Fact};
use crate::error::Error;
use crate::jobs::draft;
use crate::jobs::endings::{Ended, Row, chunk_outcomes};
use crate::jobs::evidence::is_open;
use crate::jobs::results::{chunks_with, readable};
use crate::ports::{Expect, Ports, Write};
use crate::records::store::{Stored, content_expiry, load_job, load_text, text_row};
use crate::records::{JobRecord, SaidRecord, names};

/// A person says that this mail arrived. Nothing is sent.
pub async fn arrived(ports: &Ports, user: &UserId, id: &JobId, item: &ItemId) -> Result<(), Error> {
    let job = readable(ports, user, id).await?;
    find(ports, &job, item).await?;
    let stored = said(ports, &job, item).await?;
    match &stored {
        Some(known) if known.record.again.is_none() => return Ok(()),
        Some(known) if is_on_its_way(ports, &known.record).await?.is_some() => {
            return Err(Error::NotPossible(
                "This mail is being sent again; discard that draft first.",
            ));
        }
        _ => {}
    }
    let said = SaidRecord {
        item: item.clone(),
        at: ports.clock.now(),
        again: None,
        dropped: 0,
    };
    tell(ports, user, &job, stored.as_ref(), &said).await
}

/// Drafts a job that sends this mail once more, unless `open_most` jobs of this person are open already. Asked again
/// while that draft is open, it is the same one.
pub async fn again(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    item: &ItemId,
    open_most: u32,
) -> Result<JobId, Error> {
    let job = readable(ports, user, id).await?;
    let row = find(ports, &job, item).await?;
    let stored = said(ports, &job, item).await?;
    let mut dropped = 0;
    if let Some(Stored { record, .. }) = &stored {
        if record.again.is_none() {
            return Err(Error::NotPossible("You said that this mail arrived."));
        }
        match is_on_its_way(ports, record).await? {
            Some(again) if again.confirmed_at.is_none() => return Ok(again.id.clone()),
            Some(_) => return Err(Error::NotPossible("This mail was sent again already.")),
            None => dropped = record.dropped + 1,
        }
    }
    let new = of_one(&job, &row)?;
    // The same draft however often this is asked, as long as nothing came of the one before.
    let intention = sha256_hex(format!("{id}/{item}/{dropped}").as_bytes());
    let key = format!("again-{intention}");
    let again = draft::create(ports, user, Some(&key), new, open_most).await?;
    let said = SaidRecord {
        item: item.clone(),
        at: ports.clock.now(),
        again: Some(again.clone()),
        dropped,
    };
    tell(ports, user, &job, stored.as_ref(), &said).await?;
    Ok(again)
}

/// The mail, which has to be one of those of which nobody knows.
async fn find(ports: &Ports, job: &JobRecord, item: &ItemId) -> Result<Row, Error> {
    for (chunk, _) in chunks_with(ports, job, Some(Outcome::Uncertain), 0).await? {
        let Ended::Known(rows) = chunk_outcomes(ports, job, chunk).await? else {
            continue;
        };
        if let Some(row) = rows.into_iter().find(|row| row.outcome.id == *item) {
            return match is_open(&row) {
                true => Ok(row),
                false => Err(Error::NotPossible("It is known what became of this mail.")),
            };
        }
    }
    Err(Error::NotPossible(
        "No such mail of this job may have arrived or not.",
    ))
}

async fn said(
    ports: &Ports,
    job: &JobRecord,
    item: &ItemId,
) -> Result<Option<Stored<SaidRecord>>, Error> {
    load_text(ports.table.as_ref(), &names::said(&job.id, item)).await
}

/// The job that sends it once more; none if nothing came of that.
async fn is_on_its_way(ports: &Ports, said: &SaidRecord) -> Result<Option<JobRecord>, Error> {
    let Some(again) = &said.again else {
        return Ok(None);
    };
    let again = load_job(ports.table.as_ref(), again).await?;
    let again = again.map(|stored| stored.record);
    Ok(again.filter(|job| {
        let is_draft = job.confirmed_at.is_none() && !job.state.is_ended();
        job.confirmed_at.is_some() || is_draft && job.confirm_by() > ports.clock.now()
    }))
}

/// A job that sends this mail alone, and now.
fn of_one(job: &JobRecord, row: &Row) -> Result<NewJob, Error> {
    let Operation::BulkSend(send) = &job.operation else {
        return Err(Error::NotPossible("Only mails are sent again one by one."));
    };
    let recipient = row.input.as_deref().and_then(Recipient::of_bytes);
    let recipient = recipient.ok_or(Error::Missing("row"))?;
    Ok(NewJob {
        account: job.account.clone(),
        operation: Operation::BulkSend(BulkSend {
            not_before: None,
            ..send.clone()
        }),
        selection: Selection::Rows {
            rows: vec![recipient.row()],
        },
        options: JobOptions::default(),
        confirm: None,
    })
}

/// Stores what was said, with its line in the audit trail.
async fn tell(
    ports: &Ports,
    user: &UserId,
    job: &JobRecord,
    before: Option<&Stored<SaidRecord>>,
    said: &SaidRecord,
) -> Result<(), Error> {
    let now = ports.clock.now();
    let (version, expect) = match before {
        Some(before) => (before.version + 1, Expect::Version(before.version)),
        None => (1, Expect::Absent),
    };
    let key = names::said(&job.id, &said.item);
    let row = text_row(key, version, said, Some(content_expiry(now)))?;
    let (event, facts) = match &said.again {
        None => ("mail_said_to_have_arrived", json!({})),
        Some(again) => ("mail_to_be_sent_again", json!({ "again": again })),
    };
    let fact = Fact {
        event: event.to_owned(),
        job: Some(&job.id),
        account: Some(&job.account),
        facts,
    };
    audit::record(ports, user, fact, vec![Write::Put(row, expect)]).await
}
