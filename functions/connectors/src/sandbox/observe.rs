//! What only tests and demos need: acting as somebody else, and seeing what really happened.

use std::collections::BTreeMap;
use std::fmt::Write;

use bulkhead_engine::kinds::mail::Place;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use rusqlite::Transaction;

use super::error::SandboxError;
use super::places::Places;
use super::{Inner, Sandbox, item_id, next_version, number};

/// SHA-256 over folder and flags of every mail: the same before a job and after its undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Sandbox {
    /// How often each mail was really changed through the connector; those never changed are left
    /// out. Changes by somebody else do not count.
    pub async fn touches(&self) -> Result<BTreeMap<ItemId, u32>, SandboxError> {
        self.read(|_, connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, touched FROM mail WHERE touched > 0")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.map(|row| {
                let (id, touched) = row?;
                Ok((item_id(id)?, touched))
            })
            .collect()
        })
        .await
    }

    /// Names the state of the whole mailbox.
    pub async fn fingerprint(&self) -> Result<Fingerprint, SandboxError> {
        self.read(|inner, connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, folder, flags FROM mail ORDER BY id")?;
            let mut rows = statement.query([])?;
            let mut text = String::new();
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                let place = inner.places.place(connection, row.get(1)?, row.get(2)?)?;
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{id} {} {:?}", place.folder, place.flags);
            }
            Ok(Fingerprint(sha256_hex(text.as_bytes())))
        })
        .await
    }

    /// Somebody else brings a mail to another place. Answers whether it was there.
    pub async fn change_as_somebody_else(
        &self,
        id: &ItemId,
        to: Place,
    ) -> Result<bool, SandboxError> {
        let id = number(id);
        self.write(move |inner, transaction| change(inner, transaction, id, &to))
            .await
    }

    /// Somebody else deletes a mail for good. Answers whether it was there.
    pub async fn delete_as_somebody_else(&self, id: &ItemId) -> Result<bool, SandboxError> {
        let id = number(id);
        self.write(move |_, transaction| {
            next_version(transaction)?;
            let deleted = transaction.execute("DELETE FROM mail WHERE id = ?1", [id])?;
            for table in ["envelope", "search", "raw", "flaky"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE id = ?1"), [id])?;
            }
            Ok(deleted == 1)
        })
        .await
    }
}

fn change(
    inner: &Inner,
    transaction: &Transaction<'_>,
    id: Option<i64>,
    to: &Place,
) -> Result<bool, SandboxError> {
    let folder = inner
        .places
        .folder_named(&to.folder)
        .ok_or(SandboxError::NoSuchFolder)?;
    let flags = Places::store_set(transaction, &to.flags)?;
    let version = next_version(transaction)?;
    let changed = transaction.execute(
        "UPDATE mail SET folder = ?2, flags = ?3, version = ?4 WHERE id = ?1",
        (id, folder.id, flags, version),
    )?;
    Ok(changed == 1)
}
