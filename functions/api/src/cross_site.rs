//! Keeps other sites' pages from using a signed-in browser.
//!
//! The `Host` has to be one of ours, or a name that somebody points at this machine would make
//! his page the same origin (DNS rebinding). What changes something has to come from our own
//! page, if it comes from a page at all. Where no cookie means anything there is nothing to misuse.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bulkhead_shared::problem::Code;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName};

use crate::Api;
use crate::problem::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names a server answers to.
#[derive(Debug, Clone)]
pub enum Hosts {
    /// These, without a port ([`LOOPBACK`] on a laptop).
    Only(Arc<[String]>),
    /// Whatever leads here. Only for an identity that reads no cookies.
    Any,
}

/// Names under which a browser reaches this machine itself.
pub const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses what another site's page sends.
pub(crate) async fn refuse(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Hosts::Only(ours) = &api.hosts else {
        return next.run(request).await;
    };
    let Some(host) = host(&request).filter(|host| is_ours(host, ours)) else {
        return Refusal::new(Code::CrossSite)
            .detail("This server does not answer to that host name.")
            .into_response();
    };
    if !request.method().is_safe() && !is_from_here(request.headers(), &host) {
        return Refusal::new(Code::CrossSite).into_response();
    }
    next.run(request).await
}

/// The one host that was asked: the header, or with HTTP/2 the address itself.
fn host(request: &Request) -> Option<String> {
    let mut headers = request.headers().get_all(HOST).iter();
    let text = match (headers.next(), headers.next()) {
        (Some(host), None) => host.to_str().ok()?,
        (None, _) => request.uri().authority()?.as_str(),
        (Some(_), Some(_)) => return None,
    };
    Some(text.to_ascii_lowercase())
}

fn is_ours(host: &str, ours: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    ours.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

/// Browsers say where a request comes from; what is no browser says nothing and has no cookie to
/// misuse.
fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    let origin_fits = headers.get_all(ORIGIN).iter().all(|origin| {
        let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
        let place = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        place == Some(host)
    });
    let site_fits = headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .all(|site| site == "same-origin" || site == "none");
    origin_fits && site_fits
}
