//! What can go wrong with the sandbox's file, and what callers of the port hear of it.

use bulkhead_engine::ports::CallError;

/// The sandbox could not do it.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The file cannot be read or written.
    #[error("the sandbox's file cannot be used")]
    File(#[from] rusqlite::Error),
    /// The file was made by another version of this program.
    #[error("the sandbox's file has form {0}, which this version does not know")]
    Form(i64),
    /// The dials in the file cannot be read.
    #[error("the sandbox's dials cannot be read")]
    Dials(#[from] serde_json::Error),
    /// The work was cut off.
    #[error("the sandbox's work was cut off")]
    CutOff(#[from] tokio::task::JoinError),
    /// Mails are generated only into an empty mailbox.
    #[error("the sandbox already holds mails")]
    NotEmpty,
    /// The cursor was not handed out by us.
    #[error("this page cannot be found")]
    NoSuchPage,
    /// There is no such folder.
    #[error("the sandbox has no such folder")]
    NoSuchFolder,
}

impl From<SandboxError> for CallError {
    /// Nearly all of these may pass: the file may be busy, or its disk full for now.
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::NoSuchPage => Self::Unsupported("This page cannot be found.".to_owned()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}
