//! Stores of mails: what a provider's module has to do that has a mailbox.

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{Folders, Item, Items, Role, TargetFolder};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits::PAGE_ITEMS_MOST;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::{CallError, HeaderFolder, Headers, Matches, PartsError};
use crate::kinds::mail::{Change, Effect, Found, ItemState};

/// The mails of an open account. Every call is cut by the caller to what [`Abilities::call_items`] allows.
#[async_trait]
pub trait MailStore: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> &Abilities;

    /// How many items the first call that changes some should hold, before anybody knows how many the
    /// provider manages in a few seconds.
    fn first_call_items(&self) -> u32 {
        self.abilities().call_items
    }

    /// What the provider allows at this moment; none where it names no limit.
    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        Ok(self.abilities().allowance)
    }

    /// Why this operation cannot work here whatever the items are, as a sentence for a person; none if
    /// nothing is known against it. Asked before a draft, so that it is not told by every item.
    async fn objection(&self, _operation: &Operation) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    /// Folders and labels.
    async fn folders(&self) -> Result<Folders, CallError>;

    /// The folder for a role, created where the provider lets us and it is missing.
    async fn folder_for(&self, role: Role) -> Result<String, CallError>;

    /// What [`MailStore::folder_for`] will answer, with nothing created.
    async fn target_for(&self, role: Role) -> Result<TargetFolder, CallError> {
        Ok(TargetFolder {
            name: self.folder_for(role).await?,
            will_be_made: false,
            seen_by_others: false,
        })
    }

    /// A folder's name as items carry it, where a person may write it in another way.
    async fn folder_named(&self, name: &str) -> Result<String, CallError> {
        Ok(name.to_owned())
    }

    /// The same for a folder that is made if it is not there.
    async fn folder_made(&self, name: &str) -> Result<String, CallError>;

    /// Those of these folders that other people see too.
    async fn seen_by_others(&self, _folders: &[String]) -> Result<Vec<String>, CallError> {
        Ok(Vec::new())
    }

    /// Mails as a list shows them, newest first, from `cursor` on.
    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Items, CallError>;

    /// The same from a place on, counted from 0: a list jumps to any of its places. What is behind the
    /// end is an empty page with the total. Left as it is, it walks there page by page.
    async fn list_at(
        &self,
        query: &Query,
        now: Timestamp,
        place: u64,
        limit: u32,
    ) -> Result<Items, CallError> {
        let mut left = place;
        let mut cursor: Option<String> = None;
        loop {
            let step =
                u32::try_from(left).map_or(PAGE_ITEMS_MOST, |left| left.min(PAGE_ITEMS_MOST));
            let most = if step == 0 { limit } else { step };
            let page = self.list(query, now, cursor.as_deref(), most).await?;
            if step == 0 {
                return Ok(page);
            }
            left -= u64::from(step);
            if page.next_cursor.is_none() {
                let items = Vec::new();
                return Ok(Items { items, ..page });
            }
            cursor = page.next_cursor;
        }
    }

    /// The same for named mails; none where one is gone. In the order asked.
    async fn items(&self, ids: &[ItemId]) -> Result<Vec<Option<Item>>, CallError>;

    /// Stays the same as long as nothing in the account changes; none if the provider cannot tell.
    async fn sync_token(&self) -> Result<Option<String>, CallError>;

    /// What [`MailStore::headers`] is asked for: every folder that a search without `in:` looks into, or all of
    /// them as one where the provider reads them as one.
    async fn header_folders(&self) -> Result<Vec<HeaderFolder>, CallError>;

    /// Headers of all mails of a folder, page by page, in the order of their keys. A mail that comes or goes
    /// meanwhile may be told or not.
    async fn headers(
        &self,
        folder: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Headers, CallError>;

    /// All that match, page by page, for freezing.
    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError>;

    /// States of named mails; none where one is gone. In the order asked.
    async fn states(&self, ids: &[ItemId]) -> Result<Vec<Option<ItemState>>, CallError>;

    /// Looks for items that are gone under their ids, each where it was in this state, by its identity:
    /// what was moved and moved back has another id on some providers. `others` are still known under
    /// theirs. None where one is not there, or cannot be told from another. In the order asked.
    async fn follow(
        &self,
        lost: &[ItemState],
        _others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        Ok(vec![None; lost.len()])
    }

    /// Brings items to other states, in as few provider calls as can be; an effect for each, in the
    /// order asked. Changes only what still is in its `from` state, as far as the provider can tell.
    /// An error means that nothing was done, except `Unavailable`: then each may be done or not.
    /// `tag` names the job: short, letters and digits.
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError>;

    /// Looks what became of changes whose answer never came, and cleans up what a half-done one left.
    /// In the order asked. Repeats nothing.
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError>;

    /// Streams whole messages into `sink`, in the order asked as far as the provider keeps to it. After
    /// an error, what was neither handed on nor skipped may be asked for again.
    async fn fetch(&self, ids: &[ItemId], sink: &mut dyn MessageSink) -> Result<(), CallError>;

    /// The same for whoever reads no more than so many bytes of each message, from its beginning. More may be
    /// handed on, where the provider knows no parts of messages.
    async fn fetch_beginnings(
        &self,
        ids: &[ItemId],
        _bytes: usize,
        sink: &mut dyn MessageSink,
    ) -> Result<(), CallError> {
        self.fetch(ids, sink).await
    }
}

/// Takes whole messages as they come, so that none has to fit into memory.
#[async_trait]
pub trait MessageSink: Send {
    /// The message at this place of the ids asked for begins: when it was received, and its sender's
    /// bare address (`MAILER-DAEMON` if there is none), for mbox's separator line.
    async fn begin(
        &mut self,
        index: usize,
        received: Timestamp,
        sender: &str,
    ) -> Result<(), PartsError>;
    /// Some of its bytes.
    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError>;
    /// It is complete.
    async fn end(&mut self) -> Result<(), PartsError>;
    /// The message at this place cannot be had.
    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError>;
}
