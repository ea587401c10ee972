//! Rules on the wire: what is wrong with one is told by its place.

use bulkhead_shared::api::{RuleState, Rules};
use bulkhead_shared::problem::Code;
use serde_json::{Value, json};

use crate::world::{Answer, World, ann, with_json};

fn put(world: &World, body: &Value) -> Answer {
    let path = format!("/accounts/{}/rules", world.stage.account);
    world.send(with_json(ann("PUT", &path), body))
}

fn rule() -> Value {
    json!({"rule": {"name": "News", "search": "is:list", "operation": {"type": "archive"}}})
}

#[test]
fn a_rule_is_refused_with_the_field_that_is_wrong() {
    let world = World::new(3);
    let wrong = |at: &str, value: Value| {
        let mut second = rule();
        *second.pointer_mut(at).unwrap() = value;
        put(&world, &json!({"version": 0, "rules": [rule(), second]})).refused()
    };
    let refused = |field: &str| (Code::Invalid, Some(field.to_owned()));
    assert_eq!(
        wrong("/rule/search", json!("is:odd")),
        refused("rules[1].rule.search")
    );
    assert_eq!(
        wrong("/rule/search", json!(7)),
        refused("rules[1].rule.search")
    );
    assert_eq!(
        wrong("/rule/name", json!("")),
        refused("rules[1].rule.name")
    );
    let odd = wrong("/rule/operation", json!({"type": "explode"}));
    assert_eq!(odd, refused("operation.type"));
    let reads = wrong("/rule/operation", json!({"type": "classify"}));
    assert_eq!(reads, refused("rules[1].rule.operation.type"));
    let mut odd = rule();
    odd["rule"]["colour"] = json!("red");
    let (code, field) = put(&world, &json!({"version": 0, "rules": [odd]})).refused();
    assert_eq!(code, Code::Invalid);
    assert!(field.unwrap().ends_with("colour"));
    let many: Vec<Value> = (0..31).map(|_| rule()).collect();
    let answer = put(&world, &json!({"version": 0, "rules": many}));
    assert_eq!(answer.refused(), refused("rules"));
    // Nothing of all that was stored.
    let path = format!("/accounts/{}/rules", world.stage.account);
    assert_eq!(world.get(&path).json::<Rules>(), Rules::default());
}

#[test]
fn a_rule_is_off_until_it_was_tested_and_a_run_becomes_a_draft() {
    let world = World::new(3);
    let stored: Rules = put(&world, &json!({"version": 0, "rules": [rule()]})).json();
    let (id, path) = (
        stored.rules[0].id.clone(),
        format!("/accounts/{}/rules", world.stage.account),
    );
    assert_eq!(stored.rules[0].state, RuleState::Off);
    let look = |wanted: &str| {
        let body = json!({"rule": id, "wanted": wanted});
        world.post(&format!("{path}/look"), &body)
    };
    assert_eq!(look("run").problem().code, Code::WrongState);
    assert_eq!(look("test").status, 202);
    world.work();
    let told: Rules = world.get(&path).json();
    assert!(told.rules[0].test.as_ref().unwrap().is_current);
    let mut on = rule();
    on["id"] = json!(id);
    on["state"] = json!("on");
    let on = put(&world, &json!({"version": told.version, "rules": [on]}));
    assert_eq!(on.json::<Rules>().rules[0].state, RuleState::On);
    assert_eq!(look("run").status, 202);
    world.work();
    let draft = world.post(&format!("{path}/draft"), &json!({"rule": id}));
    let job = draft.job(201);
    // Of three mails one has a star.
    assert_eq!(job.total, 2);
    assert!(draft.header("location").unwrap().ends_with(job.id.as_str()));
    let other = world.post(&format!("{path}/draft"), &json!({"rule": "rul_0"}));
    assert_eq!(other.problem().code, Code::WrongState);
}

#[test]
fn when_a_rule_runs_is_stored_and_a_wrong_hour_or_zone_is_refused() {
    let world = World::new(3);
    let with = |when: Value| {
        let mut rule = rule();
        rule["rule"]["when"] = when;
        put(&world, &json!({"version": 0, "rules": [rule]}))
    };
    let refused = |field: &str| (Code::Invalid, Some(field.to_owned()));
    let late = json!({"kind": "daily", "hour": 24, "zone": "UTC"});
    assert_eq!(with(late).refused(), refused("rules[0].rule.when.hour"));
    let nowhere = json!({"kind": "daily", "hour": 7, "zone": "Nowhere/Land"});
    assert_eq!(with(nowhere).refused(), refused("rules[0].rule.when.zone"));
    let weekly = json!({"kind": "weekly", "day": "monday", "hour": 7, "zone": "Europe/Berlin"});
    let stored: Rules = with(weekly.clone()).json();
    let rule = &stored.rules[0];
    assert_eq!(serde_json::to_value(&rule.rule.when).unwrap(), weekly);
    assert_eq!(rule.next, None, "it is off");
    // With no rule that is about new mail there is nothing to look for.
    let path = format!("/accounts/{}/rules/opened", world.stage.account);
    assert_eq!(world.post(&path, &json!(null)).status, 204);
}
