//! Requests that wait for a mail server.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use bulkhead_engine::limits::waiting;
use bulkhead_engine::ports::{Account, CallError, Connectors, Fact, Limit, MailStore};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::{AccountKind, AuditEvents, Connection, Preview};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::problem::Code;
use futures::executor::block_on;
use serde_json::json;

use crate::contract::document;
use crate::walk::{Ids, calls};
use crate::world::{World, ann, archive, bob, inbox, send, with_json};

/// Takes all of ann's places, as four requests do that wait.
fn take_all(world: &World) -> Vec<waiting::Place> {
    let take = |_| block_on(waiting::enter(&world.stage.ports, &world.stage.user)).unwrap();
    (0..4).map(take).collect()
}

/// Counts how often an account is opened, and opens none.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicU32>);

#[async_trait]
impl Connectors for Asked {
    async fn open(&self, _: &AccountId, _: &Connection) -> Result<Arc<dyn Account>, CallError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(CallError::Unavailable("nobody is there".to_owned()))
    }
    async fn close(&self, _: &AccountId) {}
    fn least_abilities(&self, _: AccountKind) -> BTreeMap<Kind, Abilities> {
        [(Kind::Mail, MemoryMailbox::new(0).abilities().clone())].into()
    }
}

#[test]
fn four_requests_of_a_person_wait_at_once_and_the_fifth_is_told() {
    let world = World::new(3);
    let list = format!("/accounts/{}/items", world.stage.account);
    let mut places = take_all(&world);
    let answer = world.get(&list);
    let problem = answer.problem();
    assert_eq!(problem.code, Code::TooManyRequests);
    assert_eq!(problem.retry_after, Some(1));
    let detail = problem.detail.unwrap();
    assert!(detail.contains("4 of your requests wait"), "{detail}");
    let refused = Fact::RequestRefused {
        limit: Limit::WaitingRequests,
    };
    assert!(world.stage.meter.facts().contains(&refused));
    // What waits for nobody is answered, and so is everybody else.
    assert_eq!(world.get("/jobs").status, 200);
    let request = bob("GET", "/accounts/acc_01arz3ndektsv4rrffq69g5fav/items");
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).status, 404);

    let place = places.pop().unwrap();
    block_on(place.leave(&world.stage.ports)).unwrap();
    // Each gives its place back, however it was answered.
    for _ in 0..10 {
        assert_eq!(world.get(&list).status, 200);
        assert_eq!(world.get(&format!("{list}?q=larger:x")).status, 400);
    }
    // Those whose processes died end by themselves.
    drop(places);
    let _lost = take_one_more(&world);
    assert_eq!(world.get(&list).status, 429);
    world.stage.clock.advance(Duration::from_secs(30));
    assert_eq!(world.get(&list).status, 200);
}

fn take_one_more(world: &World) -> waiting::Place {
    block_on(waiting::enter(&world.stage.ports, &world.stage.user)).unwrap()
}

/// Nothing here names a route: one that is added later and asks a mail server is found.
#[test]
fn whoever_has_no_place_left_opens_no_account() {
    let world = World::new(6);
    let draft = world.drafted(archive(), inbox());
    let preview: Preview = world.get(&format!("/jobs/{}/preview", draft.id)).json();
    let done = world.completed(json!({"type": "export", "format": "csv"}), inbox());
    let batch = world.batch();
    let email = world.email("in:inbox");
    let mail = world.mail("in:inbox");
    let ids = |job: String| Ids {
        account: world.stage.account.to_string(),
        hash: preview.manifest_hash.to_string(),
        email: email.clone(),
        batch: batch.clone(),
        mail: mail.clone(),
        job,
    };
    let asked = Asked::default();
    let router = world.rewired(|ports| ports.connectors = Arc::new(asked.clone()));
    let document = document(&world);
    let mut walked = calls(&document, &ids(draft.id.to_string()));
    walked.extend(calls(&document, &ids(done.id.to_string())));
    // What deletes comes last, and after it nothing is there any more.
    let (deletes, walked): (Vec<_>, Vec<_>) =
        walked.into_iter().partition(|call| call.method == "DELETE");
    let make = |call: &crate::walk::Call| {
        let request = ann(&call.method, call.path.trim_start_matches("/api/v1"));
        let request = match &call.body {
            Some(body) => with_json(request, body),
            None => request.body(Body::empty()).unwrap(),
        };
        send(&router, request)
    };
    let _places = take_all(&world);
    let refused: Vec<_> = walked
        .iter()
        .filter(|call| make(call).status == 429)
        .collect();
    assert_eq!(asked.0.load(Ordering::Relaxed), 0);
    assert!(refused.len() >= 10, "{refused:?}");
    // And none is kept waiting for nothing.
    for call in refused {
        world.stage.clock.advance(Duration::from_secs(3_600));
        let before = asked.0.load(Ordering::Relaxed);
        let answer = make(call);
        let opened = asked.0.load(Ordering::Relaxed) > before;
        let is_stopped_before = answer.status == 409 || answer.status == 410;
        // Asks the directory of names and a provider's site, and signs in nowhere.
        let looks_around = call.template.ends_with("/accounts/discover");
        // The provider's code is traded before anybody signs in, and nobody trades one here.
        let trades = call.template.ends_with("/accounts/consents");
        // Makes the file only where there is a place to hand it out from.
        let is_link = call.template.ends_with("/link");
        assert!(
            opened || is_stopped_before || looks_around || trades || is_link,
            "{call:?} {answer:?}"
        );
    }
    let before = asked.0.load(Ordering::Relaxed);
    let of = |what: &'static str| {
        let deletes = deletes
            .iter()
            .filter(move |call| call.template.contains(what));
        deletes.map(make)
    };
    let (mut accounts, mut drafts) = (of("{account}"), of("{job}"));
    // A draft, and a job that is none any more.
    assert_eq!(drafts.next().unwrap().status, 204);
    assert_eq!(drafts.next().unwrap().status, 409);
    assert_eq!(accounts.by_ref().last().unwrap().status, 404);
    assert_eq!(asked.0.load(Ordering::Relaxed), before);
}

#[test]
fn downloads_are_in_the_trail() {
    let world = World::new(6);
    let job = world.completed(json!({"type": "export", "format": "csv"}), inbox());
    let path = format!("/jobs/{}", job.id);
    for end in [
        "/export",
        "/export/link",
        "/results.csv",
        "/results.csv/link",
    ] {
        assert_eq!(world.get(&format!("{path}{end}")).status, 200, "{end}");
    }
    let trail: AuditEvents = world.get("/audit").json();
    let downloads = trail
        .events
        .iter()
        .filter(|event| event.event.ends_with("_downloaded"));
    let found: Vec<_> = downloads
        .map(|event| (event.event.as_str(), event.job.clone()))
        .collect();
    // A link that has to be followed is nothing yet.
    let job = Some(job.id);
    let expected = [
        ("results_downloaded", job.clone()),
        ("export_downloaded", job),
    ];
    assert_eq!(found, expected);
}
