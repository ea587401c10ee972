//! Restores, what is known of them, and how they are taken back.

use bulkhead_engine::kinds::mailbox::{Effect, MailboxState, Restored as Done};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{MailboxName, Restoration};
use bulkhead_shared::outcome::ItemReason;

use super::Directory;
use super::journal::{Journal, Restored};
use super::mailbox::{called, of_its_own, root};
use super::names::{Naming, Place, User};
use super::restore::{Ended, Restore, Restoring};
use super::scan::{Folder, Folders, locate};
use crate::imap::fault::Fault;
use crate::imap::session::Session;

impl Directory {
    pub(super) async fn restore(
        &self,
        session: &mut Session,
        id: &ItemId,
        restoration: &Restoration,
        how: &Done,
    ) -> Result<Effect, Fault> {
        let folders = self
            .scan_for(session, &restoration.source, Some(&restoration.target))
            .await?;
        let Some(from) = of_its_own(root(&folders, &restoration.source))? else {
            return Ok(Effect::Missing);
        };
        let into = self.target(session, &folders, &restoration.target).await?;
        let into = of_its_own(into)?;
        let Some(into) = into.filter(|into| into.place.deleted.is_none()) else {
            return Ok(Effect::Refused(ItemReason::NoSuchTarget));
        };
        let Some(deleted) = from.place.deleted else {
            return Ok(Effect::Refused(ItemReason::NotInactive));
        };
        let what = Restore {
            source: folders.deleted_with(&from.place.user, deleted),
            target: into.place.user.clone(),
            under: self.levels(how.folder.as_deref().unwrap_or_default()),
            rule: how.rule,
        };
        let mut restoring = self.restoring(session, from, into, Some(how))?;
        let restored = &restoring.restored;
        if restored.done || (restored.rule, &restored.folder) != (how.rule, &how.folder) {
            return Ok(Effect::Changed);
        }
        Ok(match restoring.run(&what).await? {
            Ended::Done => {
                let restored = done(&restoring.restored)?;
                Effect::done(id.clone(), MailboxState::Restored(restored))
            }
            Ended::Refused(reason) => match restoring.take_back(&what.target, &from.name).await? {
                Ended::Done => Effect::Refused(reason),
                _ => Effect::Unknown,
            },
            Ended::Unclear => Effect::Unknown,
        })
    }

    pub(super) async fn take_back(
        &self,
        session: &mut Session,
        id: &ItemId,
        restoration: &Restoration,
    ) -> Result<Effect, Fault> {
        let folders = self
            .scan_for(session, &restoration.source, Some(&restoration.target))
            .await?;
        // Without its source, what was copied may be all there is of it.
        let Some(from) = of_its_own(root(&folders, &restoration.source))? else {
            return Ok(Effect::Missing);
        };
        let into = self.target(session, &folders, &restoration.target).await?;
        let into = of_its_own(into)?;
        let Some(into) = into else {
            return Ok(Effect::Refused(ItemReason::NoSuchTarget));
        };
        let mut restoring = self.restoring(session, from, into, None)?;
        let ended = restoring.take_back(&into.place.user, &from.name).await?;
        Ok(match ended {
            Ended::Done => Effect::done(id.clone(), MailboxState::NotRestored),
            Ended::Refused(reason) => Effect::Refused(reason),
            Ended::Unclear => Effect::Unknown,
        })
    }

    fn restoring<'a>(
        &'a self,
        session: &'a mut Session,
        from: &Folder,
        into: &Folder,
        how: Option<&Done>,
    ) -> Result<Restoring<'a>, Fault> {
        let journal = Journal::of_comment(from.comment.as_deref())?;
        let restored = journal.of(&into.unique).cloned();
        let restored = restored.unwrap_or_else(|| Restored {
            target: into.unique.clone(),
            rule: how.map(|how| how.rule).unwrap_or_default(),
            folder: how.and_then(|how| how.folder.clone()),
            ..Restored::default()
        });
        Ok(Restoring {
            session,
            pool: &self.pool,
            naming: self.naming,
            owner: None,
            journal,
            restored,
        })
    }

    /// The mailbox that a row names as target.
    pub(super) async fn target<'a>(
        &self,
        session: &mut Session,
        folders: &'a Folders,
        name: &MailboxName,
    ) -> Result<Option<&'a Folder>, Fault> {
        target(session, self.naming, folders, name).await
    }
}

/// The mailbox that a name is of: any by its GUID, an active one by its address.
async fn target<'a>(
    session: &mut Session,
    naming: Naming,
    folders: &'a Folders,
    name: &MailboxName,
) -> Result<Option<&'a Folder>, Fault> {
    let address = match name {
        MailboxName::Guid(guid) => return Ok(root(folders, guid)),
        MailboxName::Address(address) => address,
    };
    if let Some(known) = called(folders, address) {
        return Ok(Some(known));
    }
    // Of its own domain the server says nothing in names, and knows it all the same.
    let user = User::of_address(address.as_str(), folders.have_domains());
    let Some(user) = user.filter(User::has_domain) else {
        return Ok(None);
    };
    let plain = user.without_domain();
    let Some(root) = folders.active().find(|root| root.place.user == plain) else {
        return Ok(None);
    };
    let name = naming.name(&Place::active(&user, &[]));
    let there = locate(session, &name).await?;
    Ok(Some(root).filter(|root| there.as_ref() == Some(&root.unique)))
}

/// What is noted of a restore; none where nothing is.
pub(super) async fn noted(
    session: &mut Session,
    naming: Naming,
    folders: &Folders,
    restoration: &Restoration,
) -> Result<Option<Restored>, Fault> {
    let Some(from) = root(folders, &restoration.source) else {
        return Ok(None);
    };
    let journal = from.comment.as_deref().and_then(Journal::decode);
    let into = target(session, naming, folders, &restoration.target).await?;
    let restored = into.and_then(|into| journal.as_ref()?.of(&into.unique).cloned());
    Ok(restored)
}

/// A restore that is there, as it is told.
pub(super) fn done(restored: &Restored) -> Result<Done, Fault> {
    let mut copied = 0;
    for folder in &restored.folders {
        copied += folder.copies()?.len() as u64;
    }
    Ok(Done {
        rule: restored.rule,
        folder: restored.folder.clone(),
        copied,
        // The mailbox that it came from has it.
        receipt: Vec::new(),
    })
}
