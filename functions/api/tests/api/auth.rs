//! Who is let in, and from where.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bulkhead_api::auth::{CannotTell, Session};
use bulkhead_api::{Api, Identity, LocalToken};
use bulkhead_shared::api::{Link, SessionKey, SignIn};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::problem::Code;
use http::Request;
use http::request::{Builder, Parts};
use serde_json::json;

use crate::world::{Answer, World, inbox, nobody, send, with_json};

struct Local {
    world: World,
    identity: Arc<LocalToken>,
    router: Router,
}

/// The one person of this machine is ann, who has an account.
struct Ann(Arc<LocalToken>);

#[async_trait]
impl Identity for Ann {
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell> {
        let user = self.0.user(parts).await?;
        Ok(user.map(|_| "ann".parse().unwrap()))
    }
    fn sign_in(&self) -> SignIn {
        self.0.sign_in()
    }
    fn session_for(&self, code: &str) -> Option<Session> {
        self.0.session_for(code)
    }
    fn session_name(&self) -> Option<String> {
        self.0.session_name()
    }
    fn link_to(&self, path: &str) -> String {
        self.0.link_to(path)
    }
}

fn local(token: &str) -> Local {
    let world = World::new(4);
    let clock = world.stage.clock.clone();
    let identity = Arc::new(LocalToken::new(token.to_owned(), clock));
    let ann = Arc::new(Ann(identity.clone()));
    let router = bulkhead_api::router(Api::local(world.stage.ports.clone(), ann));
    Local {
        world,
        identity,
        router,
    }
}

fn ask(router: &Router, request: Builder) -> Answer {
    send(router, request.body(Body::empty()).unwrap())
}

fn root(method: &str, uri: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "localhost:4040")
}

fn bring(router: &Router, code: &str) -> Answer {
    send(
        router,
        with_json(root("POST", "/sign-in"), &json!({ "code": code })),
    )
}

/// Cookie and key of who signed in with this.
fn signed_in(router: &Router, code: &str) -> (String, String) {
    let answer = bring(router, code);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let cookie = answer.header("set-cookie").unwrap();
    let (cookie, how) = cookie.split_once("; ").unwrap();
    assert_eq!(how, "HttpOnly; SameSite=Strict; Path=/");
    (cookie.to_owned(), answer.json::<SessionKey>().key)
}

fn with_session(router: &Router, path: &str, cookie: &str, key: &str) -> Answer {
    let request = nobody("GET", path).header("cookie", cookie);
    ask(router, request.header("x-bulkhead-key", key))
}

#[test]
fn the_token_lets_in_as_bearer_and_nothing_else_does() {
    let Local { router, .. } = local("right");
    let with =
        |name: &str, value: &str| ask(&router, nobody("GET", "/accounts").header(name, value));
    for value in ["Bearer right", "bearer right"] {
        assert_eq!(with("authorization", value).status, 200, "{value}");
    }
    for (name, value) in [
        ("authorization", "Bearer wrong"),
        ("authorization", "Bearer righ"),
        ("authorization", "Bearer rightt"),
        ("authorization", "Bearer "),
        ("authorization", "Basic right"),
        ("authorization", "right"),
        ("cookie", "bulkhead_session=right"),
        ("cookie", "bulkhead=right; bulkhead_session="),
        ("x-bulkhead-key", "right"),
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
    let Local {
        router, identity, ..
    } = local("");
    for code in ["", " ", &identity.code(1)] {
        assert_eq!(bring(&router, code).refused().0, Code::Unauthenticated);
    }
}

#[test]
fn a_browser_signs_in_once_with_a_code_and_needs_cookie_and_key() {
    let Local {
        router,
        identity,
        world,
    } = local("right");
    let code = identity.code(7);
    let (cookie, key) = signed_in(&router, &format!(" {code}\n"));
    assert!(!cookie.contains("right") && !key.contains("right"));
    assert_eq!(
        with_session(&router, "/accounts", &cookie, &key).status,
        200
    );
    let others = format!("theme=dark; {cookie}; x=y");
    assert_eq!(
        with_session(&router, "/accounts", &others, &key).status,
        200
    );
    // Whoever saw one of the two has nothing: a cookie goes to every port of this machine.
    let (name, value) = cookie.split_once('=').unwrap();
    for (cookie, key) in [
        (cookie.as_str(), ""),
        (cookie.as_str(), value),
        (cookie.as_str(), "right"),
        ("", key.as_str()),
        (&format!("{name}={key}"), key.as_str()),
        (&format!("bulkhead_session={value}"), key.as_str()),
    ] {
        let answer = with_session(&router, "/accounts", cookie, key);
        assert_eq!(answer.refused().0, Code::Unauthenticated, "{cookie} {key}");
    }
    // The code is good once, for an hour, and only the last one.
    for wrong in [code.as_str(), "", "righ", "wrong"] {
        let answer = bring(&router, wrong);
        assert_eq!(answer.refused().0, Code::Unauthenticated, "{wrong}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    let (first, second) = (identity.code(8), identity.code(9));
    assert_eq!(bring(&router, &first).refused().0, Code::Unauthenticated);
    world.stage.clock.advance(Duration::from_secs(3_600));
    assert_eq!(bring(&router, &second).refused().0, Code::Unauthenticated);
    // The token always is.
    assert_eq!(signed_in(&router, "right"), (cookie, key));
}

#[test]
fn another_server_and_another_token_know_nothing_of_a_session() {
    let (cookie, key) = signed_in(&local("right").router, "right");
    let Local { router, .. } = local("another");
    let answer = with_session(&router, "/accounts", &cookie, &key);
    assert_eq!(answer.refused().0, Code::Unauthenticated);
    // Two servers on one machine do not sign each other out.
    let (others, _) = signed_in(&router, "another");
    let name = |cookie: &str| cookie.split_once('=').unwrap().0.to_owned();
    assert_ne!(name(&cookie), name(&others));
    let out = ask(&router, root("POST", "/sign-out"));
    assert_eq!(out.status, 204);
    let taken = out.header("set-cookie").unwrap();
    assert!(taken.starts_with(&format!("{}=; ", name(&others))) && taken.ends_with("; Max-Age=0"));
    assert_eq!(
        ask(&router, root("GET", "/sign-out")).refused().0,
        Code::MethodNotAllowed
    );
}

#[test]
fn a_link_to_a_file_needs_the_cookie_and_is_for_that_file_alone_and_soon() {
    let Local { router, world, .. } = local("right");
    let job = exported(&world);
    let (cookie, key) = signed_in(&router, "right");
    let link = format!("/jobs/{job}/export/link");
    let link: Link = with_session(&router, &link, &cookie, &key).json();
    let path = link.url.strip_prefix("/api/v1").unwrap();
    let follow = |path: &str, cookie: &str| {
        let status = with_session(&router, path, cookie, "").status;
        status.as_u16()
    };
    assert_eq!(follow(path, &cookie), 200);
    let ticket = path.split_once('?').unwrap().1;
    for (path, cookie) in [
        (path, ""),
        (path.split('?').next().unwrap(), cookie.as_str()),
        (&format!("/jobs/{job}/results.csv?{ticket}"), &cookie),
        ("/accounts", &cookie),
        (&format!("/accounts?{ticket}"), &cookie),
        (&path.replace("ticket=1", "ticket=2"), &cookie),
    ] {
        assert_eq!(follow(path, cookie), 401, "{path}");
    }
    world.stage.clock.advance(Duration::from_secs(60));
    assert_eq!(follow(path, &cookie), 401);
}

/// An export that has ended.
fn exported(world: &World) -> JobId {
    world
        .completed(json!({"type": "export", "format": "csv"}), inbox())
        .id
}

#[test]
fn another_host_is_refused() {
    let Local { router, .. } = local("right");
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
    let Local { router, .. } = local("right");
    let from = |method: &str, name: &str, value: &str| {
        let request = root(method, "/sign-out");
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
