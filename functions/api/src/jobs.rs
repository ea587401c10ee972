//! Jobs: draft, preview, confirm, watch, hold, stop, take back, try again.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bulkhead_engine::jobs::draft;
use bulkhead_engine::jobs::history::{self, Listed};
use bulkhead_engine::jobs::progress;
use bulkhead_shared::api::{BASE, Confirm, Job, Jobs, LeaveAsIs, NewJob, Preview};
use bulkhead_shared::ids::{JobId, JobPlace};
use bulkhead_shared::job::State as JobState;
use bulkhead_shared::limits;
use bulkhead_shared::problem::{Code, Invalid};
use bulkhead_shared::selection::Selection;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::auth::Person;
use crate::extract::{Json, Query, page_cursor, page_limit};
use crate::openapi::{
    OfBodies, OfConfirmations, OfDrafts, OfEveryone, OfInput, OfKeys, OfPeople, OfProviders,
    OfResults, OfStates, OfThings, OfUndo,
};
use crate::owned::OwnedBy;
use crate::problem::{OrRefuse, Refusal};
use crate::route::{Route, route};

/// Names the intention behind a draft: sent again, it makes no second job.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Milliseconds until it is worth asking again: `Retry-After` for who wants to know it sooner.
const ASK_AGAIN: HeaderName = HeaderName::from_static("ask-again-ms");

pub(crate) fn routes() -> Vec<Route> {
    vec![
        route!(history),
        route!(create).waiting(),
        route!(read),
        route!(look).waiting(),
        route!(confirm).waiting(),
        route!(pause),
        route!(resume),
        route!(cancel),
        route!(discard),
        route!(retry),
        route!(leave),
        route!(rest),
        route!(undo),
    ]
}

/// Draft a job. Nothing is touched.
///
/// The selection is frozen: at once for some ids, in the background for a query. Then look at the
/// preview and confirm it. The same `Idempotency-Key` with the same body gives the same job again,
/// for 24 hours.
#[utoipa::path(post, path = "/jobs", operation_id = "create_job", tag = "jobs",
    params(("Idempotency-Key" = Option<String>, Header, description = "A name for this intention, 1 to 255 characters.")),
    request_body(content = NewJob, example = json!({
        "account": "acc_01jwb8k3tqk2v5m9x7c4d6e8f0",
        "operation": {"type": "archive"},
        "selection": {"query": "in:inbox older_than:1y", "except": []},
        "options": {"batch_size": 500}
    })),
    responses(
        (status = 202, description = "Drafted, or being planned.", body = Job, headers(
            ("Location" = String, description = "The job."),
            ("Retry-After" = u64, description = "Seconds until it is worth asking for the job."),
            ("Ask-Again-Ms" = u64, description = "The same in milliseconds."),
        )),
        OfBodies, OfDrafts, OfThings, OfKeys, OfEveryone, OfProviders,
    ))]
async fn create(
    State(api): State<Api>,
    Person(user): Person,
    headers: HeaderMap,
    Json(new): Json<NewJob>,
) -> Result<Response, Refusal> {
    let key = idempotency_key(&headers)?;
    check_number(&new.selection)?;
    let job = draft::create(&api.ports, &user, key, new, api.limits.open_jobs).await;
    let job = job
        .or_refuse(&api.ports)
        .map_err(|refusal| refusal.at("selection.query"))?;
    let job = OwnedBy::made(&api, user, job);
    with_location(&api, &job, StatusCode::ACCEPTED).await
}

/// Too many ids or rows are a matter of size, like a body with too many bytes.
fn check_number(selection: &Selection) -> Result<(), Refusal> {
    let (field, number, most, what) = match selection {
        Selection::Ids { ids } => {
            let most = limits::IDS_PER_REQUEST;
            (
                "selection.ids",
                ids.len(),
                most,
                "ids in one request; use a query for more",
            )
        }
        Selection::Query { except, .. } => {
            let most = limits::IDS_PER_REQUEST;
            (
                "selection.except",
                except.len(),
                most,
                "ids in one request; use a query for more",
            )
        }
        Selection::Rows { rows } => {
            let most = limits::ROWS_PER_REQUEST;
            ("selection.rows", rows.len(), most, "rows in one request")
        }
    };
    if number <= most {
        return Ok(());
    }
    Err(Refusal::new(Code::TooLarge)
        .detail(format!("At most {most} {what}."))
        .about(field))
}

pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Invalid> {
    let refuse = |message| Err(Invalid::new(IDEMPOTENCY_KEY, message));
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (keys.next(), keys.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => match key.to_str() {
            Ok(key) => Ok(Some(key)),
            Err(_) => refuse("An idempotency key is plain ASCII."),
        },
        (Some(_), Some(_)) => refuse("There is more than one idempotency key."),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only jobs in this state.
    state: Option<JobState>,
    /// `true`: only drafts that wait for a yes. `false`: only the others. Default: both.
    drafts: Option<bool>,
    /// The page before's `next_cursor`.
    cursor: Option<String>,
    /// Jobs on a page, 1 to 500. Default: 50.
    limit: Option<u32>,
}

/// The history, newest first.
#[utoipa::path(get, path = "/jobs", operation_id = "list_jobs", tag = "jobs", params(Wanted), responses(
    (status = 200, description = "A page of jobs.", body = Jobs, headers(
        ("Ask-Again-Ms" = u64, description = "Milliseconds until it is worth asking again for news of these."),
    )),
    OfInput, OfPeople, OfEveryone,
))]
async fn history(
    State(api): State<Api>,
    Person(user): Person,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let limit = page_limit(wanted.limit)?;
    let cursor = wanted.cursor.as_deref();
    page_cursor::<JobPlace>(cursor)?;
    let listed = Listed {
        state: wanted.state,
        drafts: wanted.drafts,
    };
    let page = history::page(&api.ports, &user, listed, cursor, limit).await;
    let page = page.or_refuse(&api.ports)?;
    let pace = progress::ask_again_for_all(&page.jobs, api.ports.clock.now());
    let millis = u64::try_from(pace.as_millis()).unwrap_or(u64::MAX);
    Ok(([(ASK_AGAIN, millis)], axum::Json(page)).into_response())
}

/// A job as it stands.
///
/// Cheap to ask for. Hand the `ETag` back as `If-None-Match`: 304 says that nothing changed.
/// `Ask-Again-Ms` and `Retry-After` say when to ask again; without them, nothing will change any more.
#[utoipa::path(get, path = "/jobs/{job}", operation_id = "get_job", tag = "jobs", params(
    ("job" = JobId, Path, description = "The job's id."),
    ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the answer before."),
), responses(
    (status = 200, description = "The job.", body = Job, headers(
        ("ETag" = String, description = "Names this version of the job."),
        ("Retry-After" = u64, description = "Seconds until it is worth asking again."),
        ("Ask-Again-Ms" = u64, description = "The same in milliseconds."),
    )),
    (status = 304, description = "It is as it was.", headers(
        ("ETag" = String, description = "As it was."),
        ("Retry-After" = u64, description = "Seconds until it is worth asking again."),
        ("Ask-Again-Ms" = u64, description = "The same in milliseconds."),
    )),
    OfPeople, OfThings, OfEveryone,
))]
async fn read(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let job = job.job().await?;
    let tag = format!("\"{}-{}\"", job.id, job.version);
    let unchanged = is_known(&headers, &tag);
    let mut response = if unchanged {
        paced(&api, &job, StatusCode::NOT_MODIFIED.into_response())
    } else {
        paced(&api, &job, axum::Json(&job).into_response())
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// Whether the caller has this version (RFC 9110, section 13.1.2: compared weakly).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter();
    known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// Adds when to ask again; nothing once nothing will change.
fn paced(api: &Api, job: &Job, mut response: Response) -> Response {
    let pace = progress::ask_again(job, api.ports.clock.now());
    if let Some(millis) = pace.and_then(|pace| u64::try_from(pace.as_millis()).ok()) {
        let headers = response.headers_mut();
        headers.insert(ASK_AGAIN, millis.into());
        // Whole seconds are all that the standard's header can say (RFC 9110, section 10.2.3).
        headers.insert(RETRY_AFTER, millis.div_ceil(1_000).into());
    }
    response
}

/// The answer of every call that changed a job: the job as it stands now.
async fn as_it_stands(
    api: &Api,
    job: &OwnedBy<JobId>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let job = job.job().await?;
    Ok(paced(api, &job, (status, axum::Json(&job)).into_response()))
}

/// The same, of a call that made a job.
pub(crate) async fn with_location(
    api: &Api,
    job: &OwnedBy<JobId>,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let job = job.job().await?;
    let mut response = paced(api, &job, (status, axum::Json(&job)).into_response());
    if let Ok(location) = HeaderValue::from_str(&format!("{BASE}/jobs/{}", job.id)) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// What confirming would do.
///
/// Count, sample, risk, what can be taken back until when, cost, time as a range, and what changed
/// since the selection was frozen.
#[utoipa::path(get, path = "/jobs/{job}/preview", operation_id = "preview_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "The preview.", body = Preview),
        OfInput, OfPeople, OfThings, OfStates, OfEveryone, OfProviders,
    ))]
async fn look(job: OwnedBy<JobId>) -> Result<axum::Json<Preview>, Refusal> {
    let preview = job.preview().await;
    let preview = preview.map_err(|refusal| refusal.at("selection.query"))?;
    Ok(axum::Json(preview))
}

/// Say yes to exactly what was previewed.
///
/// Carries the preview's `manifest_hash`. If what was frozen has changed since, the answer is 409
/// with the drift; look at it, then confirm with its hash as `drift_hash`. The same yes twice is no
/// error. What takes long is looked at by and by: then the job is `checking` with its progress, and
/// afterwards queued, or a draft again whose preview has the drift.
#[utoipa::path(post, path = "/jobs/{job}/confirm", operation_id = "confirm_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")),
    request_body(content = Confirm, example = json!({
        "manifest_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    })),
    responses(
        (status = 202, description = "Confirmed, and workers begin; or being checked.", body = Job, headers(
            ("Retry-After" = u64, description = "Seconds until it is worth asking for the job."),
            ("Ask-Again-Ms" = u64, description = "The same in milliseconds."),
        )),
        OfBodies, OfPeople, OfThings, OfConfirmations, OfEveryone, OfProviders,
    ))]
async fn confirm(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    Json(yes): Json<Confirm>,
) -> Result<Response, Refusal> {
    check_hash(&yes.manifest_hash.to_string())?;
    job.confirm(&yes).await?;
    as_it_stands(&api, &job, StatusCode::ACCEPTED).await
}

/// What cannot be any draft's hash is a mistake in the request, not a preview that is out of date.
fn check_hash(hash: &str) -> Result<(), Invalid> {
    if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Invalid::new(
        "manifest_hash",
        "Has to be the preview's manifest_hash: 64 hexadecimal digits.",
    ))
}

/// Hold a job.
///
/// Workers put down what they hold before their next call to the provider.
#[utoipa::path(post, path = "/jobs/{job}/pause", operation_id = "pause_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Held.", body = Job),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn pause(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    job.pause().await?;
    as_it_stands(&api, &job, StatusCode::OK).await
}

/// Go on with a job that is held.
#[utoipa::path(post, path = "/jobs/{job}/resume", operation_id = "resume_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Going on.", body = Job),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn resume(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    job.resume().await?;
    as_it_stands(&api, &job, StatusCode::OK).await
}

/// Stop a job, or drop a draft.
///
/// What was done stays done and can be undone; what was not started is cancelled.
#[utoipa::path(post, path = "/jobs/{job}/cancel", operation_id = "cancel_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 200, description = "Stopping, or stopped.", body = Job),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn cancel(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    job.cancel().await?;
    as_it_stands(&api, &job, StatusCode::OK).await
}

/// Discard a draft.
///
/// Nothing of it was touched, and nothing will be. Asked again, it still is discarded. A job that was
/// confirmed is no draft any more: cancel that.
#[utoipa::path(delete, path = "/jobs/{job}", operation_id = "discard_draft", tag = "jobs",
    params(("job" = JobId, Path, description = "The draft's id.")), responses(
        (status = 204, description = "Discarded."),
        OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn discard(job: OwnedBy<JobId>) -> Result<StatusCode, Refusal> {
    job.discard().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draft a job that tries again what failed in this one.
///
/// It starts as a draft like any other. Asked again while that draft is open, it is the same one. What is left as it is is no
/// part of it.
#[utoipa::path(post, path = "/jobs/{job}/retry", operation_id = "retry_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id."), How), responses(
        (status = 201, description = "The child job.", body = Job, headers(
            ("Location" = String, description = "The child job."),
        )),
        OfInput, OfDrafts, OfThings, OfResults, OfEveryone,
    ))]
async fn retry(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    Query(how): Query<How>,
) -> Result<Response, Refusal> {
    let child = job.retry(how.make_folder).await?;
    with_location(&api, &child, StatusCode::CREATED).await
}

/// How what failed is tried again.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct How {
    /// Make the folder that mails were to be moved into, where that is what was missing. Default: no.
    #[serde(default)]
    make_folder: bool,
}

/// Leave as they are the items that ended in one way for one reason.
///
/// No retry tries them again. Their outcomes, and all counts, stay what they are. Said twice it is said once.
#[utoipa::path(post, path = "/jobs/{job}/leave", operation_id = "leave_as_is", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")),
    request_body(content = LeaveAsIs, example = json!({ "outcome": "failed", "reason": "too_large" })),
    responses(
        (status = 200, description = "They are left as they are.", body = Job),
        OfBodies, OfPeople, OfThings, OfStates, OfEveryone,
    ))]
async fn leave(
    State(api): State<Api>,
    job: OwnedBy<JobId>,
    Json(which): Json<LeaveAsIs>,
) -> Result<Response, Refusal> {
    job.leave(which).await?;
    as_it_stands(&api, &job, StatusCode::OK).await
}

/// Draft a job that does what this one was stopped before.
///
/// It starts as a draft like any other. Asked again while that draft is open, it is the same one.
#[utoipa::path(post, path = "/jobs/{job}/rest", operation_id = "go_on_with_rest", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 201, description = "The child job.", body = Job, headers(
            ("Location" = String, description = "The child job."),
        )),
        OfDrafts, OfThings, OfResults, OfEveryone,
    ))]
async fn rest(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    let child = job.rest().await?;
    with_location(&api, &child, StatusCode::CREATED).await
}

/// Draft a job that takes back what this one did.
///
/// It starts as a draft whose preview says what can go back, what somebody changed since, and what
/// is gone. Asked again while that draft is open, it is the same one.
#[utoipa::path(post, path = "/jobs/{job}/undo", operation_id = "undo_job", tag = "jobs",
    params(("job" = JobId, Path, description = "The job's id.")), responses(
        (status = 201, description = "The child job.", body = Job, headers(
            ("Location" = String, description = "The child job."),
        )),
        OfPeople, OfThings, OfUndo, OfEveryone,
    ))]
async fn undo(State(api): State<Api>, job: OwnedBy<JobId>) -> Result<Response, Refusal> {
    let child = job.undo().await;
    let child = child.map_err(|refusal| refusal.instead_of(Code::WrongState, Code::NotUndoable))?;
    with_location(&api, &child, StatusCode::CREATED).await
}
