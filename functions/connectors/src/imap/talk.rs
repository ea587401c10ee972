//! What servers say in words and not in codes: that they are asked too much, or cannot for now, and how
//! long to wait. The words are those that Exchange, Gmail, Yahoo, Dovecot, Cyrus and others use.

use std::time::Duration;

/// The longest wait that a server's own words are taken for.
const WAIT_MOST: Duration = Duration::from_secs(60 * 60);

/// Whether it says that it was asked too much.
pub(super) fn is_too_much(text: &str) -> bool {
    const ALONE: [&str; 12] = [
        "throttl",
        "rate limit",
        "rate-limit",
        "rate exceeded",
        "backoff",
        "back off",
        "slow down",
        "too fast",
        "too frequent",
        "bandwidth",
        "simultaneous",
        "concurrent",
    ];
    // "Too many user flags in mailbox" is something else, and for good.
    const TOO_MANY: [&str; 9] = [
        "connection",
        "session",
        "login",
        "logon",
        "attempt",
        "tries",
        "request",
        "command",
        "operation",
    ];
    const MANY: [&str; 4] = ["too many", "maximum number of", "limit", "exceeded"];
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&ALONE) || has(&MANY) && has(&TOO_MANY)
}

/// Whether it says that it cannot for now.
pub(super) fn is_for_now(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "try again",
        "try later",
        "again later",
        "later",
        "busy",
        "temporar",
        "unavailable",
        "not available now",
        "overload",
        "in use",
        // Cyrus, of a folder that somebody else has open. An account that is locked is another matter.
        "mailbox is locked",
        "timed out",
        "system error",
        "internal error",
        // Exchange, of an account that it has let in and whose mailbox it does not reach.
        "authenticated but not connected",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a refused sign-in speaks of connections or tries, not of the password.
pub(super) fn is_of_connections(text: &str) -> bool {
    let text = text.to_lowercase();
    ["connection", "tries", "attempts", "sessions"]
        .iter()
        .any(|word| text.contains(word))
}

/// How long it asks to wait: "Suggested Backoff Time: 3000 milliseconds", "try again in 5 minutes".
pub(super) fn wait(text: &str) -> Option<Duration> {
    let text = text.to_lowercase();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let from = rest.get(at..)?;
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = from.split_at_checked(digits)?;
        let unit: String = after
            .trim_start()
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        let seconds = match unit.as_str() {
            "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 0.001,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3_600.0,
            _ => {
                rest = after;
                continue;
            }
        };
        let number: f64 = number.parse().ok()?;
        return Duration::try_from_secs_f64((number * seconds).min(WAIT_MOST.as_secs_f64())).ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_who_was_asked_too_much() {
        for text in [
            "Request is throttled. Suggested Backoff Time: 3000 milliseconds",
            "Too many simultaneous connections. (Failure)",
            "LOGIN Rate limit hit.",
            "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
            "Account exceeded command or bandwidth limits. (Failure)",
            "Too many login attempts",
        ] {
            assert!(is_too_much(text), "{text}");
        }
        for text in [
            "Too many user flags in mailbox",
            "Keyword length too long",
            "Quota exceeded (mailbox for user is full)",
            "Mailbox doesn't exist: Connections",
            "Permission denied",
            "",
        ] {
            assert!(!is_too_much(text), "{text}");
        }
    }

    #[test]
    fn reads_how_long() {
        let millis = |text: &str| wait(text).map(|wait| wait.as_millis());
        assert_eq!(
            millis("Suggested Backoff Time: 3000 milliseconds"),
            Some(3_000)
        );
        assert_eq!(millis("error 14: try again in 5 minutes."), Some(300_000));
        assert_eq!(millis("retry after 30s"), Some(30_000));
        assert_eq!(millis("wait 99999999999999999999 hours"), Some(3_600_000));
        assert_eq!(millis("Command Argument Error. 11"), None);
        assert_eq!(millis("wait"), None);
    }
}
