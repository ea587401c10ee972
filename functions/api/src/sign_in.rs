//! A browser trades the code of its sign-in address for a session, and gives it back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bulkhead_shared::api::{BringCode, SessionKey, SignIn};
use bulkhead_shared::problem::Code;
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};

use crate::Api;
use crate::extract::Json;
use crate::openapi::{OfBodies, OfEveryone, OfSignIn};
use crate::problem::Refusal;
use crate::route::{Route, route};

/// Below the API's path.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(describe)]
}

/// Beside it: on AWS people sign in elsewhere.
pub(crate) fn pages() -> Vec<Route> {
    vec![route!(sign_in), route!(sign_out)]
}

/// How people sign in here.
///
/// Nobody has to be signed in to ask for it.
#[utoipa::path(get, path = "/sign-in", operation_id = "get_sign_in", tag = "sign-in", responses(
    (status = 200, description = "Where to go, and with what.", body = SignIn),
    OfEveryone,
), security(()))]
async fn describe(State(api): State<Api>) -> axum::Json<SignIn> {
    axum::Json(api.identity.sign_in())
}

/// Signs a browser in.
///
/// With the code of the address that the server printed, which is good once, or with the token itself.
/// Answers with a key that the app sends along, and a cookie that scripts on the page cannot read: only
/// both together let anybody in.
#[utoipa::path(post, path = "/sign-in", tag = "sign-in",
    request_body(content = BringCode, example = json!({"code": "5c0e…"})), responses(
        (status = 200, description = "Signed in.", body = SessionKey, headers(
            ("Set-Cookie" = String, description = "The session: HttpOnly, SameSite=Strict."),
        )),
        OfBodies, OfSignIn, OfEveryone,
    ), security(()))]
async fn sign_in(
    State(api): State<Api>,
    Json(brought): Json<BringCode>,
) -> Result<Response, Refusal> {
    let session = api.identity.session_for(brought.code.trim());
    let session = session.ok_or_else(|| {
        Refusal::new(Code::Unauthenticated).detail(
            "This sign-in address was used already, is too old, or is of another start. Paste the token \
             from the file “token” in the server’s data folder, or start the server again.",
        )
    })?;
    let cookie = cookie(&session.cookie_name, &session.cookie, "");
    let cookie = cookie.ok_or_else(Refusal::internal)?;
    let key = SessionKey { key: session.key };
    Ok(([(SET_COOKIE, cookie)], axum::Json(key)).into_response())
}

/// Signs a browser out: its cookie is taken back.
#[utoipa::path(post, path = "/sign-out", tag = "sign-in", responses(
    (status = 204, description = "Signed out.", headers(
        ("Set-Cookie" = String, description = "The session, emptied."),
    )),
    OfEveryone,
), security(()))]
async fn sign_out(State(api): State<Api>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let name = api.identity.session_name();
    if let Some(cookie) = name.and_then(|name| cookie(&name, "", "; Max-Age=0")) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

fn cookie(name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let text = format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/{more}");
    HeaderValue::from_str(&text).ok()
}
