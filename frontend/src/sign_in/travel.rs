//! To the sign-in and back.

use std::convert::Infallible;

use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::UrlSearchParams;

use super::exchange::{self, NoTokens, Tokens};
use super::tokens::{self, Identity};
use super::{CALLBACK, Hosted, SIGNED_OUT, kept, proof};
use crate::browser;
use crate::components::later::Doing;
use crate::state::callback::{Attempt, Callback, Failure, answer};

/// Leaves for the sign-in, to come back to where the person is now. It answers only if that cannot
/// be done.
pub async fn begin() -> Result<Infallible, Failure> {
    match beginning().await {
        Ok(beginning) => beginning.await,
        Err(_) => Err(Failure::Unreachable),
    }
}

#[wasm_split(hosted, fallible)]
fn beginning() -> Result<Doing<Result<Infallible, Failure>>, SplitLoaderError> {
    Ok(Box::pin(begin_here()))
}

async fn begin_here() -> Result<Infallible, Failure> {
    let hosted = tokens::hosted().ok_or(Failure::Refused)?;
    let text = || proof::random_text().ok_or(Failure::Insecure);
    let attempt = Attempt {
        state: text()?,
        nonce: text()?,
        verifier: text()?,
        back_to: here(),
    };
    let challenge = proof::challenge(&attempt.verifier).await;
    let challenge = challenge.ok_or(Failure::Insecure)?;
    let address = address(&hosted, &attempt, &challenge).ok_or(Failure::Insecure)?;
    if !kept::keep_attempt(&attempt) {
        return Err(Failure::NotKept);
    }
    // In place of this page: Back from the sign-in leads to what was before the app, not into a
    // page that leaves at once again.
    browser::go_instead(&address);
    std::future::pending().await
}

/// Comes back with a code and trades it for tokens. Answers where the person was.
pub async fn finish() -> Result<String, Failure> {
    match finishing().await {
        Ok(finishing) => finishing.await,
        Err(_) => Err(Failure::Unreachable),
    }
}

#[wasm_split(hosted, fallible)]
fn finishing() -> Result<Doing<Result<String, Failure>>, SplitLoaderError> {
    Ok(Box::pin(finish_here()))
}

async fn finish_here() -> Result<String, Failure> {
    let hosted = tokens::hosted().ok_or(Failure::Refused)?;
    let (code, attempt) = answer(brought_back(), kept::take_attempt())?;
    let callback = format!("{}{CALLBACK}", browser::origin());
    let tokens = exchange::redeem(&hosted, &code, &callback, &attempt.verifier);
    let tokens = tokens.await.map_err(|why| match why {
        NoTokens::Refused => Failure::Refused,
        NoTokens::Unreachable => Failure::Unreachable,
    })?;
    if !is_for(&hosted, &tokens, &attempt) {
        return Err(Failure::Mismatch);
    }
    tokens::hold(tokens);
    Ok(attempt.back_to)
}

/// The ID token says that the tokens are for this app and this attempt. It came from the sign-in
/// itself over TLS, which stands for its signature (OpenID Connect Core, section 3.1.3.7).
fn is_for(hosted: &Hosted, tokens: &Tokens, attempt: &Attempt) -> bool {
    let identity: Option<Identity> = tokens.id_token.as_deref().and_then(proof::claims);
    identity.is_some_and(|identity| {
        identity.aud == hosted.client && identity.nonce.as_deref() == Some(&attempt.nonce)
    })
}

fn address(hosted: &Hosted, attempt: &Attempt, challenge: &str) -> Option<String> {
    let query = UrlSearchParams::new().ok()?;
    query.append("response_type", "code");
    query.append("client_id", &hosted.client);
    query.append("redirect_uri", &format!("{}{CALLBACK}", browser::origin()));
    query.append("scope", &hosted.scope);
    query.append("state", &attempt.state);
    query.append("nonce", &attempt.nonce);
    query.append("code_challenge", challenge);
    query.append("code_challenge_method", "S256");
    Some(format!(
        "{}?{}",
        hosted.authorize,
        String::from(query.to_string())
    ))
}

/// What the address says that somebody came back with.
pub fn brought_back() -> Callback {
    let Ok(query) = UrlSearchParams::new_with_str(&browser::query()) else {
        return Callback::default();
    };
    Callback {
        code: query.get("code"),
        state: query.get("state"),
        error: query.get("error"),
    }
}

/// Where the person is, unless that is only a station of signing in or out.
fn here() -> String {
    match browser::path().as_str() {
        CALLBACK | SIGNED_OUT => "/".to_owned(),
        path => format!("{path}{}", browser::query()),
    }
}
