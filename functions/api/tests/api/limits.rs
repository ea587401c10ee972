//! How much one person may ask for.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bulkhead_api::{Api, Limits};
use bulkhead_engine::ports::{Fact, Limit};
use bulkhead_shared::limits::{BODY_BYTES, IDS_PER_REQUEST};
use bulkhead_shared::problem::Code;
use http::request::Builder;
use serde_json::{Value, json};

use crate::world::{Answer, ByName, World, ann, archive, bob, inbox, nobody, send, with_json};

fn limited(world: &World, requests: u32, open_jobs: u32) -> Router {
    let local = Api::local(world.stage.ports.clone(), Arc::new(ByName));
    bulkhead_api::router(Api {
        limits: Limits::new(requests, open_jobs),
        ..local
    })
}

fn ask(router: &Router, request: Builder) -> Answer {
    send(router, request.body(Body::empty()).unwrap())
}

fn refusals(world: &World, limit: Limit) -> usize {
    let facts = world.stage.meter.facts();
    let refused = Fact::RequestRefused { limit };
    facts.into_iter().filter(|fact| *fact == refused).count()
}

#[test]
fn requests_per_minute_are_counted_for_each_person_and_come_back() {
    let world = World::new(1);
    let router = limited(&world, 5, 50);
    // Whatever is asked counts, also what is not there.
    let asked = ["/jobs", "/accounts", "/audit", "/jobs/nonsense", "/jobs"];
    for path in asked {
        assert_ne!(ask(&router, ann("GET", path)).status, 429, "{path}");
    }
    let answer = ask(&router, ann("GET", "/jobs"));
    let problem = answer.problem();
    assert_eq!(problem.code, Code::TooManyRequests);
    let wait = problem.retry_after.unwrap();
    assert_eq!(
        answer.header("retry-after"),
        Some(wait.to_string().as_str())
    );
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refusals(&world, Limit::Requests), 1);

    // Somebody else has their own, nobody has none, and what is open to all stays open.
    assert_eq!(ask(&router, bob("GET", "/jobs")).status, 200);
    for _ in 0..10 {
        assert_eq!(ask(&router, nobody("GET", "/jobs")).status, 401);
        assert_eq!(ask(&router, ann("GET", "/sign-in")).status, 200);
    }
    let other_process = limited(&world, 5, 50);
    assert_eq!(ask(&other_process, ann("GET", "/jobs")).status, 429);

    world.stage.clock.advance(Duration::from_secs(wait));
    assert_eq!(ask(&router, ann("GET", "/jobs")).status, 200);
}

#[test]
fn a_refused_request_changes_nothing() {
    let world = World::new(4);
    let router = limited(&world, 1, 50);
    ask(&router, ann("GET", "/jobs"));
    let body = world.draft(archive(), inbox());
    let answer = send(&router, with_json(ann("POST", "/jobs"), &body));
    assert_eq!(answer.refused().0, Code::TooManyRequests);
    let path = format!("/accounts/{}", world.stage.account);
    let answer = ask(&router, ann("DELETE", &path));
    assert_eq!(answer.refused().0, Code::TooManyRequests);
    assert_eq!(world.get(&path).status, 200);
    let jobs = world.get("/jobs").json::<Value>()["jobs"].clone();
    assert_eq!(jobs, json!([]));
}

#[test]
fn open_jobs_are_limited_and_ended_ones_make_room() {
    let world = World::new(4);
    let router = limited(&world, 1_000, 2);
    let body = world.draft(archive(), inbox());
    let draft = || send(&router, with_json(ann("POST", "/jobs"), &body));
    let first = draft().job(202);
    draft().job(202);
    let refused = draft();
    assert_eq!(refused.refused().0, Code::TooManyOpenJobs);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refusals(&world, Limit::OpenJobs), 1);
    world.ask("POST", &format!("/jobs/{}/cancel", first.id));
    draft().job(202);
    assert_eq!(draft().refused().0, Code::TooManyOpenJobs);
}

#[test]
fn a_body_and_the_ids_in_it_are_limited() {
    let world = World::new(4);
    let text = format!("\"{}\"", "x".repeat(BODY_BYTES));
    let large = ann("POST", "/jobs").header("content-type", "application/json");
    let answer = world.send(large.body(Body::from(text)).unwrap());
    assert_eq!(answer.refused().0, Code::TooLarge);

    let ids = |count: usize| (0..count).map(|id| format!("m{id}")).collect::<Vec<_>>();
    let picked = world.draft(archive(), json!({"ids": ids(IDS_PER_REQUEST + 1)}));
    let answer = world.post("/jobs", &picked);
    let field = Some("selection.ids".to_owned());
    assert_eq!(answer.refused(), (Code::TooLarge, field));
}
