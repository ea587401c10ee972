//! Looking what became of calls whose answer never came, before anything else is done
//! (invariant 3): what took effect is not repeated, what did not is tried again.

use std::collections::BTreeMap;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::{Outcome, Reason};

use super::Stop;
use super::apply::Target;
use super::hand::Hand;
use crate::error::Error;
use crate::mail::{Change, Found, ItemState};
use crate::ports::{Connector, Ports};

/// Looks before an item without a clear finding is left as uncertain.
const LOOKS_MOST: u32 = 5;

/// Items that were found untouched, with their state now.
pub(super) type Untouched = BTreeMap<usize, (ItemId, ItemState)>;

/// Looks for each open item that may have been touched.
pub(super) async fn look(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &mut Hand,
    target: &Target,
) -> Result<Result<Untouched, Stop>, Error> {
    let mut untouched = Untouched::new();
    let (places, changes) = touched(hand, target);
    hand.record.looks += 1;
    hand.unknown = places.iter().copied().collect();
    let size = connector.abilities().call_items.max(1) as usize;
    for (places, changes) in places.chunks(size).zip(changes.chunks(size)) {
        let now = ports.clock.now();
        let found = match connector.reconcile(changes, hand.job.id.tail()).await {
            Ok(found) => found,
            Err(error) if hand.record.looks < LOOKS_MOST => return Ok(Err(Stop::Call(error))),
            Err(_) => vec![Found::Unclear; changes.len()],
        };
        for (&place, found) in places.iter().zip(found) {
            match found {
                Found::Done { id, state } => hand.succeed(place, id, state, now),
                Found::NotDone { id, state } => {
                    hand.unknown.remove(&place);
                    untouched.insert(place, (id, state));
                }
                Found::Missing => hand.end(place, Outcome::Skipped, Some(Reason::Missing), now),
                Found::Unclear if hand.record.looks >= LOOKS_MOST => {
                    hand.end(place, Outcome::Uncertain, Some(Reason::NoAnswer), now);
                }
                Found::Unclear => {}
            }
        }
    }
    Ok(Ok(untouched))
}

/// The changes that may have been sent, as they would have been.
fn touched(hand: &Hand, target: &Target) -> (Vec<usize>, Vec<Change>) {
    let mut places = Vec::new();
    let mut changes = Vec::new();
    for place in hand.open_items() {
        let Some(prior) = &hand.prior[place] else {
            continue;
        };
        if let Ok(to) = target.of(hand, place, &prior.state.place) {
            let id = prior
                .id
                .clone()
                .unwrap_or_else(|| hand.manifest.items[place].0.clone());
            places.push(place);
            changes.push(Change {
                id,
                from: prior.state.clone(),
                to,
            });
        }
    }
    (places, changes)
}
