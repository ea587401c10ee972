//! What becomes of a mail that a server refused: for good, for now, or until so long.

use bulkhead_engine::letters::{Refused, reason};
use bulkhead_engine::ports::{CallError, Delivery};
use jiff::{SignedDuration, Timestamp};

use super::answer::Answer;

/// How long a server that greylists is waited for where it names no time: what postgrey asks for.
const GREYLISTED: SignedDuration = SignedDuration::from_mins(5);
/// How long is waited after the mails of a day are used up, before it is asked again.
const DAY_IS_FULL: SignedDuration = SignedDuration::from_hours(1);
/// Times that a server names are believed up to this.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// What came of a mail.
pub(super) enum Sent {
    /// This.
    Delivery(Delivery),
    /// Nothing, and no other mail would fare better now.
    Call(CallError),
}

/// What becomes of a mail with this refusal.
pub(super) fn judge(refused: Refused, answer: &Answer) -> Sent {
    let words = answer.text.to_lowercase();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    if answer.code == 421 {
        return throttled(wait(&words));
    }
    if matches!(answer.code, 530 | 534 | 535) {
        return Sent::Call(CallError::SignIn);
    }
    if answer.enhanced() == Some((5, 4, 5)) || has(&DAY) {
        return throttled(Some(wait(&words).unwrap_or(DAY_IS_FULL)));
    }
    if answer.is_passing() {
        return if has(&["greylist", "graylist", "grey-list", "gray-list"]) {
            Sent::Delivery(Delivery::Deferred(wait(&words).unwrap_or(GREYLISTED)))
        } else if has(&TOO_FAST) {
            throttled(wait(&words))
        } else {
            Sent::Delivery(Delivery::Unavailable)
        };
    }
    let reason = reason(refused, answer.code, answer.enhanced(), &words);
    Sent::Delivery(Delivery::Refused(reason))
}

/// What says that the mails of a day are used up.
const DAY: [&str; 4] = [
    "daily user sending",
    "daily sending quota",
    "daily message limit",
    "sendlimit",
];
/// What says that mails come too fast.
const TOO_FAST: [&str; 8] = [
    "rate limit",
    "ratelimit",
    "rate-limit",
    "too many messages",
    "too fast",
    "throttl",
    "thread limit",
    "too many connections",
];

fn throttled(wait: Option<SignedDuration>) -> Sent {
    Sent::Call(CallError::Throttled {
        until: wait.map(|wait| Timestamp::now() + wait),
    })
}

/// How long a server asks to wait, by its words: “in 300 seconds”, “5 minutes”.
fn wait(words: &str) -> Option<SignedDuration> {
    let mut before = "";
    for word in words.split(|c: char| !c.is_alphanumeric()) {
        let unit = match word {
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "min" | "mins" | "minute" | "minutes" => 60,
            "hour" | "hours" => 3_600,
            _ => 0,
        };
        if unit > 0
            && let Ok(number) = before.parse::<i64>()
        {
            let wait = SignedDuration::from_secs(number.saturating_mul(unit));
            return (wait <= WAIT_MOST).then_some(wait);
        }
        if !word.is_empty() {
            before = word;
        }
    }
    None
}
