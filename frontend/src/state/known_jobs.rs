//! The latest jobs as this tab knows them, from lists and from single answers, and which of them have
//! just ended: that is when lists of mails are no longer true.

use std::collections::BTreeMap;
use std::rc::Rc;

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::AccountId;
use yew::Reducible;

use super::job_view::newest;

/// Jobs that are kept beside those of the latest list.
const KEPT: usize = 60;

/// The latest jobs. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownJobs {
    /// Newest first.
    pub jobs: Rc<Vec<Job>>,
    /// The job that ended last while this tab looked.
    pub ended: Option<Ended>,
    changes: BTreeMap<AccountId, u32>,
    listed: bool,
}

/// A job that ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Counted from 1, so that the same job is told from another.
    pub number: u32,
    /// As it ended.
    pub job: Job,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The latest jobs.
    Listed(Vec<Job>),
    /// One job.
    One(Box<Job>),
}

impl KnownJobs {
    /// How many jobs that may have changed this account have ended.
    pub fn changes(&self, account: &AccountId) -> u32 {
        self.changes.get(account).copied().unwrap_or(0)
    }

    /// A job by its id.
    pub fn get(&self, id: &bulkhead_shared::ids::JobId) -> Option<&Job> {
        self.jobs.iter().find(|job| &job.id == id)
    }

    /// Whether this answer brings another state of its job.
    pub fn is_news(&self, job: &Job) -> bool {
        self.get(&job.id)
            .is_none_or(|known| known.state != job.state)
    }

    fn note_end(&mut self, before: Option<&Job>, job: &Job) {
        let was_open = match before {
            Some(before) => !before.state.is_ended(),
            // Begun and ended between two looks. What the first look finds has ended long ago.
            None => self.listed,
        };
        if !was_open || !job.state.is_ended() || job.confirmed_at.is_none() {
            return;
        }
        *self.changes.entry(job.account.clone()).or_insert(0) += 1;
        let number = self.ended.as_ref().map_or(1, |ended| ended.number + 1);
        let job = job.clone();
        self.ended = Some(Ended { number, job });
    }
}

impl Reducible for KnownJobs {
    type Action = News;

    fn reduce(self: Rc<Self>, news: News) -> Rc<Self> {
        let mut next = (*self).clone();
        let (mut jobs, is_list) = match news {
            News::Listed(jobs) => (jobs, true),
            News::One(job) => (vec![*job], false),
        };
        for job in &mut jobs {
            let before = self.get(&job.id);
            *job = newest(before.cloned(), job.clone());
            next.note_end(before, job);
        }
        // A list that was read before a job was made does not know it.
        let oldest_kept = match (is_list, jobs.first()) {
            (true, Some(first)) => Some(first.created_at),
            _ => None,
        };
        let is_named = |id| jobs.iter().any(|job| &job.id == id);
        let others = self.jobs.iter().filter(|job| {
            let kept = oldest_kept.is_none_or(|first| job.created_at > first);
            kept && !is_named(&job.id)
        });
        let others: Vec<Job> = others.cloned().collect();
        jobs.extend(others);
        jobs.sort_by_key(|job| std::cmp::Reverse(job.created_at));
        jobs.truncate(KEPT);
        next.jobs = Rc::new(jobs);
        next.listed |= is_list;
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bulkhead_shared::job::State;

    use super::*;
    use crate::state::families::tests_support;

    fn job(number: u64, state: State) -> Job {
        let mut job = tests_support::job("arc", number, None);
        job.state = state;
        job.confirmed_at = Some(job.created_at);
        job.created_at += jiff::SignedDuration::from_secs(number as i64);
        job.version = u64::from(state.is_ended());
        job
    }

    fn after(news: Vec<News>) -> Rc<KnownJobs> {
        news.into_iter()
            .fold(Rc::new(KnownJobs::default()), KnownJobs::reduce)
    }

    fn one(job: Job) -> News {
        News::One(Box::new(job))
    }

    #[test]
    fn what_ended_before_the_first_look_is_no_news() {
        let known = after(vec![News::Listed(vec![job(1, State::Completed)])]);
        assert_eq!(known.ended, None);
        assert_eq!(known.changes(&job(1, State::Completed).account), 0);
    }

    #[test]
    fn each_end_counts_once_however_often_it_is_told() {
        let ended = job(1, State::Completed);
        let known = after(vec![
            News::Listed(vec![job(1, State::Running)]),
            one(ended.clone()),
            News::Listed(vec![ended.clone()]),
            one(ended.clone()),
        ]);
        assert_eq!(known.changes(&ended.account), 1);
        assert_eq!(known.ended.as_ref().unwrap().number, 1);
    }

    #[test]
    fn a_job_that_began_and_ended_between_two_looks_is_news() {
        let known = after(vec![
            News::Listed(vec![]),
            News::Listed(vec![job(2, State::Completed)]),
        ]);
        assert_eq!(
            known.ended.as_ref().unwrap().job.id,
            job(2, State::Running).id
        );
    }

    #[test]
    fn a_draft_that_was_dropped_changed_nothing() {
        let mut dropped = job(1, State::Cancelled);
        dropped.confirmed_at = None;
        let known = after(vec![
            News::Listed(vec![job(1, State::Running)]),
            one(dropped),
        ]);
        assert_eq!(known.ended, None);
    }

    #[test]
    fn a_late_answer_takes_nothing_back() {
        let known = after(vec![
            one(job(1, State::Completed)),
            News::Listed(vec![job(1, State::Running)]),
        ]);
        assert_eq!(known.jobs[0].state, State::Completed);
        let newer = known.reduce(one(job(5, State::Queued)));
        let older_list = newer.reduce(News::Listed(vec![job(1, State::Completed)]));
        assert_eq!(
            older_list.jobs.len(),
            2,
            "the list was read before the job was made"
        );
        assert_eq!(older_list.jobs[0].id, job(5, State::Queued).id);
    }
}
