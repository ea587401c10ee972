//! Who fills a mailbox, by the headers of its mails; and the reading of those.

use axum::extract::State;
use bulkhead_shared::api::{GroupBy, GroupOrder, Scan, Senders};
use bulkhead_shared::ids::AccountId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::extract::{Query, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(senders), route!(scan)]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// By what mails are put together: `sender` (that holds without it), `list`, `domain`, `year` or `size`.
    by: Option<GroupBy>,
    /// The order: `mails` (that holds without it), `unread`, `unread_share`, `bytes`, `latest` or `name`.
    order: Option<GroupOrder>,
    /// Groups told, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Who fills a mailbox.
///
/// Mails outside trash and spam, counted by what their headers say, as far as those were read
/// (`POST` to the same path).
#[utoipa::path(get, path = "/accounts/{account}/senders", operation_id = "list_senders", tag = "mails",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "The first groups in the order asked for.", body = Senders),
        OfInput, OfPeople, OfThings, OfEveryone,
    ))]
async fn senders(
    State(_): State<Api>,
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Senders>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let (by, order) = (
        wanted.by.unwrap_or_default(),
        wanted.order.unwrap_or_default(),
    );
    Ok(axum::Json(account.senders(by, order, limit).await?))
}

/// Read the headers of a mailbox.
///
/// In the background, or bring up to date what was read before: only folders in which something changed are
/// read again. Asked again while that goes on, nothing more happens. What is kept is erased with the account.
#[utoipa::path(post, path = "/accounts/{account}/senders", operation_id = "read_headers", tag = "mails",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 202, description = "How far that is.", body = Scan),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn scan(account: OwnedBy<AccountId>) -> Result<(StatusCode, axum::Json<Scan>), Refusal> {
    Ok((StatusCode::ACCEPTED, axum::Json(account.scan().await?)))
}
