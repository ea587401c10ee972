//! What is in an account's address books: search, pages, books.

use axum::extract::State;
use bulkhead_shared::api::{AddressBooks, Contacts};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::contact::card;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query as Search;
use bulkhead_shared::vcard;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::extract::{Query, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople, OfProviders, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(list).waiting(), route!(books).waiting()]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words that all have to be found: `ann`, or in one field `org:acme`. The fields are
    /// `name`, `email`, `phone`, `org`, `title`, `category`, `address`, `birthday`, `url`, `chat` and
    /// `note`. Empty: all contacts.
    #[param(example = "org:acme berlin")]
    q: Option<String>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// The place of the page's first contact, counted from 0, instead of a cursor: a list jumps to any of
    /// its places.
    offset: Option<u64>,
    /// Contacts on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Search contacts, by name.
#[utoipa::path(get, path = "/accounts/{account}/contacts", operation_id = "list_contacts", tag = "contacts",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "A page of contacts.", body = Contacts),
        OfInput, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn list(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Contacts>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let search = Search::parse_for(Kind::Contact, wanted.q.as_deref().unwrap_or_default())
        .map_err(|error| Invalid::new("q", error.to_string()))?;
    let search =
        vcard::Search::of(&search).map_err(|error| Invalid::new("q", error.to_string()))?;
    let contacts = account.contacts().await?;
    let cursor = wanted.cursor.as_deref();
    let page = match wanted.offset {
        Some(_) if cursor.is_some() => {
            return Err(Invalid::new("offset", "Either a cursor or an offset, not both.").into());
        }
        Some(place) => contacts.list_at(&search, place, limit).await,
        None => contacts.list(&search, cursor, limit).await,
    };
    let page = page.or_refuse(&api.ports)?;
    let rows = page.rows.into_iter();
    Ok(axum::Json(Contacts {
        contacts: rows.map(|row| card(row.id, &row.shown)).collect(),
        next_cursor: page.next,
        total: page.total,
    }))
}

/// Address books.
#[utoipa::path(get, path = "/accounts/{account}/address-books", operation_id = "list_address_books",
    tag = "contacts", params(("account" = AccountId, Path, description = "The account's id.")), responses(
        (status = 200, description = "All of them.", body = AddressBooks),
        OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn books(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
) -> Result<axum::Json<AddressBooks>, Refusal> {
    let contacts = account.contacts().await?;
    let books = contacts.books().await.or_refuse(&api.ports)?;
    Ok(axum::Json(AddressBooks { books }))
}
