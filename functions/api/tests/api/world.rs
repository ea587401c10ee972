//! A router on ports in memory, two people who may use it, and a client in the test's hand.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use bulkhead_api::auth::CannotTell;
use bulkhead_api::{Api, Identity};
use bulkhead_engine::ports::Ports;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{BatchAccepted, Emails, Items, Job, Preview, SignIn};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::problem::{Code, Problem};
use futures::executor::block_on;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::{Builder, Parts};
use http::{HeaderMap, Method, Request, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Names are their own tokens here: `Bearer ann` is ann.
pub(crate) struct ByName;

#[async_trait]
impl Identity for ByName {
    async fn user(&self, parts: &Parts) -> Result<Option<UserId>, CannotTell> {
        let header = parts.headers.get(AUTHORIZATION);
        let name = header.and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
        Ok(name.and_then(|name| name.parse().ok()))
    }

    fn sign_in(&self) -> SignIn {
        SignIn::Token {}
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The job in an answer with this status.
    #[track_caller]
    pub(crate) fn job(&self, status: u16) -> Job {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self.json()
    }

    /// The problem it is, with everything that all problems have in common.
    #[track_caller]
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.status, problem.code.status());
        assert_eq!(problem.request_id.as_deref(), self.header("x-request-id"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        problem
    }

    /// Its code and field.
    #[track_caller]
    pub(crate) fn refused(&self) -> (Code, Option<String>) {
        let problem = self.problem();
        (problem.code, problem.field)
    }
}

/// The router with what is behind it.
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) router: Router,
}

impl World {
    /// Ann has an account with so many mails.
    pub(crate) fn new(mails: u64) -> Self {
        Self::with(MemoryMailbox::new(mails))
    }

    pub(crate) fn with(mailbox: MemoryMailbox) -> Self {
        let stage = block_on(Stage::new(mailbox)).unwrap();
        let router = router(stage.ports.clone());
        Self { stage, router }
    }

    /// The same, with some ports exchanged.
    pub(crate) fn rewired(&self, change: impl FnOnce(&mut Ports)) -> Router {
        let mut ports = self.stage.ports.clone();
        change(&mut ports);
        router(ports)
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request)
    }

    /// A request of ann's.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(ann(method, path).body(Body::empty()).unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(with_json(ann("POST", path), body))
    }

    /// A draft's body.
    pub(crate) fn draft(&self, operation: Value, selection: Value) -> Value {
        json!({"account": self.stage.account, "operation": operation, "selection": selection})
    }

    /// Drafts and lets it be frozen.
    pub(crate) fn drafted(&self, operation: Value, selection: Value) -> Job {
        let job = self
            .post("/jobs", &self.draft(operation, selection))
            .job(202);
        self.work();
        self.job(&job)
    }

    /// Says yes to what the preview shows.
    pub(crate) fn confirm(&self, job: &Job) -> Job {
        let preview: Preview = self.get(&format!("/jobs/{}/preview", job.id)).json();
        let yes = json!({"manifest_hash": preview.manifest_hash});
        self.post(&format!("/jobs/{}/confirm", job.id), &yes)
            .job(202)
    }

    /// Drafts, confirms and works until nothing is left to do.
    pub(crate) fn completed(&self, operation: Value, selection: Value) -> Job {
        let job = self.drafted(operation, selection);
        self.confirm(&job);
        self.work();
        self.job(&job)
    }

    pub(crate) fn job(&self, job: &Job) -> Job {
        self.get(&format!("/jobs/{}", job.id)).job(200)
    }

    /// A mail of this search, as its account names it.
    pub(crate) fn mail(&self, query: &str) -> String {
        let path = format!("/accounts/{}/items?q={query}", self.stage.account);
        let mails: Items = self.get(&path).json();
        mails.items[0].id.to_string()
    }

    /// A mail that this search finds, as the batch API names it.
    pub(crate) fn email(&self, query: &str) -> String {
        let page: Emails = self.get(&format!("/emails?q={query}")).json();
        page.emails[0].email_id.to_string()
    }

    /// A batch that has ended.
    pub(crate) fn batch(&self) -> String {
        let asked = json!({"email_ids": [self.email("in:inbox")]});
        let accepted: BatchAccepted = self.post("/emails/batch/classify", &asked).json();
        self.work();
        accepted.job_id
    }

    /// Handles all messages.
    pub(crate) fn work(&self) {
        block_on(self.stage.run()).unwrap();
    }
}

fn router(ports: Ports) -> Router {
    bulkhead_api::router(Api::local(ports, Arc::new(ByName)))
}

/// Sends a request and reads the whole answer. What every answer has is checked here.
#[track_caller]
pub(crate) fn send(router: &Router, request: Request<Body>) -> Answer {
    let path = request.uri().path().to_owned();
    let response: Response = block_on(router.clone().oneshot(request)).unwrap();
    let (parts, body) = response.into_parts();
    let body = block_on(to_bytes(body, usize::MAX)).unwrap().to_vec();
    let (status, headers) = (parts.status, parts.headers);
    let id = headers["x-request-id"].to_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    if !path.starts_with("/sign-") {
        assert!(!headers.contains_key("set-cookie"), "{path}");
    }
    Answer {
        status,
        headers,
        body,
    }
}

/// A request to the API without anybody's name on it.
pub(crate) fn nobody(method: &str, path: &str) -> Builder {
    Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(format!("/api/v1{path}"))
        .header(HOST, "localhost:4040")
}

/// A request of ann's.
pub(crate) fn ann(method: &str, path: &str) -> Builder {
    nobody(method, path).header(AUTHORIZATION, "Bearer ann")
}

/// A request of bob's.
pub(crate) fn bob(method: &str, path: &str) -> Builder {
    nobody(method, path).header(AUTHORIZATION, "Bearer bob")
}

pub(crate) fn with_json(builder: Builder, body: &Value) -> Request<Body> {
    builder
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub(crate) fn archive() -> Value {
    json!({"type": "archive"})
}

pub(crate) fn inbox() -> Value {
    json!({"query": "in:inbox"})
}
