//! Connections to the sandbox's file: one that writes, several that read, each used on a thread
//! where waiting is allowed.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};

use super::error::SandboxError;
use super::schema;

/// Readers kept open: a worker's chunks side by side, and a person who searches meanwhile.
const READERS_KEPT: usize = 4;

pub(super) struct Pool {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Pool {
    pub(super) fn open(path: PathBuf) -> Result<Self, SandboxError> {
        let mut writer = schema::connect(&path)?;
        schema::prepare(&mut writer)?;
        Ok(Self {
            path,
            writer: Mutex::new(writer),
            readers: Mutex::default(),
        })
    }

    /// Reads. What is read in one go is of one moment only within one statement.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let kept = lock(&self.readers).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => schema::connect(&self.path)?,
        };
        let result = work(&connection);
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        result
    }

    /// Writes all of it, or nothing if `work` fails.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.transact(|transaction| {
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    /// Like [`Pool::write`], for work that commits by itself.
    pub(super) fn transact<T>(
        &self,
        work: impl FnOnce(Transaction<'_>) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        work(schema::immediate(&mut lock(&self.writer))?)
    }
}

/// A panic while the lock was held leaves a connection that rolled back: still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
