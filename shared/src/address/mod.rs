//! Addresses of people as they stand in mails (RFC 5322, section 3.4): read by browser and server with
//! the same code.
//!
//! What is read keeps its case, its dots and its plus signs: only the owner of a domain knows what they
//! mean. Comments are dropped, quoted local parts are kept, and domains may have letters of any script.

mod list;
mod person;
mod read;
#[cfg(test)]
mod tests;

pub use list::list;
pub use person::{ADDRESS_BYTES, Address, LOCAL_BYTES, Mailbox, NAME_BYTES, quoted};
pub use read::NotAnAddress;
