//! Reads a person's own mail from files, one message at a time, so that a mailbox of any size
//! streams in flat memory. What cannot be read is reported by its place and skipped.
//!
//! [`Mbox`] and [`Maildir`] are iterators of [`Imported`] messages; the sandbox stores them.

mod envelope;
mod maildir;
mod mbox;

use std::fmt;

use jiff::Timestamp;

pub use envelope::Envelope;
pub use maildir::Maildir;
pub use mbox::Mbox;

/// Bytes of a message, most. Larger ones are no mail, or a damaged file.
pub const MESSAGE_BYTES_MOST: usize = 64 * 1024 * 1024;

/// A message from a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Imported {
    /// Where it was found.
    pub place: Place,
    /// Its bytes, with quoting of the file's format undone.
    pub raw: Vec<u8>,
    /// When it was received, where the file says.
    pub received: Option<Timestamp>,
    /// System flags that the file keeps beside the message.
    pub flags: Vec<String>,
}

impl fmt::Debug for Imported {
    /// Says where, never what (invariant 10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imported")
            .field("place", &self.place)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// Where a message was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In an mbox file: the message's number, from 1, and where its first byte is.
    Mbox {
        /// Counted from 1.
        number: u64,
        /// Bytes before its separator line.
        offset: u64,
    },
    /// In a Maildir: the file's name.
    File(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mbox { number, offset } => write!(f, "message {number} at byte {offset}"),
            Self::File(name) => write!(f, "file {name}"),
        }
    }
}

/// A message that was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// Nothing in it reads like a header.
    #[error("has no header that can be read")]
    NoHeader,
    /// It is larger than [`MESSAGE_BYTES_MOST`].
    #[error("is larger than 64 MB")]
    TooLarge,
    /// The file does not begin with a separator line.
    #[error("does not begin with a From line: this is no mbox file")]
    NoMbox,
    /// The file or folder cannot be read.
    #[error("cannot be read ({0})")]
    Unreadable(std::io::ErrorKind),
}
