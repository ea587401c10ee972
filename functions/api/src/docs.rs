//! The contract for people: one page made from the OpenAPI document, without scripts, so that it
//! works under the strictest policy and in a text browser.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::openapi::{OfEveryone, document};
use crate::page::page;
use crate::route::{Route, route};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

static PAGE: LazyLock<String> = LazyLock::new(|| page(&document()));

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(serve), route!(style)]
}

/// This contract as a page for people.
#[utoipa::path(get, path = "/docs", operation_id = "docs", tag = "contract", responses(
    (status = 200, description = "The page.", body = String, content_type = "text/html"),
    OfEveryone,
), security(()))]
async fn serve() -> Response {
    answer("text/html; charset=utf-8", &PAGE)
}

/// The page's style sheet.
#[utoipa::path(get, path = "/docs.css", operation_id = "docs_style", tag = "contract", responses(
    (status = 200, description = "The style sheet.", body = String, content_type = "text/css"),
    OfEveryone,
), security(()))]
async fn style() -> Response {
    answer("text/css; charset=utf-8", include_str!("docs.css"))
}

fn answer(media_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
