//! Which function serves what: each route has exactly one, and the others do not know it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bulkhead_api::{Api, FunctionRole};
use bulkhead_engine::ports::CallError;
use bulkhead_engine::testing::intercept::{self, Failure};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_shared::problem::{Code, Problem};
use http::header::{AUTHORIZATION, HOST};
use http::request::Builder;
use http::{Method, Request};

use crate::contract::{described, document};
use crate::world::{Answer, ByName, World, archive, inbox, send};

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
        .replace("{batch}", "cls_a1b2c3d4e5f67890")
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

fn call_of(path: &str) -> Builder {
    Request::builder().uri(path).header(HOST, "localhost")
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
    let world = World::new(1);
    let batch = world.batch();
    let job = world.completed(archive(), inbox());
    let down = || Failure::Call(CallError::Unavailable("nobody is there".to_owned()));
    let nobody = intercept::by(move |_, _| Err(down()));
    let cut_off = world.rewired(|ports| {
        ports.connectors = intercept::connectors(Arc::new(MemoryMailbox::new(0)), &nobody);
    });
    let read = |path: &str| {
        let path = path
            .replace("{job}", job.id.as_str())
            .replace("{batch}", &batch)
            .replace("{account}", world.stage.account.as_str());
        let request = call_of(&path).header(AUTHORIZATION, "Bearer ann");
        send(&cut_off, request.body(Body::empty()).unwrap()).status
    };
    let all = described(&document(&world));
    let of_table = all.iter().filter(|(method, path)| {
        method == "GET" && FunctionRole::of(&Method::GET, path) == FunctionRole::Status
    });
    let mut reads = 0;
    for (_, path) in of_table {
        reads += 1;
        assert_eq!(read(path), 200, "{path}");
    }
    assert!(reads >= 5, "{reads}");
    // Others do need what is cut off.
    assert_eq!(read("/api/v1/accounts/{account}/items"), 503);
}

#[test]
fn a_function_has_what_its_table_of_routes_says() {
    for (method, path, serves) in [
        ("GET", "/api/v1/accounts", FunctionRole::Browse),
        ("GET", "/api/v1/emails", FunctionRole::Browse),
        (
            "POST",
            "/api/v1/emails/batch/classify",
            FunctionRole::Submit,
        ),
        (
            "GET",
            "/api/v1/emails/batch/status/{batch}",
            FunctionRole::Status,
        ),
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
        ("POST", "/api/v1/accounts/consents", FunctionRole::Submit),
        ("POST", "/api/v1/accounts/discover", FunctionRole::Submit),
        ("DELETE", "/api/v1/accounts/{account}", FunctionRole::Submit),
        ("GET", "/api/v1/jobs/{job}/preview", FunctionRole::Browse),
        (
            "GET",
            "/api/v1/jobs/{job}/results.csv/link",
            FunctionRole::Browse,
        ),
        ("GET", "/api/v1/jobs/{job}/export", FunctionRole::Browse),
        ("GET", "/api/v1/jobs/{job}/audit.json", FunctionRole::Browse),
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
