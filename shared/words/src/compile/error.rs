//! What is wrong with a language file.

use std::path::PathBuf;

/// Why a language file is not fit to be built.
#[derive(Debug, thiserror::Error)]
pub enum Unbuildable {
    #[error("{}: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: this is no Fluent syntax: {what}", path.display())]
    Syntax { path: PathBuf, what: String },
    #[error("{}: {message}: {what}", path.display())]
    Message {
        path: PathBuf,
        message: String,
        what: String,
    },
}
