//! Bulk drafts in their own words: the examples that they were asked for with, against the running router.

use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::{Answer, World};

fn ask(world: &World, who: &str, method: &str, path: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(format!("/api/bulk{path}"))
        .header(HOST, "localhost:4040")
        .header(AUTHORIZATION, format!("Bearer {who}"))
        .header(CONTENT_TYPE, "application/json");
    world.send(request.body(Body::from(body.to_string())).unwrap())
}

fn post(world: &World, path: &str, body: &Value) -> Answer {
    ask(world, "ann", "POST", path, body)
}

/// The example request; only who sends is added, which this account does not tell by itself.
fn example() -> Value {
    json!({
        "sessionId": "session123",
        "type": "bulk_email",
        "operation": "bulk_send",
        "items": [{"parameters": {
            "to": "john@company.com", "subject": "Follow-up", "body": "Thanks for the meeting...",
            "from": "Ann <ann@company.com>"
        }}],
        "options": {"batchSize": 10, "previewMode": "sample"}
    })
}

/// Names of an object's fields.
fn fields(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_draft_is_made_executed_watched_and_said_in_these_words() {
    let world = World::new(1);
    let made = post(&world, "/draft", &example());
    assert_eq!(made.status, 201, "{made:?}");
    let draft: Value = made.json();
    assert_eq!(
        fields(&draft),
        [
            "draftId",
            "id",
            "items",
            "metadata",
            "operation",
            "sessionId",
            "status",
            "type"
        ]
    );
    assert_eq!(
        (&draft["status"], &draft["sessionId"]),
        (&json!("draft"), &json!("session123"))
    );
    assert_eq!(
        draft["items"][0]["preview"],
        "john@company.com - \"Thanks for the meeting...\""
    );
    assert_eq!(draft["items"][0]["status"], "pending");
    assert_eq!(
        fields(&draft["metadata"]),
        [
            "batchSize",
            "createdAt",
            "estimatedDuration",
            "riskLevel",
            "totalCount"
        ]
    );
    assert_eq!(
        (
            &draft["metadata"]["totalCount"],
            &draft["metadata"]["batchSize"]
        ),
        (&json!(1), &json!(10))
    );

    let id = &draft["draftId"];
    let wanted = json!({"draftId": id, "options": {"batchSize": 10, "parallelBatches": 2, "retryFailed": true}});
    let begun = post(&world, "/execute", &wanted);
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(begun.json::<Value>()["status"], "pending");
    // The same again runs nothing twice.
    assert_eq!(post(&world, "/execute", &wanted).status, 202);
    world.work();
    let path = format!("/progress/{}", id.as_str().unwrap());
    let told: Value = ask(&world, "ann", "GET", &path, &Value::Null).json();
    assert_eq!(fields(&told), ["draftId", "progress", "status"]);
    assert_eq!(
        (&told["status"], &told["draftId"]),
        (&json!("completed"), id)
    );
    for (field, value) in [
        ("totalItems", 1),
        ("completedItems", 1),
        ("failedItems", 0),
        ("currentBatch", 1),
        ("totalBatches", 1),
    ] {
        assert_eq!(told["progress"][field], value, "{told}");
    }
    assert!(
        told["progress"]["estimatedCompletion"].is_string(),
        "{told}"
    );
    assert_eq!(world.stage.mailbox.delivered().len(), 1);
    let late: Value = post(&world, "/cancel", &json!({"draftId": id})).json();
    assert_eq!(late["cancelled"], false);
}

#[test]
fn errors_are_of_five_types_and_name_the_item() {
    let world = World::new(1);
    let refused = |change: &dyn Fn(&mut Value), status: u16| -> Value {
        let mut wanted = example();
        change(&mut wanted);
        let answer = post(&world, "/draft", &wanted);
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        answer.json()
    };
    let wrong = refused(
        &|it| it["items"][0]["parameters"]["to"] = json!("john"),
        400,
    );
    assert_eq!(
        wrong,
        json!({"type": "validation", "message": "“to”: An address has an @, as in ann@example.org.",
            "itemId": "0", "retryable": false})
    );
    let wrong = refused(&|it| it["options"]["batchSize"] = json!(26), 400);
    assert_eq!(
        wrong["message"],
        "options.batchSize: 26 is out of range: 1 to 25."
    );
    let wrong = refused(&|it| it["type"] = json!("bulk_calendar"), 422);
    assert!(
        wrong["message"]
            .as_str()
            .unwrap()
            .contains("cannot be connected"),
        "{wrong}"
    );
    let wrong = refused(&|it| it["operation"] = json!("bulk_delete"), 400);
    assert_eq!(wrong["type"], "validation");
    let wrong = refused(&|it| it["items"][0]["parameters"]["body"] = json!(" "), 400);
    assert_eq!(wrong["itemId"], "0");

    let nobody = ask(&world, "ann", "GET", "/progress/draft123", &Value::Null);
    assert_eq!(
        (
            nobody.status.as_u16(),
            nobody.json::<Value>()["type"].clone()
        ),
        (404, json!("validation"))
    );
    let draft: Value = post(&world, "/draft", &example()).json();
    let path = format!("/progress/{}", draft["draftId"].as_str().unwrap());
    assert_eq!(ask(&world, "bob", "GET", &path, &Value::Null).status, 404);
    let other = json!({"draftId": draft["draftId"], "options": {"batchSize": 5}});
    let wrong = post(&world, "/execute", &other);
    assert_eq!(wrong.status, 400);
    let stopped: Value = post(&world, "/cancel", &json!({"draftId": draft["draftId"]})).json();
    assert_eq!(stopped["cancelled"], true);
    let told: Value = ask(&world, "ann", "GET", &path, &Value::Null).json();
    assert_eq!(told["status"], "cancelled");
}

#[test]
fn contacts_are_made_changed_and_deleted() {
    let world = World::new(1);
    let run = |operation: &str, items: Value| -> Value {
        let wanted = json!({"sessionId": "s", "type": "bulk_contact", "operation": operation, "items": items,
            "options": {"previewMode": "full"}});
        let made = post(&world, "/draft", &wanted);
        assert_eq!(made.status, 201, "{made:?}");
        let draft: Value = made.json();
        let begun = post(&world, "/execute", &json!({"draftId": draft["draftId"]}));
        assert_eq!(begun.status, 202, "{begun:?}");
        world.work();
        let path = format!("/progress/{}", draft["draftId"].as_str().unwrap());
        let told: Value = ask(&world, "ann", "GET", &path, &Value::Null).json();
        assert_eq!(told["status"], "completed", "{told}");
        draft
    };
    let rows = json!([{"parameters": {"Name": "Ann Lee", "E-mail": "ann@x.example"}},
        {"parameters": {"Name": "Bo Ray", "E-mail": "bo@x.example"}}]);
    let made = run("bulk_create", rows);
    let ids: Vec<&Value> = made["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids.len(), 2);
    let changed = json!([{"parameters": {"id": ids[0], "organisation": "Acme"}},
        {"parameters": {"id": ids[1], "organisation": "Acme"}}]);
    run("bulk_update", changed);
    let gone = json!([{"parameters": {"id": ids[0]}}, {"parameters": {"id": ids[1]}}]);
    run("bulk_delete", gone);
}
