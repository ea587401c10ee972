//! What is noted of a job while somebody looks what drifted since its selection was frozen.

use bulkhead_shared::api::Drift;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::job::{Event, Illegal, State, StateReason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Happened, JobEvent, JobRecord};

/// Lapses in a row before a check is given up.
const LAPSES_MOST: u32 = 5;

/// A look at what drifted, between a person's yes and the first worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its number, from 1: what an earlier check stored does not count.
    pub number: u32,
    /// The drift that the person has seen, by its hash.
    pub seen: Option<String>,
    /// Somebody is at it until then, or nobody before.
    pub until: Option<Timestamp>,
    /// How often in a row whoever was at it was gone without a word, or nobody could be reached.
    pub lapses: u32,
    /// How far it is.
    pub reached: Reached,
}

/// How far a check is: whoever goes on begins there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reached {
    /// What comes next.
    pub next: CheckStep,
    /// Pages of matches that were read.
    pub pages: u32,
    /// Matches that were found.
    pub searched: u64,
    /// Frozen items that were compared.
    pub compared: u64,
    /// Of those, the ones that still match.
    pub matched: u64,
    /// Those that are gone or match no longer.
    pub left: u64,
    /// Those that somebody changed.
    pub changed: u64,
    /// A few of both.
    pub sample: Vec<ItemId>,
    /// A hash over all of both, in the order of the manifest.
    pub hash: String,
}

/// A step of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CheckStep {
    /// Ask whether anything changed at all.
    #[default]
    Begin,
    /// Run the query again, from this page on.
    Search {
        /// The page; none for the first.
        cursor: Option<String>,
    },
    /// Compare what was found with what was frozen, from this chunk on.
    Compare {
        /// The chunk.
        chunk: u32,
    },
    /// Look at each frozen item, from this chunk on.
    Look {
        /// The chunk.
        chunk: u32,
    },
    /// Nothing is left to do.
    Done,
}

/// What came of the attempt to take a check.
#[derive(Debug)]
pub(crate) enum CheckTaken {
    /// There is nothing to check, or somebody is at it or it is too early: then until when.
    No(Option<Timestamp>),
    /// All before were gone without a word.
    TooOften,
    /// It goes on there.
    At(Check),
}

impl JobRecord {
    /// A person said yes, if nothing drifted that they have not `seen`.
    pub(crate) fn check(
        &mut self,
        seen: Option<String>,
        now: Timestamp,
    ) -> Result<Happened, Illegal> {
        self.take(Event::Checking, now)?;
        let number = self.check.as_ref().map_or(0, |last| last.number) + 1;
        self.0.check = Some(Check {
            number,
            seen,
            until: None,
            lapses: 0,
            reached: Reached::default(),
        });
        self.0.drifted = None;
        Ok(Happened::of([JobEvent::JobChecking { total: self.total }]))
    }

    /// Somebody takes the check, until this time.
    pub(crate) fn take_check(&mut self, until: Timestamp, now: Timestamp) -> CheckTaken {
        let checking = self.state == State::Checking;
        let Some(check) = self.0.check.as_mut().filter(|_| checking) else {
            return CheckTaken::No(None);
        };
        if let Some(until) = check.until.filter(|until| *until > now) {
            return CheckTaken::No(Some(until));
        }
        if check.lapses >= LAPSES_MOST {
            return CheckTaken::TooOften;
        }
        check.lapses += 1;
        check.until = Some(until);
        CheckTaken::At(check.clone())
    }

    /// The check came so far, and whoever is at it lives.
    pub(crate) fn checked(&mut self, reached: Reached) {
        if let Some(check) = &mut self.0.check {
            if check.reached != reached {
                // Whoever is gone after this begins the count anew.
                check.lapses = 1;
            }
            check.reached = reached;
        }
    }

    /// The check is put down in order. Nobody takes it before `until`; that nobody could be reached counts
    /// towards giving it up, and waiting does not.
    pub(crate) fn put_check_down(&mut self, until: Option<Timestamp>, counts: bool) {
        if let Some(check) = &mut self.0.check {
            check.until = until;
            check.lapses = check.lapses.saturating_sub(u32::from(!counts));
        }
    }

    /// Something drifted that the person has not seen: they are asked again.
    pub(crate) fn drift(&mut self, drift: Drift, now: Timestamp) -> Result<Happened, Illegal> {
        self.take(Event::Unconfirmed(None), now)?;
        let happened = JobEvent::JobDrifted {
            left: drift.left,
            changed: drift.changed,
            joined: drift.joined,
        };
        self.0.drifted = Some(drift);
        Ok(Happened::of([happened]))
    }

    /// What drifted cannot be told.
    pub(crate) fn fail_to_check(
        &mut self,
        why: StateReason,
        now: Timestamp,
    ) -> Result<Happened, Illegal> {
        self.take(Event::Unconfirmed(Some(why)), now)?;
        Ok(Happened::of([JobEvent::JobUnchecked { reason: why }]))
    }
}
