//! Files that can be downloaded: handed out as an address where there is a place for that, else
//! streamed, so that a large one needs no more memory than a small one.

use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use bulkhead_engine::jobs::download::Download;
use bulkhead_shared::api::{AuditBundle, Item, Link};
use bulkhead_shared::ids::JobId;
use futures::stream::{self, StreamExt};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode, Uri};

use crate::Api;
use crate::openapi::{OfEveryone, OfPeople, OfResults, OfThings};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

/// What follows a file's path for a link to it.
const LINK: &str = "/link";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(outcomes_csv).waiting(),
        route!(outcomes_link).waiting(),
        route!(export),
        route!(export_link),
        route!(bundle),
        route!(bundle_link),
    ]
}

/// The outcome of each item as a CSV file, with what the item looks like now.
///
/// Items are looked at for ten seconds; the column `item` says `not looked at` of those after that.
#[utoipa::path(get, path = "/jobs/{job}/results.csv", operation_id = "download_outcomes", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The file.", body = String, content_type = "text/csv", headers(
            ("Content-Disposition" = String, description = "A name for the file."),
        )),
        (status = 303, description = "The file is elsewhere.", headers(
            ("Location" = String, description = "Its address, for a short while."),
        )),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn outcomes_csv(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    send(&api, job.outcomes_csv().await?).await
}

/// A link to the CSV file of outcomes.
///
/// A browser that signs in with tokens cannot send one along when it follows a link: this one needs
/// none.
#[utoipa::path(get, path = "/jobs/{job}/results.csv/link", operation_id = "link_outcomes", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Where the file is.", body = Link),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn outcomes_link(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    OriginalUri(uri): OriginalUri,
) -> Result<axum::Json<Link>, Refusal> {
    link(&api, job.outcomes_csv().await?, &uri).await
}

/// The file that an export made.
#[utoipa::path(get, path = "/jobs/{job}/export", operation_id = "download_export", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The file.", headers(
            ("Content-Disposition" = String, description = "A name for the file."),
        ), content(
            (String = "application/mbox"), (String = "text/csv"), (Vec<Item> = "application/json"),
        )),
        (status = 303, description = "The file is elsewhere.", headers(
            ("Location" = String, description = "Its address, for a short while."),
        )),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn export(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    send(&api, job.export().await?).await
}

/// A link to the file that an export made.
///
/// A browser that signs in with tokens cannot send one along when it follows a link: this one needs
/// none.
#[utoipa::path(get, path = "/jobs/{job}/export/link", operation_id = "link_export", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Where the file is.", body = Link),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn export_link(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    OriginalUri(uri): OriginalUri,
) -> Result<axum::Json<Link>, Refusal> {
    link(&api, job.export().await?, &uri).await
}

/// All that is on record of a job, in one file.
///
/// The job, its events of the audit trail with their hashes, and how each item ended and when. No content: neither
/// names nor addresses of items.
#[utoipa::path(get, path = "/jobs/{job}/audit.json", operation_id = "download_audit", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The file.", body = AuditBundle, headers(
            ("Content-Disposition" = String, description = "A name for the file."),
        )),
        (status = 303, description = "The file is elsewhere.", headers(
            ("Location" = String, description = "Its address, for a short while."),
        )),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn bundle(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    send(&api, job.bundle().await?).await
}

/// A link to all that is on record of a job.
///
/// A browser that signs in with tokens cannot send one along when it follows a link: this one needs
/// none.
#[utoipa::path(get, path = "/jobs/{job}/audit.json/link", operation_id = "link_audit", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Where the file is.", body = Link),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn bundle_link(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    OriginalUri(uri): OriginalUri,
) -> Result<axum::Json<Link>, Refusal> {
    link(&api, job.bundle().await?, &uri).await
}

/// The file's own route serves as a link where nothing is handed out.
async fn link(api: &Api, mut file: Download, uri: &Uri) -> Result<axum::Json<Link>, Refusal> {
    let link = match file.hand_out().await.or_refuse(&api.ports)? {
        Some(out) => {
            file.record().await.or_refuse(&api.ports)?;
            Link {
                url: out.url,
                until: Some(out.until),
            }
        }
        // Whoever follows it is recorded then.
        None => Link {
            url: api.identity.link_to(uri.path().trim_end_matches(LINK)),
            until: None,
        },
    };
    Ok(axum::Json(link))
}

async fn send(api: &Api, mut file: Download) -> Result<Response, Refusal> {
    let out = file.hand_out().await.or_refuse(&api.ports)?;
    file.record().await.or_refuse(&api.ports)?;
    let Some(out) = out else {
        return stream(api, file).await;
    };
    let address = HeaderValue::from_str(&out.url).map_err(|_| Refusal::internal())?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response())
}

/// Streams a file. Its first piece is read before the answer begins, so that what cannot be read at
/// all is a problem; what fails later breaks the connection off, which no client takes for a whole
/// file.
async fn stream(api: &Api, mut file: Download) -> Result<Response, Refusal> {
    let first = file.next().await.or_refuse(&api.ports)?;
    let name: String = file
        .file_name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let headers = [
        (CONTENT_TYPE, file.media_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    let rest = stream::unfold(Some(file), |file| async {
        let mut file = file?;
        match file.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(file))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!(error = %error, "A download broke off.");
                Some((Err(error), None))
            }
        }
    });
    // Compression asks once more after the end, which an unfolded stream answers with a panic.
    let whole = stream::iter(first.map(Ok)).chain(rest).fuse();
    Ok((headers, Body::from_stream(whole)).into_response())
}
