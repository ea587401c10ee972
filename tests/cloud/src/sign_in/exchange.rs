//! What the app calls: tokens for a code or a refresh token, and the end of a refresh token.
//!
//! Any origin may read the answers: a browser's app lives at another address than the sign-in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::authorize::form;
use super::pool::{CLIENT, Pool};
use super::tokens;

/// `POST /oauth2/token`.
pub(super) async fn token(
    State(pool): State<Arc<Pool>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if !is_form(&headers) {
        return refused("invalid_request");
    }
    let form = form(&body);
    let value = |name: &str| form.get(name).map_or("", String::as_str);
    if value("client_id") != CLIENT {
        return refused("invalid_client");
    }
    let answered = match value("grant_type") {
        "authorization_code" => exchange(
            &pool,
            value("code"),
            value("redirect_uri"),
            value("code_verifier"),
        ),
        "refresh_token" => renew(&pool, value("refresh_token")),
        "" => Err("invalid_request"),
        _ => Err("unsupported_grant_type"),
    };
    match answered {
        Ok(tokens) => open(StatusCode::OK, Json(tokens)),
        Err(error) => refused(error),
    }
}

/// `POST /oauth2/revoke`.
pub(super) async fn revoke(State(pool): State<Arc<Pool>>, body: String) -> Response {
    let form = form(&body);
    let Some(token) = form.get("token") else {
        return refused("invalid_request");
    };
    if form.get("client_id").map(String::as_str) != Some(CLIENT) {
        return refused("invalid_client");
    }
    pool.sessions().revoke(token);
    open(StatusCode::OK, ())
}

fn exchange(
    pool: &Pool,
    code: &str,
    callback: &str,
    verifier: &str,
) -> Result<Value, &'static str> {
    let redeemed = pool.sessions().redeem(code, callback, verifier);
    let grant = redeemed.ok_or("invalid_grant")?;
    let mut answer = issued(pool, &grant.name, grant.nonce.as_deref());
    answer["refresh_token"] = json!(pool.sessions().begin(&grant.name));
    Ok(answer)
}

/// The answer names a refresh token only where the old one has been used up.
fn renew(pool: &Pool, token: &str) -> Result<Value, &'static str> {
    let mood = pool.mood().clone();
    if mood.refuses_refresh {
        return Err("invalid_grant");
    }
    let name = pool.sessions().renew(token).ok_or("invalid_grant")?;
    let mut answer = issued(pool, &name, None);
    if mood.rotates_refresh_tokens {
        pool.sessions().revoke(token);
        answer["refresh_token"] = json!(pool.sessions().begin(&name));
    }
    Ok(answer)
}

fn issued(pool: &Pool, name: &str, nonce: Option<&str>) -> Value {
    let access = tokens::access(pool, name);
    let identity = tokens::identity(pool, name, nonce);
    let mood = pool.mood().clone();
    json!({
        "access_token": pool.keys().sign_access(&access),
        "id_token": pool.keys().sign_identity(&identity),
        "token_type": "Bearer",
        "expires_in": mood.promised.unwrap_or(mood.lifetime).as_secs(),
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn refused(error: &str) -> Response {
    open(StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}

fn open(status: StatusCode, body: impl IntoResponse) -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}
