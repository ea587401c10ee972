//! Changing the items of a chunk: read, store what was, change, in the largest calls the provider
//! takes.

use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operation::Operation;
use bulkhead_shared::outcome::{Outcome, Reason};
use jiff::{SignedDuration, Timestamp};

use super::hand::Hand;
use super::look::{Untouched, look};
use super::{RESERVE, Stop, check_rules};
use crate::budget::{self, Take};
use crate::error::Error;
use crate::mail::{Change, Effect, ItemState, Place, SEEN};
use crate::ports::{CallError, Connector, Ports};
use crate::records::Prior;

/// A result is stored at least this often while a chunk takes longer, so that progress is seen.
const CHECKPOINT: SignedDuration = SignedDuration::from_secs(1);
/// Items of one call when the job stops at the first error: what is in the same call is done too.
const CAREFUL_CALL: usize = 10;

/// Where the items are to go.
pub(super) enum Target {
    /// All into one folder.
    Folder(String),
    /// Flags put on and taken off, where they are.
    Flags {
        /// Put on.
        add: Vec<String>,
        /// Taken off.
        remove: Vec<String>,
    },
    /// Each back to where it was before the job that is undone.
    Back,
}

impl Target {
    async fn find(connector: &dyn Connector, operation: &Operation) -> Result<Self, CallError> {
        let seen = || vec![SEEN.to_owned()];
        Ok(match operation {
            Operation::Archive {} => Self::Folder(connector.folder_for(Role::Archive).await?),
            Operation::Trash {} => Self::Folder(connector.folder_for(Role::Trash).await?),
            Operation::Move { folder } => Self::Folder(folder.clone()),
            Operation::Label { add, remove } => Self::Flags {
                add: add.clone(),
                remove: remove.clone(),
            },
            Operation::MarkRead {} => Self::Flags {
                add: seen(),
                remove: Vec::new(),
            },
            Operation::MarkUnread {} => Self::Flags {
                add: Vec::new(),
                remove: seen(),
            },
            Operation::Undo { .. } | Operation::Export { .. } => Self::Back,
        })
    }

    /// Where this item is to go from where it is; or why it is not to be touched.
    pub(super) fn of(&self, hand: &Hand, place: usize, now: &Place) -> Result<Place, Reason> {
        let to = match self {
            Self::Folder(folder) => Place {
                folder: folder.clone(),
                flags: now.flags.clone(),
            },
            Self::Flags { add, remove } => {
                let mut to = now.clone();
                to.flags.extend(add.iter().cloned());
                remove.iter().for_each(|flag| {
                    to.flags.remove(flag);
                });
                to
            }
            Self::Back => {
                let back = hand.manifest.back.get(place).ok_or(Reason::Internal)?;
                // Only our own change is taken back (invariant 9).
                if *now != back.left && *now != back.prior {
                    return Err(Reason::ChangedSince);
                }
                back.prior.clone()
            }
        };
        if to == *now {
            Err(Reason::AlreadyDone)
        } else {
            Ok(to)
        }
    }
}

/// One item that is about to be changed.
struct Step {
    place: usize,
    change: Change,
}

/// Changes what is open in the chunk. Answers what stopped it, if something did.
pub(super) async fn change(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &mut Hand,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let target = match Target::find(connector, &hand.job.operation).await {
        Ok(target) => target,
        Err(error) => return Ok(Some(keep_unknown(hand, error))),
    };
    let mut untouched = Untouched::new();
    if hand.record.in_flight {
        match look(ports, connector, hand, &target).await? {
            Ok(found) => untouched = found,
            Err(stop) => return Ok(Some(stop)),
        }
        if hand.attempts_used_up() && hand.unknown.is_empty() {
            hand.end_open(Outcome::Failed, Reason::Unavailable, ports.clock.now());
            return Ok(None);
        }
    }
    if hand.told_to_stop(ports).await? {
        return Ok(Some(Stop::Told));
    }
    let steps = match read(ports, connector, hand, &target, untouched).await {
        Ok(steps) => steps,
        Err(error) => return Ok(Some(Stop::Call(error))),
    };
    if steps.is_empty() {
        return Ok(None);
    }
    hand.begin(ports).await?;
    send(ports, connector, hand, steps, deadline).await
}

/// Before the look, everything that may have been touched stays unknown.
pub(super) fn keep_unknown(hand: &mut Hand, error: CallError) -> Stop {
    if hand.record.in_flight {
        hand.unknown = hand
            .open_items()
            .into_iter()
            .filter(|&place| hand.prior[place].is_some())
            .collect();
        // A refusal of the whole account must not end items that may be done already.
        if matches!(error, CallError::Refused(_) | CallError::Unsupported(_)) {
            return Stop::Call(CallError::Unavailable(
                "what was sent before has to be looked for".to_owned(),
            ));
        }
    }
    Stop::Call(error)
}

/// Reads what the items look like now and decides for each what is to be done.
async fn read(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &mut Hand,
    target: &Target,
    mut untouched: Untouched,
) -> Result<Vec<Step>, CallError> {
    let open: Vec<usize> = hand
        .open_items()
        .into_iter()
        .filter(|place| !hand.unknown.contains(place))
        .collect();
    let unread: Vec<usize> = open
        .iter()
        .copied()
        .filter(|place| !untouched.contains_key(place))
        .collect();
    let now = ports.clock.now();
    for call in unread.chunks(connector.abilities().call_items.max(1) as usize) {
        let ids: Vec<ItemId> = call
            .iter()
            .map(|&place| hand.manifest.items[place].0.clone())
            .collect();
        for ((&place, id), state) in call
            .iter()
            .zip(ids.clone())
            .zip(connector.states(&ids).await?)
        {
            match state {
                Some(state) => {
                    untouched.insert(place, (id, state));
                }
                None => hand.end(place, Outcome::Skipped, Some(Reason::Missing), now),
            }
        }
    }
    let mut steps = Vec::with_capacity(untouched.len());
    for (place, (id, state)) in untouched {
        match target.of(hand, place, &state.place) {
            Ok(to) => steps.push(step(hand, place, id, state, to)),
            Err(reason) => hand.end(place, Outcome::Skipped, Some(reason), now),
        }
    }
    Ok(steps)
}

fn step(hand: &mut Hand, place: usize, id: ItemId, state: ItemState, to: Place) -> Step {
    let other = (id != hand.manifest.items[place].0).then(|| id.clone());
    hand.prior[place] = Some(Prior {
        id: other,
        state: state.clone(),
    });
    Step {
        place,
        change: Change {
            id,
            from: state,
            to,
        },
    }
}

/// Sends the changes, call by call. Looks at flags, deadline and budget before each.
async fn send(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &mut Hand,
    steps: Vec<Step>,
    deadline: Timestamp,
) -> Result<Option<Stop>, Error> {
    let mut rest = steps.as_slice();
    let mut first = true;
    while !rest.is_empty() {
        if ports.clock.now() + RESERVE > deadline && !first {
            return Ok(Some(Stop::Deadline));
        }
        if hand.told_to_stop(ports).await? {
            return Ok(Some(Stop::Told));
        }
        let wanted = rest.len().min(call_size(connector, hand, first));
        let granted = match allow(ports, connector, hand, wanted).await? {
            Take::Granted(granted) => granted as usize,
            Take::Wait(until) => return Ok(Some(Stop::Budget(until))),
        };
        let (now, later) = rest.split_at(granted.min(wanted));
        if let Some(stop) = call(ports, connector, hand, now).await? {
            return Ok(Some(stop));
        }
        rest = later;
        first = false;
        if hand.new_failures() && check_rules(ports, hand).await? {
            return Ok(Some(Stop::Told));
        }
        if !rest.is_empty() && hand.stored_at + CHECKPOINT <= ports.clock.now() {
            hand.checkpoint(ports).await?;
        }
    }
    Ok(None)
}

/// How many items go into the next call. The first call of each lane is no larger than the brake
/// needs to judge, so that mass failure is noticed before it is mass.
fn call_size(connector: &dyn Connector, hand: &Hand, first: bool) -> usize {
    let most = connector.abilities().call_items.max(1) as usize;
    let settings = &hand.job.settings;
    let lane_begins = hand.record.number < settings.parallel_chunks && hand.first_attempt;
    if settings.stop_on_error {
        most.min(CAREFUL_CALL)
    } else if first && lane_begins && settings.brake.enabled {
        most.min(settings.brake.after as usize)
    } else {
        most
    }
}

async fn allow(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &Hand,
    wanted: usize,
) -> Result<Take, Error> {
    let job = &hand.job;
    if let Some(until) = budget::waits(ports, &job.account).await? {
        return Ok(Take::Wait(until));
    }
    let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
    budget::take(
        ports,
        &job.account,
        job.operation.kind(),
        connector.abilities().allowance,
        wanted,
    )
    .await
}

/// One provider call. Answers what stopped the chunk, if it did.
async fn call(
    ports: &Ports,
    connector: &dyn Connector,
    hand: &mut Hand,
    steps: &[Step],
) -> Result<Option<Stop>, Error> {
    let changes: Vec<Change> = steps.iter().map(|step| step.change.clone()).collect();
    let effects = match connector.change(&changes, hand.job.id.tail()).await {
        Ok(effects) => effects,
        Err(error @ CallError::Unavailable(_)) => {
            hand.unknown.extend(steps.iter().map(|step| step.place));
            return Ok(Some(Stop::Call(error)));
        }
        Err(CallError::Refused(reason)) => {
            let now = ports.clock.now();
            steps
                .iter()
                .for_each(|step| hand.end(step.place, Outcome::Failed, Some(reason), now));
            return Ok(None);
        }
        Err(error) => return Ok(Some(Stop::Call(error))),
    };
    let now = ports.clock.now();
    for (step, effect) in steps.iter().zip(effects) {
        let place = step.place;
        match effect {
            Effect::Done { id, state } => hand.succeed(place, id, state, now),
            Effect::Missing => hand.end(place, Outcome::Skipped, Some(Reason::Missing), now),
            Effect::Refused(reason) => hand.end(place, Outcome::Failed, Some(reason), now),
            Effect::Moved => hand.passing_failure(place, Reason::Contended),
            Effect::Unavailable => hand.passing_failure(place, Reason::Unavailable),
            Effect::Unknown => {
                hand.unknown.insert(place);
            }
        }
    }
    Ok(None)
}
