//! What a store of items of one kind does.

use std::slice::Chunks;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::TargetFolder;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::{Card, Kind};
use bulkhead_shared::operations::{Operation, Target};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use bulkhead_shared::unsubscribe::MailingList;
use jiff::Timestamp;

use crate::kinds::{Change, Effect, Found, Goal, ItemState, OfKind, State};
use crate::ports::{CallError, Facts, Matches, Model};

/// Items of one kind. Every call is cut by the caller to what [`Abilities::call_items`] allows.
#[async_trait]
pub(crate) trait ItemStore: Send + Sync {
    /// What can be done with them.
    fn abilities(&self) -> &Abilities;

    /// How many items a call that changes some holds, at the most.
    fn change_items(&self) -> u32 {
        self.abilities().call_items
    }

    /// How many the first one holds. See [`crate::ports::MailStore::first_call_items`].
    fn first_change_items(&self) -> u32 {
        self.change_items()
    }

    /// What the provider allows at this moment. See [`crate::ports::MailStore::allowance`].
    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        Ok(self.abilities().allowance)
    }

    /// Why this operation cannot work here whatever the items are, as a sentence for a person.
    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError>;

    /// What is wrong with a target: one that names what the account does not have is told before
    /// anything is frozen.
    async fn check(&self, target: &Target) -> Result<Option<Invalid>, CallError>;

    /// Stays the same as long as nothing in the account changes; none if the provider cannot tell.
    async fn sync_token(&self) -> Result<Option<String>, CallError>;

    /// All that match, page by page, for freezing.
    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError>;

    /// How named items are shown; none where one is gone. In the order asked.
    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError>;

    /// Who sent these, when they came and how large they are; nothing where they have no such, and none where one is gone.
    /// In the order asked.
    async fn facts(&self, _ids: &[ItemId]) -> Result<Vec<Option<Facts>>, CallError> {
        Ok(Vec::new())
    }

    /// How an item is shown that this operation makes of this input.
    fn card_of_input(&self, _operation: &Operation, _id: &ItemId, _input: &[u8]) -> Option<Card> {
        None
    }

    /// What is wrong with what rows bring, where only all of them together tell.
    fn check_rows(&self, _operation: &Operation, _inputs: &[Vec<u8>]) -> Option<Invalid> {
        None
    }

    /// How an item is shown that was this.
    fn card_of_state(&self, _id: &ItemId, _state: &State) -> Option<Card> {
        None
    }

    /// How an item is shown that is there, with what this input makes of it.
    fn card_with_input(&self, card: Card, _input: &[u8]) -> Card {
        card
    }

    /// The list that each of these came by, and when it came; none where one is gone. In the order asked.
    async fn lists(&self, ids: &[ItemId]) -> Result<Vec<Option<Listed>>, CallError> {
        Ok(vec![None; ids.len()])
    }

    /// Whether each of these is spam, by where it is, how it is marked, or what a model is sure of. In the order asked.
    async fn spam(&self, _model: &dyn Model, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        Ok(vec![false; ids.len()])
    }

    /// What is to be made of rows: for each its id, which is the same however often it is asked for, and
    /// the input with all that makes it whole. In the order asked.
    async fn rows(
        &self,
        _operation: &Operation,
        _rows: Vec<Row>,
    ) -> Result<Vec<(ItemId, Vec<u8>)>, CallError> {
        let text = "This account makes nothing of rows.";
        Err(CallError::Unsupported(text.to_owned()))
    }

    /// Where items have to be brought for a target in this account. Makes what is missing there.
    async fn goal(&self, target: Target) -> Result<Goal, CallError>;

    /// Where a job that has ended brought items for a target. Makes nothing.
    async fn past_goal(&self, target: Target) -> Result<Goal, CallError>;

    /// The folder that a target brings items to, with nothing made; none where they stay.
    async fn destination(&self, _target: &Target) -> Result<Option<TargetFolder>, CallError> {
        Ok(None)
    }

    /// Those of these folders that other people see too.
    async fn seen_by_others(&self, _folders: &[String]) -> Result<Vec<String>, CallError> {
        Ok(Vec::new())
    }

    /// Looks for items that are gone under their ids by what they are. See
    /// [`crate::ports::MailStore::follow`].
    async fn follow(
        &self,
        lost: &[ItemState],
        _others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        Ok(vec![None; lost.len()])
    }

    /// What named items are now. In the order asked.
    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError>;

    /// What an operation finds of items, each with what it brings for it. In the order asked.
    async fn judge(
        &self,
        operation: &Operation,
        items: &[(ItemId, Option<Vec<u8>>)],
        now: Timestamp,
    ) -> Result<Vec<Judged>, CallError>;

    /// Brings items to other states; an effect for each, in the order asked. See
    /// [`crate::ports::MailStore::change`].
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError>;

    /// Looks what became of changes whose answer never came. In the order asked. Repeats nothing.
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError>;
}

/// When an item came, and the list that it came by.
pub(crate) type Listed = (Timestamp, MailingList);

/// What is found of an item, or why nothing is.
pub(crate) type Judged = Result<ItemResult, ItemReason>;

/// One of the rows that items are made of.
pub(crate) struct Row {
    /// Names what is made of it; follows from job and row.
    pub(crate) key: String,
    /// What it brings.
    pub(crate) input: Vec<u8>,
}

/// Why nothing can be done with items of this kind.
pub(crate) fn none_of(kind: Kind) -> CallError {
    CallError::Unsupported(format!("This account has no {}.", kind.plural()))
}

/// Changes as a store of one kind takes them.
pub(super) fn narrow<S: OfKind>(changes: &[Change]) -> Result<Vec<Change<S>>, CallError> {
    let changes = changes.iter().map(Change::narrow);
    let changes: Option<Vec<_>> = changes.collect();
    changes.ok_or_else(of_another_kind)
}

/// What a store says of that for which it was never meant.
pub(super) fn of_another_kind() -> CallError {
    CallError::Refused(ItemReason::Internal)
}

/// What a call takes, for one call after the other.
pub(crate) fn calls<'a, T>(store: &dyn ItemStore, items: &'a [T]) -> Chunks<'a, T> {
    items.chunks(store.abilities().call_items.max(1) as usize)
}
