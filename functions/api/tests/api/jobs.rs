//! A job's life over HTTP, and the status call.

use axum::body::Body;
use bulkhead_shared::api::{AuditEvents, Jobs, Preview};
use bulkhead_shared::job::State;
use bulkhead_shared::problem::Code;
use serde_json::{Value, json};

use crate::world::{Answer, World, ann, archive, inbox};

#[test]
fn from_draft_to_undone() {
    let world = World::new(20);
    let before = world.stage.mailbox.places();

    let answer = world.post("/jobs", &world.draft(archive(), inbox()));
    let draft = answer.job(202);
    assert_eq!(draft.state, State::Planning);
    let location = format!("/api/v1/jobs/{}", draft.id);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert!(answer.header("retry-after").is_some());
    world.work();
    assert_eq!(world.job(&draft).state, State::Draft);
    assert_eq!(
        world.stage.mailbox.places(),
        before,
        "a draft touches nothing"
    );

    let preview: Preview = world.get(&format!("/jobs/{}/preview", draft.id)).json();
    assert_eq!((preview.total, preview.drift), (20, None));
    let yes = json!({"manifest_hash": preview.manifest_hash});
    let confirm = format!("/jobs/{}/confirm", draft.id);
    assert_eq!(world.post(&confirm, &yes).job(202).state, State::Queued);
    world.work();
    let done = world.job(&draft);
    assert_eq!((done.state, done.counts.succeeded), (State::Completed, 20));
    assert_ne!(world.stage.mailbox.places(), before);
    assert_eq!(
        world.post(&confirm, &yes).job(202).state,
        State::Completed,
        "the same yes twice"
    );

    let answer = world.ask("POST", &format!("/jobs/{}/undo", draft.id));
    let undo = answer.job(201);
    let location = format!("/api/v1/jobs/{}", undo.id);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(undo.parent.as_ref(), Some(&draft.id));
    world.work();
    world.confirm(&undo);
    world.work();
    assert_eq!(world.job(&undo).state, State::Completed);
    assert_eq!(world.stage.mailbox.places(), before);
    assert_eq!(world.job(&draft).children, [undo.id]);
}

#[test]
fn held_resumed_and_stopped() {
    let world = World::new(20);
    let job = world.drafted(archive(), inbox());
    let ask = |verb: &str| world.ask("POST", &format!("/jobs/{}/{verb}", job.id));
    for verb in ["pause", "resume"] {
        assert_eq!(
            ask(verb).refused(),
            (Code::WrongState, None),
            "{verb} of a draft"
        );
    }
    assert_eq!(
        ask("pause").problem().detail.unwrap(),
        "The job is draft: it cannot be paused."
    );
    assert_eq!(ask("undo").refused().0, Code::NotUndoable);
    assert_eq!(ask("retry").refused().0, Code::WrongState);
    world.confirm(&job);
    assert_eq!(ask("pause").job(200).state, State::Paused);
    assert_eq!(ask("pause").job(200).state, State::Paused, "twice is once");
    assert_eq!(ask("resume").job(200).state, State::Running);
    let stopped = ask("cancel").job(200);
    assert_eq!(
        (stopped.state, stopped.counts.cancelled),
        (State::Cancelled, 20)
    );
    assert_eq!(
        ask("undo").refused().0,
        Code::NotUndoable,
        "nothing was changed"
    );
}

#[test]
fn what_failed_is_left_as_it_is_and_no_retry_takes_it() {
    let world = World::new(8);
    let refuse = [2, 5].into();
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.refuse = refuse);
    let job = world.completed(archive(), inbox());
    assert_eq!(job.counts.failed, 2);
    let path = format!("/jobs/{}/leave", job.id);
    let leave = |reason: &str| {
        let which = json!({ "outcome": "failed", "reason": reason });
        world.post(&path, &which)
    };
    assert_eq!(leave("too_large").refused().0, Code::WrongState);
    for _ in 0..2 {
        let left = leave("refused").job(200);
        assert_eq!((left.left_as_is[0].count, left.counts), (2, job.counts));
    }
    let retry = format!("/jobs/{}/retry?make_folder=true", job.id);
    assert_eq!(world.ask("POST", &retry).refused().0, Code::WrongState);
    let retry = format!("/jobs/{}/retry?make=true", job.id);
    assert_eq!(world.ask("POST", &retry).refused().0, Code::Invalid);
}

#[test]
fn a_draft_is_discarded_and_a_job_is_not() {
    let world = World::new(8);
    let draft = world.drafted(archive(), inbox());
    let path = format!("/jobs/{}", draft.id);
    assert_eq!(world.get("/jobs?drafts=true").json::<Jobs>().jobs.len(), 1);
    for _ in 0..2 {
        assert_eq!(world.ask("DELETE", &path).status, 204);
    }
    assert_eq!(world.job(&draft).state, State::Cancelled);
    assert!(
        world
            .get("/jobs?drafts=true")
            .json::<Jobs>()
            .jobs
            .is_empty()
    );
    assert_eq!(world.get("/jobs?drafts=false").json::<Jobs>().jobs.len(), 1);
    let done = world.completed(archive(), inbox());
    let refused = world.ask("DELETE", &format!("/jobs/{}", done.id));
    assert_eq!(refused.refused().0, Code::WrongState);
    assert_eq!(world.job(&done).state, State::Completed);
}

#[test]
fn what_failed_is_tried_again() {
    let world = World::new(8);
    world.stage.mailbox.trouble(|trouble| {
        trouble.refuse.insert(3);
    });
    let job = world.completed(archive(), inbox());
    assert_eq!((job.counts.succeeded, job.counts.failed), (7, 1));
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.refuse.clear());
    let answer = world.ask("POST", &format!("/jobs/{}/retry", job.id));
    let retry = answer.job(201);
    assert!(
        answer
            .header("location")
            .unwrap()
            .ends_with(retry.id.as_str())
    );
    let same = world
        .ask("POST", &format!("/jobs/{}/retry", job.id))
        .job(201);
    assert_eq!(same.id, retry.id, "asked again while it is open");
    world.work();
    world.confirm(&retry);
    world.work();
    assert_eq!(world.job(&retry).counts.succeeded, 1);
}

#[test]
fn an_unchanged_job_is_304() {
    let world = World::new(8);
    let job = world.drafted(archive(), inbox());
    let path = format!("/jobs/{}", job.id);
    let known = |tag: &str| -> Answer {
        let request = ann("GET", &path).header("if-none-match", tag);
        world.send(request.body(Body::empty()).unwrap())
    };
    let first = world.get(&path);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}-{}\"", job.id, job.version));
    assert_eq!(first.header("retry-after"), Some("30"));
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    for same in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = known(&same);
        assert_eq!(
            (answer.status.as_u16(), answer.body.len()),
            (304, 0),
            "{same}"
        );
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        assert_eq!(answer.header("retry-after"), Some("30"));
        assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    }
    assert_eq!(known("\"x\"").status, 200);
    assert_eq!(
        known(tag.trim_matches('"')).status,
        200,
        "a tag has its quotes"
    );

    world.confirm(&job);
    let changed = known(&tag);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    assert_eq!(changed.header("retry-after"), Some("1"));
    assert_eq!(changed.header("ask-again-ms"), Some("100"));
    world.work();
    let ended = world.get(&path);
    assert_eq!(
        ended.header("retry-after"),
        None,
        "nothing will change any more"
    );
    assert_eq!(ended.header("ask-again-ms"), None);
}

#[test]
fn another_hash_or_a_drift_is_not_confirmed() {
    let world = World::new(8);
    let job = world.drafted(archive(), inbox());
    let path = format!("/jobs/{}/confirm", job.id);
    let hash = job.manifest_hash.clone().unwrap();
    let wrong = json!({"manifest_hash": "0".repeat(64)});
    assert_eq!(world.post(&path, &wrong).refused().0, Code::HashMismatch);
    let shapeless = json!({"manifest_hash": "abc"});
    let refused = (Code::Invalid, Some("manifest_hash".to_owned()));
    assert_eq!(world.post(&path, &shapeless).refused(), refused);

    world
        .stage
        .mailbox
        .act(2, |place| place.folder = "Work".to_owned());
    let problem = world.post(&path, &json!({"manifest_hash": hash})).problem();
    assert_eq!((problem.code, problem.status), (Code::Drifted, 409));
    let drift = problem.drift.unwrap();
    assert_eq!((drift.left, drift.changed), (1, 0));
    let seen = json!({"manifest_hash": hash, "drift_hash": drift.hash});
    assert_eq!(world.post(&path, &seen).job(202).state, State::Queued);
    world.work();
    let ended = world.job(&job);
    assert_eq!((ended.counts.succeeded, ended.counts.skipped), (7, 1));
}

#[test]
fn the_history_goes_page_by_page() {
    let world = World::new(8);
    let mut made: Vec<String> = Vec::new();
    for _ in 0..3 {
        world.stage.clock.advance(std::time::Duration::from_secs(1));
        made.insert(0, world.drafted(archive(), inbox()).id.to_string());
    }
    let ids =
        |jobs: &Jobs| -> Vec<String> { jobs.jobs.iter().map(|job| job.id.to_string()).collect() };
    let all: Jobs = world.get("/jobs").json();
    assert_eq!(ids(&all), made);
    assert_eq!(all.next_cursor, None);
    let first: Jobs = world.get("/jobs?limit=2&state=&cursor=").json();
    assert_eq!(ids(&first), made[..2]);
    let cursor = first.next_cursor.unwrap();
    let second: Jobs = world.get(&format!("/jobs?limit=2&cursor={cursor}")).json();
    assert_eq!(ids(&second), made[2..]);
    world.confirm(&all.jobs[1]);
    let queued: Jobs = world.get("/jobs?state=queued").json();
    assert_eq!(ids(&queued), [made[1].clone()]);
    assert!(
        world
            .get("/jobs?state=expired")
            .json::<Jobs>()
            .jobs
            .is_empty()
    );
}

#[test]
fn what_was_done_is_in_the_audit_trail() {
    let world = World::new(8);
    world.completed(archive(), inbox());
    let all: AuditEvents = world.get("/audit").json();
    let words: Vec<&str> = all
        .events
        .iter()
        .map(|event| event.event.as_str())
        .collect();
    assert!(
        words.contains(&"job_confirmed") && words.contains(&"job_drafted"),
        "{words:?}"
    );
    let first: Value = world.get("/audit?limit=1").json();
    let next: AuditEvents = world
        .get(&format!(
            "/audit?limit=1&cursor={}",
            first["next_cursor"].as_str().unwrap()
        ))
        .json();
    assert_eq!(next.events[0], all.events[1]);
}
