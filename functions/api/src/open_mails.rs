//! Mails that may have arrived or not, one by one; and the rows that mails are made of.

use axum::response::Response;
use bulkhead_shared::api::{Bounces, Job, JobRows, LeftOutRows, OpenMail};
use bulkhead_shared::ids::JobId;
use http::StatusCode;

use crate::Api;
use crate::extract::Json;
use crate::jobs::with_location;
use crate::openapi::{OfBodies, OfDrafts, OfEveryone, OfPeople, OfResults, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(rows),
        route!(left_out),
        route!(bounces),
        route!(look_for_bounces),
        route!(arrived),
        route!(again).waiting(),
    ]
}

/// What was brought for each of a job's items.
///
/// For a job that sends mails: its recipients as they were brought, so that a draft can be written anew. Others have
/// none.
#[utoipa::path(get, path = "/jobs/{job}/rows", operation_id = "list_rows", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The rows.", body = JobRows),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn rows(job: OwnedBy<JobId>) -> Result<axum::Json<JobRows>, Refusal> {
    Ok(axum::Json(job.rows().await?))
}

/// The rows that get no mail.
///
/// For a job that sends mails: those whose addresses were on the account's list of those who get no mail when it was
/// drafted. They are no items of the job. Who comes onto the list later is skipped right before the mail would go out.
#[utoipa::path(get, path = "/jobs/{job}/left-out", operation_id = "list_left_out", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The rows.", body = LeftOutRows),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn left_out(job: OwnedBy<JobId>) -> Result<axum::Json<LeftOutRows>, Refusal> {
    Ok(axum::Json(job.left_out().await?))
}

/// The mails that came back.
///
/// As far as anybody looked for reports of them. The job's counts stay what they are.
#[utoipa::path(get, path = "/jobs/{job}/bounces", operation_id = "list_bounces", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "What came back.", body = Bounces),
        OfPeople, OfThings, OfEveryone,
    ))]
async fn bounces(job: OwnedBy<JobId>) -> Result<axum::Json<Bounces>, Refusal> {
    Ok(axum::Json(job.bounces().await?))
}

/// Look for mails that came back.
///
/// In the background, in the mailbox of the account that sent them: for delivery reports of all of its jobs. Asked
/// again while somebody looks, nothing more happens. Without being asked that is done once an hour until a week after
/// a job. Addresses that nobody has get no more mail from the account, and neither do those who called a mail spam.
#[utoipa::path(post, path = "/jobs/{job}/bounces", operation_id = "look_for_bounces", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 202, description = "What is known so far.", body = Bounces),
        OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn look_for_bounces(
    job: OwnedBy<JobId>,
) -> Result<(StatusCode, axum::Json<Bounces>), Refusal> {
    let known = job.look_for_bounces().await?;
    Ok((StatusCode::ACCEPTED, axum::Json(known)))
}

/// Say that a mail arrived of which nobody knew.
///
/// Nothing is sent, and the job's counts stay what they are: what was said stands beside them.
#[utoipa::path(post, path = "/jobs/{job}/arrived", operation_id = "mail_arrived", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")),
    request_body(content = OpenMail, example = json!({"item": "ann@example.org"})),
    responses(
        (status = 204, description = "Noted."),
        OfBodies, OfPeople, OfThings, OfResults, OfEveryone,
    ))]
async fn arrived(job: OwnedBy<JobId>, Json(mail): Json<OpenMail>) -> Result<StatusCode, Refusal> {
    job.arrived(&mail.item).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draft a job that sends a mail once more of which nobody knows whether it arrived.
///
/// It starts as a draft like any other: somebody may get this mail twice, so somebody has to say yes to that.
/// Asked again while that draft is open, it is the same one.
#[utoipa::path(post, path = "/jobs/{job}/again", operation_id = "send_mail_again", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")),
    request_body(content = OpenMail, example = json!({"item": "ann@example.org"})),
    responses(
        (status = 201, description = "The job that sends it.", body = Job, headers(
            ("Location" = String, description = "That job."),
        )),
        OfBodies, OfDrafts, OfThings, OfResults, OfEveryone,
    ))]
async fn again(
    axum::extract::State(api): axum::extract::State<Api>,
    job: OwnedBy<JobId>,
    Json(mail): Json<OpenMail>,
) -> Result<Response, Refusal> {
    let again = job.again(&mail.item).await?;
    with_location(&api, &again, StatusCode::CREATED).await
}
