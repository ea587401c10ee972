//! What only tests and demos need: acting as somebody else, and seeing what really happened.

use std::collections::BTreeMap;

use bulkhead_shared::ids::ItemId;

use super::super::error::SandboxError;
use super::{SandboxContacts, generate, state, write};

impl SandboxContacts {
    /// Whether nobody ever wrote a contact.
    pub async fn is_new(&self) -> Result<bool, SandboxError> {
        let is_new = self.sandbox.read(|_, connection| {
            let sql = "SELECT value = 1 FROM meta WHERE key = 'contact_version'";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        });
        is_new.await
    }

    /// Fills the address book, which is empty, with generated contacts: the same for the same seed. A
    /// few of them are exact duplicates of one another.
    pub async fn seed(&self, seed: u64, contacts: u32) -> Result<(), SandboxError> {
        let fill = self.sandbox.write(move |_, transaction| {
            let empty = "SELECT NOT EXISTS (SELECT 1 FROM contact)";
            if !transaction.query_row(empty, [], |row| row.get(0))? {
                return Err(SandboxError::NotEmpty);
            }
            for index in 0..contacts {
                let (name, card) = generate::contact(seed, index);
                let id = ItemId::try_from(format!("{}{name}.vcf", super::BOOK));
                let id = id.map_err(|_| SandboxError::Form(i64::from(index)))?;
                write(transaction, &id, Some(card.as_bytes()))?;
            }
            Ok(())
        });
        fill.await
    }

    /// Somebody else writes a card, or deletes it. Answers whether it was there before.
    pub async fn write_as_somebody_else(
        &self,
        id: &ItemId,
        card: Option<Vec<u8>>,
    ) -> Result<bool, SandboxError> {
        let id = id.clone();
        let written = self.sandbox.write(move |_, transaction| {
            let before = state(transaction, &id)?;
            write(transaction, &id, card.as_deref())?;
            Ok(before.state.is_some())
        });
        written.await
    }

    /// How often each contact was really changed through the store, deleted ones as well. Changes by
    /// somebody else do not count.
    pub async fn touches(&self) -> Result<BTreeMap<ItemId, u32>, SandboxError> {
        let touches = self.sandbox.read(|_, connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, touched FROM contact_change")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.map(|row| {
                let (id, touched): (String, u32) = row?;
                let id = ItemId::try_from(id).map_err(|_| SandboxError::Form(0))?;
                Ok((id, touched))
            })
            .collect()
        });
        touches.await
    }
}
