//! Clients of DynamoDB. Retries are the SDK's: bounded, with jitter, slower when throttled.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};

use super::in_process::{self, Answer};

/// Attempts for one call, the first included.
const ATTEMPTS: u32 = 5;
/// How long one attempt may take. The largest call is 16 MB; most are a few KB.
const ATTEMPT: Duration = Duration::from_secs(10);
/// How long a call may take with all its attempts: well under any lease.
const CALL: Duration = Duration::from_secs(30);

/// A client of a database inside this process that speaks DynamoDB's protocol.
pub fn in_process(answer: Arc<Answer>) -> Client {
    let config = without_account(Builder::new())
        .http_client(in_process::http_client(answer))
        .endpoint_url("http://in-process.invalid")
        .build();
    Client::from_conf(config)
}

/// A client of a database on this machine, without encryption.
pub fn local(endpoint: &str) -> Client {
    let config = without_account(Builder::new())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}

/// Such a database asks for a signature and takes any.
fn without_account(config: Builder) -> Builder {
    bounded(config)
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
}

/// What every client has in common.
fn bounded(config: Builder) -> Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(CALL)
        .build();
    config
        .behavior_version(BehaviorVersion::v2026_01_12())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
}
