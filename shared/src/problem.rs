//! Errors on the wire: RFC 9457 problems with a stable code.
//!
//! A code exists only where a client acts on it. What the person reads is in `title` and
//! `detail`; neither ever holds message text, addresses or secrets.

use serde::{Deserialize, Serialize};

use crate::words;

/// Why a value was refused: the field and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// The field, as a path in the request (`options.batch_size`).
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Invalid {
    /// A refusal of `field` with its reason.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// What went wrong, as a client sees it. Stored nowhere, but clients match on it: never rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Code {
    /// The request's form or a value in it is wrong; `field` names it.
    Invalid,
    /// No valid token.
    Unauthenticated,
    /// The request came from another site.
    CrossSite,
    /// It does not exist, or not for you.
    NotFound,
    /// The route exists, but not for this method.
    MethodNotAllowed,
    /// The job's state does not allow it.
    WrongState,
    /// The hash is not that of this draft.
    HashMismatch,
    /// What was previewed has changed; look again, then confirm with the drift's hash.
    Drifted,
    /// The idempotency key was used for another request.
    KeyReused,
    /// Undo is not possible (any more).
    NotUndoable,
    /// It was there, and its time has passed.
    Gone,
    /// The body or the list in it is too large.
    TooLarge,
    /// The body is not JSON.
    UnsupportedMediaType,
    /// Too many requests; `retry_after` says when.
    TooManyRequests,
    /// Too many jobs that have not ended; one of them has to end first.
    TooManyOpenJobs,
    /// The provider asks for a new sign-in.
    SignInNeeded,
    /// The provider cannot be reached or refuses for now; `retry_after` may say when.
    ProviderUnavailable,
    /// Our own store or queue cannot answer for now; `retry_after` says when to try again.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// The HTTP status that carries it.
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::WrongState | Self::HashMismatch | Self::Drifted | Self::NotUndoable => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::KeyReused => 422,
            Self::TooManyRequests | Self::TooManyOpenJobs => 429,
            Self::Internal => 500,
            Self::SignInNeeded => 424,
            Self::ProviderUnavailable | Self::Unavailable => 503,
        }
    }

    /// The title: one short sentence, the same each time.
    pub fn title(self) -> &'static str {
        match self {
            Self::Invalid => words::problem_invalid(),
            Self::Unauthenticated => words::problem_unauthenticated(),
            Self::CrossSite => words::problem_cross_site(),
            Self::NotFound => words::problem_not_found(),
            Self::MethodNotAllowed => words::problem_method_not_allowed(),
            Self::WrongState => words::problem_wrong_state(),
            Self::HashMismatch => words::problem_hash_mismatch(),
            Self::Drifted => words::problem_drifted(),
            Self::KeyReused => words::problem_key_reused(),
            Self::NotUndoable => words::problem_not_undoable(),
            Self::Gone => words::problem_gone(),
            Self::TooLarge => words::problem_too_large(),
            Self::UnsupportedMediaType => words::problem_unsupported_media_type(),
            Self::TooManyRequests => words::problem_too_many_requests(),
            Self::TooManyOpenJobs => words::problem_too_many_open_jobs(),
            Self::SignInNeeded => words::problem_sign_in_needed(),
            Self::ProviderUnavailable => words::problem_provider_unavailable(),
            Self::Unavailable => words::problem_unavailable(),
            Self::Internal => words::problem_internal(),
        }
    }
}

/// An RFC 9457 problem (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable address for the kind of problem: `urn:bulkhead:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One short sentence, the same for each problem of this kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable name for programs.
    pub code: Code,
    /// What happened this time, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub detail: Option<String>,
    /// The field that was refused, as a path in the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Seconds until it is worth trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// What changed since the preview (with `drifted`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<crate::api::Drift>,
    /// Names this request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of this kind without detail.
    pub fn new(code: Code) -> Self {
        let name = serde_json::to_value(code)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        Self {
            kind: format!("urn:bulkhead:problem:{name}"),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
            field: None,
            retry_after: None,
            drift: None,
            request_id: None,
        }
    }

    /// With what happened this time.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        let mut problem = Self::new(Code::Invalid).detail(invalid.message);
        problem.field = Some(invalid.field);
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_tell_problems_by_status_and_code_and_people_by_title() {
        for (code, name, status) in [
            (Code::Invalid, "invalid", 400),
            (Code::Unauthenticated, "unauthenticated", 401),
            (Code::NotFound, "not_found", 404),
            (Code::HashMismatch, "hash_mismatch", 409),
            (Code::Gone, "gone", 410),
            (Code::TooLarge, "too_large", 413),
            (Code::KeyReused, "key_reused", 422),
            (Code::TooManyRequests, "too_many_requests", 429),
            (Code::Internal, "internal", 500),
            (Code::Unavailable, "unavailable", 503),
        ] {
            let problem = Problem::new(code);
            assert_eq!(problem.kind, format!("urn:bulkhead:problem:{name}"));
            assert_eq!(problem.status, status, "{name}");
        }
        let title = Problem::new(Code::NotFound).title;
        assert_eq!(title, "There is no such thing here.");
    }
}
