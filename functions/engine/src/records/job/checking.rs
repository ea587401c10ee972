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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::CheckStep;
    use super::super::tests::{after_noon, drafted, hash, noon};
    use super::*;

    /// A job that a person said yes to, at noon.
    fn checking() -> JobRecord {
        let mut job = drafted();
        let _ = job.freeze(6, 4, 0, Vec::new(), hash(), noon()).unwrap();
        let told = job.check(Some("seen".to_owned()), noon()).unwrap();
        assert_eq!(told.events(), [JobEvent::JobChecking { total: 6 }]);
        job
    }

    fn drift() -> Drift {
        Drift {
            left: 1,
            changed: 2,
            joined: 3,
            sample: Vec::new(),
            hash: "drifted".to_owned(),
        }
    }

    fn is_taken(job: &mut JobRecord, until: i64, now: i64) -> bool {
        matches!(
            job.take_check(after_noon(until), after_noon(now)),
            CheckTaken::At(_)
        )
    }

    #[test]
    fn whoever_is_at_a_check_has_it_to_the_instant() {
        let mut job = checking();
        let CheckTaken::At(check) = job.take_check(after_noon(60), noon()) else {
            panic!("nobody is at it");
        };
        let expected = Check {
            number: 1,
            seen: Some("seen".to_owned()),
            until: Some(after_noon(60)),
            lapses: 1,
            reached: Reached::default(),
        };
        assert_eq!(check, expected);
        let CheckTaken::No(until) = job.take_check(after_noon(99), after_noon(59)) else {
            panic!("somebody is at it");
        };
        assert_eq!(until, Some(after_noon(60)));
        assert!(is_taken(&mut job, 120, 60));
    }

    #[test]
    fn after_five_who_were_gone_without_a_word_a_check_is_given_up() {
        let mut job = checking();
        for now in 0..5 {
            assert!(is_taken(&mut job, now + 1, now), "{now}");
        }
        let taken = job.take_check(after_noon(9), after_noon(5));
        assert!(matches!(taken, CheckTaken::TooOften));
    }

    #[test]
    fn who_came_further_begins_the_count_anew() {
        let mut job = checking();
        let lapses = |job: &JobRecord| job.check.as_ref().unwrap().lapses;
        let reached = |compared| Reached {
            compared,
            next: CheckStep::Compare { chunk: 1 },
            ..Reached::default()
        };
        for now in 0..4 {
            assert!(is_taken(&mut job, now + 1, now));
        }
        job.checked(reached(4));
        assert_eq!(lapses(&job), 1);
        assert!(is_taken(&mut job, 5, 4));
        job.checked(reached(4));
        assert_eq!(lapses(&job), 2, "no further");
        job.checked(reached(6));
        assert_eq!(lapses(&job), 1);
        assert_eq!(job.check.as_ref().unwrap().reached, reached(6));
    }

    #[test]
    fn waiting_does_not_count_towards_giving_up_and_not_being_reached_does() {
        for (counts, lapses) in [(false, 0), (true, 1)] {
            let mut job = checking();
            assert!(is_taken(&mut job, 60, 0));
            job.put_check_down(Some(after_noon(30)), counts);
            let check = job.check.clone().unwrap();
            assert_eq!((check.lapses, check.until), (lapses, Some(after_noon(30))));
            assert!(!is_taken(&mut job, 60, 29));
            assert!(is_taken(&mut job, 60, 30));
        }
        let mut job = checking();
        job.put_check_down(None, false);
        assert_eq!(job.check.as_ref().unwrap().lapses, 0);
    }

    #[test]
    fn who_is_asked_again_begins_another_check() {
        let mut job = checking();
        let told = job.drift(drift(), noon()).unwrap();
        let drifted = JobEvent::JobDrifted {
            left: 1,
            changed: 2,
            joined: 3,
        };
        assert_eq!(told.events(), [drifted]);
        assert_eq!((job.state, job.why), (State::Draft, None));
        assert_eq!(job.drifted, Some(drift()));
        // The last one is still there, and nobody takes it.
        let taken = job.take_check(after_noon(60), noon());
        assert!(matches!(taken, CheckTaken::No(None)));
        let _ = job.check(Some("drifted".to_owned()), noon()).unwrap();
        let check = job.check.clone().unwrap();
        assert_eq!((check.number, check.until, check.lapses), (2, None, 0));
        assert_eq!(
            (check.seen.as_deref(), &job.drifted),
            (Some("drifted"), &None)
        );
        let told = job.fail_to_check(StateReason::CheckFailed, noon()).unwrap();
        let unchecked = JobEvent::JobUnchecked {
            reason: StateReason::CheckFailed,
        };
        assert_eq!(told.events(), [unchecked]);
        assert_eq!(job.why, Some(StateReason::CheckFailed));
        let _ = job.confirm(Some("drifted".to_owned()), noon()).unwrap();
        assert_eq!(job.drift.as_deref(), Some("drifted"));
    }
}
