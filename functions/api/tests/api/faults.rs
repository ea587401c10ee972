//! What is not the caller's fault: the provider's troubles, and ours.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Body;
use bulkhead_engine::ports::{
    CallError, Connectors, PartReader, PartWriter, Parts, PartsError, SealError, SealedFor, Sealer,
    Table, TableError,
};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::memory::MemoryTable;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Code;
use http::Request;
use http::request::Builder;
use jiff::SignedDuration;
use serde_json::json;

use crate::world::{Answer, World, ann, archive, inbox, send, with_json};

/// A table that cannot answer, in one of the ways there are.
pub(crate) fn down(error: fn() -> TableError) -> Arc<dyn Table> {
    let fails = intercept::by(move |_, _| Err(Failure::Table(error())));
    intercept::table(Arc::new(MemoryTable::new()), &fails)
}

/// Accounts that can be opened, and all of whose calls fail alike.
fn failing(error: fn() -> CallError) -> Arc<dyn Connectors> {
    let fails = intercept::by(move |_, call| match call {
        Call::Open => Ok(()),
        _ => Err(Failure::Call(error())),
    });
    intercept::connectors(Arc::new(MemoryMailbox::new(0)), &fails)
}

struct NoParts;

#[async_trait]
impl Parts for NoParts {
    async fn create(&self, _: &JobId, _: &str) -> Result<Box<dyn PartWriter>, PartsError> {
        Err(PartsError("full of secrets".into()))
    }
    async fn open(&self, _: &JobId, _: &str) -> Result<Option<Box<dyn PartReader>>, PartsError> {
        Err(PartsError("full of secrets".into()))
    }
}

struct AnotherKey;

#[async_trait]
impl Sealer for AnotherKey {
    async fn seal(&self, _: SealedFor<'_>, _: &[u8]) -> Result<Vec<u8>, SealError> {
        Err(SealError::Broken)
    }
    async fn unseal(&self, _: SealedFor<'_>, _: &[u8]) -> Result<Vec<u8>, SealError> {
        Err(SealError::Broken)
    }
}

fn get(router: &axum::Router, path: &str) -> Answer {
    send(router, empty(ann("GET", path)))
}

fn empty(request: Builder) -> Request<Body> {
    request.body(Body::empty()).unwrap()
}

#[test]
fn a_table_that_is_busy_is_503_and_one_that_refuses_is_500() {
    let world = World::new(1);
    let busy = world.rewired(|ports| {
        ports.table = down(|| TableError::Unavailable("full of secrets".into()));
    });
    let answer = get(&busy, "/jobs");
    let problem = answer.problem();
    assert_eq!(
        (problem.code, problem.retry_after),
        (Code::Unavailable, Some(2))
    );
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(problem.detail, None);
    let refusing = world.rewired(|ports| {
        ports.table = down(|| TableError::Refused("full of secrets".into()));
    });
    let problem = get(&refusing, "/jobs").problem();
    assert_eq!((problem.code, problem.detail), (Code::Internal, None));
    let raced = world.rewired(|ports| ports.table = down(|| TableError::Conflict));
    assert_eq!(get(&raced, "/jobs").refused().0, Code::Unavailable);
}

#[test]
fn an_export_whose_parts_cannot_be_read_is_a_problem() {
    let world = World::new(4);
    let job = world
        .completed(json!({"type": "export", "format": "mbox"}), inbox())
        .id;
    let path = format!("/jobs/{job}/export");
    assert_eq!(
        world.get(&path).header("content-type"),
        Some("application/mbox")
    );
    let broken = world.rewired(|ports| ports.parts = Arc::new(NoParts));
    let problem = get(&broken, &path).problem();
    assert_eq!((problem.code, problem.detail), (Code::Unavailable, None));
}

#[test]
fn credentials_that_cannot_be_opened_ask_for_a_new_sign_in() {
    let world = World::new(1);
    let router = world.rewired(|ports| ports.sealer = Arc::new(AnotherKey));
    let path = format!("/accounts/{}/folders", world.stage.account);
    let problem = get(&router, &path).problem();
    assert_eq!((problem.code, problem.status), (Code::SignInNeeded, 424));
    assert!(
        problem
            .detail
            .unwrap()
            .contains("connect the account again")
    );
}

#[test]
fn a_provider_that_asks_to_wait_or_refuses_the_sign_in() {
    let world = World::new(4);
    let path = format!("/accounts/{}/items", world.stage.account);
    let until = world.stage.ports.clock.now() + SignedDuration::from_secs(7);
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.throttle = Some((1, until)));
    let answer = world.get(&path);
    let problem = answer.problem();
    assert_eq!(
        (problem.code, problem.retry_after),
        (Code::ProviderUnavailable, Some(7))
    );
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(world.get(&path).status, 200, "once");
    world
        .stage
        .mailbox
        .trouble(|trouble| trouble.signed_out = true);
    assert_eq!(world.get(&path).refused(), (Code::SignInNeeded, None));
    assert_eq!(world.get("/accounts").status, 200, "listed all the same");
}

#[test]
fn what_a_provider_cannot_do_names_the_field_that_asked_for_it() {
    let world = World::new(4);
    let job = world.drafted(archive(), inbox()).id;
    let router = |error| world.rewired(|ports| ports.connectors = failing(error));
    let account = format!("/accounts/{}", world.stage.account);
    let unable = router(|| CallError::Unsupported("Cannot do that.".to_owned()));
    let connect = json!({"connection": {"kind": "sandbox"}});
    let ids = world.draft(archive(), json!({"ids": ["x"]}));
    for (request, field) in [
        (
            empty(ann("GET", &format!("{account}/items?q=x"))),
            Some("q"),
        ),
        (
            empty(ann("GET", &format!("{account}/items?q=x&cursor=y"))),
            Some("cursor"),
        ),
        (
            empty(ann("GET", &format!("/jobs/{job}/preview"))),
            Some("selection.query"),
        ),
        (
            with_json(ann("POST", "/jobs"), &ids),
            Some("selection.query"),
        ),
        (
            with_json(ann("POST", "/accounts"), &connect),
            Some("connection"),
        ),
        (empty(ann("GET", &format!("{account}/folders"))), None),
    ] {
        let problem = send(&unable, request).problem();
        assert_eq!(
            (problem.code, problem.field.as_deref()),
            (Code::Invalid, field)
        );
        assert_eq!(problem.detail.as_deref(), Some("Cannot do that."));
    }
    let away = router(|| CallError::Unavailable("no route".to_owned()));
    let problem = get(&away, &format!("{account}/items")).problem();
    assert_eq!(
        (problem.code, problem.retry_after),
        (Code::ProviderUnavailable, None)
    );
    assert_eq!(problem.detail.as_deref(), Some("No route."));
    let refusing = router(|| CallError::Refused(ItemReason::OverQuota));
    let problem = get(&refusing, &format!("{account}/items")).problem();
    assert_eq!(problem.code, Code::ProviderUnavailable);
    assert_eq!(
        problem.detail.unwrap(),
        "The mailbox is full. Make room, then retry what failed."
    );
}
