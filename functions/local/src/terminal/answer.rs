//! What a command comes to: for the shell a number, for a program an object.

use bulkhead_shared::api::Job;
use serde_json::{Value, json};

use super::client::Failure;
use super::exit::Exit;

/// What a command comes to.
pub(crate) struct Answer {
    pub(crate) exit: Exit,
    /// What is wrong, row by row.
    pub(crate) rows: Vec<Value>,
    pub(crate) job: Option<Job>,
    /// Where results or an export went.
    pub(crate) file: Option<String>,
    pub(crate) error: Option<String>,
}

impl Answer {
    /// One that ended so.
    pub(crate) fn new(exit: Exit) -> Self {
        Self {
            exit,
            rows: Vec::new(),
            job: None,
            file: None,
            error: None,
        }
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self {
            error: Some(failure.to_string()),
            ..Self::new(failure.exit())
        }
    }

    /// As one object on one line.
    pub(crate) fn json(&self) -> Value {
        json!({
            "exit": self.exit as u8,
            "rows": self.rows,
            "job": self.job,
            "file": self.file,
            "error": self.error,
        })
    }
}
