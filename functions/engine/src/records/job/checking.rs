//! What is noted of a job while somebody looks what drifted since its selection was frozen.

use bulkhead_shared::api::Drift;
use bulkhead_shared::job::{Event, Illegal, State, StateReason};
use jiff::Timestamp;

use super::{Check, Happened, JobEvent, JobRecord, Reached};

/// Lapses in a row before a check is given up.
const LAPSES_MOST: u32 = 5;

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
