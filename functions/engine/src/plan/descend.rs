//! Freezing what another job did or left: for an undo, for a retry.

use std::collections::VecDeque;

use bulkhead_shared::api::UndoPreview;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::Outcome;

use super::freezer::{Freezer, load_manifest};
use super::show_progress;
use crate::error::Error;
use crate::ports::{Connector, Ports};
use crate::records::{After, Back, Ending, JobRecord, Manifest, Prior, names};
use crate::store::{Stored, load_job, load_packed};

/// What a parent's chunk left behind.
struct Left {
    manifest: Manifest,
    endings: Vec<Option<Ending>>,
    prior: Vec<Option<Prior>>,
    after: Vec<Option<After>>,
}

async fn load_left(ports: &Ports, parent: &JobRecord, chunk: u32) -> Result<Left, Error> {
    let table = ports.table.as_ref();
    let (manifest, endings, prior, after) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed(table, names::outcomes(&parent.id, chunk)),
        load_packed(table, names::prior(&parent.id, chunk)),
        load_packed(table, names::after(&parent.id, chunk)),
    );
    Ok(Left {
        manifest: manifest?,
        endings: endings?.unwrap_or_default(),
        prior: prior?.unwrap_or_default(),
        after: after?.unwrap_or_default(),
    })
}

async fn load_parent(ports: &Ports, job: &JobRecord) -> Result<JobRecord, Error> {
    let id = job.parent.as_ref().ok_or(Error::Missing("parent"))?;
    Ok(load_job(ports.table.as_ref(), id)
        .await?
        .ok_or(Error::Missing("parent"))?
        .record)
}

/// Everything the parent changed, with the way back. Looks at each item, so that the preview can
/// say what can go back, what somebody changed since, and what is gone (invariant 9).
pub(super) async fn freeze_undo(
    ports: &Ports,
    connector: &dyn Connector,
    job: &mut Stored<JobRecord>,
    freezer: &mut Freezer,
) -> Result<(), Error> {
    let parent = load_parent(ports, &job.record).await?;
    let mut preview = UndoPreview::default();
    for chunk in 0..parent.chunks() {
        let left = load_left(ports, &parent, chunk).await?;
        let mut ways: VecDeque<(ItemId, Back)> = VecDeque::new();
        for ((item, prior), after) in left
            .manifest
            .items
            .into_iter()
            .zip(left.prior)
            .zip(left.after)
        {
            if let (Some(prior), Some(after)) = (prior, after) {
                let back = Back {
                    left: after.state.place,
                    prior: prior.state.place,
                };
                ways.push_back((after.id.unwrap_or(item.0), back));
            }
        }
        let ids: Vec<ItemId> = ways.iter().map(|(id, _)| id.clone()).collect();
        for call in ids.chunks(connector.abilities().call_items.max(1) as usize) {
            for state in connector.states(call).await? {
                let Some((id, back)) = ways.pop_front() else {
                    break;
                };
                match &state {
                    None => preview.gone += 1,
                    Some(state) if state.place == back.left => preview.can_go_back += 1,
                    Some(_) => preview.changed_since += 1,
                }
                freezer.add(id, state.map_or(0, |state| state.version), Some(back));
            }
        }
        let total = freezer.store(ports).await?;
        job.record.undo_preview = Some(preview);
        show_progress(ports, job, total).await?;
    }
    job.record.undo_preview = Some(preview);
    Ok(())
}

/// Everything that failed or stayed uncertain in the parent.
pub(super) async fn freeze_retry(
    ports: &Ports,
    connector: &dyn Connector,
    job: &mut Stored<JobRecord>,
    freezer: &mut Freezer,
) -> Result<(), Error> {
    let parent = load_parent(ports, &job.record).await?;
    for chunk in 0..parent.chunks() {
        let left = load_left(ports, &parent, chunk).await?;
        let mut backs = left
            .manifest
            .back
            .into_iter()
            .map(Some)
            .chain(std::iter::repeat(None));
        let mut again = Vec::new();
        for ((id, version), ending) in left.manifest.items.into_iter().zip(left.endings) {
            let back = backs.next().flatten();
            if ending.is_some_and(|e| matches!(e.outcome, Outcome::Failed | Outcome::Uncertain)) {
                again.push((id, version, back));
            }
        }
        // Fresh versions, so that drift is told from now on and not from the parent's preview.
        for call in again.chunks(connector.abilities().call_items.max(1) as usize) {
            let ids: Vec<ItemId> = call.iter().map(|(id, ..)| id.clone()).collect();
            for ((id, version, back), state) in call.iter().zip(connector.states(&ids).await?) {
                freezer.add(
                    id.clone(),
                    state.map_or(*version, |state| state.version),
                    back.clone(),
                );
            }
        }
        let total = freezer.store(ports).await?;
        show_progress(ports, job, total).await?;
    }
    Ok(())
}
