//! Lists that a person wants no more mails from: how each says that it is asked (RFC 2369), whether that can be
//! trusted (RFC 8058), and which were asked.

mod card;
mod mailto;
mod read;
mod rows;
mod uris;
mod vouched;

pub(crate) use card::card;
pub use read::{Subscriber, read};
pub(crate) use rows::keep;
pub use rows::{AskedLists, asked};

#[cfg(test)]
mod tests;
