//! The addresses of the app. What is on the screen is in the address, so that reload, Back and a
//! second tab show the same thing.

use bulkhead_shared::ids::{AccountId, JobId};
use serde::{Deserialize, Serialize};
use yew_router::Routable;

use crate::browser;

/// The search that holds where the address names none.
pub const DEFAULT_QUERY: &str = "in:inbox";

/// The pages.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    /// The mailbox of the first account.
    #[at("/")]
    Home,
    /// An account's mailbox; the search is in `?q=`.
    #[at("/accounts/:account")]
    Mailbox { account: AccountId },
    /// The same with a job in front of it.
    #[at("/accounts/:account/jobs/:job")]
    MailboxJob { account: AccountId, job: JobId },
    /// An account's contacts; the search is in `?q=`.
    #[at("/accounts/:account/contacts")]
    Contacts { account: AccountId },
    /// The same with a job in front of them.
    #[at("/accounts/:account/contacts/jobs/:job")]
    ContactsJob { account: AccountId, job: JobId },
    /// Who fills an account's mailbox.
    #[at("/accounts/:account/senders")]
    Senders { account: AccountId },
    /// An account's directory of mailboxes.
    #[at("/accounts/:account/mailboxes")]
    Directory { account: AccountId },
    /// A job on some of them, with its rows.
    #[at("/accounts/:account/mailboxes/jobs/:job")]
    DirectoryJob { account: AccountId, job: JobId },
    /// A mail to many, from an account.
    #[at("/accounts/:account/send")]
    Compose { account: AccountId },
    /// The same with what a draft was made of.
    #[at("/accounts/:account/send/:job")]
    Rewrite { account: AccountId, job: JobId },
    /// All jobs.
    #[at("/jobs")]
    History,
    /// One job on a page of its own.
    #[at("/jobs/:job")]
    Job { job: JobId },
    /// Mails in batches, by the batch API.
    #[at("/batch")]
    Batch,
    /// Connect an account.
    #[at("/connect")]
    Connect,
    /// Back from a provider's page, with a consent.
    #[at("/consent")]
    Consent,
    /// Anything else.
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// The job that is shown.
    pub fn job(&self) -> Option<&JobId> {
        match self {
            Self::MailboxJob { job, .. }
            | Self::ContactsJob { job, .. }
            | Self::DirectoryJob { job, .. }
            | Self::Job { job } => Some(job),
            Self::Home
            | Self::Mailbox { .. }
            | Self::Contacts { .. }
            | Self::Directory { .. }
            | Self::Senders { .. }
            | Self::Compose { .. }
            | Self::Rewrite { .. }
            | Self::History
            | Self::Batch
            | Self::Connect
            | Self::Consent
            | Self::NotFound => None,
        }
    }
}

/// What an address carries behind its path.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Search {
    /// The search of a mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// What a page is narrowed to: the history to a state, who fills a mailbox to a view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl Search {
    /// A mailbox's search. The one that holds anyway is not spelled out.
    pub fn mailbox(query: &str) -> Self {
        Self {
            q: (query != DEFAULT_QUERY).then(|| query.to_owned()),
            state: None,
        }
    }

    /// A search of contacts. Without any, all of them are shown.
    pub fn contacts(query: &str) -> Self {
        Self {
            q: (!query.is_empty()).then(|| query.to_owned()),
            state: None,
        }
    }

    /// The search, or the one that holds where none is named.
    pub fn query(&self) -> &str {
        self.q.as_deref().unwrap_or(DEFAULT_QUERY)
    }

    /// The end of an address, with its question mark if there is something to say.
    pub fn suffix(&self) -> String {
        match (&self.q, &self.state) {
            (Some(q), _) => format!("?q={}", browser::encoded(q)),
            (None, Some(state)) => format!("?state={}", browser::encoded(state)),
            (None, None) => String::new(),
        }
    }
}
