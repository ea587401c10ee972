//! Whole mailboxes as items, and restores of one into another.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::blockers::Facts;
use bulkhead_shared::kinds::mailbox::{Address, Guid, Mailbox, MailboxName, Restoration, Search};
use bulkhead_shared::kinds::{Card, CardFact};
use bulkhead_shared::operations::mailbox::validate::ValidateMailboxes;
use bulkhead_shared::operations::mailbox::{Brought, MailboxRow};
use bulkhead_shared::operations::{MailboxTarget, Operation, Target, Task};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::item_store::{ItemStore, Judged, Row, narrow, of_another_kind};
use crate::kinds::mailbox::{self, MailboxState};
use crate::kinds::version::ItemVersion;
use crate::kinds::{Change, Effect, Found, Goal, ItemState};
use crate::ports::{CallError, MailboxStore, Match, Matches};

/// The mailboxes of a directory.
pub(super) struct MailboxItems(pub(super) Arc<dyn MailboxStore>);

impl MailboxItems {
    /// The mailboxes of these GUIDs that the directory knows.
    async fn known<'a>(
        &self,
        guids: impl Iterator<Item = &'a Guid>,
    ) -> Result<HashMap<Guid, Mailbox>, CallError> {
        let guids: Vec<Guid> = guids.cloned().collect();
        if guids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.0.look(&guids).await?;
        let known = guids.into_iter().zip(found);
        Ok(known
            .filter_map(|(guid, found)| Some((guid, found?)))
            .collect())
    }

    /// The restores of these that are in their targets.
    async fn restored(
        &self,
        wanted: &[&Thing],
    ) -> Result<HashMap<Restoration, mailbox::Restored>, CallError> {
        let restorations = wanted.iter().filter_map(|thing| match thing {
            Thing::Restore(restoration) => Some(restoration.clone()),
            Thing::Mailbox(_) | Thing::Row => None,
        });
        let restorations: Vec<Restoration> = restorations.collect();
        if restorations.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.0.restored(&restorations).await?;
        let known = restorations.into_iter().zip(found);
        Ok(known.filter_map(|(of, found)| Some((of, found?))).collect())
    }
}

/// What an item is.
enum Thing {
    /// A mailbox.
    Mailbox(Guid),
    /// A restore.
    Restore(Restoration),
    /// A row that is only looked through.
    Row,
}

impl Thing {
    fn of(id: &ItemId) -> Self {
        let mailbox = Guid::of_item(id).map(Self::Mailbox);
        let restore = || Restoration::of(id).map(Self::Restore);
        mailbox.or_else(restore).unwrap_or(Self::Row)
    }

    fn source(&self) -> Option<&Guid> {
        match self {
            Self::Mailbox(guid) => Some(guid),
            Self::Restore(restoration) => Some(&restoration.source),
            Self::Row => None,
        }
    }
}

#[async_trait]
impl ItemStore for MailboxItems {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    /// One at a time: each row is told when it is done.
    fn change_items(&self) -> u32 {
        1
    }

    async fn objection(&self, _operation: &Operation) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    async fn check(&self, target: &Target) -> Result<Option<Invalid>, CallError> {
        let Target::Mailbox(MailboxTarget::Restored { rule }) = target else {
            return Ok(None);
        };
        let text = || {
            let rules = self.0.rules().iter().map(|rule| rule.as_str());
            let rules: Vec<&str> = rules.collect();
            format!(
                "This directory cannot restore by this rule; it can by {}.",
                rules.join(", ")
            )
        };
        let can = self.0.rules().contains(rule);
        Ok((!can).then(|| Invalid::new("operation.conflict_resolution", text())))
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.0.sync_token().await
    }

    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        let unsupported = |text: String| CallError::Unsupported(text);
        let search = Search::of(query, now).map_err(|error| unsupported(error.to_string()))?;
        let place = match cursor {
            None => 0,
            Some(cursor) => cursor
                .parse()
                .map_err(|_| unsupported("This page cannot be found.".to_owned()))?,
        };
        let page = self.0.list(&search, place, limit).await?;
        let next = place + page.rows.len() as u64;
        let is_last = page.rows.is_empty() || next >= page.total;
        let matches = page.rows.iter().map(|mailbox| Match {
            id: mailbox.id(),
            version: Some(version(mailbox)),
            folder: None,
            facts: None,
            header: None,
        });
        Ok(Matches {
            matches: matches.collect(),
            next: (!is_last).then(|| next.to_string()),
            unsearched: Vec::new(),
        })
    }

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        let things: Vec<Thing> = ids.iter().map(Thing::of).collect();
        let known = self.known(things.iter().filter_map(Thing::source)).await?;
        let cards = ids.iter().zip(&things).map(|(id, thing)| {
            let card = known.get(thing.source()?)?.card();
            let id = id.clone();
            Some(Card { id, ..card })
        });
        Ok(cards.collect())
    }

    fn card_of_input(&self, _operation: &Operation, id: &ItemId, input: &[u8]) -> Option<Card> {
        let brought = Brought::decode(input)?;
        let (title, second) = match &brought.row {
            MailboxRow::Recover(row) => (row.profile.name().to_owned(), row.profile.upn.clone()),
            MailboxRow::Restore(row) => (row.source.to_string(), row.target.to_string()),
        };
        Some(Card {
            id: id.clone(),
            title,
            second,
            facts: vec![CardFact::new("row", brought.number.to_string())],
            time: None,
            marks: Vec::new(),
        })
    }

    fn card_with_input(&self, mut card: Card, input: &[u8]) -> Card {
        let Some(brought) = Brought::decode(input) else {
            return card;
        };
        let becomes = match &brought.row {
            MailboxRow::Recover(row) => {
                let profile = &row.profile;
                CardFact::new("becomes", format!("{} ({})", profile.name(), profile.upn))
            }
            MailboxRow::Restore(row) => {
                let folder = row
                    .folder
                    .as_ref()
                    .map(|folder| format!(", folder {folder}"));
                let into = format!("{}{}", row.target, folder.unwrap_or_default());
                CardFact::new("goes into", into)
            }
        };
        card.facts.insert(0, becomes);
        card.facts
            .insert(0, CardFact::new("row", brought.number.to_string()));
        card
    }

    async fn rows(
        &self,
        operation: &Operation,
        rows: Vec<Row>,
    ) -> Result<Vec<(ItemId, Vec<u8>)>, CallError> {
        let is_looked_through = operation.about().task == Task::Compute;
        let entries = rows.into_iter().map(|Row { key, input }| {
            let brought = Brought::decode(&input).ok_or_else(of_another_kind)?;
            let id = match brought.row {
                // Rows that claim the same are both looked through.
                _ if is_looked_through => ItemId::try_from(format!("row {key}")).ok(),
                MailboxRow::Recover(row) => Some(row.source.item_id()),
                MailboxRow::Restore(row) => Restoration {
                    source: row.source,
                    target: row.target,
                }
                .id(),
            };
            Ok((id.ok_or_else(of_another_kind)?, input))
        });
        entries.collect()
    }

    async fn goal(&self, target: Target) -> Result<Goal, CallError> {
        match target {
            Target::Back => Ok(Goal::Back),
            Target::Mailbox(target) => Ok(Goal::Mailbox(target)),
            _ => Err(of_another_kind()),
        }
    }

    async fn past_goal(&self, target: Target) -> Result<Goal, CallError> {
        self.goal(target).await
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        let things: Vec<Thing> = ids.iter().map(Thing::of).collect();
        let known = self.known(things.iter().filter_map(Thing::source)).await?;
        let present = |thing: &&Thing| thing.source().is_some_and(|guid| known.contains_key(guid));
        let present: Vec<&Thing> = things.iter().filter(present).collect();
        let restored = self.restored(&present).await?;
        let states = things.iter().map(|thing| {
            let mailbox = known.get(thing.source()?)?;
            let state = match thing {
                Thing::Row => return None,
                Thing::Mailbox(_) if mailbox.is_inactive() => MailboxState::Inactive,
                Thing::Mailbox(_) => MailboxState::Active(mailbox.profile.clone()),
                Thing::Restore(of) => match restored.get(of) {
                    Some(restored) => MailboxState::Restored(restored.clone()),
                    None => MailboxState::NotRestored,
                },
            };
            let state = mailbox::ItemState::present(state).widen();
            let version = Some(version(mailbox));
            Some(ItemState { version, ..state })
        });
        Ok(states
            .map(|state| state.unwrap_or(ItemState::ABSENT))
            .collect())
    }

    async fn judge(
        &self,
        operation: &Operation,
        items: &[(ItemId, Option<Vec<u8>>)],
        now: Timestamp,
    ) -> Result<Vec<Judged>, CallError> {
        let Operation::ValidateMailboxes(validate) = operation else {
            return Ok(vec![Err(ItemReason::Internal); items.len()]);
        };
        let brought = items
            .iter()
            .map(|(_, input)| Brought::decode(input.as_ref()?));
        let brought: Vec<Option<Brought>> = brought.collect();
        let looked = Looked::at(self.0.as_ref(), brought.iter().flatten(), now).await?;
        let judged = brought.iter().map(|row| match row {
            Some(row) => Ok(looked.judge(validate, row)),
            None => Err(ItemReason::Internal),
        });
        Ok(judged.collect())
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        let effects = self.0.change(&narrow(changes)?, tag).await?;
        Ok(effects.into_iter().map(mailbox::Effect::widen).collect())
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let found = self.0.reconcile(&narrow(changes)?, tag).await?;
        Ok(found.into_iter().map(mailbox::Found::widen).collect())
    }
}

/// What is known of the mailboxes of some rows.
struct Looked<'a> {
    facts: Facts<'a>,
    sources: HashMap<Guid, Mailbox>,
    named: HashMap<String, Mailbox>,
}

impl<'a> Looked<'a> {
    async fn at<'b>(
        store: &'a dyn MailboxStore,
        rows: impl Iterator<Item = &'b Brought>,
        now: Timestamp,
    ) -> Result<Self, CallError> {
        let (mut guids, mut names) = (Vec::new(), Vec::new());
        for brought in rows {
            match &brought.row {
                MailboxRow::Recover(row) => {
                    guids.push(row.source.clone());
                    names.extend(address(&row.profile.upn));
                    names.extend(address(&row.profile.smtp));
                }
                MailboxRow::Restore(row) => {
                    guids.push(row.source.clone());
                    names.push(row.target.clone());
                }
            }
        }
        let found = store.look(&guids).await?;
        let sources = guids.into_iter().zip(found);
        let sources = sources.filter_map(|(guid, found)| Some((guid, found?)));
        let keys: Vec<String> = names.iter().map(key).collect();
        let found = store.find(&names).await?;
        let named = keys.into_iter().zip(found);
        Ok(Self {
            facts: Facts {
                source: None,
                target: None,
                address: None,
                rights: store.rights().await?,
                rules: store.rules(),
                now,
            },
            sources: sources.collect(),
            named: named
                .filter_map(|(key, found)| Some((key, found?)))
                .collect(),
        })
    }

    fn judge(&self, validate: &ValidateMailboxes, brought: &Brought) -> ItemResult {
        let called = |text: &str| self.named.get(&key(&address(text)?));
        let facts = match &brought.row {
            MailboxRow::Recover(row) => Facts {
                source: self.sources.get(&row.source),
                target: called(&row.profile.upn),
                address: called(&row.profile.smtp),
                ..self.facts
            },
            MailboxRow::Restore(row) => Facts {
                source: self.sources.get(&row.source),
                target: self.named.get(&key(&row.target)),
                ..self.facts
            },
        };
        ValidateMailboxes::result(&validate.found(brought, &facts))
    }
}

fn address(text: &str) -> Option<MailboxName> {
    Address::read(text).ok().map(MailboxName::Address)
}

/// The same for all spellings of a name.
fn key(name: &MailboxName) -> String {
    name.to_string().to_lowercase()
}

/// Differs after every change that matters: of a mailbox's people, its state, its hold. Mail that arrives is none.
fn version(mailbox: &Mailbox) -> ItemVersion {
    let told = (&mailbox.profile, &mailbox.status, mailbox.on_hold);
    let told = serde_json::to_vec(&told).unwrap_or_default();
    ItemVersion::new(sha256_hex(&told).into_bytes())
}

#[cfg(test)]
pub(super) mod tests;
