//! What is shown of the jobs that were loaded.

use bulkhead_shared::api::{Job, SelectionSummary};
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
    /// A part of a sender's name or address.
    pub sender: String,
}

impl Filters {
    /// Whether a job is shown at this moment (milliseconds since 1970).
    pub fn shows(&self, job: &Job, now_ms: i64) -> bool {
        let age = now_ms - job.created_at.as_millisecond();
        self.operation
            .is_none_or(|name| job.operation.name() == name)
            && self.account.as_ref().is_none_or(|id| &job.account == id)
            && self.days.is_none_or(|days| age < days * DAY_MS)
            && self.is_of_sender(job)
    }

    /// What was searched for counts too: jobs remember the senders of most mails only.
    fn is_of_sender(&self, job: &Job) -> bool {
        let sender = self.sender.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&sender);
        let searched = match &job.selection {
            SelectionSummary::Query { query, .. } => has(query),
            _ => false,
        };
        let mut senders = job.senders.iter();
        sender.is_empty() || searched || senders.any(|it| has(&it.name) || has(&it.address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::families::tests_support;
    use bulkhead_shared::api::TopSender;

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

    #[test]
    fn a_sender_is_found_by_name_address_or_search() {
        let mut job = tests_support::job("arc", 1, None);
        job.selection = SelectionSummary::Ids { count: 3 };
        job.senders = vec![TopSender {
            name: "Ann's Shop".to_owned(),
            address: "news@shop.example".to_owned(),
            mails: 3,
        }];
        let mut searched = job.clone();
        searched.senders = Vec::new();
        searched.selection = SelectionSummary::Query {
            query: "from:Shop is:unread".to_owned(),
            except: 0,
        };
        let shows = |job: &Job, sender: &str| {
            let sender = sender.to_owned();
            let filters = Filters {
                sender,
                ..Filters::default()
            };
            filters.shows(job, 0)
        };
        assert!(shows(&job, "") && shows(&job, " ann's ") && shows(&job, "@SHOP.example"));
        assert!(!shows(&job, "bank") && !shows(&searched, "bank"));
        assert!(shows(&searched, "shop"));
    }
}
