//! Those who get no mail from an account: they want none, nobody has their address, or somebody said so.
//!
//! A row for each address, which is named by it in the form that all its ways to be written share. The list is read
//! whole when a job is drafted, and address by address right before each mail goes out.

mod edit;
mod list;

pub(crate) use edit::bounced;
pub use edit::{add, remove};
pub use list::{SuppressionList, list, page};
pub(crate) use list::{has, list_of};

#[cfg(test)]
mod tests;
