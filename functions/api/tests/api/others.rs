//! Invariant 6: what is somebody else's does not exist, and who is nobody learns nothing at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bulkhead_api::{Api, Hosts};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_shared::api::{Job, Preview};
use bulkhead_shared::problem::{Code, Problem};
use http::Request;
use http::header::{AUTHORIZATION, HOST};
use http::request::Builder;
use serde_json::{Value, json};

use crate::contract::document;
use crate::issuer::{Issuer, KEYS, claims, signed, token};
use crate::walk::{Call, Ids, calls};
use crate::world::{Answer, World, archive, bob, inbox, send, with_json};

/// Ann's account and jobs in many states, behind a door that asks for tokens.
struct Walk {
    world: World,
    router: Router,
    jobs: Vec<Ids>,
}

impl Walk {
    fn new() -> Self {
        let world = World::with(MemoryMailbox::new(12).with_dials());
        let jobs = jobs(&world);
        let identity = Issuer::new().identity(world.stage.clock.clone());
        let api = Api {
            hosts: Hosts::Any,
            ..Api::local(world.stage.ports.clone(), Arc::new(identity))
        };
        let router = bulkhead_api::router(api);
        Self {
            world,
            router,
            jobs,
        }
    }

    /// Every call, with each of ann's jobs.
    fn calls(&self) -> Vec<Call> {
        let document = document(&self.world);
        let all = self.jobs.iter().flat_map(|ids| calls(&document, ids));
        let mut all: Vec<Call> = all.collect();
        all.sort_by_key(Call::turn);
        all
    }

    fn make(&self, call: &Call, token: Option<&str>) -> Answer {
        let request = Request::builder()
            .method(call.method.as_str())
            .uri(&call.path)
            .header(HOST, "api.example");
        let request = match token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        let request = match &call.body {
            Some(body) => with_json(request, body),
            None => request.body(Body::empty()).unwrap(),
        };
        send(&self.router, request)
    }

    fn token(&self, who: &str) -> String {
        token(who, self.world.stage.clock.as_ref())
    }

    /// Everything ann can see of what is hers.
    fn hers(&self) -> Vec<Value> {
        let mut seen = vec![
            self.world.get("/accounts").json(),
            self.world.get("/audit?limit=500").json(),
        ];
        for ids in &self.jobs {
            seen.push(self.world.get(&format!("/jobs/{}", ids.job)).json());
        }
        let dials = format!("/accounts/{}/dials", self.world.stage.account);
        seen.push(self.world.get(&dials).json());
        seen
    }
}

/// Jobs of ann's: ended, exported, undone, cancelled, drafted, paused, waiting, being planned.
fn jobs(world: &World) -> Vec<Ids> {
    let batch = world.batch();
    let export = world.completed(json!({"type": "export", "format": "csv"}), inbox());
    let starred = json!({"query": "in:inbox is:starred"});
    let archived = world.completed(archive(), starred);
    let undo = world.ask("POST", &format!("/jobs/{}/undo", archived.id));
    let undo = undo.job(201);
    world.work();
    let cancelled = world.drafted(archive(), inbox());
    world.ask("POST", &format!("/jobs/{}/cancel", cancelled.id));
    let draft = world.drafted(archive(), inbox());
    let preview: Preview = world.get(&format!("/jobs/{}/preview", draft.id)).json();
    let waiting = world.drafted(archive(), inbox());
    world.confirm(&waiting);
    let paused = world.drafted(archive(), inbox());
    world.confirm(&paused);
    world.ask("POST", &format!("/jobs/{}/pause", paused.id));
    let body = world.draft(archive(), inbox());
    let planned = world.post("/jobs", &body).job(202);
    // Everything was archived by now.
    let email = world.email("in:archive");
    let mail = world.mail("in:archive");
    let ids = |job: &Job| Ids {
        account: world.stage.account.to_string(),
        job: job.id.to_string(),
        hash: preview.manifest_hash.to_string(),
        email: email.clone(),
        batch: batch.clone(),
        mail: mail.clone(),
    };
    [
        export, archived, undo, cancelled, draft, waiting, paused, planned,
    ]
    .iter()
    .map(ids)
    .collect()
}

/// Ids of the right form that nobody ever had, and texts that are no ids.
fn nobodys(ids: &Ids) -> Vec<Ids> {
    let nothing = "01arz3ndektsv4rrffq69g5fav";
    let forms = [
        (format!("acc_{nothing}"), format!("arc_{nothing}")),
        ("nonsense".to_owned(), "nonsense".to_owned()),
        ("%ff".to_owned(), "%ff".to_owned()),
    ];
    let hash = ids.hash.clone();
    forms
        .map(|(account, job)| Ids {
            account,
            batch: job.clone(),
            job,
            hash: hash.clone(),
            email: ids.email.clone(),
            mail: ids.mail.clone(),
        })
        .into()
}

/// The problem without what names this one request.
fn text(answer: &Answer) -> String {
    let problem = Problem {
        request_id: None,
        ..answer.problem()
    };
    serde_json::to_string(&problem).unwrap()
}

fn plain(code: Code) -> String {
    serde_json::to_string(&Problem::new(code)).unwrap()
}

#[test]
fn invariant_6_somebody_elses_answers_like_nobodys() {
    let walk = Walk::new();
    let before = walk.hers();
    let bob = walk.token("bob");
    for call in walk.calls().iter().filter(|call| call.names_something) {
        let answer = walk.make(call, Some(&bob));
        assert_eq!(text(&answer), plain(Code::NotFound), "{call:?}");
    }
    let document = document(&walk.world);
    for ids in nobodys(&walk.jobs[0]) {
        let named = calls(&document, &ids).into_iter();
        for call in named.filter(|call| call.path != call.template) {
            let answer = walk.make(&call, Some(&bob));
            assert_eq!(text(&answer), plain(Code::NotFound), "{call:?}");
        }
    }
    assert_eq!(walk.hers(), before, "and nothing of hers has changed");
}

#[test]
fn invariant_6_what_names_nothing_shows_only_ones_own() {
    let walk = Walk::new();
    let before = walk.hers();
    let hers: BTreeSet<&str> = walk
        .jobs
        .iter()
        .flat_map(|ids| [ids.account.as_str(), ids.job.as_str(), ids.hash.as_str()])
        .collect();
    let bob = walk.token("bob");
    let mut lists = 0;
    // The same for each of her jobs, so once is enough.
    let all = calls(&document(&walk.world), &walk.jobs[0]);
    for call in all.iter().filter(|call| !call.names_something) {
        let answer = walk.make(call, Some(&bob));
        if call.template == "/api/v1/workbooks" {
            // It shows what is sent, and here that is nothing.
            assert_eq!(answer.status, 400, "{call:?}");
            continue;
        }
        assert!(answer.status.is_success(), "{call:?} {answer:?}");
        let body = String::from_utf8(answer.body).unwrap();
        for id in &hers {
            assert!(!body.contains(id), "{call:?} {body}");
        }
        lists += 1;
    }
    assert!(lists > 0);
    assert_eq!(walk.hers(), before);
}

#[test]
fn who_is_nobody_gets_the_same_answer_to_everything() {
    let walk = Walk::new();
    let before = walk.hers();
    let clock = walk.world.stage.clock.as_ref();
    let good = claims("ann", clock);
    let mut ended = good.clone();
    ended["exp"] = json!(ended["iat"].as_i64().unwrap() - 60);
    let expired = signed("first", &KEYS[0], &ended);
    let forged = signed("first", &KEYS[1], &good);
    let document = document(&walk.world);
    let nobodys = nobodys(&walk.jobs[0]);
    let made_up = nobodys.iter().flat_map(|ids| calls(&document, ids));
    for call in walk.calls().into_iter().chain(made_up) {
        for token in [None, Some(expired.as_str()), Some(forged.as_str())] {
            let answer = walk.make(&call, token);
            assert_eq!(text(&answer), plain(Code::Unauthenticated), "{call:?}");
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer realm=\"bulkhead\"")
            );
        }
    }
    assert_eq!(walk.hers(), before);
}

/// Else the walks above would prove nothing: they would fail for want of a thing, not of a right.
#[test]
fn every_call_of_the_walk_leads_somewhere_for_whose_it_is() {
    let walk = Walk::new();
    let ann = walk.token("ann");
    let mut answers: BTreeMap<(String, String), BTreeSet<u16>> = BTreeMap::new();
    for call in walk.calls() {
        let status = walk.make(&call, Some(&ann)).status.as_u16();
        let route = (call.method, call.template);
        answers.entry(route).or_default().insert(status);
    }
    // The mailbox of these tests takes no files, and says so.
    let imports = (
        "POST".to_owned(),
        "/api/v1/accounts/{account}/import".to_owned(),
    );
    assert_eq!(answers.remove(&imports), Some([400].into()));
    // An empty file goes along with no mail.
    let attachments = (
        "POST".to_owned(),
        "/api/v1/accounts/{account}/attachments".to_owned(),
    );
    assert_eq!(answers.remove(&attachments), Some([400].into()));
    // Nor does it administer any others.
    let mailboxes = (
        "GET".to_owned(),
        "/api/v1/accounts/{account}/mailboxes".to_owned(),
    );
    assert_eq!(answers.remove(&mailboxes), Some([404].into()));
    // An empty file is no workbook.
    let workbooks = ("POST".to_owned(), "/api/v1/workbooks".to_owned());
    assert_eq!(answers.remove(&workbooks), Some([400].into()));
    for (route, statuses) in answers {
        let reached = statuses
            .iter()
            .any(|status| [200, 201, 202, 204, 303, 409].contains(status));
        assert!(reached, "{route:?} {statuses:?}");
    }
}

#[test]
fn invariant_6_a_key_is_only_ones_own() {
    let world = World::new(8);
    let new = json!({"connection": {"kind": "sandbox"}});
    let made = world.send(with_json(bob("POST", "/accounts"), &new));
    assert_eq!(made.status, 201);
    let theirs = made.json::<Value>()["id"].clone();
    let body = world.draft(archive(), inbox());
    let keyed = |builder: Builder| builder.header("idempotency-key", "k");
    let mine = keyed(crate::world::ann("POST", "/jobs"));
    let mine = world.send(with_json(mine, &body)).job(202);
    let body = json!({"account": theirs, "operation": archive(), "selection": inbox()});
    let bobs = keyed(bob("POST", "/jobs"));
    assert_ne!(world.send(with_json(bobs, &body)).job(202).id, mine.id);
}
