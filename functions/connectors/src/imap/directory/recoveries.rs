//! Recoveries, and how they are taken back.

use std::collections::BTreeMap;

use bulkhead_engine::kinds::mailbox::{Effect, MailboxState};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{Guid, Profile};
use bulkhead_shared::outcome::ItemReason;

use super::Directory;
use super::journal::{Journal, Recovered};
use super::mailbox::{of_its_own, profile, root};
use super::names::{Stamp, User};
use super::recover::{self, Became, Recovery};
use super::rights;
use super::scan::{Folder, Folders};
use crate::imap::fault::Fault;
use crate::imap::session::Session;

impl Directory {
    pub(super) async fn recover(
        &self,
        session: &mut Session,
        id: &ItemId,
        mailbox: &Guid,
        to: &Profile,
    ) -> Result<Effect, Fault> {
        let folders = self.scan_for(session, mailbox, None).await?;
        let Some(root) = of_its_own(root(&folders, mailbox))? else {
            return Ok(Effect::Missing);
        };
        let Some(target) = User::of_address(&to.upn, folders.have_domains()) else {
            return Ok(Effect::Refused(ItemReason::Refused));
        };
        let mut journal = Journal::of_comment(root.comment.as_deref())?;
        let is_noted = |recovered: &Recovered| recovered.profile.says_the_same(to);
        if let Some(deleted) = root.place.deleted {
            let noted = journal.recovered.as_ref();
            if noted.is_none_or(|noted| noted.was != root.name || noted.profile != *to) {
                self.note_recovery(
                    session,
                    &folders,
                    (root, deleted),
                    &target,
                    to,
                    &mut journal,
                )
                .await?;
            }
        } else if !journal.recovered.as_ref().is_some_and(is_noted) {
            return Ok(Effect::Changed);
        }
        let Some(what) = self.recovery(root, &journal, target) else {
            return Ok(Effect::Changed);
        };
        match recover::recover(session, self.naming, &what).await? {
            Became::Done => {
                self.whereabouts().moved(mailbox, &what.target);
                Ok(Effect::done(id.clone(), MailboxState::Active(to.clone())))
            }
            Became::Gone => Ok(Effect::Missing),
            // It is in use under another name than it was given.
            Became::Taken if root.place.deleted.is_none() => Ok(Effect::Changed),
            became => {
                // A part of it may be there, which goes back.
                let is_back = became == Became::Taken
                    || recover::put_back(session, self.naming, &what).await? == Became::Done;
                if let Some(recovered) = journal.recovered.take().filter(|_| is_back) {
                    journal.write(session, &recovered.was).await?;
                    return Ok(not_done(became));
                }
                Ok(Effect::Unknown)
            }
        }
    }

    /// Notes in a deleted mailbox what a recovery is about to change.
    async fn note_recovery(
        &self,
        session: &mut Session,
        folders: &Folders,
        (root, deleted): (&Folder, Stamp),
        target: &User,
        to: &Profile,
        journal: &mut Journal,
    ) -> Result<(), Fault> {
        let known = journal.recovered.as_ref();
        let known =
            known.and_then(|known| User::of_address(&known.profile.upn, folders.have_domains()));
        if let Some(other) = known.and_then(|other| self.recovery(root, journal, other)) {
            // Somebody was stopped on the way back of another recovery.
            recover::put_back(session, self.naming, &other).await?;
        }
        let (mut later, mut had) = (BTreeMap::new(), BTreeMap::new());
        let user = target.to_string();
        for folder in folders.deleted_with(&root.place.user, deleted) {
            if let Some(stamp) = folder.place.deleted.filter(|stamp| *stamp != deleted) {
                later.insert(folder.unique.clone(), stamp.to_string());
            }
            let theirs = rights::had(session, &folder.name, &user).await?;
            if !theirs.is_empty() && *target != root.place.user {
                had.insert(folder.unique.clone(), theirs);
            }
        }
        journal.recovered = Some(Recovered {
            was: root.name.clone(),
            later,
            had,
            profile: to.clone(),
        });
        journal.write(session, &root.name).await
    }

    /// A recovery that is noted: who has the mailbox, and whose it was.
    fn recovery(&self, root: &Folder, journal: &Journal, target: User) -> Option<Recovery> {
        let recovered = journal.recovered.as_ref()?;
        let was = self.naming.place(&recovered.was)?;
        let later = recovered.later.iter();
        Some(Recovery {
            unique: root.unique.clone(),
            source: was.user,
            deleted: was.deleted?,
            later: later
                .filter_map(|(unique, stamp)| Some((unique.clone(), Stamp::read(stamp)?)))
                .collect(),
            had: recovered.had.clone(),
            target,
        })
    }

    pub(super) async fn put_back(
        &self,
        session: &mut Session,
        id: &ItemId,
        mailbox: &Guid,
        was: Option<&Profile>,
    ) -> Result<Effect, Fault> {
        let folders = self.scan_for(session, mailbox, None).await?;
        let Some(root) = of_its_own(root(&folders, mailbox))? else {
            return Ok(Effect::Missing);
        };
        let done = Effect::done(id.clone(), MailboxState::Inactive);
        let mut journal = Journal::of_comment(root.comment.as_deref())?;
        let Some(recovered) = &journal.recovered else {
            // Somebody else recovered it, or it is back and all is done.
            return Ok(match root.place.deleted {
                Some(_) => done,
                None => Effect::Changed,
            });
        };
        let is_theirs = |was: &Profile| profile(root).says_the_same(was);
        if root.place.deleted.is_none() && !was.is_some_and(is_theirs) {
            return Ok(Effect::Changed);
        }
        let target = User::of_address(&recovered.profile.upn, folders.have_domains());
        let what = target.and_then(|target| self.recovery(root, &journal, target));
        let Some(what) = what else {
            return Ok(Effect::Refused(ItemReason::Refused));
        };
        match recover::put_back(session, self.naming, &what).await? {
            Became::Done => self.whereabouts().moved(mailbox, &what.source),
            became => return Ok(not_done(became)),
        }
        let name = journal.recovered.take().map(|recovered| recovered.was);
        journal.write(session, &name.unwrap_or_default()).await?;
        Ok(done)
    }
}

fn not_done(became: Became) -> Effect {
    match became {
        Became::Taken => Effect::Refused(ItemReason::AddressTaken),
        Became::Gone => Effect::Missing,
        Became::Refused(reason) => Effect::Refused(reason),
        Became::Done => Effect::Unknown,
    }
}
