//! How often and how long a call to AWS is tried. Retries are the SDK's: bounded, with jitter,
//! slower when throttled.

use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

/// Attempts for one call, the first included.
pub(crate) const ATTEMPTS: u32 = 5;
/// How long a connection may take to be made.
pub(crate) const CONNECT: Duration = Duration::from_secs(3);
/// How long one attempt may take. The largest call is 16 MB; most are a few KB.
const ATTEMPT: Duration = Duration::from_secs(10);
/// How long a call may take with all its attempts: well under any lease.
pub(crate) const CALL: Duration = Duration::from_secs(30);

pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(CALL)
        .build()
}
