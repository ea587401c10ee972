//! Files below one root, wherever they are kept: in a directory, or in a zip archive.

mod archive;
mod directory;
mod tree;

use std::fs::File;
use std::io::{ErrorKind, Read, Result};

use jiff::Timestamp;

use super::Fault;

pub(super) use archive::Archive;
pub(super) use tree::Tree;

/// One file.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its path below the root, parts separated by `/`.
    pub(super) path: String,
    /// When it was changed last, where that is told exactly.
    pub(super) modified: Option<Timestamp>,
    /// Why it cannot be read, if that is clear already.
    pub(super) fault: Option<Fault>,
}

/// What a file is read from.
pub(super) type Content = Box<dyn Read + Send>;

/// A number of files, in the order of their paths.
pub(super) trait Files: Send {
    fn entries(&self) -> &[Entry];

    /// Opens the file of this number.
    fn open(&mut self, index: usize) -> Result<Content>;
}

/// A single file that is open already.
pub(super) struct One {
    entry: [Entry; 1],
    file: Option<File>,
}

impl One {
    pub(super) fn new(file: File) -> Self {
        let entry = Entry {
            path: "message".to_owned(),
            modified: None,
            fault: None,
        };
        Self {
            entry: [entry],
            file: Some(file),
        }
    }
}

impl Files for One {
    fn entries(&self) -> &[Entry] {
        &self.entry
    }

    fn open(&mut self, _: usize) -> Result<Content> {
        Ok(Box::new(self.file.take().ok_or(ErrorKind::NotFound)?))
    }
}
