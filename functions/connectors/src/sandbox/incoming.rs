//! Files that are put into the sandbox while it is open, piece by piece.

use std::fs::File;
use std::io::{Result, Write};
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{CallError, IncomingFile, MailImport};
use bulkhead_shared::api::ImportReport;

use super::{Sandbox, SandboxError};
use crate::import;

/// A file beside the sandbox's own, without a name: nobody else sees it, and it is gone with the process.
struct Incoming {
    sandbox: Sandbox,
    /// None only while it is written to.
    file: Option<File>,
}

#[async_trait]
impl MailImport for Sandbox {
    async fn begin(&self) -> std::result::Result<Box<dyn IncomingFile>, CallError> {
        let sandbox = self.clone();
        let folder = Arc::clone(&self.inner);
        let file = aside(move || tempfile::tempfile_in(&folder.folder)).await?;
        let file = Some(file);
        Ok(Box::new(Incoming { sandbox, file }))
    }
}

#[async_trait]
impl IncomingFile for Incoming {
    async fn bytes(&mut self, bytes: &[u8]) -> std::result::Result<(), CallError> {
        let mut file = self.file.take().ok_or_else(cut_off)?;
        let bytes = bytes.to_vec();
        let write = move || {
            file.write_all(&bytes)?;
            Ok(file)
        };
        self.file = Some(aside(write).await?);
        Ok(())
    }

    async fn end(self: Box<Self>, name: &str) -> std::result::Result<ImportReport, CallError> {
        let file = self.file.ok_or_else(cut_off)?;
        let name = name.to_owned();
        let reader = aside(move || import::open_named(file, &name)).await?;
        let report = self.sandbox.import_from(reader, |_| {}).await?;
        Ok((&report).into())
    }
}

/// Works with files on a thread where waiting is allowed.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> std::result::Result<T, CallError> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| CallError::from(SandboxError::CutOff(error)))?;
    done.map_err(|error| {
        CallError::Unavailable(format!("the file cannot be kept ({})", error.kind()))
    })
}

fn cut_off() -> CallError {
    CallError::Unavailable("the file was cut off".to_owned())
}
