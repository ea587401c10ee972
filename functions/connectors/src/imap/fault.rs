//! What can go wrong on the wire, and what a server's refusal means for us.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;
use imap_codec::imap_types::response::{Code, StatusKind};

use super::broken::why;

/// The session cannot go on. Never says more than what happened: no names, no text (invariant 10).
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The name leads nowhere.
    #[error("there is no server of this name, or it cannot be looked up now")]
    NoSuchHost,
    /// The connection broke.
    #[error("the connection broke: {}", why(.0))]
    Io(#[from] std::io::Error),
    /// The server was silent for too long.
    #[error("the server does not answer")]
    Silent,
    /// The server hung up.
    #[error("the server closed the connection")]
    Closed,
    /// The server sends more than any honest answer holds, or something that is no IMAP.
    #[error("the server's answer makes no sense")]
    Senseless,
    /// Whoever takes the bytes of an export cannot.
    #[error("the export cannot be kept")]
    Sink,
    /// Known before the session began, or told by the server.
    #[error("{0}")]
    Call(CallError),
}

impl From<Fault> for CallError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Call(error) => error,
            other => CallError::Unavailable(other.to_string()),
        }
    }
}

impl From<CallError> for Fault {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

/// Why a command was answered NO or BAD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The folder does not exist.
    NoFolder,
    /// For good.
    Final(ItemReason),
    /// For now.
    Passing,
    /// Some of the messages are gone; the others were told.
    SomeGone,
    /// Too fast.
    Throttled,
    /// No search in this character set.
    Charset,
    /// The command or the search is not known there.
    NotUnderstood,
}

impl Refusal {
    /// Reads the response code (RFC 5530 and extensions); without one it is a plain refusal.
    pub(super) fn of(kind: StatusKind, code: Option<&Code<'_>>) -> Self {
        let named = code.map(|code| match code {
            Code::OverQuota => "OVERQUOTA".to_owned(),
            Code::TooBig => "TOOBIG".to_owned(),
            Code::TryCreate => "TRYCREATE".to_owned(),
            Code::ReadOnly => "READ-ONLY".to_owned(),
            Code::BadCharset { .. } => "BADCHARSET".to_owned(),
            Code::Other(other) => String::from_utf8_lossy(other.inner())
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase(),
            _ => String::new(),
        });
        match named.as_deref().unwrap_or_default() {
            "TRYCREATE" | "NONEXISTENT" => Self::NoFolder,
            "OVERQUOTA" => Self::Final(ItemReason::OverQuota),
            "NOPERM" | "READ-ONLY" | "PRIVACYREQUIRED" => Self::Final(ItemReason::Forbidden),
            "TOOBIG" => Self::Final(ItemReason::TooLarge),
            "UNAVAILABLE" | "INUSE" | "SERVERBUG" | "CORRUPTION" => Self::Passing,
            "EXPUNGEISSUED" => Self::SomeGone,
            "LIMIT" | "THROTTLED" => Self::Throttled,
            "BADCHARSET" => Self::Charset,
            _ if kind == StatusKind::Bad => Self::NotUnderstood,
            _ => Self::Final(ItemReason::Refused),
        }
    }

    /// As the failure of a whole call in which nothing was changed.
    pub(super) fn as_call(self) -> CallError {
        match self {
            Self::NoFolder => CallError::Refused(ItemReason::NoSuchFolder),
            Self::Final(reason) => CallError::Refused(reason),
            Self::Passing | Self::SomeGone => {
                CallError::Unavailable("it asks to come back later".to_owned())
            }
            Self::Throttled => CallError::Throttled { until: None },
            Self::Charset => CallError::Unsupported(
                "This mail server searches only for text in plain ASCII.".to_owned(),
            ),
            Self::NotUnderstood => CallError::Refused(ItemReason::Refused),
        }
    }
}
