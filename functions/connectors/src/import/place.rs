//! Where a message was found.

use std::fmt;

/// Where a message was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// All of an mbox file: what is so of it holds for each message.
    Whole,
    /// In an mbox file: the message's number, from 1, and where its first byte is.
    Mbox {
        /// Counted from 1.
        number: u64,
        /// Bytes before its separator line.
        offset: u64,
    },
    /// In a file of its own: the file's path below what was opened.
    File(String),
    /// In one of many mbox files.
    Within {
        /// The file's path below what was opened.
        file: String,
        /// Where in it.
        place: Box<Place>,
    },
}

impl Place {
    pub(super) fn within(self, file: &str) -> Self {
        Self::Within {
            file: file.to_owned(),
            place: Box::new(self),
        }
    }

    /// Whether it is one of many in an mbox file.
    pub(super) fn is_in_mbox(&self) -> bool {
        match self {
            Self::Whole | Self::Mbox { .. } => true,
            Self::File(_) => false,
            Self::Within { place, .. } => place.is_in_mbox(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => write!(f, "all of the file"),
            Self::Mbox { number, offset } => write!(f, "message {number} at byte {offset}"),
            Self::File(name) => write!(f, "file {name}"),
            Self::Within { file, place } if **place == Self::Whole => write!(f, "file {file}"),
            Self::Within { file, place } => write!(f, "file {file}, {place}"),
        }
    }
}
