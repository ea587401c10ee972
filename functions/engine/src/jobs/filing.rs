//! What a job found out of mails is kept, also of mails that another one moved, and what it proposed is put before its
//! owner: noted when the job ends, and done by [`crate::review`].

use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{MailTarget, Operation, Target};
use jiff::{SignedDuration, Timestamp};

use crate::classes;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::ports::{Expect, Message, Ports, Row, Write};
use crate::records::store::{content_expiry, text_row};
use crate::records::{FilingRecord, JobRecord, names};

/// When the sweep asks for it that was not done by then.
pub(crate) const DUE_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// A job ends at this time: if it told what mails are about, or moved some of which that is known, that is to be filed.
/// Noted before the end is stored, so that no end is ever without it. Whether there is something.
pub(crate) async fn begin(ports: &Ports, job: &JobRecord, now: Timestamp) -> Result<bool, Error> {
    if !(tells(job) || moves(job) && classes::are_kept(ports, &job.account).await?) {
        return Ok(false);
    }
    let record = FilingRecord {
        owner: job.owner.clone(),
        account: job.account.clone(),
        job: job.id.clone(),
        proposes: matches!(job.operation, Operation::Process(_)),
        told: 0,
        next: 0,
        sure: Default::default(),
        tries: 0,
        done: false,
    };
    let row = filing_row(&record, 1, now)?;
    let written = ports
        .table
        .write(vec![Write::Put(row, Expect::Absent)])
        .await;
    match written.map_err(Error::from) {
        // Whoever came to the same end noted it.
        Err(error) if error.is_conflict() => Ok(true),
        written => written.map(|()| true),
    }
}

/// Asks a worker for it. Not sent is not lost: the sweep finds what nobody did.
pub(crate) async fn ask(ports: &Ports, job: &JobRecord) {
    send_one(ports, &job.owner, message(job), SignedDuration::ZERO).await;
}

fn message(job: &JobRecord) -> Message {
    Message::Review {
        owner: job.owner.clone(),
        account: job.account.clone(),
        job: job.id.clone(),
    }
}

/// Whether mails may have another id since.
fn moves(job: &JobRecord) -> bool {
    let moves = matches!(
        job.operation.target(),
        Some(Target::Back | Target::Mail(MailTarget::Into(_) | MailTarget::IntoFolder { .. }))
    );
    moves && job.kind == Kind::Mail && job.started_at.is_some()
}

/// Whether it looked at mails.
fn tells(job: &JobRecord) -> bool {
    let looks = matches!(
        job.operation,
        Operation::Classify(_) | Operation::Process(_)
    );
    looks && job.started_at.is_some()
}

/// The row that says how far it is, due as long as it is not done.
pub(crate) fn filing_row(
    record: &FilingRecord,
    version: u64,
    now: Timestamp,
) -> Result<Row, Error> {
    let key = names::filing(&record.account, &record.job);
    let row = text_row(key, version, record, Some(content_expiry(now)))?;
    let due = (!record.done).then(|| now + DUE_AFTER);
    Ok(Row { due, ..row })
}
