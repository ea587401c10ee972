//! The engine's ports on AWS: rows in DynamoDB, work in SQS, credentials sealed by KMS, files in S3.
//! The local server uses the same code against an embedded database that speaks DynamoDB's
//! protocol, and seals with a key file; what it has no use for is the feature `cloud`.

mod bounds;
pub mod clock;
pub mod dynamo;
#[cfg(feature = "cloud")]
pub mod environment;
mod failure;
#[cfg(feature = "cloud")]
pub mod fetch;
#[cfg(feature = "cloud")]
mod https;
mod pause;
#[cfg(feature = "cloud")]
pub mod s3;
pub mod seal;
#[cfg(feature = "cloud")]
pub mod ses;
#[cfg(feature = "cloud")]
pub mod sqs;

pub use failure::Failure;
