//! How each item of a job ended.

use bulkhead_shared::api::ItemOutcomes;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::Outcome;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{Query, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople, OfResults, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(items).waiting()]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only items that ended like this.
    outcome: Option<Outcome>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Items on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// The outcome of each item, in the order of the manifest.
///
/// A page may be short, or empty, as long as it has a `next_cursor`.
#[utoipa::path(get, path = "/jobs/{job}/items", operation_id = "list_outcomes", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id."), Wanted), responses(
        (status = 200, description = "A page of outcomes.", body = ItemOutcomes),
        OfInput, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn items(
    job: OwnedBy<JobId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<ItemOutcomes>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let cursor = wanted.cursor.as_deref();
    let page = job.outcomes(wanted.outcome, cursor, limit).await?;
    Ok(axum::Json(page))
}
