//! Mails that wait for a person, and what they make of them.

use bulkhead_engine::review::Shown;
use bulkhead_shared::api::{
    DecideReview, Review, ReviewDecided, ReviewDial, ReviewFilter, ReviewSize, Why,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::proposal::Proposal;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{Json, Query, page_limit};
use crate::openapi::{
    OfBodies, OfDrafts, OfEveryone, OfInput, OfPeople, OfProviders, OfResults, OfThings,
};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(review).waiting(),
        route!(count),
        route!(decide).waiting(),
        route!(set_dial),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only mails of this class.
    class: Option<String>,
    /// Only those that this is proposed for.
    proposal: Option<Proposal>,
    /// Only those that wait for this reason.
    why: Option<Why>,
    /// Instead of those that wait, those that somebody decided. Default: false.
    decided: Option<bool>,
    /// Where the page begins: `next_cursor` of the page before, unchanged.
    cursor: Option<String>,
    /// Mails on the page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// The mails that wait for a person.
///
/// What jobs that *process* mails could not tell surely enough, or were not to do without a question: each mail once, as
/// it is in this moment. They wait for 45 days, and are erased with the account. Those that somebody decided are told as
/// long: each with how it stands.
#[utoipa::path(get, path = "/accounts/{account}/review", operation_id = "list_review", tag = "review",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "A page of them: first what something would be done with, then what could not be told, last what would be kept; of these each time those of the latest job first.", body = Review),
        OfInput, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn review(
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Review>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let filter = ReviewFilter {
        class: wanted.class,
        proposal: wanted.proposal,
        why: wanted.why,
    };
    let shown = match wanted.decided {
        Some(true) => Shown::Decided,
        _ => Shown::Waiting,
    };
    let page = account.review(shown, &filter, wanted.cursor.as_deref(), limit);
    Ok(axum::Json(page.await?))
}

/// How many mails wait for a person.
///
/// Read from what is kept: no mail server is asked.
#[utoipa::path(get, path = "/accounts/{account}/review/count", operation_id = "count_review", tag = "review",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "How many.", body = ReviewSize),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn count(account: OwnedBy<AccountId>) -> Result<axum::Json<ReviewSize>, Refusal> {
    Ok(axum::Json(account.review_size().await?))
}

/// Decide about mails that wait.
///
/// What is accepted becomes ordinary jobs, one for each thing to do: what comes back exactly and is few mails is
/// confirmed, everything else is a draft like any other. Decisions are learned from. Asked again it comes to the same
/// jobs.
#[utoipa::path(post, path = "/accounts/{account}/review", operation_id = "decide_review", tag = "review",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = DecideReview, example = json!({
        "mails": {"type": "all", "of": {"class": "newsletter", "proposal": "archive"}},
        "verdict": {"type": "accept"}
    })),
    responses(
        (status = 200, description = "What came of it.", body = ReviewDecided),
        OfBodies, OfDrafts, OfThings, OfResults, OfEveryone, OfProviders,
    ))]
async fn decide(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<DecideReview>,
) -> Result<axum::Json<ReviewDecided>, Refusal> {
    Ok(axum::Json(account.decide_review(&wanted).await?))
}

/// Set how sure proposals have to be.
///
/// For jobs that are drafted from now on and say that they go by what is set.
#[utoipa::path(put, path = "/accounts/{account}/review", operation_id = "set_review_dial", tag = "review",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = ReviewDial, example = json!({"certainty": "95", "then": "wait"})),
    responses(
        (status = 204, description = "Set."),
        OfBodies, OfPeople, OfThings, OfEveryone,
    ))]
async fn set_dial(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<ReviewDial>,
) -> Result<StatusCode, Refusal> {
    account.set_dial(&wanted).await?;
    Ok(StatusCode::NO_CONTENT)
}
