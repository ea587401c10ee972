//! The states of a job and the one function that moves between them.
//!
//! Store, worker and browser all use [`next`]; nothing else decides what may follow what.
//!
//! ```text
//! planning → draft ⇄ checking → queued → running ⇄ paused
//!    │         │        │          │        │        │
//!    │         └ expired└ cancelled└────────┴────────┴→ cancelling → cancelled | failed (stopped by a rule)
//!    └ failed | cancelled                   └→ completed | failed
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum State {
    /// The selection is being frozen in the background.
    Planning,
    /// Frozen and waiting for its confirmation. Nothing has been touched.
    Draft,
    /// A person said yes, and whether something changed since the selection was frozen is being looked at.
    /// Nothing has been touched.
    Checking,
    /// Confirmed; no worker has begun.
    Queued,
    /// Workers are on it.
    Running,
    /// Held: by a person, by a provider's limit, or for a sign-in. The reason says which.
    Paused,
    /// Told to stop; workers are putting down what they hold.
    Cancelling,
    /// Stopped by a person. What was done stays done, and can be undone.
    Cancelled,
    /// Every item has an outcome and at least one succeeded, or there was nothing to do.
    Completed,
    /// Nothing succeeded, or a rule (brake, stop on error) stopped it, or it could not be planned.
    Failed,
    /// Never confirmed in time. Nothing was touched.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: [State; 11] = [
        Self::Planning,
        Self::Draft,
        Self::Checking,
        Self::Queued,
        Self::Running,
        Self::Paused,
        Self::Cancelling,
        Self::Cancelled,
        Self::Completed,
        Self::Failed,
        Self::Expired,
    ];

    /// Whether nothing will happen any more.
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::Completed | Self::Failed | Self::Expired
        )
    }

    /// Whether workers may begin a chunk.
    pub fn may_work(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Draft => "draft",
            Self::Checking => "checking",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

/// Why a job is held, stops or has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StateReason {
    /// A person asked.
    ByUser,
    /// The provider asked to wait. Uses no attempt; goes on by itself.
    WaitingForProvider {
        /// When work goes on.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        #[serde(deserialize_with = "crate::moment::read")]
        until: Timestamp,
    },
    /// The provider refused the sign-in; goes on once the account is connected again.
    SignInNeeded,
    /// More failed than the brake allows.
    Brake,
    /// An item failed and the job was to stop at the first.
    StopOnError,
    /// Held longer than a job is kept.
    PausedTooLong,
    /// Nothing succeeded.
    NothingSucceeded,
    /// The selection could not be frozen.
    PlanFailed,
    /// The search cannot be answered by this account.
    CannotSearch,
    /// Whether something changed since the selection was frozen cannot be told.
    CheckFailed,
}

/// What happens to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The selection is frozen.
    Frozen,
    /// The selection cannot be frozen.
    PlanFailed(StateReason),
    /// The person said yes, if nothing changed that they have not seen.
    Checking,
    /// Something changed that they have not seen, or that cannot be told, for this reason.
    Unconfirmed(Option<StateReason>),
    /// The person said yes to exactly this.
    Confirmed,
    /// A worker begins the first chunk.
    Started,
    /// Hold it, for this reason.
    Paused(StateReason),
    /// Go on.
    Resumed,
    /// Stop it, for this reason.
    Stopped(StateReason),
    /// Every item has an outcome.
    Finished {
        /// Items that succeeded.
        succeeded: u64,
        /// Items that are known to have failed.
        failed: u64,
        /// Items of which nobody knows whether they are done.
        uncertain: u64,
    },
    /// The time for a confirmation has passed.
    Expired,
}

/// The event cannot happen to a job in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {} cannot take {event:?}", state.name())]
pub struct Illegal {
    /// The state the job is in.
    pub state: State,
    /// The event that was refused.
    pub event: Event,
}

/// A state with the reason that belongs to it.
pub type Standing = (State, Option<StateReason>);

/// The next state, or why there is none. `why` is the reason the job carries now: a stopping job
/// remembers in it whether a person or a rule stopped it.
pub fn next(state: State, why: Option<StateReason>, event: Event) -> Result<Standing, Illegal> {
    use State::{
        Cancelled, Cancelling, Checking, Completed, Draft, Expired, Failed, Paused, Planning,
        Queued, Running,
    };
    match (state, event) {
        (Planning, Event::Frozen) => Ok((Draft, None)),
        (Planning, Event::PlanFailed(reason)) => Ok((Failed, Some(reason))),
        (Planning | Draft | Checking, Event::Stopped(reason)) => Ok((Cancelled, Some(reason))),
        (Planning | Draft, Event::Expired) => Ok((Expired, None)),
        (Draft, Event::Checking) => Ok((Checking, None)),
        (Checking, Event::Unconfirmed(reason)) => Ok((Draft, reason)),
        (Draft | Checking, Event::Confirmed) => Ok((Queued, None)),
        (Queued, Event::Started) => Ok((Running, None)),
        (Queued | Running | Paused, Event::Paused(reason)) => Ok((Paused, Some(reason))),
        (Paused, Event::Resumed) => Ok((Running, None)),
        (Queued | Running | Paused, Event::Stopped(reason)) => Ok((Cancelling, Some(reason))),
        // The first reason to stop is the one that counts; asking twice is no error.
        (Cancelling, Event::Stopped(_)) => Ok((Cancelling, why)),
        (Cancelling, Event::Finished { .. }) => match why {
            Some(StateReason::Brake | StateReason::StopOnError) => Ok((Failed, why)),
            _ => Ok((Cancelled, why)),
        },
        (
            Queued | Running | Paused,
            Event::Finished {
                succeeded,
                failed,
                uncertain,
            },
        ) => {
            // Of one that is uncertain nobody can say that it was not done.
            if succeeded + uncertain == 0 && failed > 0 {
                Ok((Failed, Some(StateReason::NothingSucceeded)))
            } else {
                Ok((Completed, None))
            }
        }
        _ => Err(Illegal { state, event }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 11] = [
        Event::Frozen,
        Event::PlanFailed(StateReason::PlanFailed),
        Event::Checking,
        Event::Unconfirmed(None),
        Event::Confirmed,
        Event::Started,
        Event::Paused(StateReason::ByUser),
        Event::Resumed,
        Event::Stopped(StateReason::ByUser),
        Event::Finished {
            succeeded: 1,
            failed: 1,
            uncertain: 0,
        },
        Event::Expired,
    ];

    #[test]
    fn nothing_follows_an_end() {
        for state in State::ALL.into_iter().filter(|s| s.is_ended()) {
            for event in EVENTS {
                assert!(next(state, None, event).is_err(), "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn every_state_that_is_no_end_can_reach_one() {
        for state in State::ALL.into_iter().filter(|s| !s.is_ended()) {
            let stopped = next(state, None, Event::Stopped(StateReason::ByUser)).map(|(s, _)| s);
            let ends = |s| s == State::Cancelling || s == State::Cancelled;
            assert!(stopped.is_ok_and(ends), "{state:?}");
        }
    }

    #[test]
    fn only_a_draft_is_confirmed_perhaps_after_a_check() {
        for state in State::ALL {
            let (draft, checking) = (state == State::Draft, state == State::Checking);
            let may = |event| next(state, None, event).is_ok();
            assert_eq!(may(Event::Checking), draft, "{state:?}");
            assert_eq!(may(Event::Confirmed), draft || checking, "{state:?}");
            assert_eq!(may(Event::Unconfirmed(None)), checking, "{state:?}");
        }
    }

    #[test]
    fn what_a_rule_stopped_has_failed_and_what_a_person_stopped_is_cancelled() {
        let finished = Event::Finished {
            succeeded: 3,
            failed: 6,
            uncertain: 0,
        };
        let end = |why| next(State::Cancelling, Some(why), finished).unwrap().0;
        assert_eq!(end(StateReason::Brake), State::Failed);
        assert_eq!(end(StateReason::StopOnError), State::Failed);
        assert_eq!(end(StateReason::ByUser), State::Cancelled);
    }

    #[test]
    fn failed_is_only_what_did_nothing_for_certain() {
        let end = |succeeded, failed, uncertain| {
            next(
                State::Running,
                None,
                Event::Finished {
                    succeeded,
                    failed,
                    uncertain,
                },
            )
            .unwrap()
            .0
        };
        assert_eq!(end(0, 0, 0), State::Completed); // none, or all were as asked already
        assert_eq!(end(1, 4, 0), State::Completed);
        assert_eq!(end(0, 1, 0), State::Failed);
        // One may have been done.
        assert_eq!(end(0, 4, 1), State::Completed);
        assert_eq!(end(0, 0, 5), State::Completed);
    }

    #[test]
    fn names_are_those_on_the_wire() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
