//! Messages of the sandbox's mailboxes, and copying them from one into another by a rule.

use bulkhead_engine::kinds::mailbox::Restored;
use bulkhead_shared::kinds::mailbox::{ConflictRule, Guid};
use rusqlite::{OptionalExtension, Row, Transaction};
use serde::{Deserialize, Serialize};

use super::super::error::SandboxError;

/// A message in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// Where it is, as long as it is there.
    pub number: i64,
    /// The folder it is in.
    pub folder: String,
    /// Its Message-ID.
    pub id: String,
    /// When it was last changed, in Unix milliseconds.
    pub changed: i64,
    /// Its size.
    pub bytes: i64,
}

/// What a restore did, as the directory has to know it to take it back.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Receipt {
    /// Numbers of what was copied.
    copied: Vec<i64>,
    /// What was in the target and went.
    replaced: Vec<Message>,
}

const SELECT: &str = "SELECT number, folder, id, changed, bytes FROM directory_message";

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        number: row.get(0)?,
        folder: row.get(1)?,
        id: row.get(2)?,
        changed: row.get(3)?,
        bytes: row.get(4)?,
    })
}

/// All messages of a mailbox, in the order they came.
pub(super) fn all(
    connection: &rusqlite::Connection,
    mailbox: &Guid,
) -> Result<Vec<Message>, SandboxError> {
    let sql = format!("{SELECT} WHERE mailbox = ?1 ORDER BY number");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([mailbox.as_str()], message)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Puts a message in; its number.
pub(super) fn put(
    transaction: &Transaction<'_>,
    mailbox: &Guid,
    message: &Message,
) -> Result<i64, SandboxError> {
    transaction
        .prepare_cached(
            "INSERT INTO directory_message (mailbox, folder, id, changed, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            mailbox.as_str(),
            &message.folder,
            &message.id,
            message.changed,
            message.bytes,
        ))?;
    Ok(transaction.last_insert_rowid())
}

fn take_out(
    transaction: &Transaction<'_>,
    mailbox: &Guid,
    number: i64,
) -> Result<bool, SandboxError> {
    let gone = transaction
        .prepare_cached("DELETE FROM directory_message WHERE mailbox = ?1 AND number = ?2")?
        .execute((mailbox.as_str(), number))?;
    Ok(gone > 0)
}

/// Copies all of a mailbox into another one; what came of it.
pub(super) fn copy(
    transaction: &Transaction<'_>,
    source: &Guid,
    target: &Guid,
    how: &Restored,
) -> Result<Restored, SandboxError> {
    let mut receipt = Receipt::default();
    for theirs in all(transaction, source)? {
        let folder = how.folder.clone().unwrap_or_else(|| theirs.folder.clone());
        let mine = transaction
            .prepare_cached(&format!(
                "{SELECT} WHERE mailbox = ?1 AND id = ?2 AND folder = ?3"
            ))?
            .query_row((target.as_str(), &theirs.id, &folder), message)
            .optional()?;
        let (is_copied, replaced) = match (how.rule, mine) {
            (_, None) | (ConflictRule::KeepBoth, _) => (true, None),
            (ConflictRule::KeepTarget, Some(_)) => (false, None),
            (ConflictRule::KeepSource, Some(mine)) => (true, Some(mine)),
            (ConflictRule::KeepNewer, Some(mine)) => match theirs.changed > mine.changed {
                true => (true, Some(mine)),
                false => (false, None),
            },
        };
        if let Some(mine) = replaced {
            take_out(transaction, target, mine.number)?;
            receipt.replaced.push(mine);
        }
        if is_copied {
            let copy = Message { folder, ..theirs };
            receipt.copied.push(put(transaction, target, &copy)?);
        }
    }
    Ok(Restored {
        copied: receipt.copied.len() as u64,
        receipt: serde_json::to_vec(&receipt)?,
        ..how.clone()
    })
}

/// Takes out of a mailbox what a restore copied into it, as far as it is there still, and puts back what that
/// replaced.
pub(super) fn take_back(
    transaction: &Transaction<'_>,
    target: &Guid,
    restored: &Restored,
) -> Result<(), SandboxError> {
    let receipt: Receipt = serde_json::from_slice(&restored.receipt)?;
    for number in receipt.copied {
        take_out(transaction, target, number)?;
    }
    for message in receipt.replaced {
        put(transaction, target, &message)?;
    }
    Ok(())
}
