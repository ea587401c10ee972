//! Files that go along with mails, uploaded before the mails are drafted.

use axum::body::{Body, to_bytes};
use bulkhead_shared::api::KeptFiles;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::limits::{ATTACHMENT_BYTES, ATTACHMENTS_PER_REQUEST};
use bulkhead_shared::problem::{Code, Invalid};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::Query;
use crate::openapi::{OfEveryone, OfFiles, OfInput, OfPeople, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(keep)]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// How many bytes each of several files has, in their order. Left out: the body is one file.
    #[param(example = "120433,98211")]
    sizes: Option<String>,
}

/// Keep files that are to go along with mails of this account.
///
/// The body is the file as it is, or several files one after the other: up to 100 of them, and 4 MB in all. Each is
/// answered with the hash of its bytes, by which `bulk_send` names it in `attachments` or `files`. What is
/// kept goes after 30 days, or with the account; a draft needs files that are kept for another ten.
#[utoipa::path(post, path = "/accounts/{account}/attachments", operation_id = "keep_attachments", tag = "sending",
    params(("account" = AccountId, Path, description = "The account's id."), Wanted),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
        (status = 200, description = "The files, each known by its bytes.", body = KeptFiles),
        OfInput, OfFiles, OfPeople, OfThings, OfEveryone,
    ))]
async fn keep(
    account: OwnedBy<AccountId>,
    Query(wanted): Query<Wanted>,
    body: Body,
) -> Result<axum::Json<KeptFiles>, Refusal> {
    let too_large = |_| {
        let most = ATTACHMENT_BYTES / 1_000_000;
        Refusal::new(Code::TooLarge).detail(format!("Files have at most {most} MB in one request."))
    };
    let body = to_bytes(body, ATTACHMENT_BYTES).await.map_err(too_large)?;
    let files = match &wanted.sizes {
        Some(sizes) => parted(&body, sizes)?,
        None => vec![&body[..]],
    };
    Ok(axum::Json(account.keep_files(&files).await?))
}

/// The files of a body, by their sizes.
fn parted<'a>(body: &'a [u8], sizes: &str) -> Result<Vec<&'a [u8]>, Invalid> {
    let invalid = |text: &str| Invalid::new("sizes", text);
    let mut files = Vec::new();
    let mut rest = body;
    for size in sizes.split(',') {
        let size = size.trim().parse::<usize>();
        let size =
            size.map_err(|_| invalid("Has to be whole numbers with commas between them."))?;
        let (file, behind) = rest
            .split_at_checked(size)
            .ok_or_else(|| invalid("The body is shorter than these together."))?;
        files.push(file);
        rest = behind;
    }
    if files.len() > ATTACHMENTS_PER_REQUEST {
        let text = format!("At most {ATTACHMENTS_PER_REQUEST} files in one request.");
        return Err(invalid(&text));
    }
    match rest.is_empty() {
        true => Ok(files),
        false => Err(invalid("The body is longer than these together.")),
    }
}
