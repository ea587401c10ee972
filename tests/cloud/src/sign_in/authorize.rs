//! What a browser visits: authorize, the login page, the error page and logout.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, StatusCode};

use super::page;
use super::pool::{CLIENT, PASSWORD, Pool};

/// The cookie of a browser that signed in; as Cognito's it holds an hour.
const SESSION: &str = "cognito";

type Asked = HashMap<String, String>;

/// `GET /oauth2/authorize`: straight back with a code for who is signed in here, else to the page.
pub(super) async fn authorize(
    State(pool): State<Arc<Pool>>,
    Query(asked): Query<Asked>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check(&pool, &asked) {
        return *refused;
    }
    let known = cookie(&headers).and_then(|cookie| pool.sessions().remembered(&cookie));
    match known {
        Some(name) => back_with_code(&pool, &asked, &name),
        None => found(&format!("/login?{}", query.unwrap_or_default())),
    }
}

/// `GET /login`: the page.
pub(super) async fn login(State(pool): State<Arc<Pool>>, Query(asked): Query<Asked>) -> Response {
    if let Err(refused) = check(&pool, &asked) {
        return *refused;
    }
    Html(page::login(None)).into_response()
}

/// `POST /login`: name and password, with the request to authorize in the address.
pub(super) async fn enter(
    State(pool): State<Arc<Pool>>,
    Query(asked): Query<Asked>,
    body: String,
) -> Response {
    if let Err(refused) = check(&pool, &asked) {
        return *refused;
    }
    let form = form(&body);
    let name = form.get("username").map_or("", |name| name.trim());
    let name = name.split('@').next().unwrap_or_default();
    if name.is_empty() || form.get("password").map(String::as_str) != Some(PASSWORD) {
        let refused = page::login(Some("Incorrect username or password."));
        return Html(refused).into_response();
    }
    if pool.mood().denied.iter().any(|denied| denied == name) {
        return back_with_error(&asked, "access_denied", "User is not allowed to sign in");
    }
    let cookie = pool.sessions().remember(name);
    let mut response = back_with_code(&pool, &asked, name);
    let cookie = format!("{SESSION}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600");
    response
        .headers_mut()
        .insert(SET_COOKIE, cookie.parse().unwrap());
    response
}

/// `GET /error`: for what may not be sent back to the app.
pub(super) async fn error(Query(asked): Query<Asked>) -> Response {
    let what = asked.get("error").map_or("unknown", String::as_str);
    (StatusCode::BAD_REQUEST, Html(page::error(what))).into_response()
}

/// `GET /logout`: forgets the browser and goes to a place that the app registered.
pub(super) async fn logout(
    State(pool): State<Arc<Pool>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let wanted = asked.get("logout_uri").map_or("", String::as_str);
    let known = pool.mood().logouts.iter().any(|known| known == wanted);
    if asked.get("client_id").map(String::as_str) != Some(CLIENT) || !known {
        return found("/error?error=redirect_mismatch");
    }
    if let Some(cookie) = cookie(&headers) {
        pool.sessions().forget(&cookie);
    }
    let mut response = found(wanted);
    let gone = format!("{SESSION}=; Path=/; Max-Age=0");
    response
        .headers_mut()
        .insert(SET_COOKIE, gone.parse().unwrap());
    response
}

/// What is wrong with client or callback stays here; everything else goes back to the app.
fn check(pool: &Pool, asked: &Asked) -> Result<(), Box<Response>> {
    let value = |name: &str| asked.get(name).map_or("", String::as_str);
    let callback = value("redirect_uri");
    if value("client_id") != CLIENT {
        return Err(Box::new(found("/error?error=invalid_client")));
    }
    if !pool.mood().callbacks.iter().any(|known| known == callback) {
        return Err(Box::new(found("/error?error=redirect_mismatch")));
    }
    let wrong = match value("response_type") {
        "" => Some(("invalid_request", "response_type is required")),
        "code" => None,
        // The client is registered for the code flow alone.
        _ => Some(("unauthorized_client", "flow is not enabled for client")),
    };
    let method = value("code_challenge_method");
    let wrong = match (value("code_challenge"), method) {
        _ if wrong.is_some() => wrong,
        ("", "") => None,
        ("", _) => Some(("invalid_request", "code_challenge is required")),
        (_, "S256") => None,
        _ => Some(("invalid_request", "code_challenge_method must be S256")),
    };
    let scopes = value("scope").split_whitespace();
    let wrong = match wrong {
        None if scopes.clone().any(|scope| scope != "openid") => Some(("invalid_scope", "")),
        wrong => wrong,
    };
    match wrong {
        None => Ok(()),
        Some((error, why)) => Err(Box::new(back_with_error(asked, error, why))),
    }
}

fn back_with_code(pool: &Pool, asked: &Asked, name: &str) -> Response {
    let value = |name: &str| asked.get(name).map(String::as_str);
    let callback = value("redirect_uri").unwrap_or_default();
    let code = pool
        .sessions()
        .code(name, callback, value("nonce"), value("code_challenge"));
    back(asked, &[("code", &code)])
}

fn back_with_error(asked: &Asked, error: &str, description: &str) -> Response {
    let answer = [("error_description", description), ("error", error)];
    back(asked, &answer)
}

/// To the app's callback, with the state it sent.
fn back(asked: &Asked, answer: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(answer);
    if let Some(state) = asked.get("state") {
        query.append_pair("state", state);
    }
    let callback = asked.get("redirect_uri").map_or("", String::as_str);
    found(&format!("{callback}?{}", query.finish()))
}

fn found(to: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, to)]).into_response()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    let pairs = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(name, _)| *name == SESSION);
    ours.next().map(|(_, value)| value.to_owned())
}

/// The fields of a form.
pub(super) fn form(body: &str) -> Asked {
    form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}
