//! Templates of mails that are kept with an account.

use bulkhead_shared::api::{KeepTemplate, KeptTemplate, KeptTemplates};
use bulkhead_shared::ids::AccountId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{Json, Query};
use crate::openapi::{OfBodies, OfEveryone, OfInput, OfPeople, OfResults, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(list), route!(get), route!(keep), route!(forget)]
}

/// The templates that are kept with an account.
///
/// By their names, each with its newest version.
#[utoipa::path(get, path = "/accounts/{account}/templates", operation_id = "list_templates", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All of them.", body = KeptTemplates),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn list(account: OwnedBy<AccountId>) -> Result<axum::Json<KeptTemplates>, Refusal> {
    Ok(axum::Json(account.templates().await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What the template is called.
    #[param(example = "Bills")]
    name: String,
    /// Which of its versions, counted from 1; the newest if left out.
    version: Option<u32>,
}

/// A version of a template.
#[utoipa::path(get, path = "/accounts/{account}/template", operation_id = "read_template", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "The template.", body = KeptTemplate),
        OfInput, OfPeople, OfThings, OfEveryone,
    ))]
async fn get(
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<KeptTemplate>, Refusal> {
    Ok(axum::Json(
        account.template(&wanted.name, wanted.version).await?,
    ))
}

/// Keep a template.
///
/// Under a name that there is already it is the next version, if it says something else than the newest one. Versions
/// before stay. What is kept is erased with the account.
#[utoipa::path(put, path = "/accounts/{account}/templates", operation_id = "keep_template", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = KeepTemplate, example = json!({
        "name": "Bills",
        "template": {"subject": "Your bill, {{ name }}", "text": "Dear {{ name }},\n\nyour bill is {{ amount }}.\n"}
    })),
    responses(
        (status = 200, description = "The version that is kept.", body = KeptTemplate),
        OfBodies, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn keep(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<KeepTemplate>,
) -> Result<axum::Json<KeptTemplate>, Refusal> {
    Ok(axum::Json(account.keep_template(&wanted).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// What the template is called.
    #[param(example = "Bills")]
    name: String,
}

/// Forget a template, with all of its versions.
#[utoipa::path(delete, path = "/accounts/{account}/templates", operation_id = "forget_template", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id."), Which), responses(
        (status = 204, description = "It is not kept."),
        OfInput, OfPeople, OfThings, OfEveryone,
    ))]
async fn forget(
    account: OwnedBy<AccountId>,
    Query(which): Query<Which>,
) -> Result<StatusCode, Refusal> {
    account.forget_template(&which.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
