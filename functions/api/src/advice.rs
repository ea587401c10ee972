//! Suggestions for a mailbox, decisions about them, and what was learned from those.

use axum::extract::State;
use axum::response::Response;
use bulkhead_shared::api::{
    AcceptSuggestion, Advice, Correction, DismissSuggestion, Job, Learned, Suggestions,
};
use bulkhead_shared::ids::AccountId;
use http::StatusCode;

use crate::Api;
use crate::extract::Json;
use crate::jobs::with_location;
use crate::openapi::{OfBodies, OfDrafts, OfEveryone, OfPeople, OfProviders, OfResults, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(suggestions),
        route!(advise),
        route!(accept).waiting(),
        route!(dismiss),
        route!(learned),
        route!(correct),
        route!(forget),
    ]
}

/// What is suggested for a mailbox.
///
/// For all mails of whole senders and lists, each with how sure it is and why. Nothing of it is done before its job
/// is confirmed. Made by `POST` to the same path.
#[utoipa::path(get, path = "/accounts/{account}/suggestions", operation_id = "list_suggestions", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All suggestions, those about the most mails first.", body = Suggestions),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn suggestions(account: OwnedBy<AccountId>) -> Result<axum::Json<Suggestions>, Refusal> {
    Ok(axum::Json(account.suggestions().await?))
}

/// Make suggestions for a mailbox.
///
/// In the background: the headers of all mails are brought up to date, and a few mails of each sender and list are
/// looked at by the model. Asked again while that goes on, nothing more happens. What is kept is erased with the
/// account.
#[utoipa::path(post, path = "/accounts/{account}/suggestions", operation_id = "make_suggestions", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 202, description = "How far that is.", body = Advice),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn advise(account: OwnedBy<AccountId>) -> Result<(StatusCode, axum::Json<Advice>), Refusal> {
    Ok((StatusCode::ACCEPTED, axum::Json(account.advise().await?)))
}

/// Draft the job that a suggestion is about.
///
/// It starts as a draft like any other, with its preview and its undo. Asked again while that draft is open, it is
/// the same one. What becomes of the job is learned from.
#[utoipa::path(post, path = "/accounts/{account}/suggestions/accept", operation_id = "accept_suggestion", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = AcceptSuggestion, example = json!({
        "suggestion": "sug_5f2b8c1d9e0a7364", "without": ["list:weekly.example"]
    })),
    responses(
        (status = 201, description = "The job.", body = Job, headers(
            ("Location" = String, description = "That job."),
        )),
        OfBodies, OfDrafts, OfThings, OfResults, OfEveryone, OfProviders,
    ))]
async fn accept(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Json(wanted): Json<AcceptSuggestion>,
) -> Result<Response, Refusal> {
    let job = account.accept(&wanted).await?;
    with_location(&api, &job, StatusCode::CREATED).await
}

/// Dismiss a suggestion.
///
/// For all of its senders and lists, or some of them. The same is not suggested again for these until that is
/// forgotten; with `keep` nothing is that would hide their mails.
#[utoipa::path(post, path = "/accounts/{account}/suggestions/dismiss", operation_id = "dismiss_suggestion", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = DismissSuggestion, example = json!({"suggestion": "sug_5f2b8c1d9e0a7364", "keep": false})),
    responses(
        (status = 204, description = "Noted."),
        OfBodies, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn dismiss(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<DismissSuggestion>,
) -> Result<StatusCode, Refusal> {
    account.dismiss(&wanted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was learned.
///
/// From suggestions that were accepted, changed, dismissed and taken back.
#[utoipa::path(get, path = "/accounts/{account}/learned", operation_id = "list_learned", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All of it.", body = Learned),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn learned(account: OwnedBy<AccountId>) -> Result<axum::Json<Learned>, Refusal> {
    Ok(axum::Json(account.learned().await?))
}

/// Put right what was learned of a sender or list.
#[utoipa::path(put, path = "/accounts/{account}/learned", operation_id = "correct_learned", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = Correction, example = json!({
        "source": "list:weekly.example", "action": "archive", "decision": "keep"
    })),
    responses(
        (status = 204, description = "Noted, or forgotten."),
        OfBodies, OfPeople, OfThings, OfEveryone,
    ))]
async fn correct(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<Correction>,
) -> Result<StatusCode, Refusal> {
    account.correct(&wanted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget all that was learned.
#[utoipa::path(delete, path = "/accounts/{account}/learned", operation_id = "forget_learned", tag = "advice",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 204, description = "Forgotten."),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn forget(account: OwnedBy<AccountId>) -> Result<StatusCode, Refusal> {
    account.unlearn().await?;
    Ok(StatusCode::NO_CONTENT)
}
