//! The token that lets an application in for an hour (RFC 6749, section 4.4).

use bulkhead_engine::ports::CallError;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::assertion::Signer;
use super::random::word;
use crate::imap::Reach;
use crate::web::{self, WebError};

/// A token that ends within this is not used any more.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(5);
const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Until the next try where Entra asks to wait and names no time.
const WAIT: SignedDuration = SignedDuration::from_secs(30);

/// The token of one application.
pub(super) struct Tokens {
    signer: Signer,
    client_id: String,
    endpoint: String,
    scope: String,
    reach: Reach,
    held: Mutex<Option<(String, Timestamp)>>,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    expires_in: i64,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Tokens {
    pub(super) fn new(
        signer: Signer,
        client_id: String,
        endpoint: String,
        scope: String,
        reach: Reach,
    ) -> Self {
        Self {
            signer,
            client_id,
            endpoint,
            scope,
            reach,
            held: Mutex::new(None),
        }
    }

    /// A token that should let in; another one than `refused`.
    pub(super) async fn good(&self, refused: Option<&str>) -> Result<String, CallError> {
        let mut held = self.held.lock().await;
        let now = Timestamp::now();
        if let Some((token, until)) = held.as_ref()
            && *until > now + RENEWED_BEFORE
            && Some(token.as_str()) != refused
        {
            return Ok(token.clone());
        }
        let assertion = self.signer.assertion(&self.endpoint, now, &word()?)?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("scope", self.scope.as_str()),
            ("client_assertion_type", KIND),
            ("client_assertion", assertion.as_str()),
        ];
        let given = read(web::post(&self.endpoint, self.reach, &form).await)?;
        let lasts = SignedDuration::from_secs(given.expires_in.clamp(0, 86_400));
        *held = Some((given.access_token.clone(), now + lasts));
        Ok(given.access_token)
    }
}

fn read(answer: Result<web::Answer, WebError>) -> Result<Given, CallError> {
    let answer = answer.map_err(|error| CallError::Unavailable(format!("Entra: {error}")))?;
    if answer.status == 200 {
        let given: Option<Given> = serde_json::from_slice(&answer.body).ok();
        let is_token = |given: &Given| {
            !given.access_token.is_empty()
                && given
                    .access_token
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic())
        };
        return given
            .filter(is_token)
            .ok_or_else(|| CallError::Unavailable("Entra's answer is not understood".to_owned()));
    }
    let refused: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    Err(match (answer.status, refused) {
        (429, _) => CallError::Throttled {
            until: Some(Timestamp::now() + WAIT),
        },
        (500.., _) => CallError::Unavailable("Entra cannot for now".to_owned()),
        (_, Some(refused)) if refused.error == "temporarily_unavailable" => {
            CallError::Unavailable("Entra cannot for now".to_owned())
        }
        // The application, its certificate or the organisation is not known.
        (_, Some(_)) => CallError::SignIn,
        (status, None) => CallError::Unavailable(format!("Entra answered {status}")),
    })
}
