//! From what went wrong to the answer: the only place that picks a status.
//!
//! Everything a handler or extractor refuses becomes a [`Refusal`]. The body is written by
//! [`crate::request`], which knows the request's id. Faults of ours are logged here, once, without
//! content; what the caller did wrong is not logged.

use std::error::Error as _;

use axum::response::{IntoResponse, Response};
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{CallError, Ports, SealError, TableError};
use bulkhead_engine::records::pack::Unreadable;
use bulkhead_shared::job::{Event, Illegal};
use bulkhead_shared::problem::{Code, Invalid, Problem};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;

/// Seconds after which our own store or queue is worth another try.
const TRY_AGAIN_SECONDS: u64 = 2;
/// Seconds after which one of many open jobs may have ended.
const TOO_MANY_OPEN_SECONDS: u64 = 60;

/// Seconds after which one of many waiting requests may have been answered.
const WAITING_SECONDS: u64 = 1;

/// A request that is not answered as asked.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Problem>);

impl Refusal {
    /// A refusal with this code and no detail.
    pub(crate) fn new(code: Code) -> Self {
        Self(Box::new(Problem::new(code)))
    }

    /// It does not exist, or not for you: the same text for both (invariant 6).
    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// A fault of ours.
    pub(crate) fn internal() -> Self {
        Self::new(Code::Internal)
    }

    /// No account of this person has what the request is about; 422, because nothing is wrong with its form.
    pub(crate) fn not_connected(what: &str) -> Self {
        let mut problem = Problem::new(Code::Invalid).detail(what);
        problem.status = StatusCode::UNPROCESSABLE_ENTITY.as_u16();
        Self(Box::new(problem))
    }

    /// Something of ours cannot answer for now.
    pub(crate) fn unavailable() -> Self {
        Self::new(Code::Unavailable).retry_after(TRY_AGAIN_SECONDS)
    }

    /// With what happened this time, for a person.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Names the field.
    pub(crate) fn about(mut self, field: &str) -> Self {
        self.0.field = Some(field.to_owned());
        self
    }

    /// Names the field, if the refusal is about a value and does not name one yet.
    pub(crate) fn at(mut self, field: &str) -> Self {
        if self.0.code == Code::Invalid && self.0.field.is_none() {
            self.0.field = Some(field.to_owned());
        }
        self
    }

    /// Carries another code where the engine's word means something narrower here.
    pub(crate) fn instead_of(mut self, general: Code, narrow: Code) -> Self {
        if self.0.code == general {
            let detail = self.0.detail.take();
            *self.0 = Problem::new(narrow);
            self.0.detail = detail;
        }
        self
    }

    /// Seconds until it is worth trying again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self(Box::new(invalid.into()))
    }
}

/// What a handler needs to turn the engine's errors into refusals: the time, for waits.
pub(crate) trait OrRefuse<T> {
    /// The value, or the refusal that says why there is none.
    fn or_refuse(self, ports: &Ports) -> Result<T, Refusal>;
}

impl<T, E: Into<Error>> OrRefuse<T> for Result<T, E> {
    fn or_refuse(self, ports: &Ports) -> Result<T, Refusal> {
        self.map_err(|error| refuse(error.into(), ports.clock.now()))
    }
}

fn refuse(error: Error, now: Timestamp) -> Refusal {
    report(&error);
    match error {
        Error::NotFound => Refusal::not_found(),
        Error::Invalid(invalid) => invalid.into(),
        Error::WrongState(illegal) => Refusal::new(Code::WrongState).detail(in_words(&illegal)),
        Error::HashMismatch => Refusal::new(Code::HashMismatch)
            .detail("The hash is not that of this draft; look at its preview again."),
        Error::Drifted(drift) => {
            let mut problem = Problem::new(Code::Drifted)
                .detail("Look at what changed, then confirm with the drift's hash as drift_hash.");
            problem.drift = Some(*drift);
            Refusal(Box::new(problem))
        }
        Error::KeyReused => Refusal::new(Code::KeyReused),
        Error::NotPossible(why) => Refusal::new(Code::WrongState).detail(why),
        Error::TooManyOpen { most } => Refusal::new(Code::TooManyOpenJobs)
            .detail(format!(
                "{most} of your jobs are open already, or as many drafts; cancel, discard or wait for some."
            ))
            .retry_after(TOO_MANY_OPEN_SECONDS),
        Error::TooManyTries { most, until } => {
            let wait = seconds_until(until, now);
            let minutes = wait.div_ceil(60);
            Refusal::new(Code::TooManyRequests)
                .detail(format!(
                    "{most} connections may be tried in an hour; try again in {minutes} min."
                ))
                .retry_after(wait)
        }
        Error::TooManyWaiting { most } => Refusal::new(Code::TooManyRequests)
            .detail(format!(
                "{most} of your requests wait for a mail server already; this one was not begun."
            ))
            .retry_after(WAITING_SECONDS),
        Error::Gone => Refusal::new(Code::Gone),
        Error::Provider(call) => provider(call, now),
        Error::Table(TableError::Conflict | TableError::Unavailable(_))
        | Error::Queue(_)
        | Error::Parts(_)
        | Error::Ledger(_)
        | Error::Seal(SealError::Unavailable(_)) => Refusal::unavailable(),
        // The key that sealed them is another one now; connecting again seals them anew.
        Error::Seal(SealError::Broken) => Refusal::new(Code::SignInNeeded)
            .detail("The stored credentials can no longer be opened; connect the account again."),
        Error::Unreadable(Unreadable::Newer(_)) => Refusal::internal()
            .detail("A later version of Bulkhead stored this; this one cannot read it."),
        Error::Table(TableError::Refused(_))
        | Error::Unreadable(_)
        | Error::NotStorable(_)
        | Error::Record(_)
        | Error::Missing(_) => Refusal::internal(),
    }
}

fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    let wait = until.duration_since(now).as_secs();
    u64::try_from(wait).unwrap_or(0).max(1)
}

fn provider(error: CallError, now: Timestamp) -> Refusal {
    match error {
        CallError::Throttled { until } => {
            let wait = until.map_or(1, |until| seconds_until(until, now));
            Refusal::new(Code::ProviderUnavailable)
                .detail("The mail server asks to wait.")
                .retry_after(wait)
        }
        CallError::SignIn => Refusal::new(Code::SignInNeeded),
        CallError::Unavailable(why) => {
            Refusal::new(Code::ProviderUnavailable).detail(sentence(&why))
        }
        CallError::Unsupported(what) => Refusal::new(Code::Invalid).detail(what),
        CallError::Refused(reason) => Refusal::new(Code::ProviderUnavailable)
            .detail(format!("{} {}", reason.text(), reason.cure()).trim()),
    }
}

/// A reason as a sentence: "the answer was lost" becomes "The answer was lost."
fn sentence(reason: &str) -> String {
    let mut chars = reason.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let mut sentence: String = first.chain(chars).collect();
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

fn in_words(illegal: &Illegal) -> String {
    let verb = match illegal.event {
        Event::Frozen | Event::PlanFailed(_) => "planned",
        Event::Checking | Event::Unconfirmed(_) | Event::Confirmed => "confirmed",
        Event::Started => "started",
        Event::Paused(_) => "paused",
        Event::Resumed => "resumed",
        Event::Stopped(_) => "cancelled",
        Event::Finished { .. } => "finished",
        Event::Expired => "expired",
    };
    format!("The job is {}: it cannot be {verb}.", illegal.state.name())
}

/// Logs what is our fault, with causes only where these cannot hold content (invariant 10): a
/// stored record that cannot be read would be quoted by its parser.
fn report(error: &Error) {
    match error {
        Error::Table(TableError::Conflict | TableError::Unavailable(_))
        | Error::Queue(_)
        | Error::Ledger(_)
        | Error::Seal(SealError::Unavailable(_)) => {
            tracing::warn!(error = %error, cause = %innermost(error), "A request could not be answered for now.");
        }
        Error::Table(TableError::Refused(_)) | Error::Parts(_) => {
            tracing::error!(error = %error, cause = %innermost(error), "A request failed.");
        }
        Error::Seal(SealError::Broken)
        | Error::Unreadable(_)
        | Error::NotStorable(_)
        | Error::Record(_)
        | Error::Missing(_) => {
            tracing::error!(error = %error, "A request failed.");
        }
        Error::NotFound
        | Error::Invalid(_)
        | Error::WrongState(_)
        | Error::HashMismatch
        | Error::Drifted(_)
        | Error::KeyReused
        | Error::NotPossible(_)
        | Error::TooManyOpen { .. }
        | Error::TooManyTries { .. }
        | Error::TooManyWaiting { .. }
        | Error::Gone
        | Error::Provider(_) => {}
    }
}

fn innermost(error: &Error) -> String {
    let mut cause = error.source();
    while let Some(next) = cause.and_then(|cause| cause.source()) {
        cause = Some(next);
    }
    cause.map(ToString::to_string).unwrap_or_default()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::from_u16(self.0.status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.0.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.0.code == Code::Unauthenticated {
            let scheme = HeaderValue::from_static("Bearer realm=\"bulkhead\"");
            headers.insert(WWW_AUTHENTICATE, scheme);
        }
        response.extensions_mut().insert(self.0);
        response
    }
}
