//! Who is let in, and from where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bulkhead_api::{Api, LocalToken};
use bulkhead_shared::problem::Code;
use http::Request;
use http::request::Builder;

use crate::world::{Answer, World, nobody, send};

fn local(token: &str) -> (World, Router) {
    let world = World::new(1);
    let identity = Arc::new(LocalToken::new(token.to_owned()));
    let router = bulkhead_api::router(Api::local(world.stage.ports.clone(), identity));
    (world, router)
}

fn ask(router: &Router, request: Builder) -> Answer {
    send(router, request.body(Body::empty()).unwrap())
}

#[test]
fn the_token_lets_in_as_bearer_or_cookie_and_nothing_else_does() {
    let (_world, router) = local("right");
    let with =
        |name: &str, value: &str| ask(&router, nobody("GET", "/accounts").header(name, value));
    for (name, value) in [
        ("authorization", "Bearer right"),
        ("authorization", "bearer right"),
        ("cookie", "bulkhead_session=right"),
        ("cookie", "theme=dark; bulkhead_session=right; x=y"),
    ] {
        assert_eq!(with(name, value).status, 200, "{name}: {value}");
    }
    for (name, value) in [
        ("authorization", "Bearer wrong"),
        ("authorization", "Bearer righ"),
        ("authorization", "Bearer rightt"),
        ("authorization", "Bearer "),
        ("authorization", "Basic right"),
        ("authorization", "right"),
        ("cookie", "bulkhead_session=wrong"),
        ("cookie", "bulkhead_session="),
        ("cookie", "session=right"),
        ("x-token", "right"),
    ] {
        let answer = with(name, value);
        assert_eq!(
            answer.refused(),
            (Code::Unauthenticated, None),
            "{name}: {value}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer realm=\"bulkhead\"")
        );
    }
}

#[test]
fn an_empty_token_lets_nobody_in() {
    let (_world, router) = local("");
    for cookie in ["bulkhead_session=", "bulkhead_session"] {
        let answer = ask(&router, nobody("GET", "/accounts").header("cookie", cookie));
        assert_eq!(answer.refused().0, Code::Unauthenticated);
    }
    let answer = ask(&router, root("GET", "/sign-in?token="));
    assert_eq!(answer.refused().0, Code::Invalid);
}

fn root(method: &str, uri: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "localhost:4040")
}

#[test]
fn a_browser_signs_in_and_out() {
    let (_world, router) = local("right");
    let answer = ask(&router, root("GET", "/sign-in?token=right"));
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, Some("/"))
    );
    assert_eq!(
        answer.header("set-cookie"),
        Some("bulkhead_session=right; HttpOnly; SameSite=Strict; Path=/")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    for wrong in ["/sign-in?token=wrong", "/sign-in?token=righ"] {
        let answer = ask(&router, root("GET", wrong));
        assert_eq!(answer.refused().0, Code::Unauthenticated);
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    let answer = ask(&router, root("GET", "/sign-in"));
    assert_eq!(answer.refused(), (Code::Invalid, Some("token".to_owned())));

    let answer = ask(
        &router,
        root("POST", "/sign-out").header("cookie", "bulkhead_session=right"),
    );
    assert_eq!(answer.status, 204);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("bulkhead_session=; ") && cookie.ends_with("; Max-Age=0"));
    assert_eq!(
        ask(&router, root("GET", "/sign-out")).refused().0,
        Code::MethodNotAllowed
    );
}

#[test]
fn another_host_is_refused() {
    let (_world, router) = local("right");
    let from = |host: &str| {
        let request = Request::builder()
            .uri("/api/v1/accounts")
            .header("host", host);
        ask(&router, request.header("authorization", "Bearer right"))
    };
    for host in [
        "localhost",
        "localhost:4040",
        "LocalHost:1",
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]",
        "[::1]:4040",
    ] {
        assert_eq!(from(host).status, 200, "{host}");
    }
    for host in [
        "example.com",
        "example.com:4040",
        "localhost.example.com",
        "localhost.",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "[::2]",
        "localhost:",
        "localhost:x",
        "evil@localhost",
        "localhost:80:80",
        "",
    ] {
        assert_eq!(from(host).refused(), (Code::CrossSite, None), "{host}");
    }
    let none = Request::builder().uri("/api/v1/accounts");
    assert_eq!(ask(&router, none).refused().0, Code::CrossSite);
    let two = nobody("GET", "/accounts").header("host", "localhost");
    assert_eq!(ask(&router, two).refused().0, Code::CrossSite);
    // HTTP/2 has the host in the address.
    let uri = |uri: &str| {
        Request::builder()
            .uri(uri)
            .header("authorization", "Bearer right")
    };
    assert_eq!(
        ask(&router, uri("http://localhost:4040/api/v1/accounts")).status,
        200
    );
    assert_eq!(
        ask(&router, uri("http://example.com/api/v1/accounts"))
            .refused()
            .0,
        Code::CrossSite
    );
    // Also where nobody has to be signed in.
    let open = Request::builder()
        .uri("/api/v1/openapi.json")
        .header("host", "example.com");
    assert_eq!(ask(&router, open).refused().0, Code::CrossSite);
}

#[test]
fn another_sites_page_changes_nothing() {
    let (_world, router) = local("right");
    let from = |method: &str, name: &str, value: &str| {
        let request = root(method, "/sign-out").header("cookie", "bulkhead_session=right");
        ask(&router, request.header(name, value))
    };
    for (name, value) in [
        ("origin", "http://localhost:4040"),
        ("origin", "https://localhost:4040"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
    ] {
        assert_eq!(from("POST", name, value).status, 204, "{name}: {value}");
    }
    for (name, value) in [
        ("origin", "https://example.com"),
        ("origin", "http://localhost"),
        ("origin", "http://localhost:4041"),
        ("origin", "http://127.0.0.1:4040"),
        ("origin", "null"),
        ("origin", "localhost:4040"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = from("POST", name, value);
        assert_eq!(answer.refused(), (Code::CrossSite, None), "{name}: {value}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    // A link from elsewhere may lead here; without the cookie it finds nobody signed in.
    let read = nobody("GET", "/accounts").header("sec-fetch-site", "cross-site");
    assert_eq!(ask(&router, read).refused().0, Code::Unauthenticated);
}
