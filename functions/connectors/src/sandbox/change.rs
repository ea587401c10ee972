//! Changes, and looking what became of them.

use bulkhead_engine::kinds::mail::{Change, Effect, Found, ItemState, Place};
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;
use rusqlite::{OptionalExtension, Transaction};

use super::call::Call;
use super::error::SandboxError;
use super::places::{FlagSet, Places};
use super::{Inner, Sandbox, dials, next_version, number};

/// A change in numbers, ready for the thread that writes.
struct Step {
    /// None: the id is not one of ours.
    id: Option<i64>,
    version: i64,
    /// None: there is no such folder.
    folder: Option<i64>,
    /// An index into the sets of flags that come along.
    set: usize,
}

/// What became of a step.
enum Done {
    Changed,
    Moved,
    Missing,
    Refused(ItemReason),
    Unavailable,
}

/// What came of the steps.
struct Made {
    /// What became of each.
    done: Vec<Done>,
    /// The version that was made.
    version: i64,
    /// Sets of flags that nobody here knew, with their numbers.
    sets: Vec<(i64, FlagSet)>,
}

impl Sandbox {
    pub(super) async fn apply(
        &self,
        changes: &[Change],
        tag: &str,
    ) -> Result<Vec<Effect>, CallError> {
        let (steps, sets) = self.plan(changes);
        let tag = tag.to_owned();
        let work = move |inner: &Inner, call: &Call<'_>| make(inner, call, &steps, sets, &tag);
        let made = self.call(changes.len(), work).await?;
        for (id, set) in made.sets {
            self.inner.places.remember(id, set);
        }
        let changes = changes.iter().zip(made.done);
        Ok(changes
            .map(|(change, done)| effect(change, done, made.version))
            .collect())
    }

    /// Changes as numbers, with the few sets of flags among them.
    fn plan(&self, changes: &[Change]) -> (Vec<Step>, Vec<FlagSet>) {
        let mut sets: Vec<FlagSet> = Vec::new();
        let steps = changes
            .iter()
            .map(|change| {
                // The last one first: neighbours mostly go to the same place.
                let found = sets.iter().rposition(|set| set.flags == change.to.flags);
                let set = found.unwrap_or_else(|| {
                    sets.push(FlagSet {
                        flags: change.to.flags.clone(),
                    });
                    sets.len() - 1
                });
                Step {
                    id: number(&change.id),
                    version: started_from(change),
                    folder: self
                        .inner
                        .places
                        .folder_named(&change.to.folder)
                        .map(|f| f.id),
                    set,
                }
            })
            .collect();
        (steps, sets)
    }

    pub(super) async fn look(
        &self,
        changes: &[Change],
        tag: &str,
    ) -> Result<Vec<Found>, CallError> {
        let (changes, tag) = (changes.to_vec(), tag.to_owned());
        let found = self.read(move |inner, connection| {
            changes
                .iter()
                .map(|change| look_at(inner, connection, change, &tag))
                .collect()
        });
        Ok(found.await?)
    }
}

fn effect(change: &Change, done: Done, version: i64) -> Effect {
    match done {
        Done::Changed => Effect::Done {
            id: change.id.clone(),
            state: state(change.to.clone(), version),
        },
        Done::Moved => Effect::Changed,
        Done::Missing => Effect::Missing,
        Done::Refused(reason) => Effect::Refused(reason),
        Done::Unavailable => Effect::Unavailable,
    }
}

/// The version a change starts from. One that is none of ours is none that any mail has.
fn started_from(change: &Change) -> i64 {
    let version = change.from.version.as_ref();
    version
        .and_then(ItemVersion::number)
        .map_or(-1, u64::cast_signed)
}

fn state(place: Place, version: i64) -> ItemState {
    ItemState {
        state: place,
        version: Some(version.cast_unsigned().into()),
        identity: None,
    }
}

/// Takes the steps that are reached.
fn make(
    inner: &Inner,
    call: &Call<'_>,
    steps: &[Step],
    sets: Vec<FlagSet>,
    tag: &str,
) -> Result<Made, SandboxError> {
    let set_ids = set_ids(inner, call.transaction, &sets)?;
    let version = next_version(call.transaction)?;
    let done = call.each(steps, |call, step| take(call, step, &set_ids, version, tag))?;
    if !done.iter().any(|done| matches!(done, Done::Changed)) {
        undo_next_version(call.transaction)?;
    }
    let mut sets: Vec<(i64, FlagSet)> = set_ids.into_iter().zip(sets).collect();
    sets.retain(|(_, set)| inner.places.known_set(&set.flags).is_none());
    Ok(Made {
        done,
        version,
        sets,
    })
}

fn set_ids(
    inner: &Inner,
    transaction: &Transaction<'_>,
    sets: &[FlagSet],
) -> Result<Vec<i64>, SandboxError> {
    sets.iter()
        .map(|set| match inner.places.known_set(&set.flags) {
            Some(id) => Ok(id),
            None => Places::store_set(transaction, &set.flags),
        })
        .collect()
}

/// The mailbox is as it was, so its mark has to be as well.
fn undo_next_version(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    transaction.execute("UPDATE meta SET value = value - 1 WHERE key = 'modseq'", [])?;
    Ok(())
}

fn take(
    call: &Call<'_>,
    step: &Step,
    set_ids: &[i64],
    version: i64,
    tag: &str,
) -> Result<Done, SandboxError> {
    let (transaction, dials) = (call.transaction, call.dials);
    let Some(id) = step.id else {
        return Ok(Done::Missing);
    };
    let (Some(folder), Some(flags)) = (step.folder, set_ids.get(step.set)) else {
        return Ok(Done::Refused(ItemReason::NoSuchFolder));
    };
    if dials::fails(dials, id) {
        return Ok(Done::Refused(ItemReason::Refused));
    }
    if dials::fails_for_now(transaction, dials, id)? {
        return Ok(Done::Unavailable);
    }
    let changed = transaction
        .prepare_cached(
            "UPDATE mail SET folder = ?3, flags = ?4, version = ?5, tag_version = ?5, tag = ?6,
                 touched = touched + 1
             WHERE id = ?1 AND version = ?2",
        )?
        .execute((id, step.version, folder, flags, version, tag))?;
    if changed == 1 {
        return Ok(Done::Changed);
    }
    let exists = transaction
        .prepare_cached("SELECT 1 FROM mail WHERE id = ?1")?
        .exists([id])?;
    Ok(if exists { Done::Moved } else { Done::Missing })
}

/// Ours took effect if our tag made a version later than the one the change started from.
fn look_at(
    inner: &Inner,
    connection: &rusqlite::Connection,
    change: &Change,
    tag: &str,
) -> Result<Found, SandboxError> {
    let Some(id) = number(&change.id) else {
        return Ok(Found::Missing);
    };
    let row = connection
        .prepare_cached("SELECT folder, flags, version, tag_version, tag FROM mail WHERE id = ?1")?
        .query_row([id], |row| {
            let numbers: (i64, i64, i64, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((numbers, row.get::<_, Option<String>>(4)?))
        })
        .optional()?;
    let Some(((folder, flags, version, tag_version), last_tag)) = row else {
        return Ok(Found::Missing);
    };
    let id = change.id.clone();
    let ours = last_tag.as_deref() == Some(tag) && tag_version > started_from(change);
    Ok(if ours {
        // What we made of it, which is its state now unless somebody has changed it since: an undo
        // that compares with this leaves their change alone.
        let state = state(change.to.clone(), tag_version);
        Found::Done { id, state }
    } else {
        let state = state(inner.places.place(connection, folder, flags)?, version);
        Found::NotDone { id, state }
    })
}
