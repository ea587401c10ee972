//! SQS as a server of its own, where nothing else of AWS is needed.

use std::io;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Answer, Sqs};

/// A server that listens as long as this is kept.
#[derive(Debug)]
pub struct Served {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub url: String,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Served {
    /// Serves a router on a port of the system's choice, on this machine only.
    pub(crate) async fn start(router: impl FnOnce(&str) -> Router) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = router(&url);
        let task = tokio::spawn(async move {
            // It ends with the task alone.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, task })
    }

    /// The URL of a queue here.
    #[must_use]
    pub fn queue(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.url, super::ACCOUNT)
    }
}

impl Sqs {
    /// Listens on a port of the system's choice.
    pub async fn serve(&self) -> io::Result<Served> {
        Served::start(|url| {
            Router::new()
                .fallback(call)
                .with_state((self.clone(), url.to_owned()))
        })
        .await
    }
}

async fn call(
    State((sqs, base)): State<(Sqs, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok());
    let action = target.and_then(|target| target.strip_prefix("AmazonSQS."));
    sqs.answer(action.unwrap_or_default(), &body, &base)
        .await
        .into_response()
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let json = [("content-type", "application/x-amz-json-1.0")];
        let mut response = (self.status, json, self.body).into_response();
        if let Some(error) = self.query_error.and_then(|it| it.parse().ok()) {
            response.headers_mut().insert("x-amzn-query-error", error);
        }
        response
    }
}
