//! The engine's table on DynamoDB. One physical table holds every kind of row; what names mean is
//! in [`keys`], what a row looks like as an item in `item`, what a failure means in `failure`.

mod attempts;
pub mod client;
pub mod create;
mod failure;
mod in_process;
mod item;
pub mod keys;
pub mod meter;
mod table;
mod write;

pub use in_process::Answer;
pub use table::DynamoTable;
