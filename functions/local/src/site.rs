//! The browser app's files: types, caching, compression, and headers that keep it to itself.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// Nothing from elsewhere, nothing inline, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// For every answer that does not say otherwise.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A file whose name carries a hash of its content never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Everything else is asked for again each time, and answered with 304 if it is unchanged.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// Hexadecimal digits of the hash at the end of a file's stem.
const HASH_DIGITS: usize = 16;

/// Adds the app to the API's routes: what is no route of the API is a file or a page of the app.
pub(crate) fn with_app(api: Router, app: &Path) -> Router {
    // Compressed when the app was built, and better than it could be done for each visitor.
    let files = ServeDir::new(app).append_index_html_on_directories(false);
    let files = files.precompressed_br().precompressed_gzip();
    let page = ServeFile::new(app.join("index.html"));
    let app = tower::service_fn(move |request: Request| {
        let (files, page) = (files.clone(), page.clone());
        async move { Ok(answer(files, page, request).await) }
    });
    api.fallback_service(app)
        .layer(CompressionLayer::new())
        .layer(middleware::map_response(with_headers))
}

async fn answer(files: ServeDir, page: ServeFile, request: Request) -> Response {
    let is_page = is_page(request.method(), request.uri());
    let cache = if is_hashed(request.uri().path()) {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let answered = if is_page {
        page.oneshot(request).await.into_response()
    } else {
        files.oneshot(request).await.into_response()
    };
    let mut answered = match answered.status() {
        StatusCode::NOT_FOUND if is_page => not_built(),
        _ => answered,
    };
    if answered.status().is_success() || answered.status() == StatusCode::NOT_MODIFIED {
        answered.headers_mut().insert(header::CACHE_CONTROL, cache);
        let depends = HeaderValue::from_static("accept-encoding");
        answered.headers_mut().insert(header::VARY, depends);
    }
    answered
}

/// A path of the app, as it is in the address bar. The last part of a file's name has a dot; what
/// is missing below the API's path is no page either.
fn is_page(method: &Method, uri: &Uri) -> bool {
    let path = uri.path();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_read = method == Method::GET || method == Method::HEAD;
    is_read && !path.starts_with("/api/") && (!last.contains('.') || last == "index.html")
}

fn is_hashed(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == HASH_DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn not_built() -> Response {
    let text =
        "The server runs, but the browser app is not built. Start it with: cargo xtask dev\n";
    (StatusCode::NOT_FOUND, text).into_response()
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use std::fs;

    const HASHED: &str = "app-0123456789abcdef.js";

    fn site(app: &Path) -> Router {
        let own = HeaderValue::from_static("default-src 'self'");
        let api = Router::new().route(
            "/api/v1/docs",
            get(|| async { ([(header::CONTENT_SECURITY_POLICY, own)], "docs") }),
        );
        with_app(api, app)
    }

    fn built() -> tempfile::TempDir {
        let app = tempfile::tempdir().unwrap();
        fs::write(app.path().join("index.html"), "<!doctype html>page").unwrap();
        fs::write(app.path().join(HASHED), "let a = 1;".repeat(100)).unwrap();
        fs::write(app.path().join("x-0123456789abcdef.wasm"), "wasm").unwrap();
        app
    }

    async fn ask(app: &Path, request: axum::http::request::Builder) -> Response {
        let request = request.body(Body::empty()).unwrap();
        site(app).oneshot(request).await.unwrap()
    }

    async fn fetch(app: &Path, path: &str) -> Response {
        ask(app, Request::get(path)).await
    }

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        let value = response.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    async fn body(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn every_page_of_the_app_is_its_index() {
        let app = built();
        for path in [
            "/",
            "/index.html",
            "/jobs",
            "/jobs/arc_01/preview",
            "/?x=1.2",
        ] {
            let page = fetch(app.path(), path).await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert_eq!(header(&page, "cache-control"), "no-cache");
            assert!(header(&page, "content-type").starts_with("text/html"));
            assert_eq!(body(page).await, "<!doctype html>page");
        }
    }

    #[tokio::test]
    async fn a_missing_file_or_route_is_no_page() {
        let app = built();
        let outside = app.path().with_extension("txt");
        fs::write(&outside, "secret").unwrap();
        let outside = outside.file_name().unwrap().to_str().unwrap();
        for path in [
            "/app-ffffffffffffffff.js",
            "/api/v1/nothing",
            &format!("/../{outside}"),
            &format!("/%2e%2e/{outside}"),
        ] {
            let missing = fetch(app.path(), path).await;
            assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
            assert_ne!(body(missing).await, "<!doctype html>page");
        }
        fs::remove_file(app.path().with_extension("txt")).unwrap();
        let posted = ask(app.path(), Request::post("/")).await;
        assert!(posted.status().is_client_error());
    }

    #[tokio::test]
    async fn hashed_files_are_kept_for_ever_and_have_their_type() {
        let app = built();
        let script = fetch(app.path(), &format!("/{HASHED}")).await;
        assert!(header(&script, "cache-control").contains("immutable"));
        assert_eq!(header(&script, "content-type"), "text/javascript");
        let wasm = fetch(app.path(), "/x-0123456789abcdef.wasm").await;
        assert_eq!(header(&wasm, "content-type"), "application/wasm");
    }

    #[tokio::test]
    async fn compresses_for_who_can_read_it() {
        let app = built();
        let path = format!("/{HASHED}");
        let request = Request::get(&path).header("accept-encoding", "gzip");
        let small = ask(app.path(), request).await;
        assert_eq!(header(&small, "content-encoding"), "gzip");
        assert_eq!(
            header(&fetch(app.path(), &path).await, "content-encoding"),
            ""
        );
    }

    #[tokio::test]
    async fn sends_what_was_compressed_at_build_to_who_can_read_it() {
        let app = built();
        fs::write(app.path().join(format!("{HASHED}.br")), "brotli").unwrap();
        fs::write(app.path().join(format!("{HASHED}.gz")), "gzip").unwrap();
        let path = format!("/{HASHED}");
        for (accepted, sent) in [("gzip, br", "br"), ("gzip", "gzip")] {
            let request = Request::get(&path).header("accept-encoding", accepted);
            let small = ask(app.path(), request).await;
            assert_eq!(header(&small, "content-encoding"), sent);
            assert_eq!(header(&small, "content-type"), "text/javascript");
            assert_eq!(header(&small, "vary"), "accept-encoding");
            assert!(header(&small, "cache-control").contains("immutable"));
            assert_eq!(body(small).await, sent.replace("br", "brotli"));
        }
        let plain = fetch(app.path(), &path).await;
        assert_eq!(header(&plain, "content-encoding"), "");
    }

    #[tokio::test]
    async fn every_answer_carries_the_headers_and_a_route_may_say_otherwise() {
        let app = built();
        for path in ["/", "/nothing.js", "/api/v1/nothing", "/api/v1/docs"] {
            let response = fetch(app.path(), path).await;
            assert_eq!(header(&response, "x-content-type-options"), "nosniff");
            assert_eq!(header(&response, "referrer-policy"), "no-referrer");
            let policy = header(&response, "content-security-policy");
            let own = path == "/api/v1/docs";
            assert_eq!(policy == "default-src 'self'", own, "{path}");
            assert_eq!(policy == POLICY, !own, "{path}");
        }
    }

    #[tokio::test]
    async fn says_how_to_build_an_app_that_is_missing() {
        let empty = tempfile::tempdir().unwrap();
        let page = fetch(empty.path(), "/").await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        assert!(body(page).await.contains("cargo xtask dev"));
    }
}
