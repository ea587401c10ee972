//! Contacts as items.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::kinds::contact::card;
use bulkhead_shared::operations::{ContactTarget, Operation, Target};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use bulkhead_shared::vcard::{self, Search, Shown};
use jiff::Timestamp;

use super::item_store::{ItemStore, Judged, Row, narrow, of_another_kind};
use crate::kinds::contact;
use crate::kinds::{Change, Effect, Found, Goal, ItemState, State};
use crate::ports::{AddressBook, CallError, ContactStore, Match, Matches};

/// The contacts of an account.
pub(super) struct ContactItems(pub(super) Arc<dyn ContactStore>);

impl ContactItems {
    /// The address book that new contacts go into; none if there is no such book, or none that can be
    /// written to.
    async fn book(&self, name: Option<&str>) -> Result<Option<AddressBook>, CallError> {
        let mut books = self.0.books().await?.into_iter();
        Ok(books.find(|book| book.writable && name.is_none_or(|name| book.id == name)))
    }
}

#[async_trait]
impl ItemStore for ContactItems {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    async fn objection(&self, _operation: &Operation) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    async fn check(&self, target: &Target) -> Result<Option<Invalid>, CallError> {
        let Target::Contact(ContactTarget::New { book }) = target else {
            return Ok(None);
        };
        let found = self.book(book.as_deref()).await?;
        let text = "There is no such address book, or nothing can be made in it.";
        Ok(found
            .is_none()
            .then(|| Invalid::new("operation.book", text)))
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.0.sync_token().await
    }

    async fn matches(
        &self,
        query: &Query,
        _now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        let search =
            Search::of(query).map_err(|error| CallError::Unsupported(error.to_string()))?;
        let page = self.0.list(&search, cursor, limit).await?;
        let matches = page.rows.into_iter().map(|row| Match {
            id: row.id,
            version: row.version,
            folder: None,
            facts: None,
            header: None,
        });
        Ok(Matches {
            matches: matches.collect(),
            next: page.next,
            unsearched: Vec::new(),
        })
    }

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        let states = self.0.read(ids).await?;
        let cards = ids.iter().zip(states);
        Ok(cards
            .map(|(id, contact)| Some(shown(id, &contact.state?)))
            .collect())
    }

    fn card_of_input(&self, _operation: &Operation, id: &ItemId, input: &[u8]) -> Option<Card> {
        let read = vcard::Card::read(input).ok()?;
        Some(card(id.clone(), &read.shown()))
    }

    fn card_of_state(&self, id: &ItemId, state: &State) -> Option<Card> {
        match state {
            State::Contact(bytes) => Some(shown(id, bytes)),
            _ => None,
        }
    }

    /// A card that brings an id of its own keeps it, so that it is not made again by another job.
    async fn rows(
        &self,
        operation: &Operation,
        rows: Vec<Row>,
    ) -> Result<Vec<(ItemId, Vec<u8>)>, CallError> {
        let Some(Target::Contact(ContactTarget::New { book })) = operation.target() else {
            return Err(of_another_kind());
        };
        let none = || CallError::Unsupported("There is no such address book.".to_owned());
        let book = self.book(book.as_deref()).await?.ok_or_else(none)?;
        let entries = rows.into_iter().map(|Row { key, input }| {
            let card =
                vcard::Card::read(&input).map_err(|_| CallError::Refused(ItemReason::Refused))?;
            let (card, uid) = card.with_uid(&key);
            Ok((self.0.new_id(&book, &uid)?, card.bytes()))
        });
        entries.collect()
    }

    async fn goal(&self, target: Target) -> Result<Goal, CallError> {
        match target {
            Target::Back => Ok(Goal::Back),
            Target::Contact(target) => Ok(Goal::Contact(target)),
            _ => Err(of_another_kind()),
        }
    }

    async fn past_goal(&self, target: Target) -> Result<Goal, CallError> {
        self.goal(target).await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        let found = self.0.read(ids).await?.into_iter();
        Ok(found.map(contact::ItemState::widen).collect())
    }

    async fn judge(
        &self,
        operation: &Operation,
        items: &[(ItemId, Option<Vec<u8>>)],
        _now: Timestamp,
    ) -> Result<Vec<Judged>, CallError> {
        let ids: Vec<ItemId> = items.iter().map(|(id, _)| id.clone()).collect();
        let judged = self.0.read(&ids).await?.into_iter().map(|contact| {
            let card = contact.state.ok_or(ItemReason::Missing)?;
            operation.judge(&card).ok_or(ItemReason::Internal)
        });
        Ok(judged.collect())
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        let effects = self.0.change(&narrow(changes)?, tag).await?;
        Ok(effects.into_iter().map(contact::Effect::widen).collect())
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let found = self.0.reconcile(&narrow(changes)?, tag).await?;
        Ok(found.into_iter().map(contact::Found::widen).collect())
    }
}

/// A card as a list shows it. One that cannot be read is there all the same, under its address.
fn shown(id: &ItemId, bytes: &[u8]) -> Card {
    let shown = match vcard::Card::read(bytes) {
        Ok(read) => read.shown(),
        Err(_) => Shown::unreadable(id.as_str()),
    };
    card(id.clone(), &shown)
}
