//! Which function serves which route. The rule is by method and path alone, because a gateway has to
//! be able to follow it without knowing any route; locally everything is served by one process.

use bulkhead_shared::api::BASE;
use http::Method;

/// A function that serves a part of the API, or all of it in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionRole {
    /// All routes.
    Everything,
    /// What changes something: every `POST`, `PUT` and `DELETE`.
    Submit,
    /// What reads mail, and files: accounts, previews, downloads.
    Browse,
    /// What is read from the table alone: all other reads.
    Status,
}

/// The ends of a job's paths that are files, or read mail (items are shown with sender and subject): the
/// rest of a job is in the table.
const BROWSED: [&str; 8] = [
    "/items",
    "/preview",
    "/results.csv",
    "/results.csv/link",
    "/export",
    "/export/link",
    "/audit.json",
    "/audit.json/link",
];

impl FunctionRole {
    /// The function that serves a path (as it was declared, `/api/v1/jobs/{job}`) with a method.
    pub fn of(method: &Method, path: &str) -> Self {
        if !method.is_safe() {
            return Self::Submit;
        }
        let rest = path.strip_prefix(BASE).unwrap_or_default();
        let of_accounts = rest == "/accounts" || rest.starts_with("/accounts/");
        let of_jobs = rest.starts_with("/jobs/") && BROWSED.iter().any(|end| rest.ends_with(end));
        let lists_mails = rest == "/emails";
        if of_accounts || of_jobs || lists_mails {
            Self::Browse
        } else {
            Self::Status
        }
    }

    /// Whether this function serves it.
    pub fn has(self, method: &Method, path: &str) -> bool {
        self == Self::Everything || self == Self::of(method, path)
    }
}
