//! The addresses of the app. What is on the screen is in the address, so that reload, Back and a
//! second tab show the same thing.

use bulkhead_shared::ids::{AccountId, JobId};
use web_sys::UrlSearchParams;

use crate::browser;

/// The search that holds where the address names none.
pub const DEFAULT_QUERY: &str = "in:inbox";

/// The pages.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// The mailbox of the first account.
    Home,
    /// An account's mailbox; the search is in `?q=`.
    Mailbox { account: AccountId },
    /// The same with a job in front of it.
    MailboxJob { account: AccountId, job: JobId },
    /// An account's contacts; the search is in `?q=`.
    Contacts { account: AccountId },
    /// The same with a job in front of them.
    ContactsJob { account: AccountId, job: JobId },
    /// Who fills an account's mailbox.
    Senders { account: AccountId },
    /// An account's rules.
    Rules { account: AccountId },
    /// An account's mails that wait for a person.
    Review { account: AccountId },
    /// An account's directory of mailboxes.
    Directory { account: AccountId },
    /// A job on some of them, with its rows.
    DirectoryJob { account: AccountId, job: JobId },
    /// A mail to many, from an account.
    Compose { account: AccountId },
    /// The same with what a draft was made of.
    Rewrite { account: AccountId, job: JobId },
    /// All jobs.
    History,
    /// One job on a page of its own.
    Job { job: JobId },
    /// Mails in batches, by the batch API.
    Batch,
    /// Model and privacy.
    Model,
    /// Connect an account.
    Connect,
    /// Back from a provider's page, with a consent.
    Consent,
    /// Anything else.
    NotFound,
}

impl Route {
    /// The page at this path.
    pub fn of(path: &str) -> Self {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        Self::read(&parts).unwrap_or(Self::NotFound)
    }

    fn read(parts: &[&str]) -> Option<Self> {
        Some(match *parts {
            [] => Self::Home,
            ["accounts", account, ref rest @ ..] => {
                let account: AccountId = account.parse().ok()?;
                match *rest {
                    [] => Self::Mailbox { account },
                    ["jobs", job] => Self::MailboxJob {
                        account,
                        job: job.parse().ok()?,
                    },
                    ["contacts"] => Self::Contacts { account },
                    ["contacts", "jobs", job] => Self::ContactsJob {
                        account,
                        job: job.parse().ok()?,
                    },
                    ["senders"] => Self::Senders { account },
                    ["review"] => Self::Review { account },
                    ["rules"] => Self::Rules { account },
                    ["mailboxes"] => Self::Directory { account },
                    ["mailboxes", "jobs", job] => Self::DirectoryJob {
                        account,
                        job: job.parse().ok()?,
                    },
                    ["send"] => Self::Compose { account },
                    ["send", job] => Self::Rewrite {
                        account,
                        job: job.parse().ok()?,
                    },
                    _ => return None,
                }
            }
            ["jobs"] => Self::History,
            ["jobs", job] => Self::Job {
                job: job.parse().ok()?,
            },
            ["batch"] => Self::Batch,
            ["model"] => Self::Model,
            ["connect"] => Self::Connect,
            ["consent"] => Self::Consent,
            _ => return None,
        })
    }

    /// The path of the page.
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Mailbox { account } => format!("/accounts/{account}"),
            Self::MailboxJob { account, job } => format!("/accounts/{account}/jobs/{job}"),
            Self::Contacts { account } => format!("/accounts/{account}/contacts"),
            Self::ContactsJob { account, job } => {
                format!("/accounts/{account}/contacts/jobs/{job}")
            }
            Self::Senders { account } => format!("/accounts/{account}/senders"),
            Self::Rules { account } => format!("/accounts/{account}/rules"),
            Self::Review { account } => format!("/accounts/{account}/review"),
            Self::Directory { account } => format!("/accounts/{account}/mailboxes"),
            Self::DirectoryJob { account, job } => {
                format!("/accounts/{account}/mailboxes/jobs/{job}")
            }
            Self::Compose { account } => format!("/accounts/{account}/send"),
            Self::Rewrite { account, job } => format!("/accounts/{account}/send/{job}"),
            Self::History => "/jobs".to_owned(),
            Self::Job { job } => format!("/jobs/{job}"),
            Self::Batch => "/batch".to_owned(),
            Self::Model => "/model".to_owned(),
            Self::Connect => "/connect".to_owned(),
            Self::Consent => "/consent".to_owned(),
            Self::NotFound => "/404".to_owned(),
        }
    }

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
            | Self::Rules { .. }
            | Self::Review { .. }
            | Self::Compose { .. }
            | Self::Rewrite { .. }
            | Self::History
            | Self::Batch
            | Self::Model
            | Self::Connect
            | Self::Consent
            | Self::NotFound => None,
        }
    }
}

/// What an address carries behind its path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The search of a mailbox.
    pub q: Option<String>,
    /// What a page is narrowed to: the history to a state, who fills a mailbox to a view.
    pub state: Option<String>,
}

impl Search {
    /// What stands behind a path, with or without its question mark.
    pub fn of(query: &str) -> Self {
        let fields = UrlSearchParams::new_with_str(query).ok();
        let field = |name: &str| fields.as_ref().and_then(|fields| fields.get(name));
        Self {
            q: field("q"),
            state: field("state"),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "acc_01arz3ndektsv4rrffq69g5fav";
    const JOB: &str = "arc_01arz3ndektsv4rrffq69g5fav";

    #[test]
    fn every_page_is_found_by_its_own_path() {
        let of_account = ["", "/contacts", "/senders", "/mailboxes", "/send"];
        let of_account = of_account.map(|end| format!("/accounts/{ACCOUNT}{end}"));
        let with_job = ["/jobs", "/contacts/jobs", "/mailboxes/jobs", "/send"];
        let with_job = with_job.map(|end| format!("/accounts/{ACCOUNT}{end}/{JOB}"));
        let others = ["/", "/jobs", "/batch", "/connect", "/consent"].map(str::to_owned);
        let job = format!("/jobs/{JOB}");
        let mut seen = Vec::new();
        for path in of_account
            .iter()
            .chain(&with_job)
            .chain(&others)
            .chain([&job])
        {
            let route = Route::of(path);
            assert_eq!(&route.path(), path);
            assert_ne!(route, Route::NotFound);
            assert!(!seen.contains(&route), "{path} leads to a page of its own");
            seen.push(route);
        }
    }

    #[test]
    fn whatever_else_is_written_there_is_not_found() {
        for path in [
            "/404",
            "/accounts",
            "/accounts/ann",
            "/jobs/7",
            "/jobs/arc_x/more",
            &format!("/accounts/{ACCOUNT}/nothing"),
            &format!("/accounts/{ACCOUNT}/jobs"),
        ] {
            assert_eq!(Route::of(path), Route::NotFound, "{path}");
        }
        assert_eq!(Route::of("/jobs/"), Route::History);
    }
}
