//! Stores of contacts: what a provider's module has to do.

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::contact::AddressBook;
use bulkhead_shared::limits::PAGE_ITEMS_MOST;
use bulkhead_shared::vcard::{Search, Shown};

use super::CallError;
use crate::kinds::contact::{Change, Effect, Found, ItemState};
use crate::kinds::version::ItemVersion;

/// A contact as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Its address in the account.
    pub id: ItemId,
    /// See [`ItemVersion`].
    pub version: Option<ItemVersion>,
    /// The card, shown. One that cannot be read is there all the same, under its address.
    pub shown: Shown,
}

/// A page of [`ContactStore::list`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactPage {
    /// By name, then by id.
    pub rows: Vec<ContactRow>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
    /// How many match on all pages.
    pub total: u64,
}

/// The contacts of one open account. Every call is cut by the caller to what [`Abilities::call_items`]
/// allows.
#[async_trait]
pub trait ContactStore: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> &Abilities;

    /// Signs in and looks around; a sentence for a person.
    async fn test(&self) -> Result<String, CallError>;

    /// Its address books, the one for new contacts first.
    async fn books(&self) -> Result<Vec<AddressBook>, CallError>;

    /// Contacts that a search finds, by name, from `cursor` on.
    async fn list(
        &self,
        search: &Search,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ContactPage, CallError>;

    /// The same from a place on, counted from 0: a list jumps to any of its places. What is behind the
    /// end is an empty page with the total. Left as it is, it walks there page by page.
    async fn list_at(
        &self,
        search: &Search,
        place: u64,
        limit: u32,
    ) -> Result<ContactPage, CallError> {
        let mut left = place;
        let mut cursor: Option<String> = None;
        loop {
            let step =
                u32::try_from(left).map_or(PAGE_ITEMS_MOST, |left| left.min(PAGE_ITEMS_MOST));
            let most = if step == 0 { limit } else { step };
            let page = self.list(search, cursor.as_deref(), most).await?;
            if step == 0 {
                return Ok(page);
            }
            left -= page.rows.len().min(step as usize) as u64;
            if page.next.is_none() {
                let rows = Vec::new();
                return Ok(ContactPage { rows, ..page });
            }
            cursor = page.next;
        }
    }

    /// Stays the same as long as nothing in the account changes; none if the provider cannot tell.
    async fn sync_token(&self) -> Result<Option<String>, CallError>;

    /// The address of a contact that is to be made in a book. The same for the same `uid`, so that
    /// nothing is made twice.
    fn new_id(&self, book: &AddressBook, uid: &str) -> Result<ItemId, CallError>;

    /// What named contacts are now, in the order asked.
    async fn read(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError>;

    /// Brings contacts to other states; an effect for each, in the order asked. Changes only what still
    /// is as it was seen, and makes only what is not there. An error means that nothing was done,
    /// except `Unavailable`: then each may be done or not. `tag` names the job: short, letters and
    /// digits.
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError>;

    /// Looks what became of changes whose answer never came. In the order asked. Repeats nothing.
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError>;
}
