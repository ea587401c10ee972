//! The way to AWS: one set of connections, with TLS by ring and the system's roots, for the SDK's
//! clients and for S3 alike.
//!
//! Reading the roots takes longer than all the rest of a function's start. So it is done once, and beside
//! the rest: the first call waits for what is still missing of it.

use std::sync::{Arc, LazyLock};
use std::thread;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::bounds::{CALL, CONNECT};

/// Connections that are ready by the time they are needed.
#[derive(Debug, Clone)]
struct Beside(Arc<LazyLock<SharedHttpConnector>>);

impl Beside {
    fn begin() -> Self {
        let begun = Self(Arc::new(LazyLock::new(make)));
        let beside = begun.clone();
        // Where no thread can be had, the first call makes them.
        let _ = thread::Builder::new().spawn(move || LazyLock::force(&beside.0).clone());
        begun
    }
}

impl HttpConnector for Beside {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.0.call(request)
    }
}

/// Also takes plain `http://` addresses: for stand-ins on this machine.
pub(crate) fn connector() -> SharedHttpConnector {
    SharedHttpConnector::new(Beside::begin())
}

fn make() -> SharedHttpConnector {
    // The SDK ends its attempts earlier by itself; S3 gets a large piece through in this time.
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT)
        .read_timeout(CALL)
        .build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build();
    SharedHttpConnector::new(connector)
}

/// The same as the SDK's clients take it.
pub(crate) fn client(connector: &SharedHttpConnector) -> SharedHttpClient {
    let connector = connector.clone();
    http_client_fn(move |_, _| connector.clone())
}
