//! What comes back from a hosted sign-in: is it the answer to what this tab asked, and which one?

use serde::{Deserialize, Serialize};

use crate::words;

/// One attempt to sign in, kept by the tab while the person is away at the sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Comes back with the answer: an answer to somebody else's request does not carry it.
    pub state: String,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Proves at the exchange that the code was asked for here (PKCE, RFC 7636).
    pub verifier: String,
    /// Path and query of where the person was.
    pub back_to: String,
}

/// What the address of the callback carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Callback {
    /// To be exchanged for tokens.
    pub code: Option<String>,
    /// As it was sent.
    pub state: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Why signing in came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The sign-in let the person not in.
    Denied,
    /// The answer is none to what this tab asked.
    Mismatch,
    /// The sign-in refused the app's request.
    Refused,
    /// The sign-in cannot be reached.
    Unreachable,
    /// The browser keeps its cryptography for pages that came over HTTPS.
    Insecure,
    /// The browser keeps neither cookies nor anything else for this page.
    NotKept,
    /// The printed address was used before, is too old, or was printed by another start of the server.
    UsedUp,
}

impl Failure {
    /// What happened, in a short sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Denied => words::callback_denied(),
            Self::Mismatch => words::callback_mismatch(),
            Self::Refused => words::callback_refused(),
            Self::Unreachable => words::problem_note_sign_in_down(),
            Self::Insecure => words::callback_insecure(),
            Self::NotKept => words::callback_not_kept(),
            Self::UsedUp => words::callback_used_up(),
        }
    }

    /// What helps.
    pub fn cure(self) -> &'static str {
        match self {
            Self::Denied => words::callback_denied_cure(),
            Self::Mismatch => words::callback_mismatch_cure(),
            Self::Refused => words::callback_refused_cure(),
            Self::Unreachable => words::callback_unreachable_cure(),
            Self::Insecure => words::callback_insecure_cure(),
            Self::NotKept => words::callback_not_kept_cure(),
            Self::UsedUp => words::callback_used_up_cure(),
        }
    }
}

/// The code and the attempt it belongs to, or why there is none.
pub fn answer(callback: Callback, attempt: Option<Attempt>) -> Result<(String, Attempt), Failure> {
    // First whose answer it is: what was not asked for here may not even say that it failed.
    let attempt = attempt.ok_or(Failure::Mismatch)?;
    if callback.state.as_deref() != Some(attempt.state.as_str()) {
        return Err(Failure::Mismatch);
    }
    match (callback.code, callback.error.as_deref()) {
        (_, Some("access_denied")) => Err(Failure::Denied),
        (Some(code), None) => Ok((code, attempt)),
        _ => Err(Failure::Refused),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn attempt() -> Attempt {
        let text = str::to_owned;
        Attempt {
            state: text("ours"),
            nonce: text("nonce"),
            verifier: text("verifier"),
            back_to: text("/jobs?state=failed"),
        }
    }

    fn callback(code: Option<&str>, state: &str, error: Option<&str>) -> Callback {
        Callback {
            code: code.map(str::to_owned),
            state: Some(state.to_owned()),
            error: error.map(str::to_owned),
        }
    }

    #[test]
    fn takes_the_answer_to_its_own_question() {
        let (code, attempt) =
            answer(callback(Some("code"), "ours", None), Some(attempt())).unwrap();
        assert_eq!(
            (code.as_str(), attempt.back_to.as_str()),
            ("code", "/jobs?state=failed")
        );
    }

    #[test]
    fn takes_no_answer_to_another_question() {
        let foreign = callback(Some("code"), "theirs", None);
        assert_eq!(
            answer(foreign.clone(), Some(attempt())),
            Err(Failure::Mismatch)
        );
        assert_eq!(answer(foreign, None), Err(Failure::Mismatch));
        let stateless = Callback {
            code: Some("code".to_owned()),
            ..Callback::default()
        };
        assert_eq!(answer(stateless, Some(attempt())), Err(Failure::Mismatch));
        let denied_elsewhere = callback(None, "theirs", Some("access_denied"));
        assert_eq!(
            answer(denied_elsewhere, Some(attempt())),
            Err(Failure::Mismatch)
        );
    }

    #[test]
    fn tells_a_refusal_of_the_person_from_one_of_the_app() {
        let ask = |error| answer(callback(None, "ours", error), Some(attempt()));
        assert_eq!(ask(Some("access_denied")), Err(Failure::Denied));
        assert_eq!(ask(Some("invalid_scope")), Err(Failure::Refused));
        assert_eq!(ask(None), Err(Failure::Refused));
    }
}
