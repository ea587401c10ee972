//! A message's body: JSON with ids, readable in any console (invariant 10).

use bulkhead_engine::ports::Message;
use serde_json::error::Category;

/// A received body is none of ours. What it holds is not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body is no message of ours: {what} at column {column}")]
pub struct NotAMessage {
    what: &'static str,
    column: usize,
}

/// A message as it travels.
pub(super) fn of(message: &Message) -> String {
    // Ids and numbers: it cannot fail.
    serde_json::to_string(message).unwrap_or_default()
}

/// The work in a received body.
pub fn received(body: &str) -> Result<Message, NotAMessage> {
    serde_json::from_str(body).map_err(|error| NotAMessage {
        what: match error.classify() {
            Category::Data => "another form",
            Category::Eof => "cut off",
            Category::Io | Category::Syntax => "no JSON",
        },
        column: error.column(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;
    use bulkhead_engine::testing::queue::message;

    #[test]
    fn comes_back_as_it_was_in_a_form_that_never_changes() {
        let chunk = message(u32::MAX, Duration::ZERO).message;
        let plan = Message::Plan {
            job: chunk.job().unwrap().clone(),
        };
        let scan = Message::Scan {
            owner: "ann".parse().unwrap(),
            account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
        };
        let advise = Message::Advise {
            owner: "ann".parse().unwrap(),
            account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
        };
        let rule = Message::Rule {
            owner: "ann".parse().unwrap(),
            account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
        };
        let bounces = Message::Bounces {
            owner: "ann".parse().unwrap(),
            account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
        };
        let review = Message::Review {
            owner: "ann".parse().unwrap(),
            account: "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap(),
            job: chunk.job().unwrap().clone(),
        };
        for message in [&chunk, &plan, &scan, &advise, &rule, &bounces, &review] {
            assert_eq!(&received(&of(message)).unwrap(), message);
            // Ten of them are nowhere near the limit of a batch.
            assert!(of(message).len() < 200);
        }
        let job = chunk.job().unwrap();
        assert_eq!(of(&plan), format!(r#"{{"kind":"plan","job":"{job}"}}"#));
        let stored = format!(r#"{{"kind":"chunk","job":"{job}","chunk":4294967295}}"#);
        assert_eq!(of(&chunk), stored);
        let stored = r#"{"kind":"scan","owner":"ann","account":"acc_01m8ashh8qtpa6hnw7rvx9x8rq"}"#;
        assert_eq!(of(&scan), stored);
        let stored =
            r#"{"kind":"advise","owner":"ann","account":"acc_01m8ashh8qtpa6hnw7rvx9x8rq"}"#;
        assert_eq!(of(&advise), stored);
        let stored = r#"{"kind":"rule","owner":"ann","account":"acc_01m8ashh8qtpa6hnw7rvx9x8rq"}"#;
        assert_eq!(of(&rule), stored);
        let stored =
            r#"{"kind":"bounces","owner":"ann","account":"acc_01m8ashh8qtpa6hnw7rvx9x8rq"}"#;
        assert_eq!(of(&bounces), stored);
    }

    #[test]
    fn what_is_no_message_is_an_error_that_does_not_repeat_it() {
        let secret = r#"{"kind":"secret","job":"ann@example.org"}"#;
        for body in ["", "{", "ann", "[]", "{\"kind\":\"plan\"}", secret] {
            let error = received(body).unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(!told.contains("ann") && !told.contains("secret"), "{told}");
        }
    }
}
