//! What is sure is done: by a job that descends from the one that proposed it, confirmed in the name of the person who
//! asked for that.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Confirm, Gate};
use bulkhead_shared::job::State;
use bulkhead_shared::proposal::Proposal;
use jiff::Timestamp;

use crate::error::Error;
use crate::jobs::{children, control, preview};
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::records::store::load_job;

/// How far it is.
pub(super) enum Acted {
    /// The job is confirmed, or waits for a person as any draft does.
    Done,
    /// Its selection is still being frozen, since then.
    Later(Timestamp),
}

/// Lets a job follow that does this to the mails it was proposed for. Whoever does this again comes to the same job.
/// It stays a draft where its preview has something that a person has to see.
pub(super) async fn act(
    ports: &Ports,
    parent: &JobRecord,
    proposal: Proposal,
) -> Result<Acted, Error> {
    let owner = &parent.owner;
    let id = children::proposed(ports, owner, &parent.id, proposal).await?;
    let Some(child) = load_job(ports.table.as_ref(), &id).await? else {
        return Ok(Acted::Done);
    };
    match child.record.state {
        State::Planning => return Ok(Acted::Later(child.record.created_at)),
        State::Draft => {}
        _ => return Ok(Acted::Done),
    }
    if child.record.total == 0 {
        control::discard(ports, owner, &id).await?;
        return Ok(Acted::Done);
    }
    let preview = preview::preview(ports, owner, &id).await?;
    let is_plain = preview.reversibility.kind == Reversibility::Exact
        && preview.gate == Gate::Confirm
        && preview.drift.is_none();
    if !is_plain {
        return Ok(Acted::Done);
    }
    let yes = Confirm {
        manifest_hash: preview.manifest_hash,
        drift_hash: None,
    };
    match control::confirm(ports, owner, &id, &yes).await {
        // It shows what changed.
        Err(Error::Drifted(_)) => Ok(Acted::Done),
        confirmed => confirmed.map(|()| Acted::Done),
    }
}
