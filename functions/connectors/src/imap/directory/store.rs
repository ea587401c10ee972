//! The directory behind the engine's port.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, Restored};
use bulkhead_engine::ports::{Account, CallError, MailboxPage, MailboxStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Restoration, Rights, Search,
};

use super::acts::failed;
use super::restores::{done, noted};
use super::scan::{Folder, Folders};
use super::{Directory, mailbox, storage};
use crate::imap::fault::Fault;
use crate::imap::session::Session;

#[async_trait]
impl Account for Directory {
    async fn test(&self) -> Result<String, CallError> {
        MailboxStore::test(self).await
    }

    fn mailboxes(self: Arc<Self>) -> Option<Arc<dyn MailboxStore>> {
        Some(self)
    }
}

#[async_trait]
impl MailboxStore for Directory {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    fn rules(&self) -> &[ConflictRule] {
        &ConflictRule::ALL
    }

    async fn test(&self) -> Result<String, CallError> {
        let (_, folders) = self.look_around().await?;
        let (active, inactive) = (folders.active().count(), folders.inactive().count());
        Ok(format!(
            "Signed in as an administrator; {active} mailboxes in use, {inactive} deleted."
        ))
    }

    /// Whoever administers a Cyrus may do all of it.
    async fn rights(&self) -> Result<Rights, CallError> {
        Ok(Rights {
            recover: true,
            restore: true,
        })
    }

    async fn list(
        &self,
        search: &Search,
        place: u64,
        limit: u32,
    ) -> Result<MailboxPage, CallError> {
        let (_, folders) = self.look_around().await?;
        let mut found = mailbox::all(&folders);
        found.retain(|mailbox| mailbox.matches(search));
        let total = found.len() as u64;
        let skipped = usize::try_from(place).unwrap_or(usize::MAX);
        let rows = found.into_iter().skip(skipped).take(limit as usize);
        Ok(MailboxPage {
            rows: rows.collect(),
            total,
        })
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        let (_, folders) = self.look_around().await?;
        Ok(Some(mailbox::sync_token(&folders)))
    }

    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let (mut session, folders) = self.look_around().await?;
        let mut found = Vec::with_capacity(guids.len());
        for guid in guids {
            let root = mailbox::root(&folders, guid);
            found.push(known(&mut session, &folders, root).await?);
        }
        Ok(found)
    }

    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError> {
        let (mut session, folders) = self.look_around().await?;
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            let root = self.target(&mut session, &folders, name).await?;
            found.push(known(&mut session, &folders, root).await?);
        }
        Ok(found)
    }

    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<Restored>>, CallError> {
        let (mut session, folders) = self.look_around().await?;
        let mut found = Vec::with_capacity(restorations.len());
        for restoration in restorations {
            let noted = noted(&mut session, self.naming, &folders, restoration).await?;
            let noted = noted.filter(|restored| restored.done);
            found.push(noted.as_ref().map(done).transpose()?);
        }
        Ok(found)
    }

    async fn change(&self, changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        let mut effects = Vec::with_capacity(changes.len());
        for change in changes {
            let mut session = self.pool.session().await?;
            let effect = match self.act(&mut session, change).await {
                Ok(effect) => effect,
                Err(fault) => failed(fault, session.wrote)?,
            };
            effects.push(effect);
        }
        Ok(effects)
    }

    async fn reconcile(&self, changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        let mut found = Vec::with_capacity(changes.len());
        for change in changes {
            let mut session = self.pool.session().await?;
            found.push(self.find_out(&mut session, change).await?);
        }
        Ok(found)
    }
}

/// A mailbox with its quota, which is asked for by name.
async fn known(
    session: &mut Session,
    folders: &Folders,
    root: Option<&Folder>,
) -> Result<Option<Mailbox>, Fault> {
    let Some(root) = root else { return Ok(None) };
    let mut mailbox = mailbox::mailbox(folders, root);
    if !mailbox.is_inactive()
        && let Some((used, limit)) = storage(session, &root.name).await?
    {
        // What counts is what the quota counts: messages that are expunged and kept are not in it.
        mailbox.bytes = Some(used.saturating_mul(1_024));
        mailbox.quota_bytes = Some(limit.saturating_mul(1_024));
    }
    Ok(Some(mailbox))
}
