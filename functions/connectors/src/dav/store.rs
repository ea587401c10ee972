//! A CardDAV account as a store of contacts.

use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use bulkhead_engine::kinds::contact::{Change, Effect, Found, ItemState};
use bulkhead_engine::ports::{AddressBook, CallError, ContactPage, ContactRow, ContactStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::Search;

use super::href::Book;
use super::{Dav, discover};

#[async_trait]
impl ContactStore for Dav {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn test(&self) -> Result<String, CallError> {
        let books = self.books().await?;
        let mut cards = 0_u64;
        let counted = self.each_shown(|_, _, _| cards += 1).await;
        counted.map_err(|fault| fault.as_call())?;
        let (plural_books, plural_cards) = (plural(books.len() as u64), plural(cards));
        Ok(format!(
            "{} address book{plural_books} with {cards} contact{plural_cards}.",
            books.len()
        ))
    }

    async fn books(&self) -> Result<Vec<AddressBook>, CallError> {
        let books = Arc::new(discover::books(&self.http).await?);
        let found = books.iter().map(address_book).collect();
        *self.books.write().unwrap_or_else(PoisonError::into_inner) = books;
        Ok(found)
    }

    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        let mut rows: Vec<ContactRow> = Vec::new();
        let listed = self.each_shown(|id, version, shown| {
            if shown.matches(search) {
                rows.push(ContactRow {
                    id: id.clone(),
                    version: version.cloned(),
                    shown: shown.clone(),
                });
            }
        });
        listed.await.map_err(|fault| fault.as_call())?;
        Ok(crate::contact_page::page(rows, cursor, limit))
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        let books = self.known_books();
        let mut tokens = String::new();
        for book in books.iter() {
            let now = discover::again(&self.http, book).await;
            let Some(token) = now.map_err(|fault| fault.as_call())?.sync_token else {
                return Ok(None);
            };
            tokens.push_str(&format!("{} {} {token}\n", book.path, token.len()));
        }
        Ok(Some(sha256_hex(tokens.as_bytes())))
    }

    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError> {
        let books = self.known_books();
        let known = books.iter().find(|known| known.path == book.id);
        let none = || CallError::Unsupported("There is no such address book.".to_owned());
        known.ok_or_else(none)?.new_id(uid)
    }

    async fn read(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        self.read_states(ids).await
    }

    async fn change(&self, changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        self.apply(changes).await
    }

    async fn reconcile(&self, changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        self.look(changes).await
    }
}

fn address_book(book: &Book) -> AddressBook {
    AddressBook {
        id: book.path.clone(),
        name: book.name.clone(),
        writable: book.writable,
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
