//! Outcomes and files.

use std::time::Duration;

use bulkhead_shared::api::ItemOutcomes;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::problem::Code;
use serde_json::json;

use crate::world::{World, archive, inbox};

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
