//! Idempotency keys, and drafts that are refused with the field that is wrong.

use axum::body::Body;
use bulkhead_shared::api::Jobs;
use bulkhead_shared::limits;
use bulkhead_shared::problem::Code;
use serde_json::{Value, json};

use crate::world::{Answer, World, ann, archive, inbox, with_json};

fn create(world: &World, key: &str, body: &Value) -> Answer {
    world.send(with_json(
        ann("POST", "/jobs").header("idempotency-key", key),
        body,
    ))
}

#[test]
fn a_key_makes_one_job() {
    let world = World::new(8);
    let body = world.draft(archive(), inbox());
    let first = create(&world, "one", &body).job(202);
    assert_eq!(create(&world, "one", &body).job(202).id, first.id);
    let other = world.draft(archive(), json!({"query": "is:unread"}));
    assert_eq!(
        create(&world, "one", &other).refused(),
        (Code::KeyReused, None)
    );
    assert_ne!(create(&world, "two", &body).job(202).id, first.id);
    assert_eq!(world.get("/jobs").json::<Jobs>().jobs.len(), 2);

    let field = || (Code::Invalid, Some("Idempotency-Key".to_owned()));
    let long = "k".repeat(limits::IDEMPOTENCY_KEY_CHARS + 1);
    assert_eq!(create(&world, &long, &body).refused(), field());
    assert_eq!(create(&world, "", &body).refused(), field());
    let twice = ann("POST", "/jobs")
        .header("idempotency-key", "a")
        .header("idempotency-key", "b");
    assert_eq!(world.send(with_json(twice, &body)).refused(), field());
    let bytes = ann("POST", "/jobs").header("idempotency-key", b"\xff".as_slice());
    assert_eq!(world.send(with_json(bytes, &body)).refused(), field());
}

#[test]
fn picked_ids_are_frozen_at_once() {
    let world = World::new(8);
    let id = world.stage.mailbox.id_of(3).unwrap();
    let body = world.draft(archive(), json!({"ids": [id]}));
    let job = world.post("/jobs", &body).job(202);
    assert_eq!((job.state.name(), job.total), ("draft", 1));
    let gone = world.draft(archive(), json!({"ids": [id, "INBOX.999"]}));
    let refused = (Code::Invalid, Some("selection.ids[1]".to_owned()));
    assert_eq!(world.post("/jobs", &gone).refused(), refused);
}

#[test]
fn a_bad_draft_is_refused_with_its_field() {
    let world = World::new(8);
    let account = &world.stage.account;
    let draft = |operation: Value, selection: Value, options: Value| json!({"account": account, "operation": operation, "selection": selection, "options": options});
    let operation = |operation: Value| draft(operation, inbox(), json!({}));
    let selection = |selection: Value| draft(archive(), selection, json!({}));
    let options = |options: Value| draft(archive(), inbox(), options);
    for (field, words, body) in [
        // What is checked once it could be read.
        (
            "options.batch_size",
            "1 to 1000",
            options(json!({"batch_size": 5000})),
        ),
        (
            "options.delay_between_batches",
            "0 to 300",
            options(json!({"delay_between_batches": -1})),
        ),
        (
            "selection.ids",
            "at least one",
            selection(json!({"ids": []})),
        ),
        (
            "selection.query",
            "at character",
            selection(json!({"query": "larger:very"})),
        ),
        (
            "operation.add",
            "part of a label",
            operation(json!({"type": "label", "add": ["two words"]})),
        ),
        (
            "operation.folder",
            "1 to 2000",
            operation(json!({"type": "move", "folder": ""})),
        ),
        (
            "operation.type",
            "made from a job",
            operation(json!({"type": "undo", "job": "arc_01arz3ndektsv4rrffq69g5fav"})),
        ),
        // What could not.
        (
            "operation.type",
            "one of archive",
            operation(json!({"type": "explode"})),
        ),
        ("operation.type", "one of archive", operation(json!({}))),
        ("operation", "an object", operation(json!("archive"))),
        (
            "operation.folder",
            "not known here",
            operation(json!({"type": "archive", "folder": "x"})),
        ),
        (
            "operation.folder",
            "to be there",
            operation(json!({"type": "move"})),
        ),
        (
            "operation.folder",
            "a text",
            operation(json!({"type": "move", "folder": 7})),
        ),
        (
            "operation.add",
            "a list of texts",
            operation(json!({"type": "label", "add": "x"})),
        ),
        (
            "operation.remove[1]",
            "a text",
            operation(json!({"type": "label", "remove": ["x", 1]})),
        ),
        (
            "operation.format",
            "`mbox`",
            operation(json!({"type": "export", "format": "pdf"})),
        ),
        (
            "operation.format",
            "to be there",
            operation(json!({"type": "export"})),
        ),
        (
            "selection",
            "one of",
            selection(json!({"query": "", "ids": ["1"]})),
        ),
        ("selection", "one of", selection(json!({}))),
        ("selection", "an object", selection(json!(["1"]))),
        (
            "selection.excpt",
            "not known here",
            selection(json!({"query": "", "excpt": []})),
        ),
        (
            "selection.except",
            "a query",
            selection(json!({"ids": ["1"], "except": []})),
        ),
        (
            "selection.ids",
            "a list of texts",
            selection(json!({"ids": "1"})),
        ),
        (
            "selection.ids[1]",
            "a text",
            selection(json!({"ids": ["1", 2]})),
        ),
        (
            "selection.ids[0]",
            "valid item id",
            selection(json!({"ids": [""]})),
        ),
        ("selection.query", "a text", selection(json!({"query": 1}))),
        (
            "options.batchsize",
            "not known here",
            options(json!({"batchsize": 1})),
        ),
        (
            "options.batch_size",
            "a whole number",
            options(json!({"batch_size": "many"})),
        ),
        (
            "options.brake.percent",
            "a whole number",
            options(json!({"brake": {"percent": -1}})),
        ),
        (
            "extra",
            "not known here",
            json!({"account": account, "operation": archive(), "selection": inbox(), "extra": 1}),
        ),
        (
            "account",
            "valid account id",
            json!({"account": "nonsense", "operation": archive(), "selection": inbox()}),
        ),
        (
            "account",
            "to be there",
            json!({"operation": archive(), "selection": inbox()}),
        ),
        ("account", "to be there", json!({})),
    ] {
        let problem = world.post("/jobs", &body).problem();
        let detail = problem.detail.unwrap();
        assert_eq!(
            (problem.code, problem.field.as_deref()),
            (Code::Invalid, Some(field)),
            "{body} {detail}"
        );
        assert!(detail.contains(words), "{body}: {detail}");
    }
    assert_eq!(world.post("/jobs", &json!([])).refused().0, Code::Invalid);
    assert_eq!(
        world.post("/jobs", &json!("text")).refused().0,
        Code::Invalid
    );
    assert!(world.get("/jobs").json::<Jobs>().jobs.is_empty());
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let world = World::new(1);
    let raw = |media_type: &str, body: &[u8]| {
        let request = ann("POST", "/jobs").header("content-type", media_type);
        world.send(request.body(Body::from(body.to_vec())).unwrap())
    };
    let problem = raw("application/json", b"{\"account\": }").problem();
    assert_eq!(problem.code, Code::Invalid);
    assert!(problem.detail.unwrap().contains("line 1 column 13"));
    for broken in [
        b"".as_slice(),
        b"{\"account\": ",
        b"{} {}",
        b"\xff\xfe",
        b"{\"account\": \"\xff\"}",
    ] {
        assert_eq!(raw("application/json", broken).refused().0, Code::Invalid);
    }
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json",
    ] {
        assert_eq!(
            raw(media_type, b"{}").refused(),
            (Code::UnsupportedMediaType, None)
        );
    }
    let none = ann("POST", "/jobs").body(Body::from("{}")).unwrap();
    assert_eq!(
        world.send(none).refused(),
        (Code::UnsupportedMediaType, None)
    );
    for media_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/merge-patch+json",
    ] {
        assert_eq!(
            raw(media_type, b"{}").refused().0,
            Code::Invalid,
            "{media_type} is JSON"
        );
    }
    let large = vec![b' '; limits::BODY_BYTES + 1];
    assert_eq!(
        raw("application/json", &large).refused(),
        (Code::TooLarge, None)
    );
    let mut deep = b"{\"account\": ".to_vec();
    deep.extend(b"[".repeat(100_000));
    assert_eq!(raw("application/json", &deep).refused().0, Code::Invalid);
}
