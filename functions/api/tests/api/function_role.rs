//! Which function serves what: each route has exactly one, and the others do not know it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bulkhead_api::{Api, FunctionRole};
use bulkhead_shared::problem::{Code, Problem};
use http::header::HOST;
use http::{Method, Request};

use crate::contract::{described, document};
use crate::world::{Answer, ByName, World, send};

const FUNCTIONS: [FunctionRole; 3] = [
    FunctionRole::Submit,
    FunctionRole::Browse,
    FunctionRole::Status,
];

fn router(world: &World, serves: FunctionRole) -> Router {
    let local = Api::local(world.stage.ports.clone(), Arc::new(ByName));
    bulkhead_api::router(Api { serves, ..local })
}

/// A call of nobody's: whoever serves it asks who that is, and who does not has never heard of it.
fn ask(router: &Router, method: &str, path: &str) -> Answer {
    let path = path
        .replace("{job}", "arc_01arz3ndektsv4rrffq69g5fav")
        .replace("{account}", "acc_01arz3ndektsv4rrffq69g5fav");
    let request = Request::builder().method(method).uri(path);
    send(
        router,
        request
            .header(HOST, "localhost")
            .body(Body::empty())
            .unwrap(),
    )
}

/// The answer of a route that nobody knows.
fn is_unknown(answer: &Answer) -> bool {
    if answer.status != 404 {
        return false;
    }
    let problem = answer.problem();
    let nothing = Problem {
        request_id: problem.request_id.clone(),
        ..Problem::new(Code::NotFound)
    };
    problem == nothing
}

#[test]
fn every_route_is_served_by_exactly_one_function() {
    let world = World::new(1);
    let routers = FUNCTIONS.map(|serves| (serves, router(&world, serves)));
    for (method, path) in described(&document(&world)) {
        let of = FunctionRole::of(&Method::from_bytes(method.as_bytes()).unwrap(), &path);
        assert!(FUNCTIONS.contains(&of), "{method} {path}");
        for (serves, router) in &routers {
            let answer = ask(router, &method, &path);
            let serving = *serves == of;
            assert_eq!(
                is_unknown(&answer),
                !serving,
                "{serves:?} {method} {path} {answer:?}"
            );
        }
    }
}

#[test]
fn a_wrong_method_is_told_alike_by_all() {
    let world = World::new(1);
    let whole = ask(
        &router(&world, FunctionRole::Everything),
        "PATCH",
        "/api/v1/jobs",
    );
    for serves in FUNCTIONS {
        let answer = ask(&router(&world, serves), "PATCH", "/api/v1/jobs");
        assert_eq!(answer.refused().0, Code::MethodNotAllowed);
        assert_eq!(answer.header("allow"), whole.header("allow"), "{serves:?}");
    }
}

#[test]
fn reads_of_the_table_need_nothing_but_the_table() {
    for (method, path, serves) in [
        ("GET", "/api/v1/accounts", FunctionRole::Browse),
        ("GET", "/api/v1/accounts/{account}", FunctionRole::Browse),
        (
            "GET",
            "/api/v1/accounts/{account}/items",
            FunctionRole::Browse,
        ),
        (
            "PUT",
            "/api/v1/accounts/{account}/dials",
            FunctionRole::Submit,
        ),
        ("POST", "/api/v1/accounts/test", FunctionRole::Submit),
        ("POST", "/api/v1/accounts/discover", FunctionRole::Submit),
        ("DELETE", "/api/v1/accounts/{account}", FunctionRole::Submit),
        ("GET", "/api/v1/jobs/{job}/preview", FunctionRole::Browse),
        (
            "GET",
            "/api/v1/jobs/{job}/results.csv/link",
            FunctionRole::Browse,
        ),
        ("GET", "/api/v1/jobs/{job}/export", FunctionRole::Browse),
        ("GET", "/api/v1/jobs", FunctionRole::Status),
        ("GET", "/api/v1/jobs/{job}", FunctionRole::Status),
        ("GET", "/api/v1/jobs/{job}/items", FunctionRole::Browse),
        ("GET", "/api/v1/audit", FunctionRole::Status),
        ("GET", "/api/v1/sign-in", FunctionRole::Status),
        ("GET", "/api/v1/openapi.json", FunctionRole::Status),
        ("POST", "/sign-out", FunctionRole::Submit),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(FunctionRole::of(&method, path), serves, "{method} {path}");
    }
}
