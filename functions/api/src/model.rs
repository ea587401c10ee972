//! Who tells what mails are about, and what is sent there.

use axum::extract::State;
use bulkhead_engine::models;
use bulkhead_shared::api::{AgreeToModel, ChooseModel, ChosenModel, ModelConsent};
use bulkhead_shared::ids::AccountId;
use http::StatusCode;

use crate::Api;
use crate::auth::Person;
use crate::extract::Json;
use crate::openapi::{OfBodies, OfEveryone, OfPeople, OfProviders, OfStates, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(chosen),
        route!(choose),
        route!(forget),
        route!(consent).waiting(),
        route!(agree),
        route!(withdraw),
    ]
}

/// Who tells what mails are about.
///
/// What is built in, unless an endpoint was chosen; and the accounts whose mails may be sent there. Suggestions and rules
/// always go by what is built in.
#[utoipa::path(get, path = "/model", operation_id = "get_model", tag = "model", responses(
    (status = 200, description = "The model.", body = ChosenModel),
    OfPeople, OfEveryone,
))]
async fn chosen(
    State(api): State<Api>,
    Person(user): Person,
) -> Result<axum::Json<ChosenModel>, Refusal> {
    let chosen = models::chosen(&api.ports, &user).await;
    Ok(axum::Json(chosen.or_refuse(&api.ports)?))
}

/// Choose an endpoint that tells what mails are about.
///
/// Any that speaks OpenAI's chat completions. Nobody is asked yet, and nothing is sent there before that is agreed to for
/// an account. The key is sealed like the credentials of an account, and never comes out; left out, the one that is kept
/// for the same address stays. What was agreed to for another endpoint or model does not count for this one.
#[utoipa::path(put, path = "/model", operation_id = "choose_model", tag = "model",
    request_body(content = ChooseModel, example = json!({
        "url": "https://api.example.com/v1", "model": "gpt-x", "key": "sk-1234", "requests_per_minute": 60
    })),
    responses(
        (status = 200, description = "The model as it is now.", body = ChosenModel),
        OfBodies, OfPeople, OfStates, OfEveryone,
    ))]
async fn choose(
    State(api): State<Api>,
    Person(user): Person,
    Json(wanted): Json<ChooseModel>,
) -> Result<axum::Json<ChosenModel>, Refusal> {
    let chosen = models::choose(&api.ports, &user, &wanted).await;
    Ok(axum::Json(chosen.or_refuse(&api.ports)?))
}

/// Go back to what is built in.
///
/// The endpoint's key is forgotten, and so is what was agreed to. Jobs that are under way send nothing any more.
#[utoipa::path(delete, path = "/model", operation_id = "forget_model", tag = "model", responses(
    (status = 204, description = "Nothing is sent anywhere."),
    OfPeople, OfStates, OfEveryone,
))]
async fn forget(State(api): State<Api>, Person(user): Person) -> Result<StatusCode, Refusal> {
    let forgotten = models::forget(&api.ports, &user).await;
    forgotten.or_refuse(&api.ports)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is sent of an account's mails.
///
/// With an example: exactly what would be sent of the newest mail in its inbox. Nothing is sent by asking.
#[utoipa::path(get, path = "/accounts/{account}/model-consent", operation_id = "get_model_consent", tag = "model",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "What is sent where, and whether that was agreed to.", body = ModelConsent),
        OfPeople, OfThings, OfProviders, OfEveryone,
    ))]
async fn consent(account: OwnedBy<AccountId>) -> Result<axum::Json<ModelConsent>, Refusal> {
    Ok(axum::Json(account.model_consent().await?))
}

/// Agree that beginnings of an account's mails are sent to the chosen model.
///
/// It has to be named, so that nobody agrees to another one than they saw.
#[utoipa::path(put, path = "/accounts/{account}/model-consent", operation_id = "agree_to_model", tag = "model",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = AgreeToModel, example = json!({"model": "gpt-x", "host": "api.example.com"})),
    responses(
        (status = 204, description = "They may be sent there, and nowhere else."),
        OfBodies, OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn agree(
    account: OwnedBy<AccountId>,
    Json(to): Json<AgreeToModel>,
) -> Result<StatusCode, Refusal> {
    account.agree_to_model(&to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take that back.
///
/// Jobs that are under way send nothing any more of this account's mails: what is left of them fails with that reason.
#[utoipa::path(delete, path = "/accounts/{account}/model-consent", operation_id = "withdraw_from_model", tag = "model",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 204, description = "None of its mails is sent anywhere."),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn withdraw(account: OwnedBy<AccountId>) -> Result<StatusCode, Refusal> {
    account.withdraw_from_model().await?;
    Ok(StatusCode::NO_CONTENT)
}
