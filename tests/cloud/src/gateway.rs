//! What stands before the functions: CloudFront with the app's files, and the HTTP API behind it.
//!
//! Everything that can be read from the template is: routes and which function each goes to, the
//! authorizer, CloudFront's paths and methods, the headers it adds. The rest follows the developer
//! guide of API Gateway ("Working with HTTP APIs") and its quotas.

mod answer;
mod authorizer;
mod edge;
mod event;
mod routes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::lambda::{Failure, Function, LARGEST_PAYLOAD};
use crate::template::Template;
use answer::message;
use authorizer::{Authorizer, Refused};
use edge::Edge;
use event::Asked;
use routes::{Routes, Target};

/// The longest a request may take (HTTP APIs: 30 seconds, fixed).
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest body of a request (HTTP APIs: 10 MB, fixed).
const LARGEST_BODY: usize = 10 * 1024 * 1024;
/// The longest request line and headers together (HTTP APIs: 10 240 bytes, fixed).
const LARGEST_HEAD: usize = 10_240;

/// What stands behind it.
pub struct Behind {
    /// The functions, by their logical ids in the template.
    pub functions: BTreeMap<String, Function>,
    /// Who issues tokens.
    pub issuer: String,
    /// Where people sign in; it takes the hosted sign-in's place in the policy of the pages.
    pub sign_in: String,
    /// The app's files, if there is an app.
    pub app: Option<PathBuf>,
}

/// A running front. It ends when this is dropped.
pub struct Gateway {
    address: String,
    server: JoinHandle<()>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Shared {
    edge: Edge,
    routes: Routes,
    authorizer: Authorizer,
    functions: BTreeMap<String, Function>,
}

impl Gateway {
    /// Starts it on a free port of this machine.
    ///
    /// # Panics
    /// Where the template has no routes, or one that goes to a function that is not there.
    pub async fn start(template: &Template, behind: Behind) -> Self {
        let shared = Arc::new(Shared {
            edge: Edge::read(template, behind.app, &behind.sign_in),
            routes: Routes::read(template, &behind.functions),
            authorizer: Authorizer::read(template, behind.issuer),
            functions: behind.functions,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // A browser treats this machine's own address as safe, also without TLS.
        let address = format!("http://{}", listener.local_addr().unwrap());
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let router = Router::new().fallback(at_the_edge).with_state(shared);
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self { address, server }
    }

    /// Where the app and the API are.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// CloudFront: a file of the app, or a request for the API.
async fn at_the_edge(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let behaviour = shared.edge.behaviour(request.uri().path());
    if !behaviour.allows(request.method()) {
        return (StatusCode::FORBIDDEN, "this method is not allowed").into_response();
    }
    let mut response = if behaviour.is_api() {
        shared.api(request).await
    } else {
        shared
            .edge
            .file(request.method(), request.uri().path(), request.headers())
    };
    behaviour.dress(response.headers_mut());
    response
}

impl Shared {
    /// The HTTP API.
    async fn api(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        if head_bytes(&head.method, &head.uri.to_string(), &head.headers) > LARGEST_HEAD {
            return message(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "Request Header Fields Too Large",
            );
        }
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        };
        let Some((target, parameters)) = self.routes.select(&head.method, head.uri.path()) else {
            return message(StatusCode::NOT_FOUND, "Not Found");
        };
        let claims = match self.let_in(target, &head.headers).await {
            Ok(claims) => claims,
            Err(refused) => return refused.into_response(),
        };
        let asked = Asked {
            route: &target.key,
            head: &head,
            body: &body,
            parameters,
            claims,
        };
        self.ask(target, &asked.event()).await
    }

    async fn let_in(&self, target: &Target, headers: &HeaderMap) -> Result<Option<Value>, Refused> {
        if !target.is_guarded {
            return Ok(None);
        }
        self.authorizer.check(headers).await.map(Some)
    }

    async fn ask(&self, target: &Target, event: &Value) -> Response {
        if event.to_string().len() > LARGEST_PAYLOAD {
            return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        }
        let function = &self.functions[&target.function];
        let Ok(answer) = tokio::time::timeout(PATIENCE, function.invoke(event)).await else {
            return message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
        };
        match answer {
            Ok(answer) => event::response(&answer),
            Err(Failure::Throttled) => {
                message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            }
            Err(_) => message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        }
    }
}

fn head_bytes(method: &Method, uri: &str, headers: &HeaderMap) -> usize {
    let lines = headers.iter();
    let lines = lines.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    method.as_str().len() + uri.len() + lines.sum::<usize>()
}
