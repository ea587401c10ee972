//! The way to AWS: one set of connections, with TLS by ring and the system's roots, for the SDK's
//! clients and for S3 alike. Made once, so that a function that starts reads the roots once.

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

use crate::bounds::{CALL, CONNECT};

/// Also takes plain `http://` addresses: for stand-ins on this machine.
pub(crate) fn connector() -> SharedHttpConnector {
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
