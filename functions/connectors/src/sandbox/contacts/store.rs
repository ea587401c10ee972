//! The sandbox's contacts behind the engine's port.

use async_trait::async_trait;
use bulkhead_engine::kinds::contact::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{AddressBook, CallError, ContactPage, ContactRow, ContactStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::{Card, Search, Shown};
use rusqlite::Connection;

use super::super::error::SandboxError;
use super::{BOOK, SandboxContacts, etag, state};

#[async_trait]
impl ContactStore for SandboxContacts {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn test(&self) -> Result<String, CallError> {
        self.sandbox.wait().await?;
        let count = self.sandbox.read(|_, connection| {
            let sql = "SELECT count(*) FROM contact";
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        });
        Ok(format!(
            "A simulated address book with {} contacts.",
            count.await?
        ))
    }

    async fn books(&self) -> Result<Vec<AddressBook>, CallError> {
        self.sandbox.wait().await?;
        Ok(vec![AddressBook {
            id: BOOK.to_owned(),
            name: "Contacts".to_owned(),
            writable: true,
        }])
    }

    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        self.sandbox.wait().await?;
        let search = search.clone();
        let rows = self
            .sandbox
            .read(move |_, connection| rows(connection, &search));
        Ok(crate::contact_page::page(rows.await?, cursor, limit))
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        let version = self.sandbox.read(|_, connection| {
            let sql = "SELECT value FROM meta WHERE key = 'contact_version'";
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        });
        Ok(Some(version.await?.to_string()))
    }

    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError> {
        let none = || CallError::Unsupported("There is no such address book.".to_owned());
        if book.id != BOOK {
            return Err(none());
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_plain = (1..=100).contains(&uid.len()) && uid.bytes().all(plain);
        let name = match is_plain {
            true => uid.to_owned(),
            false => sha256_hex(uid.as_bytes()),
        };
        ItemId::try_from(format!("{BOOK}{name}.vcf")).map_err(|_| none())
    }

    async fn read(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        self.sandbox.wait().await?;
        let ids = ids.to_vec();
        let states = self
            .sandbox
            .read(move |_, connection| ids.iter().map(|id| state(connection, id)).collect());
        Ok(states.await?)
    }

    async fn change(&self, changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        self.sandbox.wait().await?;
        self.apply(changes).await
    }

    async fn reconcile(&self, changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        let ids: Vec<ItemId> = changes.iter().map(|change| change.id.clone()).collect();
        let now = self.read(&ids).await?;
        Ok(changes
            .iter()
            .zip(now)
            .map(|(change, now)| change.judge(now))
            .collect())
    }
}

fn rows(connection: &Connection, search: &Search) -> Result<Vec<ContactRow>, SandboxError> {
    let mut statement = connection.prepare_cached("SELECT id, version, card FROM contact")?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let (id, version, card): (String, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let shown = match Card::read(&card) {
            Ok(card) => card.shown(),
            Err(_) => Shown::unreadable(&id),
        };
        if shown.matches(search) {
            rows.push(ContactRow {
                id: ItemId::try_from(id).map_err(|_| SandboxError::Form(version))?,
                version: Some(etag(version)),
                shown,
            });
        }
    }
    Ok(rows)
}
