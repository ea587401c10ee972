//! Drafts that are confirmed by the request that made them: small ones that come back exactly, so that a
//! look beforehand would tell nothing that undo does not mend.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Confirm, Gate, Preview, RiskLevel};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::limits;

use crate::error::Error;
use crate::jobs::{control, preview};
use crate::ports::Ports;
use crate::records::{JobRecord, is_written};

/// Confirms a draft if its preview has nothing that a person would have to weigh. It stays a draft
/// otherwise, also where something changed since it was frozen.
pub(crate) async fn confirm(ports: &Ports, user: &UserId, job: &JobRecord) -> Result<(), Error> {
    if job.total == 0 || job.total > limits::AT_ONCE_ITEMS {
        return Ok(());
    }
    let preview = preview::preview(ports, user, &job.id).await?;
    if !goes_without_saying(job, &preview) {
        return Ok(());
    }
    let yes = Confirm {
        manifest_hash: preview.manifest_hash,
        drift_hash: None,
    };
    match control::confirm(ports, user, &job.id, &yes).await {
        Err(Error::Drifted(_)) => Ok(()),
        confirmed => confirmed,
    }
}

/// Whether it comes back exactly, and nothing is at stake but what this operation always puts at stake.
fn goes_without_saying(job: &JobRecord, preview: &Preview) -> bool {
    let usual = job.operation.risk(job.total).map(|risk| risk.reasons);
    let is_usual = |reason| usual.iter().flatten().any(|usual| usual == reason);
    preview.reversibility.kind == Reversibility::Exact
        && preview.gate == Gate::Confirm
        // What goes is not what was picked.
        && !job.takes_duplicates()
        // What that costs is shown first.
        && !is_written(&job.operation)
        && preview.drift.is_none()
        && (preview.risk.level == RiskLevel::Low || preview.risk.reasons.iter().all(is_usual))
}
