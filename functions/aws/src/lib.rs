//! The engine's ports on AWS: rows in DynamoDB and sealed credentials. The local server uses the
//! same code against an embedded database that speaks DynamoDB's protocol.

pub mod dynamo;
pub mod seal;
