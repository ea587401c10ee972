//! A browser trades the token of its sign-in address for a cookie, and gives it back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bulkhead_shared::api::SignIn;
use bulkhead_shared::problem::Code;
use http::header::{LOCATION, REFERRER_POLICY, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Api;
use crate::auth::SESSION_COOKIE;
use crate::extract::Query;
use crate::openapi::{OfEveryone, OfInput, OfSignIn};
use crate::problem::Refusal;
use crate::route::{Route, route};

/// Below the API's path.
pub(crate) fn routes() -> Vec<Route> {
    vec![route!(describe)]
}

/// Pages of their own, for a browser.
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

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Brought {
    /// The token from the address that the server printed.
    token: String,
}

/// Signs a browser in.
///
/// Answers with a cookie that scripts on the page cannot read, and leads to the app.
#[utoipa::path(get, path = "/sign-in", tag = "sign-in", params(Brought), responses(
    (status = 303, description = "Signed in; on to the app.", headers(
        ("Location" = String, description = "The app."),
        ("Set-Cookie" = String, description = "The session: HttpOnly, SameSite=Strict."),
    )),
    OfInput, OfSignIn, OfEveryone,
), security(()))]
async fn sign_in(
    State(api): State<Api>,
    Query(asked): Query<Brought>,
) -> Result<Response, Refusal> {
    let cookie = api
        .identity
        .session(&asked.token)
        .and_then(|session| cookie(&session, ""));
    let cookie = cookie.ok_or_else(|| {
        Refusal::new(Code::Unauthenticated)
            .detail("This sign-in address is not valid. Use the one the server printed.")
    })?;
    let headers = [
        (LOCATION, HeaderValue::from_static("/")),
        (SET_COOKIE, cookie),
        // The address holds the token: no page that is visited next may learn it.
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Signs a browser out: its cookie is taken back.
#[utoipa::path(post, path = "/sign-out", tag = "sign-in", responses(
    (status = 204, description = "Signed out.", headers(
        ("Set-Cookie" = String, description = "The session, emptied."),
    )),
    OfEveryone,
), security(()))]
async fn sign_out() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie("", "; Max-Age=0") {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

fn cookie(session: &str, more: &str) -> Option<HeaderValue> {
    let text = format!("{SESSION_COOKIE}={session}; HttpOnly; SameSite=Strict; Path=/{more}");
    HeaderValue::from_str(&text).ok()
}
