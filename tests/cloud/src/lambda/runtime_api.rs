//! The Runtime API of one environment, as its process sees it (`/2018-06-01/runtime/…`).

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// An event on its way to a process.
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) function: String,
    /// When the function is killed.
    pub(super) deadline: SystemTime,
    pub(super) body: Bytes,
}

/// What a process says.
#[derive(Debug)]
pub(super) enum Said {
    /// It asks for an event.
    Next,
    /// It answers the event with this id.
    Answer(String, Bytes),
    /// It failed with the event of this id.
    Failed(String, Bytes),
    /// It cannot start.
    CannotStart(Bytes),
}

/// Our end of the line to a process; the server ends with it.
pub(super) struct Line {
    pub(super) address: String,
    pub(super) events: mpsc::Sender<Event>,
    said: mpsc::Receiver<(Instant, Said)>,
    server: tokio::task::JoinHandle<()>,
}

struct Desk {
    events: Mutex<mpsc::Receiver<Event>>,
    said: mpsc::Sender<(Instant, Said)>,
}

impl Line {
    /// Opens a Runtime API on a port of its own.
    pub(super) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (events, incoming) = mpsc::channel(1);
        let (saying, said) = mpsc::channel(16);
        let desk = Arc::new(Desk {
            events: Mutex::new(incoming),
            said: saying,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(cannot_start))
            // An answer that is too large is to be seen as one, so it has to arrive.
            .layer(DefaultBodyLimit::disable())
            .with_state(desk);
        // Answers leave at once: Nagle and a delayed acknowledgement cost 40 ms a call.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            events,
            said,
            server,
        })
    }

    /// What the process says next, and when it did.
    pub(super) async fn hear(&mut self) -> (Instant, Said) {
        match self.said.recv().await {
            Some(said) => said,
            // The server holds the other end for as long as we live.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    let _ = desk.said.send((Instant::now(), Said::Next)).await;
    let Some(event) = desk.events.lock().await.recv().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let deadline = event.deadline.duration_since(UNIX_EPOCH);
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", event.request_id),
        (
            "lambda-runtime-deadline-ms",
            deadline.unwrap_or(Duration::ZERO).as_millis().to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", event.function),
        (
            "lambda-runtime-trace-id",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0".to_owned(),
        ),
    ];
    (headers, event.body).into_response()
}

async fn answer(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    say(&desk, Said::Answer(id, body)).await
}

async fn failed(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    say(&desk, Said::Failed(id, body)).await
}

async fn cannot_start(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    say(&desk, Said::CannotStart(body)).await
}

async fn say(desk: &Desk, said: Said) -> StatusCode {
    let _ = desk.said.send((Instant::now(), said)).await;
    StatusCode::ACCEPTED
}
