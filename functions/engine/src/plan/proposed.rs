//! Freezing what another job proposed something for.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::proposal::{Marks, Proposal};

use super::descend::states;
use super::freezer::load_manifest;
use super::page::Page;
use crate::error::Error;
use crate::kinds::State;
use crate::ports::{Facts, Ports};
use crate::records::pack::one_each;
use crate::records::store::load_packed;
use crate::records::{Entry, Found, JobRecord, Seen, names};
use crate::stores::ItemStore;

/// The mails of a chunk of the parent that this is proposed for, as they are now. Those that are gone are left out, and
/// so are those that came to be protected where it would hide them.
pub(super) async fn proposed_page(
    ports: &Ports,
    store: &dyn ItemStore,
    parent: &JobRecord,
    chunk: u32,
    proposal: Proposal,
) -> Result<Page, Error> {
    let ids = match proposed(ports, parent, chunk, proposal).await {
        Ok(ids) => ids,
        Err(error) if error.is_unreadable() => {
            tracing::error!(job.id = %parent.id, chunk, cause = %error, "A chunk's results cannot be read; nothing is done about them.");
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let mut page = Page::default();
    let mut found = Found::default();
    for (id, state) in ids.iter().zip(states(store, &ids).await?) {
        let State::Mail(place) = &state.state else {
            continue;
        };
        let marks = Marks::among(place.flags.iter().map(String::as_str));
        let is_answered = proposal == Proposal::Reply && marks.answered;
        if is_answered || (proposal.hides() && marks.protect()) {
            continue;
        }
        found
            .folders
            .extend(state.state.folder().map(str::to_owned));
        found
            .facts
            .push((id.clone(), Facts::of_flags(&place.flags)));
        let (id, seen, input) = (id.clone(), Seen::At(state.version), None);
        page.entries.push((Entry { id, seen, input }, None));
    }
    Ok(Page { found, ..page })
}

/// The mails of a chunk that this is proposed for.
async fn proposed(
    ports: &Ports,
    parent: &JobRecord,
    chunk: u32,
    proposal: Proposal,
) -> Result<Vec<ItemId>, Error> {
    let (manifest, results) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed::<Vec<Option<ItemResult>>>(
            ports.table.as_ref(),
            names::results(&parent.id, chunk)
        ),
    );
    let items = manifest?.items;
    let results = one_each(results?, items.len())?;
    let items = items.into_iter().zip(results);
    let is_it = |result: Option<ItemResult>| result.is_some_and(|it| it.class == proposal.name());
    let meant = items.filter_map(|(entry, result)| is_it(result).then_some(entry.id));
    Ok(meant.collect())
}
