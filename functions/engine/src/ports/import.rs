//! Taking mails in from files: what only a mailbox of our own can do.

use async_trait::async_trait;
use bulkhead_shared::api::ImportReport;

use super::CallError;

/// A mailbox into which files of mails can be put.
#[async_trait]
pub trait MailImport: Send + Sync {
    /// Begins with a file. Nothing of it is in the mailbox before it is whole.
    async fn begin(&self) -> Result<Box<dyn IncomingFile>, CallError>;
}

/// A file on its way in. Given up, it leaves nothing behind.
#[async_trait]
pub trait IncomingFile: Send {
    /// Takes the next bytes.
    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), CallError>;

    /// The file is whole: takes its mails in and tells what was found. `name` is what its owner calls it,
    /// as far as that helps to know what it is.
    async fn end(self: Box<Self>, name: &str) -> Result<ImportReport, CallError>;
}
