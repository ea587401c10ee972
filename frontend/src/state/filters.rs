//! What is shown of the jobs that were loaded.

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::OperationName;

const DAY_MS: i64 = 86_400_000;

/// What the jobs have to be; whatever is none is not asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    pub operation: Option<OperationName>,
    pub account: Option<AccountId>,
    /// So many days old at the most.
    pub days: Option<i64>,
}

impl Filters {
    /// Whether a job is shown at this moment (milliseconds since 1970).
    pub fn shows(&self, job: &Job, now_ms: i64) -> bool {
        let age = now_ms - job.created_at.as_millisecond();
        self.operation
            .is_none_or(|name| job.operation.name() == name)
            && self.account.as_ref().is_none_or(|id| &job.account == id)
            && self.days.is_none_or(|days| age < days * DAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::families::tests_support;

    #[test]
    fn each_filter_narrows() {
        let job = tests_support::job("arc", 1, None);
        let now = job.created_at.as_millisecond() + 10 * DAY_MS;
        let mut filters = Filters::default();
        assert!(filters.shows(&job, now));
        filters.days = Some(7);
        assert!(!filters.shows(&job, now));
        filters.days = Some(30);
        filters.operation = Some(OperationName::Archive);
        filters.account = Some(job.account.clone());
        assert!(filters.shows(&job, now));
        filters.operation = Some(OperationName::Trash);
        assert!(!filters.shows(&job, now));
    }
}
