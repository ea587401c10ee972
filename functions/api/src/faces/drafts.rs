//! Bulk drafts: `POST /api/bulk/draft`, `POST /api/bulk/execute`, `GET /api/bulk/progress/{draftId}` and
//! `POST /api/bulk/cancel`, with errors in their words.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bulkhead_faces::drafts::{self, Fault};
use bulkhead_shared::api::{
    BulkCancelled, BulkDraft, BulkProgress, CancelBulk, ExecuteBulk, NewBulkDraft,
};
use bulkhead_shared::problem::Problem;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::Api;
use crate::auth::Person;
use crate::extract::Json;
use crate::jobs::idempotency_key;
use crate::openapi::{
    OfBodies, OfConfirmations, OfDrafts, OfEveryone, OfPeople, OfProviders, OfThings,
};
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

/// Everything below this path speaks these words.
pub(crate) const BASE: &str = "/api/bulk";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(draft).waiting(),
        route!(execute).waiting(),
        route!(progress),
        route!(cancel),
    ]
}

/// Draft a bulk operation. Nothing is touched.
#[utoipa::path(post, path = "/draft", operation_id = "draft_bulk", tag = "bulk", request_body = NewBulkDraft,
    responses(
        (status = 201, description = "Drafted.", body = BulkDraft),
        OfBodies, OfDrafts, OfThings, OfEveryone, OfProviders,
    ))]
async fn draft(
    State(api): State<Api>,
    Person(user): Person,
    headers: HeaderMap,
    Json(new): Json<NewBulkDraft>,
) -> Result<Response, Refusal> {
    let key = idempotency_key(&headers)?;
    let draft = drafts::draft(&api.ports, &user, key, new, api.limits.open_jobs).await;
    let draft = draft.map_err(|fault| refuse(&api, fault))?;
    Ok((StatusCode::CREATED, axum::Json(draft)).into_response())
}

/// Execute a draft as it was made.
#[utoipa::path(post, path = "/execute", operation_id = "execute_bulk", tag = "bulk", request_body = ExecuteBulk,
    responses(
        (status = 202, description = "Confirmed, and workers begin.", body = BulkProgress),
        OfBodies, OfPeople, OfThings, OfConfirmations, OfEveryone, OfProviders,
    ))]
async fn execute(
    State(api): State<Api>,
    Person(user): Person,
    Json(wanted): Json<ExecuteBulk>,
) -> Result<Response, Refusal> {
    let begun = drafts::execute(&api.ports, &user, &wanted).await;
    let begun = begun.map_err(|fault| refuse(&api, fault))?;
    Ok((StatusCode::ACCEPTED, axum::Json(begun)).into_response())
}

/// How far an execution is.
#[utoipa::path(get, path = "/progress/{draftId}", operation_id = "bulk_progress", tag = "bulk",
    params(("draftId" = String, Path, description = "The draft's id.")), responses(
        (status = 200, description = "As it stands.", body = BulkProgress),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn progress(
    State(api): State<Api>,
    Person(user): Person,
    Path(draft): Path<String>,
) -> Result<axum::Json<BulkProgress>, Refusal> {
    let progress = drafts::watch(&api.ports, &user, &draft).await;
    Ok(axum::Json(progress.map_err(|fault| refuse(&api, fault))?))
}

/// Stop an execution, or drop a draft.
#[utoipa::path(post, path = "/cancel", operation_id = "cancel_bulk", tag = "bulk", request_body = CancelBulk,
    responses(
        (status = 200, description = "Whether there was something to stop.", body = BulkCancelled),
        OfBodies, OfPeople, OfThings, OfEveryone,
    ))]
async fn cancel(
    State(api): State<Api>,
    Person(user): Person,
    Json(wanted): Json<CancelBulk>,
) -> Result<axum::Json<BulkCancelled>, Refusal> {
    let cancelled = drafts::cancel(&api.ports, &user, &wanted.draft_id).await;
    Ok(axum::Json(cancelled.map_err(|fault| refuse(&api, fault))?))
}

fn refuse(api: &Api, fault: Fault) -> Refusal {
    match fault {
        Fault::NotConnected(what) => Refusal::not_connected(what),
        Fault::Engine(error) => match Err::<(), _>(error).or_refuse(&api.ports) {
            Err(refusal) => refusal,
            // An error is refused.
            Ok(()) => Refusal::internal(),
        },
    }
}

/// An answer whose problem, if it is one, is said in these words. Its status stays.
pub(crate) async fn in_its_words(mut response: Response) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Box<Problem>>() {
        let body = serde_json::to_vec(&drafts::error(&problem)).unwrap_or_default();
        *response.body_mut() = Body::from(body);
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}
