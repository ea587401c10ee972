//! Mails as items.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::{Role, TargetFolder};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::{MailTarget, Operation, Target};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use bulkhead_shared::unsubscribe::MailingList;
use jiff::Timestamp;

use super::item_store::{ItemStore, Judged, Listed, narrow, of_another_kind};
use crate::kinds::mail::{self, Place};
use crate::kinds::{Change, Effect, Found, Goal, ItemState, State};
use crate::ports::{CallError, Facts, FromWhom, MailStore, Matches, Model, Postbox};
use crate::reading::{Heads, classes};
use crate::unsubscribe::{self, Subscriber};

/// Bytes of a mail that are read for its header: twice what large providers' traces and signatures take.
const HEAD_BYTES: usize = 32 << 10;
/// Keywords by which people and servers mark spam: those of RFC 9051 (section 2.3.2), and Thunderbird's own.
const JUNK: [&str; 3] = ["$Junk", "Junk", "$Phishing"];
/// From this on, in percent, a model is believed that a mail is spam.
const SURE: u8 = 90;

/// The mails of an account.
pub(super) struct MailItems {
    pub(super) mail: Arc<dyn MailStore>,
    /// What the account sends mails through.
    pub(super) postbox: Option<Arc<dyn Postbox>>,
}

impl MailItems {
    /// Changes that no mail is deleted for good by: one that is not to be there goes into the trash, as it is marked,
    /// and can be brought back from there.
    async fn out_of_sight<'a>(
        &self,
        changes: &'a [Change],
    ) -> Result<Cow<'a, [Change]>, CallError> {
        if changes.iter().all(|change| change.to != State::Absent) {
            return Ok(Cow::Borrowed(changes));
        }
        let trash = self.mail.folder_for(Role::Trash).await?;
        let changes = changes.iter().map(|change| {
            let mut change = change.clone();
            if let (State::Absent, State::Mail(place)) = (&change.to, &change.from.state) {
                change.to = State::Mail(Place {
                    folder: trash.clone(),
                    flags: place.flags.clone(),
                });
            }
            change
        });
        Ok(Cow::Owned(changes.collect()))
    }

    /// Whether there is a folder of this name.
    async fn is_known(&self, name: &str) -> Result<bool, CallError> {
        let known = self.mail.folders().await?.folders;
        Ok(known.iter().any(|known| known.name == name))
    }
}

#[async_trait]
impl ItemStore for MailItems {
    fn abilities(&self) -> &Abilities {
        self.mail.abilities()
    }

    fn first_change_items(&self) -> u32 {
        self.mail.first_call_items()
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.mail.allowance().await
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.mail.objection(operation).await
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        self.mail.sync_token().await
    }

    async fn matches(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Matches, CallError> {
        self.mail.matches(query, now, cursor, limit).await
    }

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        let items = self.mail.items(ids).await?.into_iter();
        Ok(items.map(|item| item.as_ref().map(Card::from)).collect())
    }

    async fn facts(&self, ids: &[ItemId]) -> Result<Vec<Option<Facts>>, CallError> {
        let items = self.mail.items(ids).await?.into_iter();
        let facts = items.map(|item| {
            item.map(|item| Facts {
                received: Some(item.date),
                size: Some(item.size),
                sender: Some(from_whom(&item.from)),
                ..Facts::default()
            })
        });
        Ok(facts.collect())
    }

    async fn check(&self, target: &Target) -> Result<Option<Invalid>, CallError> {
        let Target::Mail(MailTarget::IntoFolder { name, make: false }) = target else {
            return Ok(None);
        };
        let text = "There is no folder of this name in the account.";
        let is_known = self.is_known(name).await?;
        Ok((!is_known).then(|| Invalid::new("operation.folder", text)))
    }

    async fn goal(&self, target: Target) -> Result<Goal, CallError> {
        let goal = match target {
            Target::Back => return Ok(Goal::Back),
            Target::Mail(MailTarget::Into(role)) => {
                mail::Goal::Folder(self.mail.folder_for(role).await?)
            }
            Target::Mail(MailTarget::IntoFolder { name, make: true }) => {
                mail::Goal::Folder(self.mail.folder_made(&name).await?)
            }
            Target::Mail(MailTarget::IntoFolder { name, make: false }) => {
                mail::Goal::Folder(self.mail.folder_named(&name).await?)
            }
            Target::Mail(MailTarget::Flags { add, remove }) => mail::Goal::Flags { add, remove },
            _ => return Err(of_another_kind()),
        };
        Ok(Goal::Mail(goal))
    }

    async fn past_goal(&self, target: Target) -> Result<Goal, CallError> {
        match target {
            Target::Mail(MailTarget::Into(role)) => {
                let folder = self.mail.target_for(role).await?.name;
                Ok(Goal::Mail(mail::Goal::Folder(folder)))
            }
            Target::Mail(MailTarget::IntoFolder { name, .. }) => {
                let folder = self.mail.folder_named(&name).await?;
                Ok(Goal::Mail(mail::Goal::Folder(folder)))
            }
            target => self.goal(target).await,
        }
    }

    async fn destination(&self, target: &Target) -> Result<Option<TargetFolder>, CallError> {
        Ok(match target {
            Target::Mail(MailTarget::Into(role)) => Some(self.mail.target_for(*role).await?),
            Target::Mail(MailTarget::Reply) => Some(self.mail.target_for(Role::Drafts).await?),
            Target::Mail(MailTarget::IntoFolder { name, make }) => Some(TargetFolder {
                name: name.clone(),
                will_be_made: *make && !self.is_known(name).await?,
                seen_by_others: false,
            }),
            _ => None,
        })
    }

    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        self.mail.seen_by_others(folders).await
    }

    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        let lost: Option<Vec<mail::ItemState>> = lost.iter().map(ItemState::narrow).collect();
        let lost = lost.ok_or_else(of_another_kind)?;
        let found = self.mail.follow(&lost, others).await?.into_iter();
        Ok(found
            .map(|found| found.map(|(id, mail)| (id, mail.widen())))
            .collect())
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        let found = self.mail.states(ids).await?.into_iter();
        Ok(found
            .map(|mail| mail.map_or(ItemState::ABSENT, mail::ItemState::widen))
            .collect())
    }

    async fn lists(&self, ids: &[ItemId]) -> Result<Vec<Option<Listed>>, CallError> {
        let mut heads = Heads::new(ids.len());
        self.mail
            .fetch_beginnings(ids, HEAD_BYTES, &mut heads)
            .await?;
        let who = Subscriber {
            user: self.postbox.as_ref().and_then(|postbox| postbox.user()),
            sends: self.postbox.is_some(),
        };
        let found = heads.finish().into_iter().map(|head| {
            let (received, header) = head?;
            Some((received, unsubscribe::read(&header, who)))
        });
        Ok(found.collect())
    }

    async fn spam(&self, model: &dyn Model, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let folders = self.mail.folders().await?.folders.into_iter();
        let junk = folders.filter(|folder| folder.role == Some(Role::Spam));
        let junk: Vec<String> = junk.map(|folder| folder.name).collect();
        let states = self.mail.states(ids).await?;
        let classes = classes(self.mail.as_ref(), model, ids).await?;
        let spam = states.into_iter().zip(classes).map(|(state, class)| {
            let is_put_there = state.is_some_and(|found| {
                let is_marked = JUNK.iter().any(|mark| found.state.has(mark));
                junk.contains(&found.state.folder) || is_marked
            });
            let is_of_class = class.is_some_and(|class| {
                Class::named(&class.class) == Some(Class::Spam)
                    && class.percent.is_some_and(|percent| percent >= SURE)
            });
            is_put_there || is_of_class
        });
        Ok(spam.collect())
    }

    /// As it is, with what of it the list that it stands for says.
    fn card_with_input(&self, card: Card, input: &[u8]) -> Card {
        match MailingList::of_bytes(input) {
            Some(list) => unsubscribe::card(&list, card),
            None => card,
        }
    }

    fn card_of_input(&self, _operation: &Operation, id: &ItemId, input: &[u8]) -> Option<Card> {
        let list = MailingList::of_bytes(input)?;
        let card = Card {
            id: id.clone(),
            title: String::new(),
            second: String::new(),
            facts: Vec::new(),
            time: None,
            marks: Vec::new(),
        };
        Some(unsubscribe::card(&list, card))
    }

    /// No operation computes anything of mails yet.
    async fn judge(
        &self,
        _operation: &Operation,
        items: &[(ItemId, Option<Vec<u8>>)],
        _now: Timestamp,
    ) -> Result<Vec<Judged>, CallError> {
        Ok(vec![Err(ItemReason::Internal); items.len()])
    }

    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        let changes = self.out_of_sight(changes).await?;
        let effects = self.mail.change(&narrow(&changes)?, tag).await?;
        Ok(effects.into_iter().map(mail::Effect::widen).collect())
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let changes = self.out_of_sight(changes).await?;
        let found = self.mail.reconcile(&narrow(&changes)?, tag).await?;
        Ok(found.into_iter().map(mail::Found::widen).collect())
    }
}

/// Who a mail is from, as it is written there: `Ann Lee <ann@example.org>`, or an address alone.
fn from_whom(from: &str) -> FromWhom {
    let (name, address) = match from.rsplit_once('<') {
        Some((name, address)) => (name.trim(), address.trim_end().trim_end_matches('>')),
        None if from.contains('@') => ("", from.trim()),
        None => (from.trim(), ""),
    };
    FromWhom {
        address: address.to_lowercase(),
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_told_as_it_is_written() {
        for (from, name, address) in [
            ("Ann Lee <Ann@Example.org>", "Ann Lee", "ann@example.org"),
            ("Lee, Ann <a@x.example> ", "Lee, Ann", "a@x.example"),
            ("a < b <c@x.example>", "a < b", "c@x.example"),
            ("bo@x.example", "", "bo@x.example"),
            ("Nobody", "Nobody", ""),
            ("", "", ""),
        ] {
            let told = from_whom(from);
            assert_eq!((told.name.as_str(), told.address.as_str()), (name, address));
        }
    }
}
