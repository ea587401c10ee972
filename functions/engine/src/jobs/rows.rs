//! What was brought for a job's items, as it was brought: so that a draft can be written anew; and which rows got
//! none.

use bulkhead_shared::api::{JobRows, LeftOutRow, LeftOutRows};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::limits::LEFT_OUT_SHOWN;
use bulkhead_shared::operations::recipient::Recipient;

use crate::error::Error;
use crate::jobs::results::readable;
use crate::plan::{load_left_out, load_manifest};
use crate::ports::Ports;

/// The rows of a job that sends mails, in their order and with those that were left out; none of any other.
pub async fn rows(ports: &Ports, user: &UserId, id: &JobId) -> Result<JobRows, Error> {
    let job = readable(ports, user, id).await?;
    let row = |input: &[u8]| Recipient::of_bytes(input).map(|recipient| recipient.row());
    let mut left_out = load_left_out(ports, &job).await?.into_iter().peekable();
    let mut rows = Vec::new();
    for chunk in 0..job.chunks() {
        for entry in load_manifest(ports, &job, chunk).await?.items {
            while let Some(left) = left_out.next_if(|left| left.row as usize <= rows.len() + 1) {
                rows.extend(row(left.input.as_bytes()));
            }
            rows.extend(entry.input.as_deref().and_then(row));
        }
    }
    rows.extend(left_out.filter_map(|left| row(left.input.as_bytes())));
    Ok(JobRows { rows })
}

/// The rows that were left out when the job was drafted.
pub async fn left_out(ports: &Ports, user: &UserId, id: &JobId) -> Result<LeftOutRows, Error> {
    let job = readable(ports, user, id).await?;
    let rows = load_left_out(ports, &job).await?.into_iter();
    let rows = rows.take(LEFT_OUT_SHOWN).map(|left| LeftOutRow {
        row: left.row,
        address: left.address,
        why: left.why,
    });
    Ok(LeftOutRows {
        total: job.suppressed,
        rows: rows.collect(),
    })
}
