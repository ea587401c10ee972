//! An AWS that says what a test wants, inside the process.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

type Answer = dyn Fn(Value) -> (u16, Value) + Send + Sync;

#[derive(Clone)]
struct Saying(Arc<Answer>);

/// A way to AWS on which every call is answered by this: a body goes in, a status and a body come
/// out.
pub(crate) fn saying(
    answer: impl Fn(Value) -> (u16, Value) + Send + Sync + 'static,
) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Saying(Arc::new(answer)));
    http_client_fn(move |_, _| connector.clone())
}

impl HttpConnector for Saying {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let asked = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let (status, answer) = self.0(asked);
        let status = StatusCode::try_from(status).unwrap();
        let body = SdkBody::from(answer.to_string());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body)))
    }
}

impl fmt::Debug for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Saying")
    }
}
