//! Rules of a mailbox: written, tested on the past, switched on, and run.

use axum::extract::State;
use axum::response::Response;
use bulkhead_shared::api::{DraftRule, Job, LookForRule, RuleLook, Rules, SaveRules};
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
        route!(rules),
        route!(save),
        route!(look),
        route!(draft).waiting(),
        route!(opened),
    ]
}

/// The rules of a mailbox.
///
/// In their order, each with what became of its runs and what its last back-test found; and how far the last look
/// through the mailbox is.
#[utoipa::path(get, path = "/accounts/{account}/rules", operation_id = "list_rules", tag = "rules",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All of them.", body = Rules),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn rules(account: OwnedBy<AccountId>) -> Result<axum::Json<Rules>, Refusal> {
    Ok(axum::Json(account.rules().await?))
}

/// Store the rules of a mailbox.
///
/// All of them, in their order, in place of those that there are; which ones those were, their version says. One is
/// switched on only after a back-test of exactly what it says; its name, how sure it has to be and when it runs may be
/// others. One that runs by itself confirms its job by itself where that comes back exactly and has no more mails than it
/// may take; otherwise the job waits as a draft.
#[utoipa::path(put, path = "/accounts/{account}/rules", operation_id = "save_rules", tag = "rules",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = SaveRules, example = json!({
        "version": 0, "rules": [{"rule": {
            "name": "Newsletters after a week", "classes": ["newsletter"], "percent": 90, "older_days": 7,
            "operation": {"type": "archive"},
            "when": {"kind": "weekly", "day": "monday", "hour": 7, "zone": "Europe/Berlin"}
        }}]
    })),
    responses(
        (status = 200, description = "The rules as they are now.", body = Rules),
        OfBodies, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn save(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<SaveRules>,
) -> Result<axum::Json<Rules>, Refusal> {
    Ok(axum::Json(account.save_rules(&wanted).await?))
}

/// Look through a mailbox for a rule.
///
/// In the background: a `test` finds what the rule would have done in the last 90 days, a `run` what it has to do now,
/// and nothing is done by either. Asked again while that goes on, nothing more happens.
#[utoipa::path(post, path = "/accounts/{account}/rules/look", operation_id = "look_for_rule", tag = "rules",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = LookForRule, example = json!({"rule": "rul_5f2b8c1d9e0a7364", "wanted": "test"})),
    responses(
        (status = 202, description = "How far that is.", body = RuleLook),
        OfBodies, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn look(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<LookForRule>,
) -> Result<(StatusCode, axum::Json<RuleLook>), Refusal> {
    let look = account.look_for_rule(&wanted).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(look)))
}

/// Say that somebody opened a mailbox.
///
/// Rules that run when new mail comes look for it now, in the background, unless they did a moment ago. Without this
/// they look every five minutes.
#[utoipa::path(post, path = "/accounts/{account}/rules/opened", operation_id = "mailbox_opened", tag = "rules",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 204, description = "Whatever there is to look for is looked for."),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn opened(account: OwnedBy<AccountId>) -> Result<StatusCode, Refusal> {
    account.opened().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draft what a run of a rule found.
///
/// It starts as a draft like any other, with its preview and its undo. Asked again it is the same one.
#[utoipa::path(post, path = "/accounts/{account}/rules/draft", operation_id = "draft_rule", tag = "rules",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = DraftRule, example = json!({"rule": "rul_5f2b8c1d9e0a7364"})),
    responses(
        (status = 201, description = "The job.", body = Job, headers(
            ("Location" = String, description = "That job."),
        )),
        OfBodies, OfDrafts, OfThings, OfResults, OfEveryone, OfProviders,
    ))]
async fn draft(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Json(wanted): Json<DraftRule>,
) -> Result<Response, Refusal> {
    let job = account.draft_rule(&wanted).await?;
    with_location(&api, &job, StatusCode::CREATED).await
}
