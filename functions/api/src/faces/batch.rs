//! The batch API's routes.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bulkhead_faces::batch::{self, Work};
use bulkhead_shared::api::{BatchAccepted, BatchRequest, BatchStatus, Emails};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query as Search;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::auth::Person;
use crate::extract::{Json, Query, page_limit};
use crate::openapi::{
    OfBodies, OfDrafts, OfEveryone, OfInput, OfPeople, OfProviders, OfStates, OfThings,
};
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(emails).waiting(),
        route!(classify).waiting(),
        route!(process).waiting(),
        route!(status),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What to look for: `from:ann is:unread older_than:1y`. Empty: everything outside trash and spam.
    #[param(example = "in:inbox")]
    q: Option<String>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Mails on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Mails of all accounts, each with the id that batches name it by.
///
/// Account after account, the newest mails of each first. A page may be short, or empty, as long as it has a
/// `next_cursor`. An id is good as long as its mail stays in its folder.
#[utoipa::path(get, path = "/emails", operation_id = "list_emails", tag = "batch", params(Wanted), responses(
    (status = 200, description = "A page of mails.", body = Emails),
    OfInput, OfPeople, OfThings, OfStates, OfEveryone, OfProviders,
))]
async fn emails(
    State(api): State<Api>,
    Person(user): Person,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Emails>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let search = Search::parse(wanted.q.as_deref().unwrap_or_default())
        .map_err(|error| Invalid::new("q", error.to_string()))?;
    let cursor = wanted.cursor.as_deref();
    let page = batch::list(&api.ports, &user, &search, cursor, limit).await;
    let field = if cursor.is_some() { "cursor" } else { "q" };
    let page = page
        .or_refuse(&api.ports)
        .map_err(|refusal| refusal.at(field))?;
    Ok(axum::Json(page))
}

/// Classify up to 100 mails.
///
/// What each is about, how sure that is, and why, is kept with a job of the history.
/// 404 if one of the mails is not there or not yours; 409 while another batch works on one of them.
#[utoipa::path(post, path = "/emails/batch/classify", operation_id = "classify_emails", tag = "batch",
    request_body(content = BatchRequest, example = json!({
        "email_ids": ["3f2c8b1e-5a07-8c41-9d3e-7b6f0a1c2d3e"]
    })),
    responses(
        (status = 202, description = "Accepted.", body = BatchAccepted),
        OfBodies, OfDrafts, OfThings, OfStates, OfEveryone, OfProviders,
    ))]
async fn classify(
    State(api): State<Api>,
    Person(user): Person,
    Json(request): Json<BatchRequest>,
) -> Result<Response, Refusal> {
    accept(&api, &user, Work::Classify, &request).await
}

/// Process up to 50 mails.
///
/// Each is classified, and what to do with it is proposed; nothing is done to it. What is not certain enough is
/// left for review. 404 and 409 as for classifying.
#[utoipa::path(post, path = "/emails/batch/process", operation_id = "process_emails", tag = "batch",
    request_body(content = BatchRequest, example = json!({
        "email_ids": ["3f2c8b1e-5a07-8c41-9d3e-7b6f0a1c2d3e"]
    })),
    responses(
        (status = 202, description = "Accepted.", body = BatchAccepted),
        OfBodies, OfDrafts, OfThings, OfStates, OfEveryone, OfProviders,
    ))]
async fn process(
    State(api): State<Api>,
    Person(user): Person,
    Json(request): Json<BatchRequest>,
) -> Result<Response, Refusal> {
    accept(&api, &user, Work::Process, &request).await
}

async fn accept(
    api: &Api,
    user: &UserId,
    work: Work,
    request: &BatchRequest,
) -> Result<Response, Refusal> {
    let accepted = batch::accept(&api.ports, user, work, request, api.limits.open_jobs).await;
    let accepted = accepted.or_refuse(&api.ports)?;
    Ok((StatusCode::ACCEPTED, axum::Json(accepted)).into_response())
}

/// A batch as it stands.
///
/// Ask every two or three seconds until it is `completed` or `failed`. It is gone a day after its end.
#[utoipa::path(get, path = "/emails/batch/status/{batch}", operation_id = "batch_status", tag = "batch",
    params(("batch" = String, Path, description = "The batch's `job_id`.")), responses(
        (status = 200, description = "The batch.", body = BatchStatus),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn status(
    State(api): State<Api>,
    Person(user): Person,
    id: Result<Path<String>, PathRejection>,
) -> Result<axum::Json<BatchStatus>, Refusal> {
    let Path(id) = id.map_err(|_| Refusal::not_found())?;
    let status = batch::status(&api.ports, &user, &id).await;
    Ok(axum::Json(status.or_refuse(&api.ports)?))
}
