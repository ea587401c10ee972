//! The sandbox's contacts: in the same file as its mail, under the same dials.
//!
//! It behaves like Cyrus: cards are kept byte for byte, and every change gives a new ETag, also one
//! back to what was there before.

mod change;
mod generate;
mod observe;
mod store;

pub(super) use generate::{FAMILY, GIVEN};

use std::sync::Arc;

use bulkhead_engine::kinds::contact::ItemState;
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::ItemId;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::Sandbox;
use super::error::SandboxError;

/// The one address book.
const BOOK: &str = "/contacts/";

/// The contacts of a sandbox.
#[derive(Clone)]
pub struct SandboxContacts {
    sandbox: Sandbox,
    abilities: Arc<Abilities>,
}

impl Sandbox {
    /// Its contacts.
    pub fn contacts(&self) -> SandboxContacts {
        SandboxContacts {
            sandbox: self.clone(),
            abilities: self.contact_abilities.clone(),
        }
    }
}

/// Whether an id is one that a contact here could have.
fn is_ours(id: &ItemId) -> bool {
    id.as_str()
        .strip_prefix(BOOK)
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn etag(version: i64) -> ItemVersion {
    ItemVersion::new(format!("\"{version}\"").into_bytes())
}

fn state(connection: &Connection, id: &ItemId) -> Result<ItemState, SandboxError> {
    let row = connection
        .prepare_cached("SELECT version, card FROM contact WHERE id = ?1")?
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match row {
        Some((version, card)) => ItemState::present(Some(etag(version)), card),
        None => ItemState::absent(),
    })
}

/// Brings a contact to another state, whatever it was; the state that it is in then.
fn write(
    transaction: &Transaction<'_>,
    id: &ItemId,
    card: Option<&[u8]>,
) -> Result<ItemState, SandboxError> {
    let version: i64 = transaction
        .prepare_cached(
            "UPDATE meta SET value = value + 1 WHERE key = 'contact_version' RETURNING value",
        )?
        .query_row([], |row| row.get(0))?;
    let Some(card) = card else {
        transaction
            .prepare_cached("DELETE FROM contact WHERE id = ?1")?
            .execute([id.as_str()])?;
        return Ok(ItemState::absent());
    };
    transaction
        .prepare_cached("INSERT OR REPLACE INTO contact (id, version, card) VALUES (?1, ?2, ?3)")?
        .execute((id.as_str(), version, card))?;
    Ok(ItemState::present(Some(etag(version)), card.to_vec()))
}
