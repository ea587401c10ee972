//! Carries the SDK's requests to a database inside this process, without a socket: what listens on
//! a port, every program and every web page on the machine could talk to.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

/// Names the operation, after the protocol's version and a dot.
const TARGET: &str = "x-amz-target";

/// Answers one request: the operation and its body go in, a status and a body come out. It may
/// block.
pub type Answer = dyn Fn(&str, &[u8]) -> (u16, Vec<u8>) + Send + Sync;

#[derive(Clone)]
struct InProcess(Arc<Answer>);

pub(super) fn http_client(answer: Arc<Answer>) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(InProcess(answer));
    http_client_fn(move |_, _| connector.clone())
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.clone();
        // Databases block; requests are waited for by tasks that must not.
        let answered = tokio::task::spawn_blocking(move || {
            let target = request.headers().get(TARGET).unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default();
            answer(operation, request.body().bytes().unwrap_or_default())
        });
        HttpConnectorFuture::new(async move {
            let (status, body) = answered
                .await
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            let status = StatusCode::try_from(status)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            Ok(HttpResponse::new(status, SdkBody::from(body)))
        })
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}
