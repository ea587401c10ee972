//! What a refused sign-in means.

use bulkhead_engine::ports::CallError;
use imap_codec::imap_types::response::StatusKind;

use super::fault::{Fault, Refusal, from_now, name};
use super::session::End;
use super::talk;

/// Until the next try where a server has too many connections and names no time: long enough for a
/// session of another program to end, short for a job that waits.
const BUSY_WAIT: std::time::Duration = std::time::Duration::from_secs(5);

/// What a refused sign-in means; none if it was not refused. Of the password speak only the codes
/// that say so, and a refusal without any words about connections, tries or the moment.
pub(super) fn refused(end: &End) -> Option<CallError> {
    let refusal = end.refusal()?;
    let code = name(end.code.as_ref());
    Some(match code.as_str() {
        "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" => CallError::SignIn,
        "PRIVACYREQUIRED" => no_password_here(),
        "LIMIT" | "INUSE" => busy(&end.text),
        _ if matches!(refusal, Refusal::Throttled(_)) || talk::is_of_connections(&end.text) => {
            busy(&end.text)
        }
        // It is meant to be read, and says what a person can do.
        "ALERT" => CallError::Unavailable(format!("it says “{}”", end.text)),
        "CONTACTADMIN" => CallError::Unavailable("it asks to contact its administrator".to_owned()),
        _ if refusal == Refusal::Passing => refusal.as_call(),
        _ if end.kind == StatusKind::Bad => Fault::Senseless.into(),
        _ => CallError::SignIn,
    })
}

/// The server takes no more connections for now.
pub(super) fn busy(text: &str) -> CallError {
    CallError::Throttled {
        until: Some(from_now(talk::wait(text).unwrap_or(BUSY_WAIT))),
    }
}

pub(super) fn no_password_here() -> CallError {
    CallError::Unsupported(
        "This mail server takes no password on this kind of connection; it may take a consent (OAuth)."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::answer::{self, Answer};

    fn meaning(line: &str) -> Option<CallError> {
        match answer::read(line.as_bytes(), "b2") {
            Ok(Answer::End(end)) => refused(&end),
            _ => None,
        }
    }

    #[test]
    fn p7_only_what_speaks_of_the_password_is_about_the_password() {
        for line in [
            "b2 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n",
            "b2 NO [AUTHENTICATIONFAILED] Too many attempts\r\n",
            "b2 NO [AUTHORIZATIONFAILED] Not for you\r\n",
            "b2 NO [EXPIRED] Password expired\r\n",
            "b2 NO LOGIN failed.\r\n",
            "b2 NO\r\n",
            "b2 NO Benutzer oder Kennwort falsch, schade\r\n",
        ] {
            assert!(matches!(meaning(line), Some(CallError::SignIn)), "{line}");
        }
        for line in [
            "b2 NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
            "b2 NO [LIMIT] LOGIN Rate limit hit.\r\n",
            "b2 NO [INUSE] busy\r\n",
            "b2 NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded\r\n",
            "b2 NO Maximum number of connections reached\r\n",
            "b2 NO Too many tries\r\n",
            "b2 BAD Request is throttled. Suggested Backoff Time: 3000 milliseconds\r\n",
        ] {
            assert!(
                matches!(meaning(line), Some(CallError::Throttled { until: Some(_) })),
                "{line}"
            );
        }
        for line in [
            "b2 NO [UNAVAILABLE] Temporary authentication failure\r\n",
            "b2 NO [SERVERBUG] Oops\r\n",
            "b2 NO [ALERT] Look at our page\r\n",
            "b2 NO [CONTACTADMIN] Blocked\r\n",
            "b2 NO Please try again later\r\n",
            "b2 BAD Unknown command\r\n",
        ] {
            assert!(
                matches!(meaning(line), Some(CallError::Unavailable(_))),
                "{line}"
            );
        }
        assert!(meaning("b2 OK signed in\r\n").is_none());
    }
}
