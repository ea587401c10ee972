//! What every request gets: an id, a span in the log that carries it, and the last touches of its
//! answer. Problems get their body here, because only here the id is known.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bulkhead_shared::problem::Problem;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::Api;

/// Names the request in the log and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The media type of problems (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Runs the request in its span and finishes the answer.
pub(crate) async fn frame(State(api): State<Api>, request: Request, next: Next) -> Response {
    let id = format!("{:032x}", api.ports.random.bits());
    // The route as it was declared: a path that was asked for may hold anything.
    let route = request.extensions().get::<MatchedPath>();
    let span = tracing::info_span!(
        "request",
        request.id = %id,
        http.method = %request.method(),
        http.route = route.map_or("", MatchedPath::as_str),
    );
    async move {
        let response = finish(next.run(request).await, &id);
        tracing::debug!(http.status = response.status().as_u16(), "Answered.");
        response
    }
    .instrument(span)
    .await
}

fn finish(mut response: Response, id: &str) -> Response {
    if let Some(mut problem) = response.extensions_mut().remove::<Box<Problem>>() {
        problem.request_id = Some(id.to_owned());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        *response.body_mut() = Body::from(body);
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Answers are about a person's mail: nothing in between keeps them unless a route says so.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
