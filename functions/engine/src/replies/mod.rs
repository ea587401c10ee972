//! Replies that were drafted: a row for each, of the account, as long as outcomes are kept and erased with it; and what
//! became of each as far as the mailbox tells.

mod rows;
mod stands;

pub(crate) use rows::keep;
pub use rows::{Replies, of_account};
pub use stands::{ReplyStands, stands};
