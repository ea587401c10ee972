//! The sandbox's directory of mailboxes: in the same file as its mail, under the same dials.
//!
//! It behaves like a mail system that keeps deleted mailboxes for thirty days: a mailbox has messages in
//! folders, and a restore copies those by the rule it is given, remembers what it copied and what it replaced, and
//! can take exactly that back.

mod change;
mod generate;
mod messages;
mod observe;
mod store;

use std::sync::Arc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{Address, Guid, Mailbox, MailboxName};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::Sandbox;
use super::error::SandboxError;

/// How long a deleted mailbox is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Bytes that a mailbox may have.
const QUOTA_BYTES: u64 = 2_000_000_000;

/// The directory of a sandbox.
#[derive(Clone)]
pub struct SandboxDirectory {
    sandbox: Sandbox,
    abilities: Arc<Abilities>,
}

impl Sandbox {
    /// Its directory of mailboxes.
    pub fn directory(&self) -> SandboxDirectory {
        SandboxDirectory {
            sandbox: self.clone(),
            abilities: self.directory_abilities.clone(),
        }
    }
}

const FACTS: &str = "SELECT facts, (SELECT count(*) FROM directory_message WHERE mailbox = guid), \
     (SELECT coalesce(sum(bytes), 0) FROM directory_message WHERE mailbox = guid) FROM directory_mailbox";

/// A row of [`FACTS`].
fn facts(row: &Row<'_>) -> rusqlite::Result<(String, u64, u64)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn mailbox((facts, items, bytes): (String, u64, u64)) -> Result<Mailbox, SandboxError> {
    let known: Mailbox = serde_json::from_str(&facts)?;
    Ok(Mailbox {
        items: Some(items),
        bytes: Some(bytes),
        ..known
    })
}

/// A mailbox by its GUID.
fn look(connection: &Connection, guid: &Guid) -> Result<Option<Mailbox>, SandboxError> {
    let row = connection
        .prepare_cached(&format!("{FACTS} WHERE guid = ?1"))?
        .query_row([guid.as_str()], facts)
        .optional()?;
    row.map(mailbox).transpose()
}

/// A mailbox by its name.
fn find(connection: &Connection, name: &MailboxName) -> Result<Option<Mailbox>, SandboxError> {
    match name {
        MailboxName::Guid(guid) => look(connection, guid),
        MailboxName::Address(address) => called(connection, address),
    }
}

/// The active mailbox that has this address or sign-in name.
fn called(connection: &Connection, address: &Address) -> Result<Option<Mailbox>, SandboxError> {
    let row = connection
        .prepare_cached(&format!(
            "{FACTS} WHERE active = 1 AND (upn = ?1 OR smtp = ?1)"
        ))?
        .query_row([address.key()], facts)
        .optional()?;
    row.map(mailbox).transpose()
}

/// Puts a mailbox in, or in place of what has its GUID.
fn put(transaction: &Transaction<'_>, mailbox: &Mailbox) -> Result<(), SandboxError> {
    changed(transaction)?;
    let facts = serde_json::to_string(mailbox)?;
    let profile = &mailbox.profile;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO directory_mailbox (guid, active, upn, smtp, facts) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            mailbox.guid.as_str(),
            !mailbox.is_inactive(),
            profile.upn.to_lowercase(),
            profile.smtp.to_lowercase(),
            facts,
        ))?;
    Ok(())
}

/// Something in the directory changes.
fn changed(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    transaction
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE key = 'directory_version'")?
        .execute([])?;
    Ok(())
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
