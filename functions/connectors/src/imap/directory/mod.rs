//! A Cyrus mail system as its administrator sees it: everybody's mailboxes, those in use and those deleted.
//!
//! Cyrus keeps a deleted mailbox under another name (`delete_mode: delayed`), which only administrators see.
//! To recover one is to rename it, and to restore one is to copy out of it; both leave what is in it as it
//! is. Over IMAP a mailbox has a name and nothing of a person: what rows say of one is noted beside it. When
//! what is deleted goes for good is decided by `cyr_expire` on the server, and not told.

mod abilities;
mod accounts;
mod acts;
mod conflicts;
mod copying;
mod journal;
mod mailbox;
mod mails;
mod names;
mod owner;
mod recover;
mod recoveries;
mod restore;
mod restores;
mod rights;
mod room;
mod scan;
mod source;
mod store;
mod take_back;
mod whereabouts;

use std::sync::{Mutex, MutexGuard, PoisonError};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::ImapConnection;
use bulkhead_shared::kinds::mailbox::{Guid, MailboxName};

use super::connect;
use super::facts::Fact;
use super::fault::Fault;
use super::folders;
use super::pool::{Lease, Pool};
use super::reach::Reach;
use super::session::{Session, Told};
use super::utf7;
use super::words::Words;
use names::Naming;
use scan::Folders;
use whereabouts::{Whereabouts, have};

pub use accounts::Accounts;

/// What any such account can do, before its server was ever asked.
pub fn least_abilities() -> Abilities {
    abilities::abilities()
}

/// A mail system whose administrator is signed in.
pub struct Directory {
    pool: Pool,
    naming: Naming,
    abilities: Abilities,
    whereabouts: Mutex<Whereabouts>,
}

impl std::fmt::Debug for Directory {
    /// Neither where nor who (invariant 10).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory").finish_non_exhaustive()
    }
}

impl Directory {
    /// Signs in as an administrator. Trusts the certificates that this machine trusts.
    pub async fn open(connection: &ImapConnection, reach: Reach) -> Result<Self, CallError> {
        let pool = Pool::new(connection.clone(), reach, connect::tls(&[])?);
        let mut session = pool.session().await?;
        let naming = administers(&mut session).await?;
        drop(session);
        Ok(Self {
            pool,
            naming,
            abilities: abilities::abilities(),
            whereabouts: Mutex::default(),
        })
    }

    /// A session, and all folders as they are now. Once more where a session that was kept open turns out to
    /// be gone.
    async fn look_around(&self) -> Result<(Lease, Folders), CallError> {
        let mut session = self.pool.session().await?;
        let was_kept = session.was_kept;
        match self.scan(&mut session).await {
            Err(Fault::Closed | Fault::Io(_)) if was_kept => {}
            scanned => return Ok((session, scanned?)),
        }
        drop(session);
        let mut session = self.pool.fresh().await?;
        let folders = self.scan(&mut session).await?;
        Ok((session, folders))
    }

    /// All folders as they are now.
    async fn scan(&self, session: &mut Session) -> Result<Folders, Fault> {
        let folders = scan::scan(session, self.naming, &self.naming.all()).await?;
        *self.whereabouts() = Whereabouts::of(&folders);
        Ok(folders)
    }

    /// The folders of whoever has this mailbox, and of whoever has that name, as they are now; all there are
    /// where one of the two is not found so.
    async fn scan_for(
        &self,
        session: &mut Session,
        mailbox: &Guid,
        other: Option<&MailboxName>,
    ) -> Result<Folders, Fault> {
        let (patterns, have_domains) = {
            let known = self.whereabouts();
            let patterns = known.patterns(self.naming, mailbox, other);
            (patterns, known.have_domains)
        };
        if let Some(patterns) = patterns {
            let folders = scan::scan(session, self.naming, &patterns).await?;
            if have(&folders, mailbox, other) {
                return Ok(folders.among(have_domains));
            }
        }
        self.scan(session).await
    }

    fn whereabouts(&self) -> MutexGuard<'_, Whereabouts> {
        let known = self.whereabouts.lock();
        known.unwrap_or_else(PoisonError::into_inner)
    }

    /// A folder that a person named, level by level, as the server writes it.
    fn levels(&self, folder: &str) -> Vec<String> {
        let levels = folder.split('/').map(str::trim);
        let levels = levels.filter(|level| !level.is_empty());
        let written = levels.map(|level| {
            let level = utf7::encode(level);
            match self.naming.separator {
                '.' => level.replace('.', "^"),
                _ => level,
            }
        });
        written.collect()
    }
}

/// Makes sure that an administrator is signed in, on a server that can be administered so; how it writes
/// names. An administrator has no mailboxes of their own in Cyrus, and sees those of all users.
async fn administers(session: &mut Session) -> Result<Naming, Fault> {
    let unsupported = |text: &str| Fault::Call(CallError::Unsupported(text.to_owned()));
    let can = session.can;
    if !(can.acl && can.list_metadata && can.list_status && can.uidplus && can.objectid) {
        return Err(unsupported(
            "This server does not show deleted mailboxes to administrators by IMAP; Cyrus from version 3.2 on does.",
        ));
    }
    let namespaces = folders::namespaces(session).await?;
    let naming = scan::naming(session).await?;
    let users = format!("user{}", naming.separator).into_bytes();
    if !namespaces.personal.is_empty() || !namespaces.foreign.contains(&users) {
        return Err(unsupported(
            "This user is no administrator of the mail system; Cyrus names its own in the setting `admins`.",
        ));
    }
    Ok(naming)
}

/// What may be stored in a mailbox, in units of 1,024 bytes: used and limit.
async fn storage(session: &mut Session, name: &str) -> Result<Option<(u64, u64)>, Fault> {
    let mut storage = None;
    let words = Words::new("GETQUOTAROOT ").text(name);
    let end = session
        .run(words, &mut |told| {
            if let Told::Fact(Fact::Quota(told)) = told {
                storage = storage.or(told);
            }
        })
        .await?;
    end.ok()?;
    Ok(storage)
}
