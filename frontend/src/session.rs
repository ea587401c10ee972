//! What every page shares: the accounts, the jobs that are under way, and the intentions behind
//! drafts made in this tab.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use bulkhead_shared::api::{Account, Job, NewJob, Relation};
use bulkhead_shared::ids::{AccountId, JobId};
use yew::prelude::*;

use crate::browser;
use crate::copy::jobs;
use crate::state::job_view::offers;
use crate::state::known_jobs::KnownJobs;
use crate::state::taken_back::{TakenBack, taken_back};

/// For so long a job that has ended stands in the sidebar.
const JUST_NOW_MS: i64 = 3_600_000;

/// What is shared between pages. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// The accounts, in the order they were connected.
    pub accounts: Rc<Vec<Account>>,
    /// Asks for the accounts again; shows the sign-in page if that is what is missing.
    pub reload_accounts: Callback<()>,
    /// The latest jobs.
    pub known: Rc<KnownJobs>,
    /// Asks for the latest jobs now.
    pub reload_jobs: Callback<()>,
    /// Takes in what a page has learned of a job.
    pub tell_job: Callback<Job>,
    /// What drafts of this tab were made from.
    pub intentions: Intentions,
    /// Grows whenever mail was taken in from a file.
    pub imported: u32,
    /// Mail was taken in from a file.
    pub on_import: Callback<()>,
}

impl Session {
    /// An account by its id.
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| &account.id == id)
    }

    /// Grows whenever something of this account is to be read anew.
    pub fn changes(&self, account: &AccountId) -> u32 {
        self.known.changes(account).wrapping_add(self.imported)
    }

    /// What a job does, in words that tell an undo by what it undoes.
    pub fn title(&self, job: &Job) -> String {
        jobs::title(job, &self.known.jobs)
    }

    /// Whether a job's work stands, and can be taken back.
    pub fn can_take_back(&self, job: &Job) -> bool {
        offers(job, browser::now_ms()).undo && taken_back(job, &self.known.jobs) == TakenBack::No
    }

    /// What a button says that takes a job back: of an undo, what it does.
    pub fn undo_words(&self, job: &Job) -> String {
        jobs::undo_words(job, &self.known.jobs)
    }

    /// What was done in the last hour and stands, the latest first: no undo is among it, so that one act after the other
    /// can be taken back.
    pub fn acts(&self) -> impl Iterator<Item = &Job> {
        self.just_done()
            .filter(|job| job.relation != Some(Relation::Undo))
    }

    /// The jobs that ended in the last hour and can be taken back, the latest first.
    pub fn just_done(&self) -> impl Iterator<Item = &Job> {
        let since = browser::now_ms() - JUST_NOW_MS;
        self.known.jobs.iter().filter(move |job| {
            let ended = job.ended_at.map(jiff::Timestamp::as_millisecond);
            ended.is_some_and(|ended| ended > since) && self.can_take_back(job)
        })
    }
}

/// What each draft of this tab was asked for, so that its options can be changed.
#[derive(Clone, Default)]
pub struct Intentions(Rc<RefCell<HashMap<JobId, NewJob>>>);

impl PartialEq for Intentions {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Intentions {
    /// Remembers what a draft was made from.
    pub fn remember(&self, job: JobId, asked: NewJob) {
        self.0.borrow_mut().insert(job, asked);
    }

    /// What a draft was made from, if it was made in this tab.
    pub fn of(&self, job: &JobId) -> Option<NewJob> {
        self.0.borrow().get(job).cloned()
    }
}
