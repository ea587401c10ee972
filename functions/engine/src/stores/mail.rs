//! Mails as items.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::api::TargetFolder;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::{MailTarget, Operation, Target};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::item_store::{ItemStore, Judged, narrow, of_another_kind};
use crate::kinds::mail;
use crate::kinds::{Change, Effect, Found, Goal, ItemState};
use crate::ports::{CallError, MailStore, Matches};

/// The mails of an account.
pub(super) struct MailItems(pub(super) Arc<dyn MailStore>);

impl MailItems {
    /// Whether there is a folder of this name.
    async fn is_known(&self, name: &str) -> Result<bool, CallError> {
        let known = self.0.folders().await?.folders;
        Ok(known.iter().any(|known| known.name == name))
    }
}

#[async_trait]
impl ItemStore for MailItems {
    fn abilities(&self) -> &Abilities {
        self.0.abilities()
    }

    fn first_change_items(&self) -> u32 {
        self.0.first_call_items()
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        self.0.allowance().await
    }

    async fn objection(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        self.0.objection(operation).await
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
        self.0.matches(query, now, cursor, limit).await
    }

    async fn cards(&self, ids: &[ItemId]) -> Result<Vec<Option<Card>>, CallError> {
        let items = self.0.items(ids).await?.into_iter();
        Ok(items.map(|item| item.as_ref().map(Card::from)).collect())
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
                mail::Goal::Folder(self.0.folder_for(role).await?)
            }
            Target::Mail(MailTarget::IntoFolder { name, make: true }) => {
                mail::Goal::Folder(self.0.folder_made(&name).await?)
            }
            Target::Mail(MailTarget::IntoFolder { name, make: false }) => {
                mail::Goal::Folder(self.0.folder_named(&name).await?)
            }
            Target::Mail(MailTarget::Flags { add, remove }) => mail::Goal::Flags { add, remove },
            _ => return Err(of_another_kind()),
        };
        Ok(Goal::Mail(goal))
    }

    async fn past_goal(&self, target: Target) -> Result<Goal, CallError> {
        match target {
            Target::Mail(MailTarget::Into(role)) => {
                let folder = self.0.target_for(role).await?.name;
                Ok(Goal::Mail(mail::Goal::Folder(folder)))
            }
            Target::Mail(MailTarget::IntoFolder { name, .. }) => {
                let folder = self.0.folder_named(&name).await?;
                Ok(Goal::Mail(mail::Goal::Folder(folder)))
            }
            target => self.goal(target).await,
        }
    }

    async fn destination(&self, target: &Target) -> Result<Option<TargetFolder>, CallError> {
        Ok(match target {
            Target::Mail(MailTarget::Into(role)) => Some(self.0.target_for(*role).await?),
            Target::Mail(MailTarget::IntoFolder { name, make }) => Some(TargetFolder {
                name: name.clone(),
                will_be_made: *make && !self.is_known(name).await?,
                seen_by_others: false,
            }),
            _ => None,
        })
    }

    async fn seen_by_others(&self, folders: &[String]) -> Result<Vec<String>, CallError> {
        self.0.seen_by_others(folders).await
    }

    async fn follow(
        &self,
        lost: &[ItemState],
        others: &[ItemId],
    ) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        let lost: Option<Vec<mail::ItemState>> = lost.iter().map(ItemState::narrow).collect();
        let lost = lost.ok_or_else(of_another_kind)?;
        let found = self.0.follow(&lost, others).await?.into_iter();
        Ok(found
            .map(|found| found.map(|(id, mail)| (id, mail.widen())))
            .collect())
    }

    async fn states(&self, ids: &[ItemId]) -> Result<Vec<ItemState>, CallError> {
        let found = self.0.states(ids).await?.into_iter();
        Ok(found
            .map(|mail| mail.map_or(ItemState::ABSENT, mail::ItemState::widen))
            .collect())
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
        let effects = self.0.change(&narrow(changes)?, tag).await?;
        Ok(effects.into_iter().map(mail::Effect::widen).collect())
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        let found = self.0.reconcile(&narrow(changes)?, tag).await?;
        Ok(found.into_iter().map(mail::Found::widen).collect())
    }
}
