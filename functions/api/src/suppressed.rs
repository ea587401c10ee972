//! The list of those who get no mail from an account.

use bulkhead_shared::api::{Suppress, SuppressReport, SuppressedAddresses};
use bulkhead_shared::ids::AccountId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{Json, Query, page_limit};
use crate::openapi::{OfBodies, OfEveryone, OfInput, OfPeople, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(list), route!(suppress), route!(release)]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Text in the addresses, whatever its case. Empty: all of them.
    #[param(example = "example.org")]
    search: Option<String>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Addresses on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Who gets no mail from an account.
///
/// In the order of the addresses, with why. A job that sends leaves them out when it is drafted, and skips who came
/// onto the list since right before the mail would go out.
#[utoipa::path(get, path = "/accounts/{account}/suppressed", operation_id = "list_suppressed", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "A page of the list.", body = SuppressedAddresses),
        OfInput, OfPeople, OfThings, OfEveryone,
    ))]
async fn list(
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<SuppressedAddresses>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let (search, cursor) = (wanted.search.as_deref(), wanted.cursor.as_deref());
    Ok(axum::Json(account.suppressed(search, cursor, limit).await?))
}

/// Let addresses get no more mail from an account.
///
/// Those that are on the list stay as they are. Two addresses are the same whatever the case of their domains.
#[utoipa::path(post, path = "/accounts/{account}/suppressed", operation_id = "suppress", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id.")),
    request_body(content = Suppress, example = json!({
        "addresses": ["ann@example.org", "Bo Ray <bo@example.org>"], "why": "unsubscribed"
    })),
    responses(
        (status = 200, description = "How many came onto the list.", body = SuppressReport),
        OfBodies, OfPeople, OfThings, OfEveryone,
    ))]
async fn suppress(
    account: OwnedBy<AccountId>,
    Json(wanted): Json<Suppress>,
) -> Result<axum::Json<SuppressReport>, Refusal> {
    Ok(axum::Json(account.suppress(&wanted).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The address, as it is on the list.
    #[param(example = "ann@example.org")]
    address: String,
}

/// Let an address get mail from an account again.
///
/// One that is not on the list stays off it.
#[utoipa::path(delete, path = "/accounts/{account}/suppressed", operation_id = "release", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id."), Which), responses(
        (status = 204, description = "It is not on the list."),
        OfInput, OfPeople, OfThings, OfEveryone,
    ))]
async fn release(
    account: OwnedBy<AccountId>,
    Query(which): Query<Which>,
) -> Result<StatusCode, Refusal> {
    account.release(&which.address).await?;
    Ok(StatusCode::NO_CONTENT)
}
