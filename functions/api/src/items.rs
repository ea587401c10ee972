//! What is in an account: search, pages, folders.

use axum::extract::State;
use bulkhead_engine::reading;
use bulkhead_shared::api::{Folders, Items, Message};
use bulkhead_shared::ids::{AccountId, ItemId};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query as Search;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::extract::{Query, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople, OfProviders, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(list).waiting(),
        route!(folders).waiting(),
        route!(message).waiting(),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What to look for: `from:ann is:unread older_than:1y`. Empty: everything outside trash and spam. `class:newsletter`
    /// goes by what was found when mails were classified: those that nobody has looked at are counted in `unsearched`, and
    /// `class:none` finds them.
    #[param(example = "in:inbox from:newsletter older_than:30d")]
    q: Option<String>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// The place of the page's first mail, counted from 0, instead of a cursor: a list jumps to any of its
    /// places.
    offset: Option<u64>,
    /// Mails on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Search mails, newest first.
#[utoipa::path(get, path = "/accounts/{account}/items", operation_id = "list_items", tag = "mails",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "A page of mails.", body = Items),
        OfInput, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn list(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Items>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let search = Search::parse(wanted.q.as_deref().unwrap_or_default())
        .map_err(|error| Invalid::new("q", error.to_string()))?;
    let cursor = wanted.cursor.as_deref();
    if cursor.is_some() && wanted.offset.is_some() {
        return Err(Invalid::new("offset", "Either a cursor or an offset, not both.").into());
    }
    let mail = account.mail().await?;
    let kept = account.classes_for(&search).await?;
    let search = kept.knowing(search);
    let now = api.ports.clock.now();
    let page = match wanted.offset {
        Some(place) => mail.list_at(&search, now, place, limit).await,
        None => mail.list(&search, now, cursor, limit).await,
    };
    // What an account cannot search is a matter of the query, or of the cursor if there is one.
    let field = if cursor.is_some() { "cursor" } else { "q" };
    let mut page = page
        .or_refuse(&api.ports)
        .map_err(|refusal| refusal.at(field))?;
    kept.mark(&mut page.items);
    Ok(axum::Json(page))
}

/// Folders and labels.
#[utoipa::path(get, path = "/accounts/{account}/folders", operation_id = "list_folders", tag = "mails",
    params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All of them.", body = Folders),
        OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn folders(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
) -> Result<axum::Json<Folders>, Refusal> {
    let mail = account.mail().await?;
    Ok(axum::Json(mail.folders().await.or_refuse(&api.ports)?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The mail's id, as a page of mails has it.
    id: ItemId,
}

/// Read one mail. It stays unread.
///
/// The HTML is as it was sent: show it where no script runs and nothing is fetched.
#[utoipa::path(get, path = "/accounts/{account}/message", operation_id = "read_message", tag = "mails",
    params(("account" = AccountId, Path, description = "The account's id."), Which), responses(
        (status = 200, description = "What is in it.", body = Message),
        OfInput, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn message(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Query(which): Query<Which>,
) -> Result<axum::Json<Message>, Refusal> {
    let mail = account.mail().await?;
    let found = reading::message(&*mail, &which.id).await;
    let found = found.or_refuse(&api.ports)?;
    found.map(axum::Json).ok_or_else(Refusal::not_found)
}
