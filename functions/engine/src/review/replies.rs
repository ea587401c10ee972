//! What the replies would say that jobs proposed.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::api::ReviewReply;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::proposal::Proposal;

use super::queue::Place;
use crate::error::Error;
use crate::ports::Ports;
use crate::records::store::load_job;

/// By the jobs that proposed replies to some of these mails. Of a job that is not kept any more nothing is told.
pub(super) async fn replies(
    ports: &Ports,
    places: &[Place<'_>],
) -> Result<BTreeMap<JobId, ReviewReply>, Error> {
    let proposed = places
        .iter()
        .filter(|place| place.mail.proposal == Proposal::Reply);
    let jobs: BTreeSet<&JobId> = proposed
        .map(|place| &place.chunk.stored.record.job)
        .collect();
    let mut replies = BTreeMap::new();
    for job in jobs {
        let Some(found) = load_job(ports.table.as_ref(), job).await? else {
            continue;
        };
        let drafts = Proposal::Reply.operation_of(&found.record.operation);
        let reply = drafts.and_then(|drafts| match drafts {
            Operation::DraftReply(drafts) => ReviewReply::of(drafts),
            _ => None,
        });
        replies.extend(reply.map(|reply| (job.clone(), reply)));
    }
    Ok(replies)
}
