//! The sandbox's directory behind the engine's port.

use async_trait::async_trait;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, ItemState, MailboxState, Restored};
use bulkhead_engine::ports::{CallError, MailboxPage, MailboxStore};
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Restoration, Rights, Search,
};
use rusqlite::Connection;

use super::super::error::SandboxError;
use super::{FACTS, SandboxDirectory, change, facts, find, look, mailbox};

#[async_trait]
impl MailboxStore for SandboxDirectory {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    fn rules(&self) -> &[ConflictRule] {
        &ConflictRule::ALL
    }

    async fn test(&self) -> Result<String, CallError> {
        self.sandbox.wait().await?;
        let counts = self.sandbox.read(|_, connection| {
            let sql = "SELECT count(*), coalesce(sum(1 - active), 0) FROM directory_mailbox";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?));
            Ok(connection.query_row(sql, [], row)?)
        });
        let (all, inactive) = counts.await?;
        Ok(format!(
            "A simulated directory of {all} mailboxes, {inactive} of them inactive."
        ))
    }

    async fn rights(&self) -> Result<Rights, CallError> {
        Ok(change::RIGHTS)
    }

    async fn list(
        &self,
        search: &Search,
        place: u64,
        limit: u32,
    ) -> Result<MailboxPage, CallError> {
        self.sandbox.wait().await?;
        let search = search.clone();
        let found = self
            .sandbox
            .read(move |_, connection| matching(connection, &search));
        let found = found.await?;
        let total = found.len() as u64;
        let skipped = usize::try_from(place).unwrap_or(usize::MAX);
        let rows = found.into_iter().skip(skipped).take(limit as usize);
        Ok(MailboxPage {
            rows: rows.collect(),
            total,
        })
    }

    async fn sync_token(&self) -> Result<Option<String>, CallError> {
        let version = self.sandbox.read(|_, connection| {
            let sql = "SELECT value FROM meta WHERE key = 'directory_version'";
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?)
        });
        Ok(Some(version.await?.to_string()))
    }

    async fn look(&self, guids: &[Guid]) -> Result<Vec<Option<Mailbox>>, CallError> {
        self.sandbox.wait().await?;
        let guids = guids.to_vec();
        let found = self
            .sandbox
            .read(move |_, connection| guids.iter().map(|guid| look(connection, guid)).collect());
        Ok(found.await?)
    }

    async fn find(&self, names: &[MailboxName]) -> Result<Vec<Option<Mailbox>>, CallError> {
        self.sandbox.wait().await?;
        let names = names.to_vec();
        let found = self
            .sandbox
            .read(move |_, connection| names.iter().map(|name| find(connection, name)).collect());
        Ok(found.await?)
    }

    async fn restored(
        &self,
        restorations: &[Restoration],
    ) -> Result<Vec<Option<Restored>>, CallError> {
        let restorations = restorations.to_vec();
        let found = self.sandbox.read(move |_, connection| {
            let known = restorations.iter().map(|of| change::known(connection, of));
            known.collect::<Result<Vec<_>, SandboxError>>()
        });
        let found = found.await?.into_iter();
        Ok(found.map(|kept| kept.map(restored)).collect())
    }

    async fn change(&self, changes: &[Change], _tag: &str) -> Result<Vec<Effect>, CallError> {
        self.sandbox.wait().await?;
        self.apply(changes).await
    }

    async fn reconcile(&self, changes: &[Change], _tag: &str) -> Result<Vec<Found>, CallError> {
        self.sandbox.wait().await?;
        let changes = changes.to_vec();
        let found = self.sandbox.read(move |_, connection| {
            let found = changes.iter().map(|change| {
                let state = now(connection, change)?;
                Ok(change.judge(ItemState {
                    state,
                    version: None,
                    identity: None,
                }))
            });
            found.collect()
        });
        Ok(found.await?)
    }
}

fn restored(kept: change::Kept) -> Restored {
    Restored {
        rule: kept.rule,
        folder: kept.folder,
        copied: kept.copied,
        receipt: kept.receipt,
    }
}

/// What an item is now, with the receipt where it is a restore.
fn now(connection: &Connection, change: &Change) -> Result<Option<MailboxState>, SandboxError> {
    if let Some(restoration) = Restoration::of(&change.id) {
        let source = look(connection, &restoration.source)?;
        return Ok(match (source, change::known(connection, &restoration)?) {
            (None, _) => None,
            (Some(_), Some(kept)) => Some(MailboxState::Restored(restored(kept))),
            (Some(_), None) => Some(MailboxState::NotRestored),
        });
    }
    let Some(guid) = Guid::of_item(&change.id) else {
        return Ok(None);
    };
    Ok(
        look(connection, &guid)?.map(|mailbox| match mailbox.is_inactive() {
            true => MailboxState::Inactive,
            false => MailboxState::Active(mailbox.profile),
        }),
    )
}

/// By name, then by GUID.
fn matching(connection: &Connection, search: &Search) -> Result<Vec<Mailbox>, SandboxError> {
    let mut statement = connection.prepare_cached(FACTS)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mailbox = mailbox(facts(row)?)?;
        if mailbox.matches(search) {
            let name = mailbox.profile.name().to_lowercase();
            found.push((name, mailbox));
        }
    }
    found.sort_by(|(one, a), (other, b)| (one, &a.guid).cmp(&(other, &b.guid)));
    Ok(found.into_iter().map(|(_, mailbox)| mailbox).collect())
}
