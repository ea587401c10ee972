//! Items of a job whose answer never came. Those that look as the job would have left them can be taken
//! back like those that it changed for sure.

use bulkhead_shared::outcome::Outcome;

use super::freezer::load_manifest;
use super::page::Changed;
use crate::error::Error;
use crate::kinds::ItemState;
use crate::ports::Ports;
use crate::records::pack::one_each;
use crate::records::store::load_packed;
use crate::records::{Back, Ending, JobRecord, Prior, names};
use crate::stores::ItemStore;

/// What the parent would have made of the items in a chunk that are uncertain, as far as its records tell.
/// Without records nobody knows which they are, so they are left alone.
pub(super) async fn unanswered(
    ports: &Ports,
    store: &dyn ItemStore,
    parent: &JobRecord,
    chunk: u32,
) -> Result<Vec<Changed>, Error> {
    match read(ports, store, parent, chunk).await {
        Err(error) if error.is_unreadable() => Ok(Vec::new()),
        read => read,
    }
}

async fn read(
    ports: &Ports,
    store: &dyn ItemStore,
    parent: &JobRecord,
    chunk: u32,
) -> Result<Vec<Changed>, Error> {
    let target = parent.operation.target();
    // What was made of an item is looked for under the id of its own, by a retry.
    let Some(target) = target.filter(|target| !target.makes_others()) else {
        return Ok(Vec::new());
    };
    let goal = store.past_goal(target).await?;
    let table = ports.table.as_ref();
    let (manifest, prior, endings) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed::<Vec<Option<Prior>>>(table, names::prior(&parent.id, chunk)),
        load_packed::<Vec<Option<Ending>>>(table, names::outcomes(&parent.id, chunk)),
    );
    let manifest = manifest?;
    let prior = one_each(prior?, manifest.items.len())?;
    let endings = one_each(endings?, manifest.items.len())?;
    let items = manifest.items.into_iter().zip(prior).zip(endings);
    let unanswered = items
        .enumerate()
        .filter_map(|(place, ((item, prior), ending))| {
            let prior =
                prior.filter(|_| ending.is_some_and(|it| it.outcome == Outcome::Uncertain))?;
            let back = manifest.back.get(place);
            let was = prior.state;
            let left = goal.aim(&was.state, back, item.input.as_deref()).ok()?;
            Some(Changed {
                id: prior.id.unwrap_or(item.id),
                after: ItemState {
                    state: left.clone(),
                    version: None,
                    identity: was.identity,
                },
                back: Back {
                    left,
                    prior: was.state,
                },
            })
        });
    Ok(unanswered.collect())
}
