//! The mailboxes of a directory: search and pages.

use axum::extract::State;
use bulkhead_shared::api::Mailboxes;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::mailbox;
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
    vec![route!(list).waiting()]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words of names and addresses, and `in:inactive`, `in:active`, `before:`, `after:`, `older_than:`,
    /// `newer_than:` (when it was deleted), `larger:`, `smaller:`. Empty: all mailboxes.
    #[param(example = "in:inactive newer_than:30d lee")]
    q: Option<String>,
    /// The place of the page's first mailbox, counted from 0. Default: 0.
    offset: Option<u64>,
    /// Mailboxes on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// Search the mailboxes of a directory, active and inactive ones, by name.
#[utoipa::path(get, path = "/accounts/{account}/mailboxes", operation_id = "list_mailboxes", tag = "mailboxes",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted), responses(
        (status = 200, description = "A page of mailboxes.", body = Mailboxes),
        OfInput, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn list(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Mailboxes>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let text = wanted.q.as_deref().unwrap_or_default();
    let search = Search::parse_for(Kind::Mailbox, text)
        .map_err(|error| Invalid::new("q", error.to_string()))?;
    let search = mailbox::Search::of(&search, api.ports.clock.now())
        .map_err(|error| Invalid::new("q", error.to_string()))?;
    let mailboxes = account.mailboxes().await?;
    let place = wanted.offset.unwrap_or(0);
    let page = mailboxes.list(&search, place, limit).await;
    let page = page.or_refuse(&api.ports)?;
    Ok(axum::Json(Mailboxes {
        mailboxes: page.rows,
        total: page.total,
        rules: mailboxes.rules().to_vec(),
    }))
}
