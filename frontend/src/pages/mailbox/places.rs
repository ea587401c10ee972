//! Where the mailbox leads: other searches, and jobs in front of it.

use bulkhead_shared::ids::{AccountId, JobId};
use yew::prelude::*;

use crate::components::link::{open, open_instead};
use crate::router::use_navigator;
use crate::routes::{Route, Search};

/// The ways out of a mailbox.
pub struct Places {
    /// Shows this job in front of the mailbox, or none; the flag says that Back skips this address.
    pub show: Callback<(Option<JobId>, bool)>,
    /// Shows another search; the flag says that Back skips the one that was shown.
    pub search: Callback<(String, bool)>,
}

/// The ways out of this account's mailbox at this search.
#[hook]
pub fn use_places(account: &AccountId, query: &str) -> Places {
    let navigator = use_navigator();
    let show = {
        let (navigator, id) = (navigator.clone(), account.clone());
        let search = Search::mailbox(query);
        Callback::from(move |(job, instead): (Option<JobId>, bool)| {
            let account = id.clone();
            let to = match job {
                Some(job) => Route::MailboxJob { account, job },
                None => Route::Mailbox { account },
            };
            if let Some(navigator) = &navigator {
                let step = if instead { open_instead } else { open };
                step(navigator, &to, &search);
            }
        })
    };
    let search = {
        let account = account.clone();
        Callback::from(move |(query, instead): (String, bool)| {
            let to = Route::Mailbox {
                account: account.clone(),
            };
            if let Some(navigator) = &navigator {
                let step = if instead { open_instead } else { open };
                step(navigator, &to, &Search::mailbox(&query));
            }
        })
    };
    Places { show, search }
}
