//! Looking what became of calls whose answer never came, before anything else is done
//! (invariant 3): what took effect is not repeated, what did not is tried again.

use std::collections::BTreeMap;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{ItemReason, Outcome};

use super::calls::{Calls, acting};
use super::lease::ChunkLease;
use super::next::Stop;
use crate::error::Error;
use crate::kinds::{Found, ItemState};
use crate::ports::{CallError, Ports};
use crate::tasks::{Step, Task};

/// Looks in a row before an item without a clear finding is left as uncertain. One that the provider asked
/// to wait with, or wants a new sign-in for, is none (invariant 8).
const RECONCILES_MOST: u32 = 5;

/// Items that were found untouched, with their state now.
pub(super) type Untouched = BTreeMap<usize, (ItemId, ItemState)>;

/// Looks for each open item that may have been touched. What there is no time for is left for the next claim.
pub(super) async fn reconcile(
    ports: &Ports,
    task: &mut dyn Task,
    lease: &mut ChunkLease,
    calls: &mut Calls<'_>,
) -> Result<Result<Untouched, Stop>, Error> {
    let mut untouched = Untouched::new();
    let (places, steps) = touched(task, lease);
    let is_last = lease.record.reconciles + 1 >= RECONCILES_MOST;
    lease.unknown = places.iter().copied().collect();
    if lease.was_left {
        calls.was_left(acting(task), places.len());
    }
    let size = calls.finding(task.look_items());
    let mut rest = (places.as_slice(), steps.as_slice());
    while !rest.0.is_empty() {
        if calls.is_late() && !calls.is_first() {
            return Ok(Err(put_down(lease, &untouched)));
        }
        let items = calls.items(size).min(rest.0.len());
        let (places, places_left) = rest.0.split_at(items);
        let (steps, steps_left) = rest.1.split_at(items);
        rest = (places_left, steps_left);
        let looking = calls.make(size, items, task.inspect(steps), Result::is_ok);
        let found = match looking.await {
            Some(Ok(found)) => found,
            None => return Ok(Err(put_down(lease, &untouched))),
            Some(Err(error @ (CallError::Throttled { .. } | CallError::SignIn))) => {
                return Ok(Err(Stop::Call(error)));
            }
            Some(Err(error)) if !is_last => {
                lease.record.reconciles += 1;
                return Ok(Err(Stop::Call(not_found_out(error))));
            }
            Some(Err(_)) => vec![Found::Unclear; steps.len()],
        };
        let now = ports.clock.now();
        for (&place, found) in places.iter().zip(found) {
            match found {
                Found::Done { id, state } => {
                    // The call worked, although nobody heard of it.
                    lease.answered();
                    lease.succeed(place, id, state, now);
                }
                Found::NotDone { id, state } => {
                    lease.unknown.remove(&place);
                    lease.seen(place, &id, state.clone());
                    untouched.insert(place, (id, state));
                }
                Found::Missing => {
                    lease.end(place, Outcome::Skipped, Some(ItemReason::Missing), now)
                }
                Found::Unclear if is_last => {
                    let reason = lease.no_answer();
                    lease.end(place, Outcome::Uncertain, Some(reason), now);
                }
                Found::Unclear => {}
            }
        }
    }
    lease.record.reconciles = match lease.unknown.is_empty() {
        true => 0,
        false => lease.record.reconciles + 1,
    };
    Ok(Ok(untouched))
}

/// The time is over. What was found untouched need not be looked for again.
fn put_down(lease: &mut ChunkLease, untouched: &Untouched) -> Stop {
    for &place in untouched.keys() {
        lease.forget(place);
    }
    Stop::Deadline
}

/// What stopped the work before the look. It ends nothing that may have been touched.
pub(super) fn before_the_look(lease: &ChunkLease, error: CallError) -> Stop {
    Stop::Call(match lease.unknown.is_empty() {
        true => error,
        false => not_found_out(error),
    })
}

/// A refusal to look says nothing of what was sent before: it must not end items that may be done.
fn not_found_out(error: CallError) -> CallError {
    match error {
        CallError::Refused(_) | CallError::Unsupported(_) => {
            CallError::Unavailable("what was sent before has to be looked for".to_owned())
        }
        other => other,
    }
}

/// The steps that may have been taken, as they would have been.
fn touched(task: &dyn Task, lease: &ChunkLease) -> (Vec<usize>, Vec<Step>) {
    let taken = lease.open_items().into_iter().filter_map(|place| {
        let prior = lease.prior[place].as_ref()?;
        Some((place, task.taken(lease.item(place), prior)?))
    });
    taken.unzip()
}
