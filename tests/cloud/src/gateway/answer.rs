//! Answers of the API's own.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that no function gave.
pub(super) fn message(status: StatusCode, text: &str) -> Response {
    let body = Body::from(json!({ "message": text }).to_string());
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
