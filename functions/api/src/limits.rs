//! How much one person may ask for. Whoever is nobody is left to the gateway in front.

use std::sync::Arc;

use bulkhead_engine::limits::requests::{Admission, RequestBudget, admit};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::limits;
use bulkhead_shared::problem::Code;

use crate::Api;
use crate::problem::{OrRefuse, Refusal};

/// How much one person may ask for.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests in a minute; none: as many as they like.
    pub requests: Option<Arc<RequestBudget>>,
    /// Jobs that are open at once.
    pub open_jobs: u32,
}

impl Limits {
    /// So many requests in a minute, and so many open jobs.
    pub fn new(requests_per_minute: u32, open_jobs: u32) -> Self {
        Self {
            requests: Some(Arc::new(RequestBudget::new(requests_per_minute))),
            open_jobs,
        }
    }

    /// On somebody's own machine, where requests cost nobody anything.
    pub fn local() -> Self {
        Self {
            requests: None,
            open_jobs: limits::OPEN_JOBS,
        }
    }
}

/// Counts a request of this person, or refuses it.
pub(crate) async fn count(api: &Api, user: &UserId) -> Result<(), Refusal> {
    let Some(budget) = &api.limits.requests else {
        return Ok(());
    };
    let admission = admit(&api.ports, user, budget).await;
    match admission.or_refuse(&api.ports)? {
        Admission::Allowed => Ok(()),
        Admission::NotBefore(at) => {
            let wait = at.duration_since(api.ports.clock.now()).as_millis();
            // Rounded up: a second too early would be refused again.
            let wait = u64::try_from(wait).unwrap_or(0).div_ceil(1_000);
            Err(Refusal::new(Code::TooManyRequests).retry_after(wait.max(1)))
        }
    }
}
