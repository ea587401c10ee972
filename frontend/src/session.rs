//! What every page shares: the accounts, the jobs that are under way, and the intentions behind
//! drafts made in this tab.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use bulkhead_shared::api::{Account, Job, NewJob};
use bulkhead_shared::ids::{AccountId, JobId};
use yew::prelude::*;

/// What is shared between pages. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// The accounts, in the order they were connected.
    pub accounts: Rc<Vec<Account>>,
    /// Asks for the accounts again; shows the sign-in page if that is what is missing.
    pub reload_accounts: Callback<()>,
    /// The latest jobs, newest first.
    pub jobs: Rc<Vec<Job>>,
    /// Asks for the latest jobs now.
    pub reload_jobs: Callback<()>,
    /// What drafts of this tab were made from.
    pub intentions: Intentions,
}

impl Session {
    /// An account by its id.
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| &account.id == id)
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
