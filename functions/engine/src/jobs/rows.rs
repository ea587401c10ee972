//! What was brought for a job's items, as it was brought: so that a draft can be written anew.

use bulkhead_shared::api::JobRows;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::operations::recipient::Recipient;

use crate::error::Error;
use crate::jobs::results::readable;
use crate::plan::load_manifest;
use crate::ports::Ports;

/// The rows of a job that sends mails, in their order; none of any other.
pub async fn rows(ports: &Ports, user: &UserId, id: &JobId) -> Result<JobRows, Error> {
    let job = readable(ports, user, id).await?;
    let mut rows = Vec::new();
    for chunk in 0..job.chunks() {
        for entry in load_manifest(ports, &job, chunk).await?.items {
            let recipient = entry.input.as_deref().and_then(Recipient::of_bytes);
            rows.extend(recipient.map(|recipient| recipient.row()));
        }
    }
    Ok(JobRows { rows })
}
