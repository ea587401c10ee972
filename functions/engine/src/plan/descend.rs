//! Freezing what another job did or left: for an undo, for a retry.

use std::iter::repeat;

use bulkhead_shared::api::UndoPreview;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{Counts, Outcome};

use super::freezer::load_manifest;
use super::page::{Changed, Page};
use super::unanswered::unanswered;
use crate::error::Error;
use crate::kinds::ItemState;
use crate::ports::Ports;
use crate::records::pack::{Unreadable, one_each};
use crate::records::store::{load_job, load_packed, load_text};
use crate::records::{
    After, Back, ChunkRecord, Ending, Entry, Found, JobRecord, Manifest, Prior, Seen,
    UnreadableWhy, names,
};
use crate::stores::{ItemStore, calls};

pub(super) async fn load_parent(ports: &Ports, job: &JobRecord) -> Result<Box<JobRecord>, Error> {
    let id = job.parent.as_ref().ok_or(Error::Missing("parent"))?;
    let parent = load_job(ports.table.as_ref(), id).await?;
    Ok(Box::new(parent.ok_or(Error::Missing("parent"))?.record))
}

/// What the parent changed in a chunk, with the way back. Looks at each item, so that the preview
/// can say what can go back, what somebody changed since, and what is gone (invariant 9).
pub(super) async fn undo_page(
    ports: &Ports,
    store: &dyn ItemStore,
    parent: &JobRecord,
    chunk: u32,
) -> Result<Page, Error> {
    let (counts, _) = counted(ports, parent, chunk).await?;
    let changed = changed(ports, parent, chunk).await;
    let (changed, unreadable_why) = or_left_out(changed, parent, chunk, counts.succeeded)?;
    let found = find(store, &changed).await?;
    let mut page = UndoPage::default();
    for (changed, (id, state)) in changed.into_iter().zip(found) {
        if state.state.is_still(&changed.back.left) {
            page.preview.can_go_back += 1;
        } else if state.is_absent() {
            page.preview.gone += 1;
        } else {
            page.preview.changed_since += 1;
        }
        page.add(id, &state, &changed.after, changed.back);
    }
    if counts.uncertain > 0 {
        let unanswered = unanswered(ports, store, parent, chunk).await?;
        let found = find(store, &unanswered).await?;
        for (Changed { after, back, .. }, (id, state)) in unanswered.into_iter().zip(found) {
            if state.state.says_the_same(&after.state) {
                let left = state.state.clone();
                page.preview.can_go_back += 1;
                page.preview.unanswered += 1;
                page.add(id, &state, &after, Back { left, ..back });
            }
        }
        page.preview.unclear = counts.uncertain.saturating_sub(page.preview.unanswered);
    }
    Ok(Page {
        entries: page.entries,
        found: Found {
            folders: page.folders,
            undo: Some(page.preview),
            unreadable_why,
            ..Found::default()
        },
        ..Page::default()
    })
}

/// A page of an undo, item by item.
#[derive(Default)]
struct UndoPage {
    preview: UndoPreview,
    entries: Vec<(Entry, Option<Back>)>,
    folders: Vec<String>,
}

impl UndoPage {
    fn add(&mut self, id: ItemId, state: &ItemState, after: &ItemState, back: Back) {
        let folder = state.state.folder().or(after.state.folder());
        self.folders.extend(folder.map(str::to_owned));
        let (seen, input) = (Seen::of(state), None);
        self.entries.push((Entry { id, seen, input }, Some(back)));
    }
}

/// Looks where the items are now. One that was moved since and moved back may have another id: those
/// that are gone under theirs are looked for by their identity, where they were left.
async fn find(
    store: &dyn ItemStore,
    changed: &[Changed],
) -> Result<Vec<(ItemId, ItemState)>, Error> {
    let ids: Vec<ItemId> = changed.iter().map(|item| item.id.clone()).collect();
    let states = states(store, &ids).await?;
    let known = ids.iter().zip(&states);
    let known: Vec<ItemId> = known
        .filter(|(_, state)| !state.is_absent())
        .map(|(id, _)| id.clone())
        .collect();
    let is_lost =
        |(item, state): &(&Changed, &ItemState)| state.is_absent() && item.after.identity.is_some();
    let lost = changed.iter().zip(&states).filter(is_lost);
    let lost: Vec<ItemState> = lost.map(|(item, _)| item.after.clone()).collect();
    let followed = match lost.is_empty() {
        true => Vec::new(),
        false => store.follow(&lost, &known).await?,
    };
    let mut followed = followed.into_iter();
    let found = changed.iter().zip(&states).map(|(item, state)| {
        let new = match is_lost(&(item, state)) {
            true => followed.next().flatten(),
            false => None,
        };
        new.unwrap_or_else(|| (item.id.clone(), state.clone()))
    });
    Ok(found.collect())
}

/// The items that the parent changed in a chunk, under the ids it left them with. How they ended is
/// not asked: what an item was right after is stored with its success, in one write.
async fn changed(ports: &Ports, parent: &JobRecord, chunk: u32) -> Result<Vec<Changed>, Error> {
    let table = ports.table.as_ref();
    let (manifest, prior, after) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed::<Vec<Option<Prior>>>(table, names::prior(&parent.id, chunk)),
        load_packed::<Vec<Option<After>>>(table, names::after(&parent.id, chunk)),
    );
    let items = manifest?.items;
    let prior = one_each(prior?, items.len())?;
    let after = one_each(after?, items.len())?;
    let items = items.into_iter().zip(prior).zip(after);
    let changed = items.filter_map(|((item, prior), after)| {
        let (prior, after) = (prior?, after?);
        let back = Back {
            left: after.state.state.clone(),
            prior: prior.state.state,
        };
        Some(Changed {
            id: after.id.unwrap_or(item.id),
            after: after.state,
            back,
        })
    });
    Ok(changed.collect())
}

/// Which of the parent's items are to be worked on again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Those that failed or stayed uncertain.
    NotDone,
    /// Those that it was stopped before.
    NotStarted,
}

impl Again {
    fn takes(self, parent: &JobRecord, ending: Option<&Ending>) -> bool {
        let task = parent.operation.about().task;
        let outcome = ending.map(|ending| ending.outcome);
        match self {
            Self::NotDone => ending.is_some_and(|ending| {
                task.may_retry(ending.outcome)
                    && !parent.is_left_as_is(ending.outcome, ending.reason)
            }),
            Self::NotStarted => matches!(outcome, None | Some(Outcome::Cancelled)),
        }
    }
}

/// What of a chunk of the parent is to be worked on again.
pub(super) async fn again_page(
    ports: &Ports,
    store: &dyn ItemStore,
    parent: &JobRecord,
    chunk: u32,
    again: Again,
) -> Result<Page, Error> {
    let task = parent.operation.about().task;
    let (counts, left) = counted(ports, parent, chunk).await?;
    let expected = match again {
        Again::NotDone => task.retryable(counts).saturating_sub(left),
        Again::NotStarted => {
            let worked_on = counts.ended() - counts.cancelled;
            u64::from(parent.chunk_size(chunk)).saturating_sub(worked_on)
        }
    };
    let not_done = not_done(ports, parent, chunk, again).await;
    let (not_done, unreadable_why) = or_left_out(not_done, parent, chunk, expected)?;
    let ids: Vec<ItemId> = not_done.iter().map(|(entry, _)| entry.id.clone()).collect();
    // Fresh versions, so that drift is told from now on and not from the parent's preview.
    let states = states(store, &ids).await?;
    let again = not_done.into_iter().zip(states);
    let fresh = again.map(|((entry, back), state)| {
        let seen = match state.is_absent() {
            true => entry.seen.clone(),
            false => Seen::At(state.version),
        };
        (Entry { seen, ..entry }, back)
    });
    Ok(Page {
        entries: fresh.collect(),
        found: Found {
            unreadable_why,
            ..Found::default()
        },
        ..Page::default()
    })
}

/// The items that the parent did not do in a chunk, as they were frozen.
async fn not_done(
    ports: &Ports,
    parent: &JobRecord,
    chunk: u32,
    again: Again,
) -> Result<Vec<(Entry, Option<Back>)>, Error> {
    let table = ports.table.as_ref();
    let (manifest, endings) = futures::join!(
        load_manifest(ports, parent, chunk),
        load_packed::<Vec<Option<Ending>>>(table, names::outcomes(&parent.id, chunk)),
    );
    let Manifest { items, back } = manifest?;
    // A chunk that nobody came to has none.
    let endings = one_each(endings?, items.len())?;
    let backs = back.into_iter().map(Some).chain(repeat(None));
    let items = items.into_iter().zip(backs).zip(endings);
    let not_done = items.filter_map(|((entry, back), ending)| {
        let taken = again.takes(parent, ending.as_ref());
        taken.then_some((entry, back))
    });
    Ok(not_done.collect())
}

/// How the items of a chunk of the parent ended, by its own counts; and how many of them are left as they are.
async fn counted(ports: &Ports, parent: &JobRecord, chunk: u32) -> Result<(Counts, u64), Error> {
    let key = names::chunk(&parent.id, chunk);
    let row = load_text::<ChunkRecord>(ports.table.as_ref(), &key).await?;
    Ok(row.map_or_else(Default::default, |row| {
        (row.record.counts, parent.left_of(&row.record.reasons))
    }))
}

/// What was read of a chunk, and why there is less than expected. Nothing is read where it can never be
/// by this program; everything else the parent did can still be taken back or tried again.
fn or_left_out<T>(
    read: Result<Vec<T>, Error>,
    parent: &JobRecord,
    chunk: u32,
    expected: u64,
) -> Result<(Vec<T>, UnreadableWhy), Error> {
    let mut why = UnreadableWhy::default();
    match read {
        Ok(items) => {
            why.missing = expected.saturating_sub(items.len() as u64);
            Ok((items, why))
        }
        Err(error) if error.is_unreadable() => {
            tracing::error!(job.id = %parent.id, chunk, items = expected, cause = %error, "A chunk's records cannot be read; an undo or retry is made without it.");
            match error {
                Error::Unreadable(Unreadable::Newer(_)) => why.newer = expected,
                Error::Missing(_) => why.missing = expected,
                _ => {}
            }
            Ok((Vec::new(), why))
        }
        Err(error) => Err(error),
    }
}

/// States of any number of items, in calls as large as the provider takes.
pub(super) async fn states(store: &dyn ItemStore, ids: &[ItemId]) -> Result<Vec<ItemState>, Error> {
    let mut states = Vec::with_capacity(ids.len());
    for call in calls(store, ids) {
        states.extend(store.states(call).await?);
    }
    Ok(states)
}
