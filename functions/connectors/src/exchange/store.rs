//! The organisation behind the engine's port.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, Restored};
use bulkhead_engine::ports::{Account, CallError, MailboxPage, MailboxStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Restoration, Rights, Search,
};

use super::Exchange;
use super::acts::{Became, failed};
use super::fault::{Fault, Refusal};
use super::objects::{self, Progress};

/// A list of everything is believed for so long: each of its pages would ask for all of it again.
const LISTED_FOR: Duration = Duration::from_secs(60);

#[async_trait]
impl Account for Exchange {
    async fn test(&self) -> Result<String, CallError> {
        MailboxStore::test(self).await
    }

    fn mailboxes(self: Arc<Self>) -> Option<Arc<dyn MailboxStore>> {
        Some(self)
    }
}

#[async_trait]
impl MailboxStore for Exchange {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    fn rules(&self) -> &[ConflictRule] {
        &ConflictRule::ALL
    }

    async fn test(&self) -> Result<String, CallError> {
        let inactive = self.invoker.some_inactive().await?;
        Ok(format!(
            "Signed in as the application; {} inactive mailboxes.",
            inactive.len()
        ))
    }

    /// Whether requests can be read tells whether they can be made: one role has both. Nothing tells before
    /// it is tried whether mailboxes can be made.
    async fn rights(&self) -> Result<Rights, CallError> {
        let restore = match self.invoker.may_restore().await {
            Ok(()) => true,
            Err(Fault::Refused(Refusal::Forbidden)) => false,
            Err(fault) => return Err(fault.into()),
        };
        Ok(Rights {
            recover: true,
            restore,
        })
    }

    async fn list(
        &self,
        search: &Search,
        place: u64,
        limit: u32,
    ) -> Result<MailboxPage, CallError> {
        let all = self.all().await?;
        let found: Vec<&Mailbox> = all
            .iter()
            .filter(|mailbox| mailbox.matches(search))
            .collect();
        let total = found.len() as u64;
        let skipped = usize::try_from(place).unwrap_or(usize::MAX);
        let rows = found.into_iter().skip(skipped).take(limit as usize);
        Ok(MailboxPage {
            rows: rows.cloned().collect(),
            total,
        })
    }

    /// Nothing tells whether anything changed.
    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let objects = self.invoker.mailboxes(guids).await?;
        let mut known = Vec::with_capacity(objects.len());
        for object in &objects {
            known.push(self.whole(objects::mailbox(object)?).await?);
        }
        let of = |guid: &Guid| known.iter().find(|mailbox| mailbox.guid == *guid).cloned();
        Ok(guids.iter().map(of).collect())
    }

    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            found.push(match self.named(name).await? {
                Some(mailbox) => Some(self.whole(mailbox).await?),
                None => None,
            });
        }
        Ok(found)
    }

    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<Restored>>, CallError> {
        let mut found = Vec::with_capacity(restorations.len());
        for restoration in restorations {
            let request = self.invoker.requested(restoration).await?;
            found.push(
                request.and_then(|request| match objects::progress(&request) {
                    Progress::Completed(copied) => {
                        let (rule, folder) = objects::how(&request);
                        Some(Restored {
                            rule,
                            folder,
                            copied,
                            receipt: Vec::new(),
                        })
                    }
                    Progress::UnderWay | Progress::Failed(_) => None,
                }),
            );
        }
        Ok(found)
    }

    /// A restore that Exchange works on is told as a wait: the job looks again then, and has used no attempt.
    async fn change(&self, changes: &[Change], tag: &str) -> Result<Vec<Effect>, CallError> {
        self.forget_list();
        let mut effects = Vec::with_capacity(changes.len());
        for change in changes {
            let effect = match self.act(change, tag).await {
                Ok(Became::Effect(effect)) => *effect,
                Ok(Became::UnderWay(_)) if !effects.is_empty() => Effect::Unavailable,
                Ok(Became::UnderWay(until)) => {
                    return Err(CallError::Throttled { until: Some(until) });
                }
                Err(Fault::Throttled(_)) if !effects.is_empty() => Effect::Unavailable,
                Err(fault) => failed(fault)?,
            };
            effects.push(effect);
        }
        Ok(effects)
    }

    async fn reconcile(&self, changes: &[Change], tag: &str) -> Result<Vec<Found>, CallError> {
        self.forget_list();
        let mut found = Vec::with_capacity(changes.len());
        for change in changes {
            found.push(self.find_out(change, tag).await?);
        }
        Ok(found)
    }
}

impl Exchange {
    /// With what other commands tell of it.
    async fn whole(&self, mut mailbox: Mailbox) -> Result<Mailbox, Fault> {
        self.add_person(&mut mailbox).await?;
        if let Some(statistics) = self.invoker.statistics(&mailbox.guid).await? {
            objects::add_statistics(&mut mailbox, &statistics);
        }
        Ok(mailbox)
    }

    /// All mailboxes, by name, then by GUID.
    async fn all(&self) -> Result<Arc<Vec<Mailbox>>, CallError> {
        if let Some((at, all)) = &*self.listed()
            && at.elapsed() < LISTED_FOR
        {
            return Ok(all.clone());
        }
        let objects = self.invoker.all_mailboxes().await?;
        let all: Result<Vec<Mailbox>, Fault> = objects.iter().map(objects::mailbox).collect();
        let mut all = all?;
        all.sort_by_cached_key(|mailbox| {
            let name = mailbox.profile.name().to_lowercase();
            (name, mailbox.guid.clone())
        });
        let all = Arc::new(all);
        *self.listed() = Some((Instant::now(), all.clone()));
        Ok(all)
    }

    fn forget_list(&self) {
        *self.listed() = None;
    }
}
