//! Tokens that let in for an hour or so, renewed by a consent (RFC 6749, section 6).
//!
//! A token is renewed shortly before it ends, and when the mail server does not take it any more. One that
//! is new and is refused all the same means that the consent is not for this mailbox; a consent that is
//! refused itself has ended. Both are for the person to mend; a token that merely ended is not.

use std::sync::Arc;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{AccessToken, Consent, OAuth};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::{Mutex, MutexGuard};

use super::fault::from_now;
use super::reach::Reach;
use crate::web::{self, Answer, WebError};

/// A token that ends within this is renewed before it is used.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_secs(60);
/// How long a token is believed to last if nothing is said.
const LASTS: SignedDuration = SignedDuration::from_mins(30);
/// No token is believed to last longer.
const LASTS_MOST: SignedDuration = SignedDuration::from_hours(24);
/// Until the next try where the provider asks to wait.
const WAIT: std::time::Duration = std::time::Duration::from_secs(30);

/// The tokens of one account.
pub(super) struct Tokens {
    held: Arc<Mutex<OAuth>>,
    reach: Reach,
}

/// What a token endpoint answers.
#[derive(Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    expires_in: Option<i64>,
    /// The consent's new name, where it changes with each use.
    #[serde(default)]
    refresh_token: Option<String>,
}

impl Given {
    fn access(&self) -> AccessToken {
        let lasts = self.expires_in.map_or(LASTS, SignedDuration::from_secs);
        AccessToken {
            token: self.access_token.clone(),
            until: Timestamp::now() + lasts.clamp(SignedDuration::ZERO, LASTS_MOST),
        }
    }
}

/// How it refuses (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Tokens {
    pub(super) fn new(oauth: OAuth, reach: Reach) -> Self {
        Self {
            held: Arc::new(Mutex::new(oauth)),
            reach,
        }
    }

    /// A token that should let in. Another than `refused`, if that is the one that there is.
    pub(super) async fn good(&self, refused: Option<&str>) -> Result<String, CallError> {
        let held = Arc::clone(&self.held).lock_owned().await;
        let now = Timestamp::now();
        let lasts = |access: &&AccessToken| {
            access.until > now + RENEWED_BEFORE && Some(access.token.as_str()) != refused
        };
        if let Some(access) = held.access.as_ref().filter(lasts) {
            return Ok(access.token.clone());
        }
        // To its end, whoever goes away: what is handed out once must not be lost.
        let reach = self.reach;
        let renewing = tokio::spawn(async move {
            let mut held = held;
            renew(&mut held, reach).await
        });
        renewing
            .await
            .map_err(|_| CallError::Unavailable("no token was given out".to_owned()))?
    }

    /// What is held now.
    pub(super) fn now(&self) -> Option<OAuth> {
        let held: Option<MutexGuard<'_, OAuth>> = self.held.try_lock().ok();
        held.map(|held| held.clone())
    }
}

/// Trades the code of a consent that was just given for the consent itself and a first token (RFC 6749,
/// section 4.1.3).
pub(crate) async fn redeem(
    token_endpoint: &str,
    client_id: &str,
    client_secret: Option<&str>,
    consent: &Consent,
    reach: Reach,
) -> Result<OAuth, CallError> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", consent.code.as_str()),
        ("redirect_uri", consent.redirect_uri.as_str()),
        ("code_verifier", consent.verifier.as_str()),
        ("client_id", client_id),
    ];
    if let Some(secret) = client_secret {
        form.push(("client_secret", secret));
    }
    let given = read(web::post(token_endpoint, reach, &form).await)?;
    let access = given.access();
    let lasts = given.refresh_token.filter(|consent| !consent.is_empty());
    let refresh_token = lasts.ok_or_else(|| {
        CallError::Unsupported(
            "The consent ends within the hour: the provider gave nothing to renew it with."
                .to_owned(),
        )
    })?;
    Ok(OAuth {
        token_endpoint: token_endpoint.to_owned(),
        client_id: client_id.to_owned(),
        client_secret: client_secret.map(str::to_owned),
        refresh_token,
        access: Some(access),
    })
}

async fn renew(held: &mut OAuth, reach: Reach) -> Result<String, CallError> {
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", held.refresh_token.as_str()),
        ("client_id", held.client_id.as_str()),
    ];
    if let Some(secret) = &held.client_secret {
        form.push(("client_secret", secret));
    }
    let answer = web::post(&held.token_endpoint, reach, &form).await;
    let given = read(answer)?;
    held.access = Some(given.access());
    if let Some(consent) = given.refresh_token.filter(|consent| !consent.is_empty()) {
        held.refresh_token = consent;
    }
    Ok(given.access_token)
}

fn read(answer: Result<Answer, WebError>) -> Result<Given, CallError> {
    let answer = answer.map_err(|error| {
        match error {
        WebError::NotPermitted => CallError::Unsupported(
            "Tokens are not asked for there: the address begins with https:// and is on the public \
             internet."
                .to_owned(),
        ),
        other => CallError::Unavailable(format!("whoever gives out tokens: {other}")),
    }
    })?;
    if answer.status == 200 {
        let given: Option<Given> = serde_json::from_slice(&answer.body).ok();
        let is_token = |given: &Given| {
            !given.access_token.is_empty()
                && given.access_token.bytes().all(|c| c.is_ascii_graphic())
        };
        return given.filter(is_token).ok_or_else(senseless);
    }
    let refused: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    Err(match (answer.status, refused) {
        (429 | 503, _) => CallError::Throttled {
            until: Some(from_now(WAIT)),
        },
        (500.., _) => CallError::Unavailable("whoever gives out tokens cannot for now".to_owned()),
        (_, Some(refused)) => match refused.error.as_str() {
            "temporarily_unavailable" | "server_error" | "slow_down" => {
                CallError::Unavailable("whoever gives out tokens cannot for now".to_owned())
            }
            // The consent has ended, was taken back, or is not this program's.
            "invalid_grant"
            | "invalid_client"
            | "unauthorized_client"
            | "access_denied"
            | "interaction_required"
            | "consent_required"
            | "login_required" => CallError::SignIn,
            _ => senseless(),
        },
        (401 | 403, None) => CallError::SignIn,
        (_, None) => senseless(),
    })
}

fn senseless() -> CallError {
    CallError::Unavailable("the answer of whoever gives out tokens makes no sense".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(status: u16, body: &str) -> Result<String, CallError> {
        let body = body.as_bytes().to_vec();
        read(Ok(Answer { status, body })).map(|given| given.access_token)
    }

    #[test]
    fn only_what_speaks_of_the_consent_is_about_the_consent() {
        assert!(matches!(
            meaning(200, r#"{"access_token":"t","token_type":"Bearer"}"#),
            Ok(token) if token == "t"
        ));
        for (status, body) in [
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
            ),
            (401, r#"{"error":"invalid_client"}"#),
            (401, ""),
        ] {
            assert!(
                matches!(meaning(status, body), Err(CallError::SignIn)),
                "{body}"
            );
        }
        for (status, body) in [
            (200, ""),
            (200, r#"{"access_token":""}"#),
            (200, "{\"access_token\":\"a\\u0001b\"}"),
            (200, "<html>"),
            (302, ""),
            (404, "not found"),
            (400, r#"{"error":"temporarily_unavailable"}"#),
            (400, r#"{"error":"invalid_scope"}"#),
            (502, r#"{"error":"invalid_grant"}"#),
        ] {
            let answer = meaning(status, body);
            assert!(
                matches!(answer, Err(CallError::Unavailable(_))),
                "{status} {body}"
            );
        }
        assert!(matches!(
            meaning(429, ""),
            Err(CallError::Throttled { until: Some(_) })
        ));
    }
}
