//! Connected accounts: list, connect, try, forget; and the sandbox's dials.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bulkhead_engine::accounts;
use bulkhead_engine::jobs::sign_in;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{
    Account, AccountTest, Accounts, BASE, Consent, Dials, Discovered, MailAddress, NewAccount,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::problem::Invalid;
use http::StatusCode;
use http::header::LOCATION;

use crate::Api;
use crate::auth::Person;
use crate::extract::Json;
use crate::openapi::{OfBodies, OfEveryone, OfPeople, OfProviders, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(list),
        route!(connect).waiting(),
        route!(connect_by_consent).waiting(),
        route!(try_connection).waiting(),
        route!(discover).waiting(),
        route!(read),
        route!(forget),
        route!(test).waiting(),
        route!(dials).waiting(),
        route!(turn_dials).waiting(),
    ]
}

/// All connected accounts.
///
/// In the order they were connected. One that cannot be reached is listed all the same.
#[utoipa::path(get, path = "/accounts", operation_id = "list_accounts", tag = "accounts", responses(
    (status = 200, description = "The accounts.", body = Accounts),
    OfPeople, OfEveryone,
))]
async fn list(
    State(api): State<Api>,
    Person(user): Person,
) -> Result<axum::Json<Accounts>, Refusal> {
    let found = accounts::list(&api.ports, &user).await;
    Ok(axum::Json(found.or_refuse(&api.ports)?))
}

/// Connect an account.
///
/// It is tested first and kept only if the test passes. Ten connections may be tried in an hour, and each
/// is in the audit trail. Connecting the same place again renews its
/// credentials and keeps its id.
#[utoipa::path(post, path = "/accounts", operation_id = "connect_account", tag = "accounts",
    request_body(content = NewAccount, example = json!({
        "name": "Work",
        "connection": {"kind": "imap", "host": "imap.example.com", "port": 993, "security": "tls",
            "user": "ann@example.com", "password": "an app password"}
    })),
    responses(
        (status = 201, description = "Connected.", body = Account, headers(
            ("Location" = String, description = "The account."),
        )),
        OfBodies, OfPeople, OfEveryone, OfProviders,
    ))]
async fn connect(
    State(api): State<Api>,
    Person(user): Person,
    Json(new): Json<NewAccount>,
) -> Result<Response, Refusal> {
    let account = sign_in::connect(&api.ports, &user, new).await;
    let account = account
        .or_refuse(&api.ports)
        .map_err(|refusal| refusal.at("connection"))?;
    Ok(created(account))
}

fn created(account: Account) -> Response {
    let location = [(LOCATION, format!("{BASE}/accounts/{}", account.id))];
    (StatusCode::CREATED, location, axum::Json(account)).into_response()
}

/// Connect a mailbox by a consent.
///
/// A person was at the `authorize` page that `POST /accounts/discover` told, with a challenge (PKCE), and came
/// back with a code. It is traded for the consent, which is tested and kept like any credentials. One of
/// the ten connections that may be tried in an hour.
#[utoipa::path(post, path = "/accounts/consents", operation_id = "connect_by_consent", tag = "accounts",
    request_body(content = Consent, example = json!({
        "address": "ann@example.com", "code": "what the page answered", "verifier": "what was behind the challenge",
        "redirect_uri": "http://127.0.0.1:8080/consent"
    })),
    responses(
        (status = 201, description = "Connected.", body = Account, headers(
            ("Location" = String, description = "The account."),
        )),
        OfBodies, OfPeople, OfEveryone, OfProviders,
    ))]
async fn connect_by_consent(
    State(api): State<Api>,
    Person(user): Person,
    Json(consent): Json<Consent>,
) -> Result<Response, Refusal> {
    let account = sign_in::connect_by_consent(&api.ports, &user, consent).await;
    Ok(created(account.or_refuse(&api.ports)?))
}

/// Try a connection without keeping it.
///
/// Ten connections may be tried in an hour, and each is in the audit trail.
#[utoipa::path(post, path = "/accounts/test", operation_id = "try_connection", tag = "accounts",
    request_body(content = NewAccount, example = json!({
        "connection": {"kind": "imap", "host": "imap.example.com", "port": 993, "security": "tls",
            "user": "ann@example.com", "password": "an app password"}
    })), responses(
        (status = 200, description = "What was found: a failed test is an answer, too.", body = AccountTest),
        OfBodies, OfPeople, OfEveryone,
    ))]
async fn try_connection(
    State(api): State<Api>,
    Person(user): Person,
    Json(new): Json<NewAccount>,
) -> Result<axum::Json<AccountTest>, Refusal> {
    let found = accounts::try_connection(&api.ports, &user, &new).await;
    Ok(axum::Json(found.or_refuse(&api.ports)?))
}

/// Find the mail server of an address.
///
/// By a table of providers, or by what the address's domain says of itself. Nothing found is an answer, too:
/// then the server has to be named.
#[utoipa::path(post, path = "/accounts/discover", operation_id = "discover_mail_server", tag = "accounts",
    request_body(content = MailAddress, example = json!({"address": "ann@gmail.com"})), responses(
        (status = 200, description = "What is known.", body = Discovered),
        OfBodies, OfPeople, OfEveryone,
    ))]
async fn discover(
    State(api): State<Api>,
    Person(_): Person,
    Json(wanted): Json<MailAddress>,
) -> Result<axum::Json<Discovered>, Refusal> {
    let found = accounts::discover(&api.ports, &wanted).await;
    Ok(axum::Json(found.or_refuse(&api.ports)?))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{account}", operation_id = "get_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "The account.", body = Account),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn read(account: OwnedBy<AccountId>) -> Result<axum::Json<Account>, Refusal> {
    Ok(axum::Json(account.account().await?))
}

/// Forget an account with its credentials.
///
/// Its jobs stay in the history.
#[utoipa::path(delete, path = "/accounts/{account}", operation_id = "forget_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 204, description = "Forgotten."),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn forget(account: OwnedBy<AccountId>) -> Result<StatusCode, Refusal> {
    account.forget().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try a connected account.
#[utoipa::path(post, path = "/accounts/{account}/test", operation_id = "test_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "What was found: a failed test is an answer, too.", body = AccountTest),
        OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn test(account: OwnedBy<AccountId>) -> Result<axum::Json<AccountTest>, Refusal> {
    Ok(axum::Json(account.test().await?))
}

/// How the sandbox misbehaves.
///
/// Only the sandbox has dials: for other accounts there is nothing here.
#[utoipa::path(get, path = "/accounts/{account}/dials", operation_id = "get_dials", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "The dials.", body = Dials),
        OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn dials(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
) -> Result<axum::Json<Dials>, Refusal> {
    let sandbox = account.open().await?.sandbox();
    let sandbox = sandbox.ok_or_else(Refusal::not_found)?;
    Ok(axum::Json(sandbox.dials().await.or_refuse(&api.ports)?))
}

/// Turn the sandbox's dials.
///
/// What is left out springs back to zero. Answers the dials as they are now.
#[utoipa::path(put, path = "/accounts/{account}/dials", operation_id = "turn_dials", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = Dials, example = json!({"latency_ms": 50, "fail_percent": 2})), responses(
        (status = 200, description = "The dials.", body = Dials),
        OfBodies, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn turn_dials(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Json(wanted): Json<Dials>,
) -> Result<axum::Json<Dials>, Refusal> {
    let sandbox = account.open().await?.sandbox();
    percent("fail_percent", wanted.fail_percent)?;
    percent("flaky_percent", wanted.flaky_percent)?;
    let none = || CallError::Unsupported("Only the sandbox has dials.".to_owned());
    let sandbox = sandbox.ok_or_else(none).or_refuse(&api.ports)?;
    sandbox.turn(wanted).await.or_refuse(&api.ports)?;
    Ok(axum::Json(sandbox.dials().await.or_refuse(&api.ports)?))
}

fn percent(field: &str, value: u32) -> Result<(), Invalid> {
    if value <= 100 {
        return Ok(());
    }
    Err(Invalid::new(
        field,
        format!("{value} is out of range: 0 to 100."),
    ))
}
