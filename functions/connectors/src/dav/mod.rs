//! Contacts on CardDAV servers (RFC 6352).
//!
//! Every write is conditional: a card is made only where there is none (`If-None-Match: *`), and is
//! changed or deleted only as long as its ETag is the one that was read (`If-Match`). After a write
//! the card is read back, because servers write anew what they are given. What a server answers that
//! is not understood is never taken for "nothing": it is an error, or an effect that has to be looked
//! for.

mod accounts;
mod change;
mod copies;
mod discover;
mod fault;
mod href;
mod http;
mod read;
mod store;
mod sync;
mod xml;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use bulkhead_engine::ports::{Account, CallError, Clock, ContactStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::contact::ALLOWANCE;
use tokio::sync::{Mutex, OnceCell};

use crate::contact_abilities;
use crate::imap::Reach;
pub use accounts::Accounts;
pub use bulkhead_shared::api::DavConnection;
use copies::Copies;
use href::Book;
use http::Http;

/// What any account on a CardDAV server can do.
pub fn abilities() -> Abilities {
    contact_abilities::abilities(Some(ALLOWANCE), (200, 5_000))
}

/// An account on a CardDAV server.
pub struct Dav {
    http: Http,
    /// The address books that were found last.
    books: RwLock<Arc<Vec<Book>>>,
    /// What lists are made from, kept between calls and brought up to date by each.
    copies: Mutex<Copies>,
    /// Whether a report gives a card's bytes as a download does; found out with the first card.
    reports_are_exact: OnceCell<bool>,
    abilities: Abilities,
}

impl Dav {
    /// Signs in and finds the address books. `clock` times what a server asks to wait.
    pub async fn open(
        to: &DavConnection,
        within: Reach,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CallError> {
        let http = Http::new(to, within, clock).await?;
        let books = discover::books(&http).await?;
        Ok(Self {
            http,
            books: RwLock::new(Arc::new(books)),
            copies: Mutex::default(),
            reports_are_exact: OnceCell::new(),
            abilities: abilities(),
        })
    }

    fn known_books(&self) -> Arc<Vec<Book>> {
        Arc::clone(&self.books.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Account for Dav {
    async fn test(&self) -> Result<String, CallError> {
        ContactStore::test(self).await
    }

    fn contacts(self: Arc<Self>) -> Option<Arc<dyn ContactStore>> {
        Some(self)
    }
}
