//! Freezing what another job did or left: for an undo, for a retry.

use bulkhead_shared::api::UndoPreview;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::Outcome;

use super::freezer::load_manifest;
use super::source::Page;
use crate::error::Error;
use crate::mail::ItemState;
use crate::ports::{Connector, Ports};
use crate::records::{After, Back, Ending, JobRecord, Manifest, Prior, names};
use crate::store::{load_job, load_packed};

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

pub(super) async fn load_parent(ports: &Ports, job: &JobRecord) -> Result<Box<JobRecord>, Error> {
    let id = job.parent.as_ref().ok_or(Error::Missing("parent"))?;
    let parent = load_job(ports.table.as_ref(), id).await?;
    Ok(Box::new(parent.ok_or(Error::Missing("parent"))?.record))
}

/// What the parent changed in a chunk, with the way back. Looks at each item, so that the preview
/// can say what can go back, what somebody changed since, and what is gone (invariant 9).
pub(super) async fn undo_page(
    ports: &Ports,
    connector: &dyn Connector,
    parent: &JobRecord,
    chunk: u32,
) -> Result<Page, Error> {
    let left = load_left(ports, parent, chunk).await?;
    let touched = left
        .manifest
        .items
        .into_iter()
        .zip(left.prior)
        .zip(left.after);
    let (mut ids, mut ways) = (Vec::new(), Vec::new());
    for ((item, prior), after) in touched {
        if let (Some(prior), Some(after)) = (prior, after) {
            ids.push(after.id.unwrap_or(item.0));
            ways.push(Back {
                left: after.state.place,
                prior: prior.state.place,
            });
        }
    }
    let states = states(connector, &ids).await?;
    let mut preview = UndoPreview::default();
    let mut items = Vec::with_capacity(ids.len());
    for ((id, back), state) in ids.into_iter().zip(ways).zip(states) {
        match &state {
            None => preview.gone += 1,
            Some(state) if state.place == back.left => preview.can_go_back += 1,
            Some(_) => preview.changed_since += 1,
        }
        items.push((id, state.map_or(0, |state| state.version), Some(back)));
    }
    Ok(Page {
        items,
        undo: Some(preview),
        next: None,
    })
}

/// What failed or stayed uncertain in a chunk of the parent.
pub(super) async fn retry_page(
    ports: &Ports,
    connector: &dyn Connector,
    parent: &JobRecord,
    chunk: u32,
) -> Result<Page, Error> {
    let left = load_left(ports, parent, chunk).await?;
    let backs = left.manifest.back.into_iter().map(Some);
    let mut backs = backs.chain(std::iter::repeat(None));
    let (mut ids, mut rest) = (Vec::new(), Vec::new());
    for ((id, version), ending) in left.manifest.items.into_iter().zip(left.endings) {
        let back = backs.next().flatten();
        if ending.is_some_and(|e| matches!(e.outcome, Outcome::Failed | Outcome::Uncertain)) {
            ids.push(id);
            rest.push((version, back));
        }
    }
    // Fresh versions, so that drift is told from now on and not from the parent's preview.
    let states = states(connector, &ids).await?;
    let again = ids.into_iter().zip(rest).zip(states);
    Ok(Page {
        items: again
            .map(|((id, (version, back)), state)| {
                (id, state.map_or(version, |state| state.version), back)
            })
            .collect(),
        ..Page::default()
    })
}

/// States of any number of items, in calls as large as the provider takes.
async fn states(
    connector: &dyn Connector,
    ids: &[ItemId],
) -> Result<Vec<Option<ItemState>>, Error> {
    let mut states = Vec::with_capacity(ids.len());
    for call in ids.chunks(connector.abilities().call_items.max(1) as usize) {
        states.extend(connector.states(call).await?);
    }
    Ok(states)
}
