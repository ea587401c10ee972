//! The calls to the sign-in itself: tokens for a code or a refresh token, and the end of one.

use gloo_net::http::Request;
use serde::Deserialize;
use web_sys::UrlSearchParams;

use super::Hosted;
use crate::json;

/// What the sign-in gives out.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    /// Seconds that the access token lives.
    pub(super) expires_in: f64,
    /// Where it renews: only if the one before is used up.
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: Option<String>,
}

/// Why there are no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTokens {
    /// The code or the refresh token is no longer good.
    Refused,
    /// No answer, or none that can be read.
    Unreachable,
}

/// Trades a code for tokens.
pub(super) async fn redeem(
    hosted: &Hosted,
    code: &str,
    callback: &str,
    verifier: &str,
) -> Result<Tokens, NoTokens> {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", callback),
        ("code_verifier", verifier),
    ];
    ask(hosted, &fields).await
}

/// Trades a refresh token for tokens.
pub(super) async fn renew(hosted: &Hosted, refresh: &str) -> Result<Tokens, NoTokens> {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    ask(hosted, &fields).await
}

/// Ends a refresh token and all that came from it. The browser sees to it while the page goes away;
/// nobody waits for the answer, because without it the token ends by itself in time.
pub(super) fn revoke(hosted: &Hosted, refresh: &str) {
    let form = form(hosted, &[("token", refresh)]);
    if let (Some(window), Some(form)) = (web_sys::window(), form) {
        let navigator = window.navigator();
        let _ = navigator.send_beacon_with_opt_url_search_params(&hosted.revoke(), Some(&form));
    }
}

async fn ask(hosted: &Hosted, fields: &[(&str, &str)]) -> Result<Tokens, NoTokens> {
    let form = form(hosted, fields).ok_or(NoTokens::Unreachable)?;
    let request = Request::post(&hosted.token)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(String::from(form.to_string()))
        .map_err(|_| NoTokens::Unreachable)?;
    let response = request.send().await.map_err(|_| NoTokens::Unreachable)?;
    match response.status() {
        200 => {
            let text = response.text().await.unwrap_or_default();
            json::read(&text).map_err(|_| NoTokens::Unreachable)
        }
        // RFC 6749, section 5.2: what is not good is answered with one of these two.
        400 | 401 => Err(NoTokens::Refused),
        _ => Err(NoTokens::Unreachable),
    }
}

fn form(hosted: &Hosted, fields: &[(&str, &str)]) -> Option<UrlSearchParams> {
    let form = UrlSearchParams::new().ok()?;
    form.append("client_id", &hosted.client);
    for (name, value) in fields {
        form.append(name, value);
    }
    Some(form)
}
