//! Serves the API behind API Gateway: one request is one invocation.

use std::convert::Infallible;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use bulkhead_shared::api::BASE;
use bulkhead_shared::problem::{Code, Problem};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::FutureExt;
use jiff::Timestamp;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER,
    VARY,
};
use lambda_http::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use lambda_http::request::LambdaRequest;
use lambda_http::tower::{Service, ServiceExt};
use lambda_http::{Adapter, Body, RequestExt, service_fn};
use lambda_runtime::{Context, LambdaEvent};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use tokio::time::timeout;
use tracing::Instrument;

pub use bulkhead_api::{Api, FunctionRole, Hosts};

use crate::frame;
use crate::metrics::{self, Metrics};

/// An answer may have 6 MB when it leaves the function (Lambda quotas, "Invocation payload"), and what is
/// not text grows by a third on its way into JSON. Files that may be larger are handed out by address.
const ANSWER_BYTES: usize = 4 << 20;
/// An answer of more than [`ANSWER_BYTES`] is packed for whoever takes it so; as much of one is held.
const UNPACKED_BYTES: usize = 64 << 20;
/// Seconds after which what took too long may be asked for again.
const RETRY_SECONDS: u64 = 5;

/// Before the function's own end, when an answer that is late is given up for a problem: time for that to
/// be written and sent. Whoever waited for a mail server loses the place by itself.
const SPARE: Duration = Duration::from_millis(1_500);

/// Serves the routes of this API until AWS ends the process. Before each answer goes out, and the process may be
/// frozen, `rest` is called.
pub async fn serve(
    function: &'static str,
    api: Api,
    metrics: Arc<Metrics>,
    rest: impl Fn() + Clone + Send + Sync + 'static,
) -> Result<(), lambda_runtime::Error> {
    let router = bulkhead_api::router(api);
    let handler = service_fn(move |request: lambda_http::Request| {
        let (router, metrics, rest) = (router.clone(), metrics.clone(), rest.clone());
        let span = request
            .lambda_context_ref()
            .map_or_else(tracing::Span::none, |context| {
                frame::span(function, context)
            });
        async move { Ok::<_, Infallible>(answer(router, &metrics, &rest, request).await) }
            .instrument(span)
    });
    let adapter = Adapter::from(handler);
    let service = service_fn(move |event: LambdaEvent<Value>| {
        let mut adapter = adapter.clone();
        async move {
            let request = frame::read(event.payload)?;
            let request = readable(LambdaEvent::new(request, event.context));
            let Ok(response) = adapter.call(request).await;
            Ok::<_, lambda_runtime::Error>(response)
        }
    });
    lambda_runtime::Runtime::new(service).run().await
}

/// What may stand in a query beside letters and digits (RFC 3986, section 3.4) stays as it is; the rest
/// is escaped. API Gateway hands a query over as it was sent, and the adapter panics where it is none.
fn readable(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    const NO_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        let query = request.raw_query_string.take();
        request.raw_query_string =
            query.map(|query| utf8_percent_encode(&query, NO_QUERY).to_string());
    }
    event
}

/// Answers a request. Whatever happens there is an answer, and it is an API's.
async fn answer(
    router: Router,
    metrics: &Metrics,
    rest: &impl Fn(),
    request: Request<Body>,
) -> Response<Body> {
    let begun = Instant::now();
    let route = route(request.uri().path());
    let is_safe = request.method().is_safe();
    let left = request.lambda_context_ref().map(time_left);
    let packs = takes_gzip(request.headers());
    let answering = async {
        // A panic ends this request and nothing else. Its text stays here: it may quote what was sent.
        let answered = AssertUnwindSafe(router.oneshot(request))
            .catch_unwind()
            .await;
        match answered {
            Ok(Ok(response)) => whole(response, packs).await,
            Ok(Err(never)) => match never {},
            Err(_) => problem(&Problem::new(Code::Internal)),
        }
    };
    let answer = match left {
        None => answering.await,
        Some(left) => timeout(left, answering)
            .await
            .unwrap_or_else(|_| late(is_safe)),
    };
    rest();
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    metrics.note(metrics::REQUEST_DURATION, took, &[route]);
    answer
}

/// What is left for an answer.
fn time_left(context: &Context) -> Duration {
    let left = frame::deadline(context).duration_since(Timestamp::now());
    Duration::try_from(left)
        .unwrap_or_default()
        .saturating_sub(SPARE)
}

/// Instead of an answer that did not come in time.
fn late(is_safe: bool) -> Response<Body> {
    tracing::warn!("An answer took too long.");
    let mut late = Problem::new(Code::Unavailable).detail(if is_safe {
        "The answer took too long; the mail server may be slow. Try again."
    } else {
        "The answer took too long; the mail server may be slow. It may be done or not: look before you ask \
         again."
    });
    late.retry_after = is_safe.then_some(RETRY_SECONDS);
    problem(&late)
}

/// Whether whoever asks takes an answer that is packed (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    let mut codings = named.flat_map(|value| value.split(','));
    codings.any(|coding| match coding.split_once(';') {
        Some((name, quality)) => name.trim() == "gzip" && quality.replace(' ', "") != "q=0",
        None => coding.trim() == "gzip",
    })
}

/// Reads the answer to its end: here a broken one can still become a problem. One that is too large to be sent
/// as it is, a workbook's rows, is packed.
async fn whole(response: Response<axum::body::Body>, packs: bool) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let is_packed = parts.headers.contains_key(CONTENT_ENCODING);
    let packs = packs && !is_packed;
    let most = if packs { UNPACKED_BYTES } else { ANSWER_BYTES };
    let Ok(bytes) = to_bytes(body, most).await else {
        tracing::error!("An answer broke off, or is too large to be sent.");
        return problem(&Problem::new(Code::Internal));
    };
    if bytes.len() <= ANSWER_BYTES {
        return Response::from_parts(parts, Body::from(bytes.to_vec()));
    }
    match packed(&bytes) {
        Ok(packed) if packed.len() <= ANSWER_BYTES => {
            let headers = &mut parts.headers;
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            headers.append(VARY, HeaderValue::from_static("accept-encoding"));
            headers.remove(CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(packed))
        }
        _ => {
            tracing::error!("An answer is too large to be sent, packed too.");
            problem(&Problem::new(Code::TooLarge).detail(
                "The answer is larger than can be sent at once. Ask for less; divide the file.",
            ))
        }
    }
}

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn problem(problem: &Problem) -> Response<Body> {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The group of routes that a path belongs to: few, because each is a metric of its own.
fn route(path: &str) -> &'static str {
    let rest = path.strip_prefix(BASE).unwrap_or_default();
    match rest.split('/').nth(1) {
        Some("accounts") => "accounts",
        Some("jobs") => "jobs",
        Some("audit") => "audit",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::testing::Written;
    use axum::routing::get;
    use lambda_http::IntoResponse;
    use serde_json::json;
    use std::cell::Cell;
    use std::io::Read;

    /// An event as API Gateway's HTTP API sends it (payload format 2.0).
    fn event(method: &str, path: &str, query: &str, body: Option<(&str, bool)>) -> Value {
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": { "host": "api.example.com", "content-type": "application/json" },
            "requestContext": {
                "accountId": "123456789012", "apiId": "a", "domainName": "api.example.com",
                "http": {
                    "method": method, "path": path, "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1", "userAgent": "test"
                },
                "requestId": "r", "routeKey": "$default", "stage": "$default",
                "time": "12/Mar/2026:19:03:58 +0000", "timeEpoch": 1_773_342_238_000u64
            },
            "body": body.map(|(text, _)| text),
            "isBase64Encoded": body.is_some_and(|(_, encoded)| encoded),
        })
    }

    fn router() -> Router {
        Router::new()
            .route(
                "/api/v1/jobs",
                get(|| async { ([(CONTENT_TYPE, "application/json")], "[]") }),
            )
            .route(
                "/api/v1/accounts/{id}",
                get(|| async { ([(CONTENT_TYPE, "application/zip")], [0u8, 159, 146, 150]) }),
            )
            .route(
                "/api/v1/audit",
                get(|| async { "x".repeat(ANSWER_BYTES + 1) }),
            )
            .route(
                "/api/v1/boom",
                get(|| async { panic!("the subject of a mail") as &str }),
            )
            .route(
                "/api/v1/mute",
                get(std::future::pending::<&str>).post(std::future::pending::<&str>),
            )
            .route(
                "/echo",
                axum::routing::post(|uri: axum::http::Uri, body: String| async move {
                    format!("{} {body}", uri.query().unwrap_or_default())
                }),
            )
    }

    async fn ask(written: &Written, event: Value) -> Response<Body> {
        let event = serde_json::from_value(event).unwrap();
        let event = readable(LambdaEvent::new(event, Context::default()));
        let request = event.payload.into();
        let rested = Cell::new(0);
        let rest = || rested.set(rested.get() + 1);
        let answer = answer(router(), &written.metrics("test"), &rest, request).await;
        // However it was answered: also by a panic.
        assert_eq!(rested.get(), 1);
        answer.into_response().await
    }

    #[tokio::test]
    async fn text_stays_text_and_bytes_become_base64() {
        let written = Written::default();
        let text = ask(&written, event("GET", "/api/v1/jobs", "", None)).await;
        assert!(matches!(text.body(), Body::Text(text) if text == "[]"));
        let bytes = ask(&written, event("GET", "/api/v1/accounts/1", "", None)).await;
        assert!(matches!(bytes.body(), Body::Binary(bytes) if *bytes == [0, 159, 146, 150]));
    }

    #[tokio::test]
    async fn bodies_and_queries_arrive_as_they_were_sent() {
        let written = Written::default();
        for body in [("{\"a\": 1}", false), ("eyJhIjogMX0=", true)] {
            let echo = event("POST", "/echo", "q=a%20b&q=c", Some(body));
            let answer = ask(&written, echo).await;
            let expected = "q=a%20b&q=c {\"a\": 1}";
            assert!(matches!(answer.body(), Body::Text(text) if text == expected));
        }
    }

    /// API Gateway hands the path over decoded.
    #[tokio::test]
    async fn odd_paths_and_queries_break_nothing() {
        let written = Written::default();
        for id in [
            "a b", "a\u{0}b", "ä", "100%", "a\"<b>", "\\", "//", "a?b=c d", "a#b", "[::1]",
        ] {
            let answer = ask(
                &written,
                event("GET", &format!("/api/v1/nothing/{id}"), "", None),
            )
            .await;
            assert_eq!(answer.status(), 404, "{id}");
        }
        for query in ["q=a b", "q=\"<>#", "%zz=%ff", "q=ä\u{1}", "&&=?", "{}|\\^`"] {
            let answer = ask(&written, event("GET", "/api/v1/jobs", query, None)).await;
            assert_eq!(answer.status(), 200, "{query}");
        }
    }

    #[tokio::test]
    async fn a_panic_or_an_answer_that_is_too_large_is_a_problem_without_its_text() {
        let written = Written::default();
        for path in ["/api/v1/boom", "/api/v1/audit"] {
            let answer = ask(&written, event("GET", path, "", None)).await;
            assert_eq!(answer.status(), 500, "{path}");
            let Body::Text(body) = answer.body() else {
                panic!("no text");
            };
            let problem: Problem = serde_json::from_str(body).unwrap();
            assert_eq!(problem.code, Code::Internal);
            assert!(!body.contains("subject"));
        }
        assert_eq!(written.count(metrics::REQUEST_DURATION), 2);
    }

    #[tokio::test]
    async fn an_answer_that_is_too_large_as_it_is_goes_out_packed_to_whoever_takes_it() {
        let written = Written::default();
        let get = |accepted: &str| {
            let mut event = event("GET", "/api/v1/audit", "", None);
            event["headers"]["accept-encoding"] = accepted.into();
            event
        };
        for refuses in ["br", "gzip;q=0", ""] {
            let answer = ask(&written, get(refuses)).await;
            assert_eq!(answer.status(), 500, "{refuses}");
        }
        for takes in ["gzip", "br, gzip;q=0.8", "deflate,gzip"] {
            let answer = ask(&written, get(takes)).await;
            assert_eq!(answer.headers()["content-encoding"], "gzip", "{takes}");
            let Body::Binary(bytes) = answer.body() else {
                panic!("no bytes");
            };
            let mut text = String::new();
            let mut reader = flate2::read::GzDecoder::new(bytes.as_slice());
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text.len(), ANSWER_BYTES + 1);
        }
        let small = {
            let mut event = event("GET", "/api/v1/jobs", "", None);
            event["headers"]["accept-encoding"] = "gzip".into();
            event
        };
        let answer = ask(&written, small).await;
        assert!(matches!(answer.body(), Body::Text(text) if text == "[]"));
    }

    #[tokio::test]
    async fn an_answer_that_is_late_is_a_problem_before_the_function_ends() {
        let written = Written::default();
        for (method, cure) in [("GET", "Try again"), ("POST", "look before you ask again")] {
            let event = serde_json::from_value(event(method, "/api/v1/mute", "", None)).unwrap();
            let event = readable(LambdaEvent::new(event, Context::default()));
            let ends = Timestamp::now() + SPARE + Duration::from_millis(200);
            let mut context = Context::default();
            context.deadline = u64::try_from(ends.as_millisecond()).unwrap();
            let request = Request::from(event.payload).with_lambda_context(context);
            let rested = Cell::new(false);
            let rest = || rested.set(true);
            let answer = answer(router(), &written.metrics("test"), &rest, request).await;
            assert!(rested.get());
            assert_eq!(answer.status(), 503);
            let retry = answer.headers().contains_key("retry-after");
            assert_eq!(retry, method == "GET");
            let problem: Problem = serde_json::from_slice(answer.body().as_ref()).unwrap();
            assert!(problem.detail.unwrap().contains(cure));
        }
    }

    #[tokio::test]
    async fn requests_are_timed_by_group_of_routes() {
        let written = Written::default();
        let long = "/api/v1/jobs/job_0123/items";
        for path in [
            "/api/v1/jobs",
            long,
            "/api/v1/accounts/x",
            "/api/v1/audit",
            "/favicon.ico",
            "/",
        ] {
            ask(&written, event("GET", path, "", None)).await;
        }
        let lines = written.lines();
        let routes: Vec<&str> = lines
            .iter()
            .map(|line| line["Route"].as_str().unwrap())
            .collect();
        assert_eq!(
            routes,
            ["jobs", "jobs", "accounts", "audit", "other", "other"]
        );
        assert!(
            !written.text().contains("job_0123"),
            "ids would be metrics of their own"
        );
    }
}
