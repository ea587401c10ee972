//! What only tests and demos need: filling the directory, acting as somebody else, and seeing what really happened.

use std::collections::BTreeMap;

use bulkhead_shared::kinds::mailbox::{Guid, Mailbox};

use super::super::error::SandboxError;
use super::messages::Message;
use super::{SandboxDirectory, change, changed, generate, look, messages, put};

/// A message by its folder and Message-ID.
type Said = (String, String);

impl SandboxDirectory {
    /// Whether nobody ever wrote a mailbox.
    pub async fn is_new(&self) -> Result<bool, SandboxError> {
        let is_new = self.sandbox.read(|_, connection| {
            let sql = "SELECT value = 1 FROM meta WHERE key = 'directory_version'";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        });
        is_new.await
    }

    /// Fills the directory, which is empty, with generated mailboxes, so many of them inactive: the same for the
    /// same seed at the same time.
    pub async fn seed(&self, seed: u64, mailboxes: u32, inactive: u32) -> Result<(), SandboxError> {
        let fill = self.sandbox.write(move |inner, transaction| {
            let empty = "SELECT NOT EXISTS (SELECT 1 FROM directory_mailbox)";
            if !transaction.query_row(empty, [], |row| row.get(0))? {
                return Err(SandboxError::NotEmpty);
            }
            let made = generate::directory(seed, mailboxes, inactive, inner.clock.now());
            for (mailbox, its) in made {
                put(transaction, &mailbox)?;
                for message in its {
                    messages::put(transaction, &mailbox.guid, &message)?;
                }
            }
            Ok(())
        });
        fill.await
    }

    /// Somebody else writes what is known of a mailbox.
    pub async fn write_as_somebody_else(&self, mailbox: Mailbox) -> Result<(), SandboxError> {
        let written = self
            .sandbox
            .write(move |_, transaction| put(transaction, &mailbox));
        written.await
    }

    /// Somebody else deletes a mailbox, which is kept from then on. Answers whether it was there.
    pub async fn delete_as_somebody_else(&self, guid: &Guid) -> Result<bool, SandboxError> {
        let guid = guid.clone();
        let deleted =
            self.sandbox
                .write(move |inner, transaction| match look(transaction, &guid)? {
                    None => Ok(false),
                    Some(mailbox) => {
                        change::delete(transaction, mailbox, inner.clock.now())?;
                        Ok(true)
                    }
                });
        deleted.await
    }

    /// The system lets go of a mailbox for good. Answers whether it was there.
    pub async fn purge(&self, guid: &Guid) -> Result<bool, SandboxError> {
        let guid = guid.clone();
        let purged = self.sandbox.write(move |_, transaction| {
            changed(transaction)?;
            transaction.execute(
                "DELETE FROM directory_message WHERE mailbox = ?1",
                [guid.as_str()],
            )?;
            let sql = "DELETE FROM directory_mailbox WHERE guid = ?1";
            Ok(transaction.execute(sql, [guid.as_str()])? > 0)
        });
        purged.await
    }

    /// A message arrives in a mailbox, changed last at this time in Unix milliseconds.
    pub async fn deliver(
        &self,
        guid: &Guid,
        folder: &str,
        id: &str,
        changed: i64,
    ) -> Result<(), SandboxError> {
        let message = Message {
            number: 0,
            folder: folder.to_owned(),
            id: id.to_owned(),
            changed,
            bytes: 1_000,
        };
        let guid = guid.clone();
        let delivered = self.sandbox.write(move |_, transaction| {
            messages::put(transaction, &guid, &message)?;
            Ok(())
        });
        delivered.await
    }

    /// The messages of a mailbox, in order.
    pub async fn messages(&self, guid: &Guid) -> Result<Vec<Said>, SandboxError> {
        let guid = guid.clone();
        let all = self.sandbox.read(move |_, connection| {
            let all = messages::all(connection, &guid)?.into_iter();
            let mut all: Vec<Said> = all.map(|message| (message.folder, message.id)).collect();
            all.sort();
            Ok(all)
        });
        all.await
    }

    /// How often each item was really changed through the store.
    pub async fn touches(&self) -> Result<BTreeMap<String, u32>, SandboxError> {
        let touches = self.sandbox.read(|_, connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, touched FROM directory_change")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        });
        touches.await
    }
}
