//! The engine's ports on AWS: rows in DynamoDB, work in SQS, credentials sealed by KMS, files in S3.
//! The local server uses the same code against an embedded database that speaks DynamoDB's
//! protocol, and seals with a key file.

mod bounds;
pub mod dynamo;
pub mod environment;
mod failure;
pub mod fetch;
mod https;
mod pause;
pub mod s3;
pub mod seal;
pub mod sqs;

pub use failure::Failure;
