//! Invariant 10: what is in requests and answers is not in the log.

use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use axum::body::Body;
use bulkhead_engine::ports::TableError;
use http::Request;
use serde_json::json;

use crate::faults::down;
use crate::world::{World, ann, archive, inbox, send, with_json};

/// In everything that is asked and stored here.
const SECRET: &str = "hunter2";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that is logged meanwhile, down to the smallest.
pub(crate) fn logged(work: impl FnOnce()) -> String {
    // Whatever another test reaches first without a log would else be taken for nobody's interest.
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    });
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn invariant_10_nothing_that_was_said_is_logged() {
    let world = World::new(4);
    let account = world.stage.account.clone();
    let empty = |builder: http::request::Builder| builder.body(Body::empty()).unwrap();
    let text = logged(|| {
        let connect = json!({"name": SECRET, "connection": {"kind": "imap", "host": SECRET,
            "port": 993, "security": "tls", "user": SECRET, "password": SECRET}});
        assert_eq!(world.post("/accounts", &connect).status, 201);
        world.get(&format!("/accounts/{account}/items?q=subject:{SECRET}"));
        world.get(&format!("/accounts/{account}/items?q=larger:{SECRET}"));
        world.get(&format!("/{SECRET}/{SECRET}?{SECRET}={SECRET}"));
        world.post("/jobs", &json!({"account": SECRET, SECRET: SECRET}));
        let body = world.draft(
            archive(),
            json!({"query": format!("subject:{SECRET} in:inbox")}),
        );
        let keyed = ann("POST", "/jobs").header("idempotency-key", SECRET);
        let job = world.send(with_json(keyed, &body)).job(202);
        world.work();
        world.confirm(&job);
        world.work();
        world.get(&format!("/jobs/{}/results.csv", job.id));
        let wrong = ann("GET", "/jobs").header("cookie", format!("bulkhead_session={SECRET}"));
        world.send(empty(wrong));
        let sign_in = Request::post("/sign-in").header("host", "localhost");
        world.send(with_json(sign_in, &json!({ "code": SECRET })));
        let moved = world.draft(json!({"type": "move", "folder": SECRET}), inbox());
        world.post("/jobs", &moved);
    });
    assert!(text.contains("request.id="), "something is logged at all");
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn a_fault_is_logged_once_under_the_id_that_the_caller_got() {
    let world = World::new(1);
    let router = world.rewired(|ports| {
        ports.table = down(|| TableError::Refused("the disk is full".into()));
    });
    let mut id = String::new();
    let text = logged(|| {
        let request = ann("GET", "/jobs").body(Body::empty()).unwrap();
        id = send(&router, request).problem().request_id.unwrap();
    });
    let errors: Vec<&str> = text.lines().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(errors.len(), 1, "{text}");
    assert!(
        errors[0].contains(&id) && errors[0].contains("the disk is full"),
        "{text}"
    );
    assert!(errors[0].contains("/api/v1/jobs"), "{text}");
}
