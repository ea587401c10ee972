//! The adapters against something that answers like AWS. What is in a module `moto` needs the Python
//! tools.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod counting;
mod dynamo;
mod dynamo_failing;
mod kms_failing;
mod log_capture;
mod moto;
mod ses_failing;
mod sqs;
mod sqs_failing;
mod stand_in;
