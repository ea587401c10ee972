//! Clients of databases on this machine that speak DynamoDB's protocol; [`crate::environment`] has
//! the one of DynamoDB itself.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryPartition;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};

use super::in_process::{self, Answer};
use crate::bounds;

/// A client of a database inside this process that speaks DynamoDB's protocol.
pub fn in_process(answer: Arc<Answer>) -> Client {
    let config = without_account(Builder::new())
        .http_client(in_process::http_client(answer))
        .endpoint_url("http://in-process.invalid")
        .build();
    Client::from_conf(config)
}

/// A client of a database on this machine, without encryption: for tests of the way there.
#[cfg(feature = "cloud")]
pub fn local(endpoint: &str) -> Client {
    let config = without_account(Builder::new())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}

/// Such a database asks for a signature and takes any. Its retries are its own: the SDK has one budget for all clients
/// of a process, and what one database costs would be missing at another.
fn without_account(config: Builder) -> Builder {
    bounded(config)
        .retry_partition(RetryPartition::custom("local").build())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
}

/// What every client has in common.
fn bounded(config: Builder) -> Builder {
    config
        .behavior_version(BehaviorVersion::v2026_01_12())
        .retry_config(bounds::retries())
        .timeout_config(bounds::timeouts())
}
