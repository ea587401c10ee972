//! A request as a function sees it, and its answer as the caller sees it: payload format 2.0.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::message;
use crate::ACCOUNT;

/// The API's own name: what a function sees as the host, whatever the browser asked.
const HOST: &str = "bulkhead0.execute-api.eu-central-1.amazonaws.com";

/// A request that is let in.
pub(super) struct Asked<'a> {
    pub(super) route: &'a str,
    pub(super) head: &'a Parts,
    pub(super) body: &'a Bytes,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) claims: Option<Value>,
}

impl Asked<'_> {
    /// The event.
    pub(super) fn event(&self) -> Value {
        let uri = &self.head.uri;
        let query = uri.query().unwrap_or_default();
        let headers = self.headers();
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route,
            "rawPath": raw_path(uri.path()),
            "rawQueryString": query,
            "headers": headers,
            "requestContext": self.context(&headers),
            "isBase64Encoded": false,
        });
        if !query.is_empty() {
            event["queryStringParameters"] = parameters(query);
        }
        if !self.parameters.is_empty() {
            event["pathParameters"] = json!(self.parameters);
        }
        let cookies: Vec<&str> = values(&self.head.headers, &header::COOKIE)
            .flat_map(|value| value.split("; "))
            .collect();
        if !cookies.is_empty() {
            event["cookies"] = json!(cookies);
        }
        if !self.body.is_empty() {
            let text = std::str::from_utf8(self.body)
                .ok()
                .filter(|_| self.is_text());
            event["isBase64Encoded"] = json!(text.is_none());
            event["body"] = match text {
                Some(text) => json!(text),
                None => json!(STANDARD.encode(self.body)),
            };
        }
        event
    }

    /// Names in small letters, values of the same name put together; cookies are apart.
    fn headers(&self) -> BTreeMap<String, String> {
        let mut headers = BTreeMap::<String, String>::new();
        for name in self.head.headers.keys().filter(|it| **it != header::COOKIE) {
            let all: Vec<&str> = values(&self.head.headers, name).collect();
            headers.insert(name.as_str().to_owned(), all.join(","));
        }
        for (name, value) in [
            ("host", HOST),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-port", "443"),
            ("x-forwarded-proto", "https"),
            (
                "x-amzn-trace-id",
                "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
            ),
        ] {
            headers.insert(name.to_owned(), value.to_owned());
        }
        headers
    }

    fn context(&self, headers: &BTreeMap<String, String>) -> Value {
        let now = Timestamp::now();
        let mut context = json!({
            "accountId": ACCOUNT,
            "apiId": "bulkhead0",
            "domainName": HOST,
            "domainPrefix": "bulkhead0",
            "http": {
                "method": self.head.method.as_str(),
                "path": raw_path(self.head.uri.path()),
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent").cloned().unwrap_or_default(),
            },
            "requestId": format!("{:016x}=", rand::random::<u64>()),
            "routeKey": self.route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        });
        if let Some(claims) = &self.claims {
            context["authorizer"] = json!({"jwt": {"claims": claims, "scopes": null}});
        }
        context
    }

    /// What is text goes as it is; anything else in Base64.
    fn is_text(&self) -> bool {
        let kind = values(&self.head.headers, &header::CONTENT_TYPE).next();
        let kind = kind.and_then(|it| it.split(';').next()).unwrap_or_default();
        let texts = [
            "application/json",
            "application/xml",
            "application/javascript",
        ];
        kind.starts_with("text/") || texts.contains(&kind) || kind.ends_with("+json")
    }
}

/// Decoded, and cut at what then looks like a query: that is how HTTP APIs pass it on.
fn raw_path(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    decoded.split('?').next().unwrap_or_default().to_owned()
}

/// Parameters of the same name are put together.
fn parameters(query: &str) -> Value {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        all.entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    let joined = all
        .into_iter()
        .map(|(name, all)| (name, json!(all.join(","))));
    Value::Object(joined.collect::<Map<_, _>>())
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(name).into_iter();
    all.filter_map(|value| value.to_str().ok())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// What the caller gets for a function's answer.
pub(super) fn response(answer: &[u8]) -> Response {
    try_response(answer)
        .unwrap_or_else(|| message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"))
}

fn try_response(answer: &[u8]) -> Option<Response> {
    let whole: Value = serde_json::from_slice(answer).ok()?;
    if whole.get("statusCode").is_none() {
        // Anything else that is JSON is taken for a body.
        let mut response = Response::new(Body::from(whole.to_string()));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        return Some(response);
    }
    let answer: Answer = serde_json::from_value(whole).ok()?;
    let text = answer.body.unwrap_or_default();
    let body = if answer.is_base64_encoded {
        STANDARD.decode(text).ok()?
    } else {
        text.into_bytes()
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code).ok()?;
    for (name, value) in &answer.headers {
        let name: HeaderName = name.parse().ok()?;
        if name != header::CONTENT_LENGTH {
            response.headers_mut().append(name, value.parse().ok()?);
        }
    }
    for cookie in &answer.cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.parse().ok()?);
    }
    let id = HeaderValue::from_str(&format!("{:016x}=", rand::random::<u64>())).ok()?;
    response.headers_mut().insert("apigw-requestid", id);
    Some(response)
}
