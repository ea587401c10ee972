//! Invariant 6: what is somebody else's does not exist.

use axum::body::Body;
use bulkhead_shared::api::{Accounts, AuditEvents, Jobs};
use bulkhead_shared::problem::{Code, Problem};
use http::request::Builder;
use serde_json::json;

use crate::world::{World, archive, bob, inbox, with_json};

/// The problem without what names this one request.
fn text(world: &World, request: Builder) -> String {
    let body = json!({"manifest_hash": "0".repeat(64)});
    let answer = world.send(with_json(request, &body));
    let problem = Problem {
        request_id: None,
        ..answer.problem()
    };
    assert_eq!(problem.code, Code::NotFound);
    serde_json::to_string(&problem).unwrap()
}

#[test]
fn invariant_6_somebody_elses_answers_like_nobodys() {
    let world = World::new(8);
    let job = world
        .completed(json!({"type": "export", "format": "csv"}), inbox())
        .id;
    let account = world.stage.account.clone();
    let nobodys = serde_json::to_string(&Problem::new(Code::NotFound)).unwrap();
    let nothing = "01arz3ndektsv4rrffq69g5fav";
    let calls = [
        ("GET", ""),
        ("GET", "/preview"),
        ("GET", "/items"),
        ("GET", "/results.csv"),
        ("GET", "/export"),
        ("POST", "/confirm"),
        ("POST", "/pause"),
        ("POST", "/resume"),
        ("POST", "/cancel"),
        ("POST", "/retry"),
        ("POST", "/undo"),
    ];
    for id in [
        job.to_string(),
        format!("exp_{nothing}"),
        "nonsense".to_owned(),
        "%ff".to_owned(),
    ] {
        for (method, rest) in calls {
            let found = text(&world, bob(method, &format!("/jobs/{id}{rest}")));
            assert_eq!(found, nobodys, "{method} {id}{rest}");
        }
    }
    let calls = [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/items"),
        ("GET", "/folders"),
        ("GET", "/dials"),
        ("POST", "/test"),
    ];
    for id in [
        account.to_string(),
        format!("acc_{nothing}"),
        "nonsense".to_owned(),
    ] {
        for (method, rest) in calls {
            let found = text(&world, bob(method, &format!("/accounts/{id}{rest}")));
            assert_eq!(found, nobodys, "{method} {id}{rest}");
        }
    }
    for account in [account.to_string(), format!("acc_{nothing}")] {
        let body = json!({"account": account, "operation": archive(), "selection": inbox()});
        let problem = world.send(with_json(bob("POST", "/jobs"), &body)).problem();
        assert_eq!((problem.code, problem.detail), (Code::NotFound, None));
        let dials = bob("PUT", &format!("/accounts/{account}/dials"));
        let problem = world.send(with_json(dials, &json!({}))).problem();
        assert_eq!((problem.code, problem.detail), (Code::NotFound, None));
    }
}

#[test]
fn invariant_6_lists_hold_only_ones_own() {
    let world = World::new(8);
    world.completed(archive(), inbox());
    let get = |path| world.send(bob("GET", path).body(Body::empty()).unwrap());
    assert!(get("/jobs").json::<Jobs>().jobs.is_empty());
    assert!(get("/accounts").json::<Accounts>().accounts.is_empty());
    assert!(get("/audit").json::<AuditEvents>().events.is_empty());
    assert_eq!(world.get("/jobs").json::<Jobs>().jobs.len(), 1);
}

#[test]
fn invariant_6_a_key_is_only_ones_own() {
    let world = World::new(8);
    let new = json!({"connection": {"kind": "sandbox"}});
    let made = world.send(with_json(bob("POST", "/accounts"), &new));
    assert_eq!(made.status, 201);
    let theirs = made.json::<serde_json::Value>()["id"].clone();
    let body = world.draft(archive(), inbox());
    let mine = crate::world::ann("POST", "/jobs").header("idempotency-key", "k");
    let mine = world.send(with_json(mine, &body)).job(202);
    let body = json!({"account": theirs, "operation": archive(), "selection": inbox()});
    let bobs = bob("POST", "/jobs").header("idempotency-key", "k");
    assert_ne!(world.send(with_json(bobs, &body)).job(202).id, mine.id);
}
