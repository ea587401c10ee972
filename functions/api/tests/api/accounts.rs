//! Accounts: what goes in never comes out.

use std::time::Duration;

use bulkhead_engine::ports::{Fact, Limit};
use bulkhead_shared::api::{
    Account, AccountTest, Accounts, AuditEvents, Discovered, Folders, Items, Message,
};
use bulkhead_shared::problem::Code;
use serde_json::{Value, json};

use crate::world::{World, ann, bob, with_json};

fn imap() -> Value {
    json!({"name": "Work", "connection": {"kind": "imap", "host": "imap.example.org", "port": 993,
        "security": "tls", "user": "ann", "password": "hunter2"}})
}

#[test]
fn connected_seen_tried_and_forgotten() {
    let world = World::new(4);
    let answer = world.post("/accounts", &imap());
    assert_eq!(answer.status, 201);
    let account: Account = answer.json();
    let location = format!("/api/v1/accounts/{}", account.id);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    let path = format!("/accounts/{}", account.id);
    let seen = world.get(&path);
    assert_eq!(seen.json::<Account>(), account);
    assert_eq!(world.get("/accounts").json::<Accounts>().accounts.len(), 2);
    for answer in [answer, seen, world.get("/accounts"), world.get("/audit")] {
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            !text.contains("hunter2") && !text.contains("imap.example.org"),
            "{text}"
        );
    }
    assert!(
        world
            .ask("POST", &format!("{path}/test"))
            .json::<AccountTest>()
            .ok
    );
    let forgotten = world.ask("DELETE", &path);
    assert_eq!((forgotten.status.as_u16(), forgotten.body.len()), (204, 0));
    assert_eq!(world.get(&path).refused().0, Code::NotFound);
    assert_eq!(world.ask("DELETE", &path).refused().0, Code::NotFound);
}

#[test]
fn the_server_of_an_address_is_found_or_not() {
    let world = World::new(1);
    let found = world.post(
        "/accounts/discover",
        &json!({"address": " ann@example.com "}),
    );
    assert_eq!(found.json::<Discovered>(), Discovered::default());
    let long = format!("{}@example.com", "a".repeat(400));
    for body in [
        json!({"address": "ann"}),
        json!({"address": long}),
        json!({}),
        json!({"address": 7}),
    ] {
        let refused = world.post("/accounts/discover", &body).refused();
        assert_eq!(
            refused,
            (Code::Invalid, Some("address".to_owned())),
            "{body}"
        );
    }
}

#[test]
fn a_mailbox_is_connected_by_a_consent_and_nothing_of_it_comes_out() {
    let world = World::new(1);
    let consent = |name: &str, value: &str| {
        let mut body = json!({"address": "ann@example.org", "code": "c0de", "verifier": "pr00f",
            "redirect_uri": "http://127.0.0.1/consent"});
        body[name] = json!(value);
        body
    };
    let given = consent("name", "Work");
    let answer = world.post("/accounts/consents", &given);
    assert_eq!(answer.status, 201);
    let account: Account = answer.json();
    assert_eq!(account.name, "Work");
    // The same mailbox again is the same account.
    let again: Account = world.post("/accounts/consents", &given).json();
    assert_eq!(again.id, account.id);
    let audit = world.get("/audit");
    let events = audit.json::<AuditEvents>().events;
    let tried = |event: &&bulkhead_shared::api::AuditEvent| event.event == "connection_tried";
    assert_eq!(events.iter().filter(tried).count(), 2);
    for answer in [answer, world.get("/accounts"), audit] {
        let text = String::from_utf8(answer.body).unwrap();
        assert!(!text.contains("c0de") && !text.contains("pr00f"), "{text}");
    }
    for (name, value) in [
        ("address", "ann"),
        ("code", ""),
        ("verifier", "a\u{0}b"),
        ("redirect_uri", ""),
        ("name", " "),
    ] {
        let refused = world.post("/accounts/consents", &consent(name, value));
        assert_eq!(refused.refused(), (Code::Invalid, Some(name.to_owned())));
    }
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.signed_out = true);
    let refused = world.post("/accounts/consents", &given).refused();
    assert_eq!(refused, (Code::SignInNeeded, None));
}

#[test]
fn a_test_keeps_nothing() {
    let world = World::new(4);
    let persons = || {
        let mut rows = world.stage.table.rows();
        // But for the tries that are counted, and the trail of them.
        rows.retain(|row| row.key.partition.starts_with("USER#"));
        rows
    };
    let rows = persons();
    let found: AccountTest = world.post("/accounts/test", &imap()).json();
    assert!(found.ok);
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.signed_out = true);
    let answer = world.post("/accounts/test", &imap());
    assert_eq!(answer.status, 200, "a failed test is an answer");
    assert!(!answer.json::<AccountTest>().ok);
    assert_eq!(
        world.post("/accounts", &imap()).refused(),
        (Code::SignInNeeded, None)
    );
    assert_eq!(persons(), rows);
    assert!(!rows.is_empty());
}

#[test]
fn a_bad_account_is_refused_with_its_field_and_without_its_values() {
    let world = World::new(1);
    let with = |field: &str, value: Value| {
        let mut body = imap();
        body["connection"][field] = value;
        body
    };
    let mut no_host = imap();
    no_host["connection"]
        .as_object_mut()
        .unwrap()
        .remove("host");
    let mut named = imap();
    named["name"] = json!(" ");
    for (field, body) in [
        ("connection.port", with("port", json!("hunter2"))),
        ("connection.port", with("port", json!(0))),
        ("connection.port", with("port", json!(70_000))),
        ("connection.host", with("host", json!(""))),
        ("connection.host", with("host", json!(7))),
        ("connection.host", no_host),
        ("connection.security", with("security", json!("hunter2"))),
        ("connection.kind", with("kind", json!("hunter2"))),
        ("connection.password", with("password", json!(["hunter2"]))),
        ("connection.password", with("password", Value::Null)),
        (
            "connection.oauth",
            with("oauth", json!({"token_endpoint": "hunter2"})),
        ),
        ("connection", json!({"connection": "hunter2"})),
        ("connection", json!({"name": "Work"})),
        ("name", named),
        (
            "name",
            json!({"name": 7, "connection": {"kind": "sandbox"}}),
        ),
        (
            "password",
            json!({"password": "hunter2", "connection": {"kind": "sandbox"}}),
        ),
    ] {
        for path in ["/accounts", "/accounts/test"] {
            let answer = world.post(path, &body);
            assert_eq!(
                answer.refused(),
                (Code::Invalid, Some(field.to_owned())),
                "{answer:?}"
            );
            assert!(
                !String::from_utf8(answer.body).unwrap().contains("hunter2"),
                "{field}"
            );
        }
    }
}

#[test]
fn mails_are_listed_and_searched() {
    let world = World::new(4);
    let account = &world.stage.account;
    let page: Items = world
        .get(&format!("/accounts/{account}/items?q=is:starred&limit=2"))
        .json();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    let page: Items = world
        .get(&format!("/accounts/{account}/items?q=&cursor=&limit="))
        .json();
    assert_eq!(page.items.len(), 4);
    let folders: Folders = world.get(&format!("/accounts/{account}/folders")).json();
    assert!(!folders.folders.is_empty());
}

#[test]
fn a_mail_is_read_and_stays_unread_and_one_that_is_gone_is_told_so() {
    let world = World::new(2);
    let account = &world.stage.account;
    let list = || -> Items { world.get(&format!("/accounts/{account}/items")).json() };
    let before = list();
    let path = format!("/accounts/{account}/message");
    let id = &before.items[0].id;
    let message: Message = world.get(&format!("{path}?id={id}")).json();
    assert!(message.whole && message.read_bytes > 0);
    assert!(message.source.contains("Subject:"), "{}", message.source);
    assert_eq!(list(), before);
    let gone = world.get(&format!("{path}?id=no-such-mail")).refused();
    assert_eq!(gone, (Code::NotFound, None));
    let which = world.get(&path).refused();
    assert_eq!(which.0, Code::Invalid);
}

#[test]
fn only_the_sandbox_has_dials() {
    let world = World::new(1);
    let path = format!("/accounts/{}/dials", world.stage.account);
    // The mailbox in memory has none, like a real provider.
    assert_eq!(world.get(&path).refused(), (Code::NotFound, None));
    let put = |body: &Value| world.send(with_json(ann("PUT", &path), body));
    assert_eq!(put(&json!({})).refused().0, Code::Invalid);
    let refused = (Code::Invalid, Some("fail_percent".to_owned()));
    assert_eq!(put(&json!({"fail_percent": 101})).refused(), refused);
    let refused = (Code::Invalid, Some("speed".to_owned()));
    assert_eq!(put(&json!({"speed": 1})).refused(), refused);
}

/// Answers of so many tries to connect, by what each is.
fn tries(world: &World, path: &str, bodies: &[Value]) -> Vec<u16> {
    let answers = bodies.iter().map(|body| world.post(path, body));
    answers.map(|answer| answer.status.as_u16()).collect()
}

#[test]
fn ten_connections_an_hour_are_tried_and_each_is_in_the_trail() {
    let world = World::new(1);
    let mut unfit = imap();
    unfit["connection"]["port"] = json!(0);
    let sandbox = json!({"connection": {"kind": "sandbox"}});
    // What cannot be tried, and what asks no server, is no try.
    assert_eq!(
        tries(&world, "/accounts/test", &[unfit, sandbox]),
        [400, 200]
    );
    let tested = vec![imap(); 6];
    assert_eq!(tries(&world, "/accounts/test", &tested), [200; 6]);
    let connected = vec![imap(); 4];
    assert_eq!(tries(&world, "/accounts", &connected), [201; 4]);
    for path in ["/accounts/test", "/accounts"] {
        let answer = world.post(path, &imap());
        let problem = answer.problem();
        assert_eq!(problem.code, Code::TooManyRequests, "{path}");
        assert_eq!(problem.retry_after, Some(3_600));
        let detail = problem.detail.unwrap();
        assert!(
            detail.contains("10 connections") && detail.contains("60 min"),
            "{detail}"
        );
    }
    let facts = world.stage.meter.facts();
    let refused = Fact::RequestRefused {
        limit: Limit::ConnectionTries,
    };
    assert_eq!(facts.into_iter().filter(|fact| *fact == refused).count(), 2);

    let trail: AuditEvents = world.get("/audit?limit=500").json();
    let tried = trail
        .events
        .iter()
        .filter(|event| event.event == "connection_tried");
    let facts: Vec<_> = tried.map(|event| event.facts.clone()).collect();
    let fact = json!({"kind": "imap", "port": 993, "security": "tls"});
    assert_eq!(facts, vec![fact; 10]);

    // Somebody else has their own, and the next hour is another.
    let bobs = with_json(bob("POST", "/accounts/test"), &imap());
    assert_eq!(world.send(bobs).status, 200);
    world.stage.clock.advance(Duration::from_secs(3_600));
    assert_eq!(world.post("/accounts/test", &imap()).status, 200);
}
