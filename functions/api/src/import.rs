//! Files of mail, taken in by a mailbox of our own.

use axum::body::Body;
use axum::extract::State;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::ImportReport;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::limits::IMPORT_BYTES;
use bulkhead_shared::problem::Code;
use futures::StreamExt;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::extract::Query;
use crate::openapi::{OfEveryone, OfFiles, OfInput, OfPeople, OfProviders, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(import).waiting()]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What the file is called, where that helps to know what it is (`Takeout.zip`).
    name: Option<String>,
}

/// Take a file of mail into the sandbox.
///
/// The body is the file as it is: an mbox file, a single message, or a zip archive of such files; at most
/// 2 GiB. What it is shows from its beginning. Answers what was recognised, and what was left out and why.
/// Nothing is taken in before the file has arrived whole. Only the sandbox takes files.
#[utoipa::path(post, path = "/accounts/{account}/import", operation_id = "import_mail", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
        (status = 200, description = "What came of it.", body = ImportReport),
        OfInput, OfFiles, OfPeople, OfThings, OfEveryone, OfProviders,
    ))]
async fn import(
    State(api): State<Api>,
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    body: Body,
) -> Result<axum::Json<ImportReport>, Refusal> {
    if told_length(&headers).is_some_and(|length| length > IMPORT_BYTES) {
        return Err(too_large());
    }
    let none = || CallError::Unsupported("Only the sandbox takes files of mail.".to_owned());
    let mailbox = account.import().await?.ok_or_else(none);
    let mailbox = mailbox.or_refuse(&api.ports)?;
    let mut file = mailbox.begin().await.or_refuse(&api.ports)?;
    let mut pieces = body.into_data_stream();
    let mut length = 0_u64;
    while let Some(piece) = pieces.next().await {
        let broken =
            |_| Refusal::new(Code::Invalid).detail("The file broke off; nothing was taken in.");
        let piece = piece.map_err(broken)?;
        length = length.saturating_add(piece.len() as u64);
        if length > IMPORT_BYTES {
            return Err(too_large());
        }
        file.bytes(&piece).await.or_refuse(&api.ports)?;
    }
    let name = wanted.name.unwrap_or_default();
    let report = file.end(&name).await.or_refuse(&api.ports)?;
    account.imported(&report).await?;
    Ok(axum::Json(report))
}

fn told_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large() -> Refusal {
    Refusal::new(Code::TooLarge).detail(
        "A file has at most 2 GiB here. A larger one comes in by the command line: bulkhead --mail FILE.",
    )
}
