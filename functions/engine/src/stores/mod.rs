//! The items of an account, whatever their kind: what planning, previewing, working and undoing need of
//! a store, and no more.
//!
//! To add a kind: a module here that says how its store does this, and a line in [`of`] and
//! [`abilities`].

mod contact;
mod item_store;
mod mail;
mod mailbox;
mod recipient;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::{Card, Kind};
use bulkhead_shared::operations::Operation;

use crate::ports::{Account, CallError};
use contact::ContactItems;
use mail::MailItems;
use mailbox::MailboxItems;
use recipient::Recipients;

pub(crate) use item_store::{ItemStore, Row, calls, none_of};
#[cfg(test)]
pub(crate) use mailbox::tests::Directory;

/// How items are shown: as they are, or where one is not there as what this operation makes of its input;
/// none where there is neither. In the order asked.
pub(crate) async fn cards(
    store: &dyn ItemStore,
    operation: &Operation,
    items: &[(&ItemId, Option<&[u8]>)],
) -> Result<Vec<Option<Card>>, CallError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = items.iter().map(|(id, _)| (*id).clone()).collect();
    let known = store.cards(&ids).await?.into_iter();
    let known = items.iter().zip(known);
    Ok(known
        .map(|((id, input), card)| match (card, input) {
            (Some(card), Some(input)) => Some(store.card_with_input(card, input)),
            (None, Some(input)) => store.card_of_input(operation, id, input),
            (card, None) => card,
        })
        .collect())
}

/// The items of this kind in an account.
pub(crate) fn of(account: Arc<dyn Account>, kind: Kind) -> Result<Arc<dyn ItemStore>, CallError> {
    let items: Option<Arc<dyn ItemStore>> = match kind {
        Kind::Mail => {
            let postbox = account.clone().postbox();
            let items = |mail| Arc::new(MailItems { mail, postbox }) as _;
            account.mail().map(items)
        }
        Kind::Contact => account
            .contacts()
            .map(|contacts| Arc::new(ContactItems(contacts)) as _),
        Kind::Mailbox => account
            .mailboxes()
            .map(|mailboxes| Arc::new(MailboxItems(mailboxes)) as _),
        Kind::Recipient => account
            .postbox()
            .map(|postbox| Arc::new(Recipients(postbox)) as _),
    };
    items.ok_or_else(|| none_of(kind))
}

/// What can be done with the items of each kind in an account.
pub(crate) fn abilities(account: &Arc<dyn Account>) -> BTreeMap<Kind, Abilities> {
    let kinds = Kind::ALL.iter().filter_map(|&kind| {
        let items = of(account.clone(), kind).ok()?;
        Some((kind, items.abilities().clone()))
    });
    kinds.collect()
}
