//! How each item of a job ended, and the files that can be downloaded: streamed, so that a large
//! one needs no more memory than a small one.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bulkhead_engine::download::{self, Download};
use bulkhead_engine::results;
use bulkhead_shared::api::ItemOutcomes;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::Outcome;
use futures::stream::{self, StreamExt};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::auth::Person;
use crate::extract::{Id, Query, page_limit};
use crate::openapi::{OfEveryone, OfInput, OfPeople, OfResults, OfThings};
use crate::problem::{OrRefuse, Refusal};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(items))
        .routes(routes!(outcomes_csv))
        .routes(routes!(export))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only items that ended like this.
    outcome: Option<Outcome>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Items on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// The outcome of each item, in the order of the manifest.
#[utoipa::path(get, path = "/jobs/{job}/items", operation_id = "list_outcomes", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id."), Wanted), responses(
        (status = 200, description = "A page of outcomes.", body = ItemOutcomes),
        OfInput, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn items(
    State(api): State<Api>,
    Person(user): Person,
    Id(job): Id<JobId>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<ItemOutcomes>, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let cursor = wanted.cursor.as_deref();
    let page = results::items(&api.ports, &user, &job, wanted.outcome, cursor, limit).await;
    Ok(axum::Json(page.or_refuse(&api.ports)?))
}

/// The outcome of each item as a CSV file.
#[utoipa::path(get, path = "/jobs/{job}/results.csv", operation_id = "download_outcomes", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The file.", body = String, content_type = "text/csv", headers(
            ("Content-Disposition" = String, description = "A name for the file."),
        )),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn outcomes_csv(
    State(api): State<Api>,
    Person(user): Person,
    Id(job): Id<JobId>,
) -> Result<Response, Refusal> {
    let file = download::outcomes_csv(&api.ports, &user, &job).await;
    download(&api, file.or_refuse(&api.ports)?).await
}

/// The file that an export made.
#[utoipa::path(get, path = "/jobs/{job}/export", operation_id = "download_export", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The file.", headers(
            ("Content-Disposition" = String, description = "A name for the file."),
        ), content(
            (String = "application/mbox"), (String = "text/csv"), (String = "application/json"),
        )),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn export(
    State(api): State<Api>,
    Person(user): Person,
    Id(job): Id<JobId>,
) -> Result<Response, Refusal> {
    let file = download::export(&api.ports, &user, &job).await;
    download(&api, file.or_refuse(&api.ports)?).await
}

/// Streams a file. Its first piece is read before the answer begins, so that what cannot be read at
/// all is a problem; what fails later breaks the connection off, which no client takes for a whole
/// file.
async fn download(api: &Api, mut file: Download) -> Result<Response, Refusal> {
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
