//! Outcomes and files.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bulkhead_shared::api::{ItemOutcomes, Link};
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::problem::Code;
use serde_json::json;

use crate::world::{World, ann, archive, inbox, send};

#[test]
fn outcomes_page_by_page_and_as_a_file() {
    let world = World::new(10);
    world.stage.mailbox.trouble(|trouble| {
        trouble.refuse.insert(3);
    });
    let job = world.completed(archive(), inbox()).id;
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: ItemOutcomes = world
            .get(&format!("/jobs/{job}/items?limit=3&cursor={cursor}"))
            .json();
        assert!(page.items.len() <= 3);
        all.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(all.len(), 10);
    let failed: ItemOutcomes = world
        .get(&format!("/jobs/{job}/items?outcome=failed"))
        .json();
    assert_eq!(failed.items.len(), 1);
    assert_eq!(failed.items[0].outcome, Some(Outcome::Failed));

    let file = world.get(&format!("/jobs/{job}/results.csv"));
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = format!("attachment; filename=\"{job}-results.csv\"");
    assert_eq!(file.header("content-disposition"), Some(name.as_str()));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let text = String::from_utf8(file.body).unwrap();
    assert_eq!(text.lines().count(), 11);
    assert_eq!(text.matches(",failed,").count(), 1);
}

#[test]
fn an_export_is_downloaded_and_then_gone() {
    let world = World::new(10);
    let job = world.drafted(json!({"type": "export", "format": "json"}), inbox());
    let path = format!("/jobs/{}/export", job.id);
    assert_eq!(
        world.get(&path).refused().0,
        Code::WrongState,
        "it has not ended"
    );
    world.confirm(&job);
    world.work();
    let file = world.get(&path);
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("application/json"));
    let name = format!("attachment; filename=\"{}.json\"", job.id);
    assert_eq!(file.header("content-disposition"), Some(name.as_str()));
    assert_eq!(file.json::<Vec<serde_json::Value>>().len(), 10);

    world.stage.clock.advance(Duration::from_secs(25 * 3600));
    for rest in ["export", "items", "results.csv"] {
        let path = format!("/jobs/{}/{rest}", job.id);
        assert_eq!(
            world.get(&path).refused(),
            (Code::Gone, None),
            "invariant 7: {rest}"
        );
    }
    assert_eq!(world.get(&format!("/jobs/{}", job.id)).status, 200);
}

#[test]
fn what_is_no_export_has_no_file() {
    let world = World::new(4);
    let job = world.completed(archive(), inbox()).id;
    assert_eq!(
        world.get(&format!("/jobs/{job}/export")).refused().0,
        Code::WrongState
    );
    let planning = world
        .post("/jobs", &world.draft(archive(), inbox()))
        .job(202)
        .id;
    for rest in ["items", "results.csv", "preview"] {
        let answer = world.get(&format!("/jobs/{planning}/{rest}"));
        assert_eq!(
            answer.refused().0,
            Code::WrongState,
            "{rest} while it is being frozen"
        );
    }
}

#[test]
fn a_link_leads_to_the_file_itself_where_nothing_is_handed_out() {
    let world = World::new(4);
    let export = json!({"type": "export", "format": "json"});
    let job = world.completed(export, inbox()).id;
    for file in ["export", "results.csv"] {
        let path = format!("/jobs/{job}/{file}");
        let link: Link = world.get(&format!("{path}/link")).json();
        assert_eq!((link.url, link.until), (format!("/api/v1{path}"), None));
        assert_eq!(world.get(&path).status, 200);
    }
}

#[test]
fn a_file_that_is_handed_out_is_fetched_from_elsewhere() {
    let world = World::new(4);
    let export = json!({"type": "export", "format": "json"});
    let job = world.completed(export, inbox()).id;
    let streamed = |file: &str| world.get(&format!("/jobs/{job}/{file}")).body;
    let files = ["export", "results.csv"].map(|file| (file, streamed(file)));
    let parts = world.stage.parts.as_ref().clone();
    let parts = Arc::new(parts.handing_out(world.stage.clock.clone()));
    let router = world.rewired(|ports| ports.parts = parts.clone());
    let ask = |path: &str| send(&router, ann("GET", path).body(Body::empty()).unwrap());
    for (file, bytes) in files {
        let path = format!("/jobs/{job}/{file}");
        let answer = ask(&path);
        assert_eq!(answer.status, 303, "{file}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let address = answer.header("location").unwrap();
        assert_eq!(parts.at(address), Some(bytes));
        let link: Link = ask(&format!("{path}/link")).json();
        assert_eq!(link.url, address);
        assert!(link.until.is_some());
    }
    world.stage.clock.advance(Duration::from_secs(25 * 3600));
    for file in ["export/link", "results.csv/link"] {
        let answer = ask(&format!("/jobs/{job}/{file}"));
        assert_eq!(answer.refused(), (Code::Gone, None), "invariant 7: {file}");
    }
}
