//! The model on the wire: chosen, agreed to by account, named before and after a job, and its key never told.

use bulkhead_shared::api::{ChosenModel, Job, ModelConsent, Preview, built_in};
use bulkhead_shared::problem::Code;
use serde_json::{Value, json};

use crate::quiet::logged;
use crate::world::{Answer, World, ann, bob, inbox, with_json};

const KEY: &str = "sk-hunter2";

fn choose(world: &World, body: &Value) -> Answer {
    world.send(with_json(ann("PUT", "/model"), body))
}

fn choice() -> Value {
    json!({"url": "https://api.example.com/v1", "model": "gpt-x", "key": KEY})
}

fn consent_path(world: &World) -> String {
    format!("/accounts/{}/model-consent", world.stage.account)
}

fn agree(world: &World, model: &str) -> Answer {
    let body = json!({"model": model, "host": "api.example.com"});
    world.send(with_json(ann("PUT", &consent_path(world)), &body))
}

#[test]
fn what_is_wrong_with_a_choice_is_named() {
    let world = World::new(1);
    for (field, value) in [
        ("url", json!("ftp://x")),
        ("url", json!("https://forbidden.example.com/v1")),
        ("model", json!("")),
        ("key", json!("a b")),
        ("requests_per_minute", json!(0)),
        ("side_by_side", json!(1_000)),
        ("mails_per_request", json!(21)),
        ("mails_per_request", json!("many")),
    ] {
        let mut body = choice();
        body[field] = value;
        let refused = choose(&world, &body).refused();
        assert_eq!(refused, (Code::Invalid, Some(field.to_owned())));
    }
    let chosen: ChosenModel = world.get("/model").json();
    assert_eq!(chosen.name, built_in());
}

#[test]
fn a_choice_is_told_without_its_key_and_belongs_to_one_person() {
    let world = World::new(1);
    let told = logged(|| {
        let answer = choose(&world, &choice());
        assert_eq!(answer.status, 200);
        assert!(!String::from_utf8_lossy(&answer.body).contains(KEY));
        assert_eq!(agree(&world, "gpt-x").status, 204);
    });
    assert!(!told.contains(KEY), "{told}");
    let chosen: ChosenModel = world.get("/model").json();
    assert_eq!(chosen.name, "gpt-x at api.example.com");
    assert!(chosen.endpoint.unwrap().has_key);
    assert_eq!(chosen.agreed[0].account, world.stage.account);
    let of_bob = bob("GET", "/model")
        .body(axum::body::Body::empty())
        .unwrap();
    let of_bob: ChosenModel = world.send(of_bob).json();
    assert_eq!((of_bob.name.as_str(), of_bob.endpoint), (built_in(), None));
    let audit = world.get("/audit");
    let text = String::from_utf8_lossy(&audit.body).into_owned();
    assert!(
        text.contains("model_chosen") && text.contains("model_agreed"),
        "{text}"
    );
    assert!(!text.contains(KEY));
}

#[test]
fn a_yes_is_to_the_model_that_was_seen() {
    let world = World::new(2);
    assert_eq!(agree(&world, "gpt-x").refused().0, Code::WrongState);
    choose(&world, &choice());
    let seen: ModelConsent = world.get(&consent_path(&world)).json();
    assert_eq!(seen.agreed_at, None);
    assert!(seen.example.unwrap().starts_with("Subject: "));
    assert_eq!(agree(&world, "gpt-y").refused().0, Code::WrongState);
    assert_eq!(agree(&world, "gpt-x").status, 204);
    let seen: ModelConsent = world.get(&consent_path(&world)).json();
    assert!(seen.agreed_at.is_some());
    assert_eq!(world.ask("DELETE", &consent_path(&world)).status, 204);
    let chosen: ChosenModel = world.get("/model").json();
    assert!(chosen.agreed.is_empty());
    assert_eq!(world.ask("DELETE", "/model").status, 204);
    let chosen: ChosenModel = world.get("/model").json();
    assert_eq!(chosen.name, built_in());
}

#[test]
fn a_job_says_who_tells_and_what_that_takes() {
    let world = World::new(4);
    choose(&world, &choice());
    agree(&world, "gpt-x");
    let drafted = world.drafted(json!({"type": "classify"}), inbox());
    let preview: Preview = world.get(&format!("/jobs/{}/preview", drafted.id)).json();
    let told = preview.model.unwrap();
    assert_eq!(told.name, "gpt-x at api.example.com");
    assert!(told.about_tokens.is_some());
    world.confirm(&drafted);
    world.work();
    let job: Job = world.job(&drafted);
    assert_eq!(job.counts.succeeded, 4);
    let model = job.model.unwrap();
    assert_eq!(model.name, "gpt-x at api.example.com");
    assert_eq!(model.spent.unwrap().to_string(), "44 tokens in 4 requests");
}

#[test]
fn a_batch_of_the_batch_api_asks_the_model_that_was_agreed_to() {
    let world = World::new(4);
    choose(&world, &choice());
    agree(&world, "gpt-x");
    world.batch();
    world.work();
    assert!(!world.stage.endpoints.calls().is_empty());
}
