//! The batch API, held against its document line by line: bodies, fields, codes, limits, states, times.

use std::time::Duration;

use bulkhead_shared::api::{BatchAccepted, BatchState, BatchStatus, EmailStatus, Emails};
use bulkhead_shared::problem::Code;
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Answer, World, archive, bob, inbox, with_json};

const CLASSIFY: &str = "/emails/batch/classify";
const PROCESS: &str = "/emails/batch/process";

fn ids(world: &World) -> Vec<String> {
    let page: Emails = world.get("/emails?q=in:inbox&limit=200").json();
    let ids = page.emails.iter().map(|email| email.email_id.to_string());
    ids.collect()
}

fn ask(world: &World, path: &str, ids: &[String]) -> Answer {
    world.post(path, &json!({ "email_ids": ids }))
}

fn accepted(world: &World, path: &str, ids: &[String]) -> BatchAccepted {
    let answer = ask(world, path, ids);
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    answer.json()
}

fn status(world: &World, id: &str) -> BatchStatus {
    world.get(&format!("/emails/batch/status/{id}")).json()
}

/// The names of an object's fields, in order.
fn fields(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_batch_is_accepted_watched_and_completed_in_the_documents_words() {
    let world = World::new(3);
    let three = ids(&world);
    for (path, prefix, message) in [
        (
            CLASSIFY,
            "cls_",
            "Batch classification job accepted and queued for processing",
        ),
        (
            PROCESS,
            "prc_",
            "Batch processing job accepted and queued for processing",
        ),
    ] {
        let answer = ask(&world, path, &three);
        assert_eq!(answer.status, 202);
        let body: Value = answer.json();
        let id = body["job_id"].as_str().unwrap().to_owned();
        let digits = id.strip_prefix(prefix).unwrap();
        assert!(
            digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()),
            "{id}"
        );
        let expected = json!({
            "job_id": id, "status": "queued", "total": 3, "processed": 0, "message": message,
        });
        assert_eq!(body, expected);

        let queued: Value = world.get(&format!("/emails/batch/status/{id}")).json();
        let names = [
            "completed_at",
            "created_at",
            "errors",
            "failed",
            "job_id",
            "processed",
            "status",
            "succeeded",
            "total",
            "updated_at",
        ];
        assert_eq!(fields(&queued), names);
        assert_eq!(
            (&queued["status"], &queued["total"]),
            (&json!("queued"), &json!(3))
        );
        assert_eq!(
            (&queued["errors"], &queued["completed_at"]),
            (&Value::Null, &Value::Null)
        );
        world.work();
        let done: Value = world.get(&format!("/emails/batch/status/{id}")).json();
        let counts = ["processed", "succeeded", "failed"].map(|name| done[name].as_u64().unwrap());
        assert_eq!(
            (done["status"].as_str(), counts),
            (Some("completed"), [3, 3, 0])
        );
        assert_eq!(done["errors"], Value::Null);
        for name in ["created_at", "updated_at", "completed_at"] {
            let time = done[name].as_str().unwrap();
            assert!(
                time.len() == 25 && time.ends_with("+00:00"),
                "{name} {time}"
            );
        }
        // What was found is with the job, which is one like any other.
        let jobs: Value = world.get("/jobs?limit=1").json();
        let job = jobs["jobs"][0]["id"].as_str().unwrap();
        let items: Value = world.get(&format!("/jobs/{job}/items")).json();
        assert!(items["items"][0]["result"]["class"].is_string(), "{items}");
    }
}

#[test]
fn limits_and_mistakes_are_400_and_nothing_begins() {
    let world = World::new(120);
    let all = ids(&world);
    assert_eq!(all.len(), 120);
    for (path, most) in [(CLASSIFY, 100), (PROCESS, 50)] {
        assert_eq!(
            ask(&world, path, &all[..most + 1]).refused().0,
            Code::Invalid
        );
        assert_eq!(
            ask(&world, path, &[]).refused(),
            (Code::Invalid, Some("email_ids".to_owned()))
        );
        let twice = [all[0].clone(), all[1].clone(), all[0].to_uppercase()];
        assert_eq!(
            ask(&world, path, &twice).refused(),
            (Code::Invalid, Some("email_ids".to_owned()))
        );
        for body in [
            json!({}),
            json!({"email_ids": "550e8400-e29b-41d4-a716-446655440000"}),
            json!({"email_ids": ["not a uuid"]}),
            json!({"email_ids": [1]}),
            json!({"email_ids": [null]}),
            json!({"email_ids": [all[0]], "priority": 1}),
        ] {
            assert_eq!(world.post(path, &body).refused().0, Code::Invalid, "{body}");
        }
    }
    let jobs: Value = world.get("/jobs").json();
    assert_eq!(jobs["jobs"], json!([]));
    assert_eq!(accepted(&world, CLASSIFY, &all[..100]).total, 100);
    assert_eq!(accepted(&world, PROCESS, &all[100..]).total, 20);
}

#[test]
fn what_is_not_there_or_somebody_elses_is_404() {
    let world = World::new(4);
    let mine = ids(&world);
    let example = "550e8400-e29b-41d4-a716-446655440000".to_owned();
    for path in [CLASSIFY, PROCESS] {
        let some = [mine[0].clone(), example.clone()];
        assert_eq!(ask(&world, path, &some).refused().0, Code::NotFound);
        let body = json!({ "email_ids": mine });
        let theirs = world.send(with_json(bob("POST", path), &body));
        assert_eq!(theirs.refused().0, Code::NotFound);
    }
    // It is gone since it was listed: the others are not begun, and nobody is kept from them.
    world.stage.mailbox.delete(4);
    assert_eq!(ask(&world, CLASSIFY, &mine).refused().0, Code::NotFound);
    let left = accepted(&world, CLASSIFY, &mine[1..]);
    let path = format!("/emails/batch/status/{}", left.job_id);
    let theirs = bob("GET", &path).body(axum::body::Body::empty()).unwrap();
    assert_eq!(world.send(theirs).refused().0, Code::NotFound);
    for id in [
        "cls_a1b2c3d4e5f67890",
        "cls_x",
        "arc_01arz3ndektsv4rrffq69g5fav",
        "%ff",
        "CLAIMS",
    ] {
        let answer = world.get(&format!("/emails/batch/status/{id}"));
        assert_eq!(answer.refused().0, Code::NotFound, "{id}");
    }
}

#[test]
fn no_two_batches_work_on_the_same_mail_and_a_claim_has_an_end() {
    let world = World::new(6);
    let all = ids(&world);
    let first = accepted(&world, CLASSIFY, &all[..3]);
    for path in [CLASSIFY, PROCESS] {
        assert_eq!(ask(&world, path, &all[2..4]).refused().0, Code::WrongState);
    }
    // Others are free, and so is everything once the batch has ended.
    accepted(&world, PROCESS, &all[3..]);
    world.work();
    assert_eq!(status(&world, &first.job_id).status, BatchState::Completed);
    accepted(&world, PROCESS, &all[..3]);
    assert_eq!(ask(&world, CLASSIFY, &all[..1]).status, 409);
    // Nobody works any more, and nobody is kept out for long.
    world.stage.clock.advance(Duration::from_secs(15 * 60));
    accepted(&world, CLASSIFY, &all[..1]);
}

#[test]
fn partial_failures_are_told_by_id_and_counts_add_up() {
    let world = World::new(3);
    let all = ids(&world);
    let batch = accepted(&world, CLASSIFY, &all);
    // The newest is listed first.
    world.stage.mailbox.delete(3);
    world.work();
    let done = status(&world, &batch.job_id);
    assert_eq!(done.status, BatchState::Completed);
    assert_eq!(
        (done.total, done.processed, done.succeeded, done.failed),
        (3, 3, 2, 1)
    );
    let errors = done.errors.unwrap();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].email_id.to_string(), all[0]);
    assert!(
        errors[0].error.starts_with("Email not found"),
        "{}",
        errors[0].error
    );
    // The failed ids can be sent again as they are; here it is gone for good.
    assert_eq!(ask(&world, CLASSIFY, &all[..1]).status, 404);

    let alone = accepted(&world, PROCESS, &all[1..2]);
    world.stage.mailbox.delete(2);
    world.work();
    let done = status(&world, &alone.job_id);
    assert_eq!(
        (done.status, done.succeeded, done.failed),
        (BatchState::Failed, 0, 1)
    );
}

#[test]
fn a_batch_is_gone_a_day_after_its_end() {
    let world = World::new(2);
    let batch = accepted(&world, CLASSIFY, &ids(&world));
    world.work();
    let path = format!("/emails/batch/status/{}", batch.job_id);
    world
        .stage
        .clock
        .advance(Duration::from_secs(24 * 3_600 - 1));
    assert_eq!(world.get(&path).status, 200);
    world.stage.clock.advance(Duration::from_secs(1));
    assert_eq!(world.get(&path).refused().0, Code::NotFound);
}

#[test]
fn an_id_is_the_same_each_time_and_leaves_with_its_mail() {
    let world = World::new(4);
    let all = ids(&world);
    assert_eq!(ids(&world), all);
    // Another folder, another address.
    world.completed(archive(), inbox());
    assert_eq!(ids(&world), Vec::<String>::new());
    let archived: Emails = world.get("/emails?q=in:archive").json();
    assert!(
        archived
            .emails
            .iter()
            .all(|email| !all.contains(&email.email_id.to_string()))
    );
    assert_eq!(ask(&world, CLASSIFY, &all[..1]).status, 404);
}

#[test]
fn the_list_says_what_is_wrong_with_a_request() {
    let world = World::new(3);
    let page: Emails = world.get("/emails?q=in:inbox").json();
    assert_eq!((page.emails.len(), page.next_cursor), (3, None));
    let wrong = world.get("/emails?cursor=acc_01arz3ndektsv4rrffq69g5fav.x");
    assert_eq!(wrong.refused(), (Code::Invalid, Some("cursor".to_owned())));
    assert_eq!(
        world.get("/emails?q=larger:x").refused(),
        (Code::Invalid, Some("q".to_owned()))
    );
    assert_eq!(world.get("/emails?limit=501").refused().0, Code::Invalid);
}

/// The list says how each mail stands: while a batch works on it, and once that has ended.
#[test]
fn the_list_says_how_each_mail_stands() {
    let world = World::new(3);
    let standing = || -> Vec<Option<EmailStatus>> {
        let page: Emails = world.get("/emails?q=in:inbox").json();
        page.emails.iter().map(|email| email.status).collect()
    };
    assert_eq!(standing(), [None; 3]);
    accepted(&world, PROCESS, &ids(&world));
    assert_eq!(standing(), [Some(EmailStatus::Processing); 3]);
    world.work();
    let ended = standing();
    let known = [EmailStatus::NeedsReview, EmailStatus::Processed];
    assert!(
        ended
            .iter()
            .all(|it| it.is_some_and(|it| known.contains(&it))),
        "{ended:?}"
    );
    // Another batch drops the claim of the first, and what that did is known all the same.
    accepted(&world, CLASSIFY, &ids(&world));
    world.work();
    assert_eq!(standing(), ended);
    // Never lists what it does not know.
    let page: Value = world.get("/emails?q=in:inbox").json();
    assert!(page["emails"][0]["status"].is_string(), "{page}");
}
