//! What can go wrong on the wire, and what a server's refusal means for us.

use std::time::Duration;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;
use imap_codec::imap_types::response::{Code, StatusKind};
use jiff::{SignedDuration, Timestamp};

use super::broken::why;
use super::talk;

/// The session cannot go on. Never says more than what happened: no names, no text (invariant 10).
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The name leads nowhere.
    #[error("there is no server of this name, or it cannot be looked up now")]
    NoSuchHost,
    /// The connection broke.
    #[error("the connection broke: {}", why(.0))]
    Io(#[from] std::io::Error),
    /// The server was silent, or slow, for too long.
    #[error("the server does not answer")]
    Silent,
    /// The server hung up.
    #[error("the server closed the connection")]
    Closed,
    /// The server sends something that is no IMAP, or not what was asked for.
    #[error("the server's answer makes no sense")]
    Senseless,
    /// The server agreed before it was asked completely: to something else than we meant.
    #[error(
        "the server answered before it was asked completely; it may not know text of this kind"
    )]
    Early,
    /// The server sends more than any honest answer holds.
    #[error("the server's answer is too large; a narrower search, in one folder or time, may help")]
    TooMuch,
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
    /// Too fast; how long to wait, if the server said.
    Throttled(Option<Duration>),
    /// No search in this character set.
    Charset,
    /// The command or the search is not known there.
    NotUnderstood,
}

impl Refusal {
    /// Reads the response code (RFC 5530 and extensions), and where there is none that says it, the
    /// server's words.
    pub(super) fn of(kind: StatusKind, code: Option<&Code<'_>>, text: &str) -> Self {
        let throttled = Self::Throttled(talk::wait(text));
        match name(code).as_str() {
            "TRYCREATE" | "NONEXISTENT" => Self::NoFolder,
            // Gmail says so of a day's traffic.
            "OVERQUOTA" if talk::is_too_much(text) => throttled,
            "OVERQUOTA" => Self::Final(ItemReason::OverQuota),
            "NOPERM" | "READ-ONLY" | "PRIVACYREQUIRED" => Self::Final(ItemReason::Forbidden),
            "TOOBIG" => Self::Final(ItemReason::TooLarge),
            "CANNOT" | "ALREADYEXISTS" => Self::Final(ItemReason::Refused),
            "UNAVAILABLE" | "INUSE" | "SERVERBUG" | "CORRUPTION" if talk::is_too_much(text) => {
                throttled
            }
            "UNAVAILABLE" | "INUSE" | "SERVERBUG" | "CORRUPTION" => Self::Passing,
            "EXPUNGEISSUED" => Self::SomeGone,
            // RFC 5530, section 3: also of how many keywords there may be.
            "LIMIT" if is_of_flags(text) => Self::Final(ItemReason::Refused),
            "LIMIT" | "THROTTLED" => throttled,
            "BADCHARSET" => Self::Charset,
            // Cyrus has no code for either.
            _ if has(text, "over quota") => Self::Final(ItemReason::OverQuota),
            _ if has(text, "permission denied") => Self::Final(ItemReason::Forbidden),
            _ if talk::is_too_much(text) => throttled,
            _ if talk::is_for_now(text) => Self::Passing,
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
            Self::Throttled(wait) => CallError::Throttled {
                until: wait.map(from_now),
            },
            Self::Charset => CallError::Unsupported(
                "This mail server searches only for text in plain ASCII.".to_owned(),
            ),
            Self::NotUnderstood => CallError::Refused(ItemReason::Refused),
        }
    }
}

/// The time so long from now.
pub(super) fn from_now(wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A response code's name.
pub(super) fn name(code: Option<&Code<'_>>) -> String {
    match code {
        Some(Code::OverQuota) => "OVERQUOTA".to_owned(),
        Some(Code::TooBig) => "TOOBIG".to_owned(),
        Some(Code::TryCreate) => "TRYCREATE".to_owned(),
        Some(Code::ReadOnly) => "READ-ONLY".to_owned(),
        Some(Code::Alert) => "ALERT".to_owned(),
        Some(Code::BadCharset { .. }) => "BADCHARSET".to_owned(),
        Some(Code::Other(other)) => String::from_utf8_lossy(other.inner())
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase(),
        _ => String::new(),
    }
}

fn has(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(words)
}

fn is_of_flags(text: &str) -> bool {
    let text = text.to_lowercase();
    ["flag", "keyword", "label"]
        .iter()
        .any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use imap_codec::imap_types::response::CodeOther;

    fn refusal(kind: StatusKind, code: &str, text: &str) -> Refusal {
        let code = Code::Other(CodeOther::unvalidated(code.as_bytes().to_vec()));
        Refusal::of(kind, Some(&code), text)
    }

    #[test]
    fn throttling_is_known_with_and_without_a_code_and_a_time() {
        let words = "Request is throttled. Suggested Backoff Time: 3000 milliseconds";
        let three = Refusal::Throttled(Some(Duration::from_secs(3)));
        for kind in [StatusKind::No, StatusKind::Bad] {
            assert_eq!(Refusal::of(kind, None, words), three);
            assert_eq!(
                Refusal::of(kind, None, "Request is throttled."),
                Refusal::Throttled(None)
            );
            assert_eq!(refusal(kind, "THROTTLED", ""), Refusal::Throttled(None));
            assert_eq!(refusal(kind, "UNAVAILABLE", words), three);
        }
        let gmail = "Account exceeded command or bandwidth limits. (Failure)";
        assert_eq!(
            Refusal::of(StatusKind::No, Some(&Code::OverQuota), gmail),
            Refusal::Throttled(None)
        );
    }

    #[test]
    fn gone_for_good_and_for_now_are_three_things() {
        let no = |code: &str, text: &str| refusal(StatusKind::No, code, text);
        assert_eq!(no("NONEXISTENT", ""), Refusal::NoFolder);
        for code in ["INUSE", "UNAVAILABLE", "SERVERBUG"] {
            assert_eq!(no(code, ""), Refusal::Passing);
        }
        assert_eq!(no("X", "Please try again later"), Refusal::Passing);
        assert_eq!(no("NOPERM", "later"), Refusal::Final(ItemReason::Forbidden));
        let cyrus = |text: &str| Refusal::of(StatusKind::No, None, text);
        assert_eq!(cyrus("Over quota"), Refusal::Final(ItemReason::OverQuota));
        let forbidden = Refusal::Final(ItemReason::Forbidden);
        assert_eq!(cyrus("Permission denied"), forbidden);
        let refused = Refusal::Final(ItemReason::Refused);
        assert_eq!(no("CANNOT", "Keyword length too long"), refused);
        assert_eq!(no("LIMIT", "Too many user flags in mailbox"), refused);
        assert_eq!(
            Refusal::of(StatusKind::No, None, "Too many user flags in mailbox"),
            refused
        );
        assert_eq!(
            Refusal::of(StatusKind::Bad, None, "Command Argument Error. 11"),
            Refusal::NotUnderstood
        );
    }
}
