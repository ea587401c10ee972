//! The audit trail.

use std::num::NonZeroU64;

use axum::extract::State;
use bulkhead_engine::audit;
use bulkhead_shared::api::AuditEvents;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::auth::Person;
use crate::extract::{Query, page_cursor, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople};
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(list)]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Events on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// What you did, newest first.
///
/// Events are never changed. Each carries the hash of the one before, so that a changed or missing
/// one shows.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "audit", params(Wanted), responses(
    (status = 200, description = "A page of events.", body = AuditEvents),
    OfInput, OfPeople, OfEveryone,
))]
async fn list(
    State(api): State<Api>,
    Person(user): Person,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<AuditEvents>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let cursor = wanted.cursor.as_deref();
    page_cursor::<NonZeroU64>(cursor)?;
    let page = audit::list(&api.ports, &user, cursor, limit).await;
    Ok(axum::Json(page.or_refuse(&api.ports)?))
}
