//! To a mail provider's page on which a person gives a consent, and back (RFC 6749, section 4.1, with PKCE).

use std::convert::Infallible;

use bulkhead_shared::api::{Consent, ConsentOffer};
use serde::{Deserialize, Serialize};
use web_sys::UrlSearchParams;

use crate::state::callback::{Attempt, Failure, answer};
use crate::{browser, sign_in};

/// Where the browser comes back to with a code.
const CALLBACK: &str = "/consent";
const LEFT: &str = "bulkhead.consent";

/// What is known of the mailbox while the person is away.
#[derive(Serialize, Deserialize)]
struct Left {
    attempt: Attempt,
    address: String,
    name: Option<String>,
}

/// Leaves for the provider's page. It answers only if that cannot be done.
pub async fn begin(
    offer: ConsentOffer,
    address: String,
    name: Option<String>,
) -> Result<Infallible, Failure> {
    let text = || sign_in::random_text().ok_or(Failure::Insecure);
    let attempt = Attempt {
        state: text()?,
        // No ID token is asked for.
        nonce: String::new(),
        verifier: text()?,
        back_to: browser::path(),
    };
    let challenge = sign_in::challenge(&attempt.verifier).await;
    let challenge = challenge.ok_or(Failure::Insecure)?;
    let query = query(&offer, &attempt, &challenge, &address).ok_or(Failure::Insecure)?;
    let joint = if offer.authorize.contains('?') {
        '&'
    } else {
        '?'
    };
    let left = Left {
        attempt,
        address,
        name,
    };
    if !sign_in::keep(LEFT, &left) {
        return Err(Failure::NotKept);
    }
    browser::go_to(&format!("{}{joint}{query}", offer.authorize));
    std::future::pending().await
}

/// What the person came back with. The address is cleared of it in any case.
pub fn finish() -> Result<Consent, Failure> {
    let callback = sign_in::brought_back();
    browser::set_path(CALLBACK);
    let left: Left = sign_in::take(LEFT).ok_or(Failure::Mismatch)?;
    let (code, attempt) = answer(callback, Some(left.attempt))?;
    Ok(Consent {
        name: left.name,
        address: left.address,
        code,
        verifier: attempt.verifier,
        redirect_uri: redirect(),
    })
}

fn redirect() -> String {
    format!("{}{CALLBACK}", browser::origin())
}

fn query(
    offer: &ConsentOffer,
    attempt: &Attempt,
    challenge: &str,
    address: &str,
) -> Option<String> {
    let query = UrlSearchParams::new().ok()?;
    query.append("response_type", "code");
    query.append("client_id", &offer.client_id);
    query.append("redirect_uri", &redirect());
    query.append("scope", &offer.scope);
    query.append("state", &attempt.state);
    query.append("code_challenge", challenge);
    query.append("code_challenge_method", "S256");
    // Whose consent it is to be, where several are signed in (OpenID Connect Core, section 3.1.2.1).
    query.append("login_hint", address);
    Some(String::from(query.to_string()))
}
