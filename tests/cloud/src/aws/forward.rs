//! Requests that moto answers, passed on as they are.

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri, request};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// What speaks to moto.
pub(super) type Client = legacy::Client<HttpConnector, Body>;

pub(super) fn client() -> Client {
    legacy::Client::builder(TokioExecutor::new()).build_http()
}

/// Asks the server at `base` the same and passes its answer on.
pub(super) async fn forward(
    client: &Client,
    base: &str,
    mut parts: request::Parts,
    body: Body,
) -> Response {
    let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let Ok(uri) = format!("{base}{path}").parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    parts.uri = uri;
    match client.request(Request::from_parts(parts, body)).await {
        Ok(response) => response.map(Body::new),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}
