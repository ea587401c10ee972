//! As much of AWS as Bulkhead uses, on one machine, for tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this crate is test code: a broken expectation has to end the test"
)]

pub mod aws;
pub mod clock;
pub mod dynamo;
pub mod moto;
pub mod often;
pub mod policy;
pub mod sign_in;
pub mod sqs;
pub mod template;

/// The account that everything here belongs to; moto uses the same.
pub const ACCOUNT: &str = "123456789012";
/// The region that everything here is in.
pub const REGION: &str = "eu-central-1";

pub mod gateway;
pub mod http_client;
pub mod lambda;
pub mod mapping;
