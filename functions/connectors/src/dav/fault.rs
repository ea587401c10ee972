//! What can go wrong with a request, and what it means to callers of the port.

use std::error::Error;
use std::io;

use bulkhead_engine::kinds::contact::{Effect, ItemState};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use tokio_rustls::rustls;

use crate::bounded_http::NotPermitted;

/// A request without the answer that was hoped for.
#[derive(Debug)]
pub(super) enum Fault {
    /// It never went out.
    NotSent(&'static str),
    /// It went out, and no whole answer came.
    Lost(&'static str),
    /// The answer is larger than it may be.
    TooLarge,
    /// An answer that says no.
    Status(Status),
    /// An answer that is not understood.
    Senseless(&'static str),
    /// Known as what callers hear of it.
    Call(CallError),
}

/// An answer that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    /// The status code.
    pub(super) code: u16,
    /// Until when to wait, if the server said.
    pub(super) until: Option<Timestamp>,
    /// The condition that was not met, by its element's name (RFC 4918, section 16).
    pub(super) condition: Option<String>,
}

impl Fault {
    /// What callers hear. `Unavailable` where a change may be done or not.
    pub(super) fn as_call(&self) -> CallError {
        match self {
            Self::NotSent(why) => CallError::Unavailable((*why).to_owned()),
            Self::Lost(why) => CallError::Unavailable(format!("the connection broke: {why}")),
            Self::TooLarge => CallError::Refused(ItemReason::TooLarge),
            Self::Senseless(what) => {
                CallError::Unavailable(format!("the server's answer is not understood: {what}"))
            }
            Self::Status(status) => status.as_call(),
            Self::Call(error) => copy(error),
        }
    }

    /// Whether the whole call is over: no further request would fare better.
    pub(super) fn ends_call(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::Call(_) => true,
            Self::Status(status) => matches!(status.code, 401 | 429 | 503),
            Self::Lost(_) | Self::TooLarge | Self::Senseless(_) => false,
        }
    }

    /// Whether the server does not know this kind of request.
    pub(super) fn is_unsupported(&self) -> bool {
        matches!(self, Self::Status(status) if matches!(status.code, 400 | 403 | 405 | 415 | 501))
    }

    /// Whether it is this status.
    pub(super) fn is_status(&self, codes: &[u16]) -> bool {
        matches!(self, Self::Status(status) if codes.contains(&status.code))
    }
}

impl Status {
    fn as_call(&self) -> CallError {
        match self.code {
            401 => CallError::SignIn,
            403 | 405 => CallError::Refused(ItemReason::Forbidden),
            404 | 410 => {
                CallError::Unsupported("There is no address book at this address.".to_owned())
            }
            429 => CallError::Throttled { until: self.until },
            503 if self.until.is_some() => CallError::Throttled { until: self.until },
            507 => CallError::Refused(ItemReason::OverQuota),
            300..=399 => CallError::Unsupported(
                "This server sends us on to somewhere we do not go.".to_owned(),
            ),
            code => CallError::Unavailable(format!("the server answered {code}")),
        }
    }

    /// What it means for one write from this state.
    pub(super) fn as_effect(&self, from: &ItemState) -> Effect {
        let is_new = from.state.is_none();
        let condition = self.condition.as_deref().unwrap_or_default();
        match (self.code, condition) {
            (403 | 409 | 413, "max-resource-size") | (413, _) => {
                Effect::Refused(ItemReason::TooLarge)
            }
            (403, "quota-not-exceeded") | (507, _) => Effect::Refused(ItemReason::OverQuota),
            (403 | 409, "valid-address-data" | "supported-address-data" | "no-uid-conflict")
            | (400 | 415 | 422 | 300..=399, _) => Effect::Refused(ItemReason::Refused),
            (403 | 405, _) => Effect::Refused(ItemReason::Forbidden),
            // The collection is not there (RFC 4918, section 9.7.1).
            (409, _) => Effect::Refused(ItemReason::NoSuchFolder),
            (404 | 410, _) if is_new => Effect::Refused(ItemReason::NoSuchFolder),
            (404 | 410, _) => Effect::Missing,
            (412, _) => Effect::Changed,
            (401 | 408 | 423 | 425 | 429 | 503, _) => Effect::Unavailable,
            (402 | 406 | 411 | 414 | 416..=421 | 424 | 426..=499, _) => {
                Effect::Refused(ItemReason::Refused)
            }
            // A server, or what stands before it, broke down: before the write or after it.
            _ => Effect::Unknown,
        }
    }
}

/// Why a request failed; names neither hosts nor addresses (invariant 10).
pub(super) fn of(error: &reqwest::Error) -> Fault {
    let why = why(error);
    if error.is_connect() || error.is_builder() {
        Fault::NotSent(why)
    } else {
        Fault::Lost(why)
    }
}

fn why(error: &reqwest::Error) -> &'static str {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<NotPermitted>().is_some() {
            return "this is not a place we go to";
        }
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return match error {
                rustls::Error::InvalidCertificate(_) => "its certificate is not trusted",
                _ => "encryption could not be set up",
            };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let inner = error.get_ref();
            if let Some(inner) = inner.filter(|inner| !inner.is::<io::Error>()) {
                next = Some(inner);
                continue;
            }
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return "nothing answers at this port",
                io::ErrorKind::TimedOut => return "it took too long",
                _ => {}
            }
        }
        next = error.source();
    }
    if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "there is no way to it from here"
    } else {
        "it was cut off"
    }
}

pub(super) fn copy(error: &CallError) -> CallError {
    match error {
        CallError::Throttled { until } => CallError::Throttled { until: *until },
        CallError::SignIn => CallError::SignIn,
        CallError::Unavailable(why) => CallError::Unavailable(why.clone()),
        CallError::Unsupported(why) => CallError::Unsupported(why.clone()),
        CallError::Refused(reason) => CallError::Refused(*reason),
    }
}
