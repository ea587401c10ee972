//! Directories of mailboxes, as an administrator sees them: what a provider's module has to do.

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Restoration, Rights, Search,
};

use super::CallError;
use crate::kinds::mailbox::{Change, Effect, Found, Restored};

/// A page of [`MailboxStore::list`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxPage {
    /// By name, then by GUID.
    pub rows: Vec<Mailbox>,
    /// How many match on all pages.
    pub total: u64,
}

/// The mailboxes of a mail system. Every call is cut by the caller to what [`Abilities::call_items`] allows, but
/// [`MailboxStore::change`]: it gets one mailbox at a time, so that each row is told when it is done and a job
/// stops between two of them.
#[async_trait]
pub trait MailboxStore: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> &Abilities;

    /// The rules that it can restore by.
    fn rules(&self) -> &[ConflictRule];

    /// Signs in and looks around; a sentence for a person.
    async fn test(&self) -> Result<String, CallError>;

    /// What the one who is signed in may do.
    async fn rights(&self) -> Result<Rights, CallError>;

    /// Mailboxes that a search finds, active and inactive ones, from this place on, counted from 0. What is
    /// behind the end is an empty page with the total.
    async fn list(&self, search: &Search, place: u64, limit: u32)
    -> Result<MailboxPage, CallError>;

    /// Stays the same as long as nothing in the directory changes; none if the provider cannot tell.
    async fn sync_token(&self) -> Result<Option<String>, CallError>;

    /// Mailboxes by their GUIDs, in the order asked; none where the directory knows none.
    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError>;

    /// Mailboxes by their names, in the order asked. A GUID finds whatever it is the GUID of; a sign-in name or
    /// an address (an alias too, where there are such) finds the active mailbox that has it.
    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError>;

    /// What is in a target by a restore through this port and was not taken back, in the order asked; none
    /// where nothing is. A receipt need not be in it.
    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<Restored>>, CallError>;

    /// Does what each [`Change::act`] asks for; an effect for each, in the order asked. Does it only where
    /// [`Change::from`](crate::kinds::Change::from) still holds, and refuses with the reason of what stands in
    /// the way ([`Blocker::reason`](bulkhead_shared::kinds::mailbox::Blocker::reason)). What is done tells the
    /// state that a look finds afterwards: after a recovery [`MailboxState::Active`](crate::kinds::mailbox::MailboxState::Active)
    /// with the profile as the directory has it, under the id it has then; after a restore the messages that
    /// were copied and the receipt to take exactly those out again. An error means that nothing was done,
    /// except `Unavailable`: then each may be done or not. `tag` names the job: short, letters and digits.
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError>;

    /// Looks what became of changes whose answer never came. In the order asked. Repeats nothing; what was
    /// done by half is brought to an end, or told as [`Found::NotDone`](crate::kinds::Found::NotDone) if doing
    /// it again leaves nothing twice.
    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError>;
}
