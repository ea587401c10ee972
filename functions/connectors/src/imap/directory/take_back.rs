//! What a restore copied, taken out again: exactly that, found by its UIDs. What the owner moved elsewhere
//! or was there before stays, and so does all that came since.

use std::time::Duration;

use bulkhead_shared::outcome::ItemReason;

use super::journal::Copied;
use super::names::{Place, User};
use super::recover::reason;
use super::restore::{COPYING, Ended, Restoring};
use super::scan::{Folder, scan};
use super::{owner, rights, source};
use crate::imap::fault::{Fault, Refusal};
use crate::imap::moves::remove;
use crate::imap::words::Words;
use crate::imap::{search, utf7};

/// The right to remove a folder.
const REMOVING: &str = "x";
/// So often it is tried to delete a folder where the server says no for the moment, with this pause between two
/// tries: longer than a second in all.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

impl Restoring<'_> {
    /// Takes everything back that is noted, from the mailbox of this user, and forgets it.
    pub(super) async fn take_back(&mut self, target: &User, root: &str) -> Result<Ended, Fault> {
        self.settle_making(root).await?;
        self.settle_sources(root).await?;
        let folders = scan(self.session, self.naming, &self.naming.patterns(target)).await?;
        for index in (0..self.restored.folders.len()).rev() {
            let copied = self.restored.folders.get(index).cloned();
            let copied = copied.ok_or(Fault::Senseless)?;
            // Whoever renamed it took the mails along; whoever deleted it took them away.
            let Some(folder) = folders.called(&copied.unique) else {
                continue;
            };
            if folder.place.deleted.is_some() {
                continue;
            }
            let ended = self.take_out(index, &copied, folder, root).await?;
            if ended != Ended::Done {
                return Ok(ended);
            }
        }
        let target = self.restored.target.clone();
        self.journal.drop(&target);
        self.journal.write(self.session, root).await?;
        Ok(Ended::Done)
    }

    /// Leaves folders of the source as they were, where somebody died while more was lent.
    async fn settle_sources(&mut self, root: &str) -> Result<(), Fault> {
        let me = self.pool.user().to_owned();
        for index in 0..self.restored.folders.len() {
            let copied = self.copied(index)?;
            if let Some(read) = copied.read.take() {
                let had = copied.had.clone().unwrap_or_default();
                source::leave(self.session, &read, &me, &had[0]).await?;
                self.note(root).await?;
            }
        }
        Ok(())
    }

    async fn take_out(
        &mut self,
        index: usize,
        copied: &Copied,
        folder: &Folder,
        root: &str,
    ) -> Result<Ended, Fault> {
        let me = self.pool.user().to_owned();
        let had = match &copied.had {
            Some([_, had]) => had.clone(),
            None => {
                let had = rights::had(self.session, &folder.name, &me).await?;
                self.copied(index)?.had = Some([String::new(), had.clone()]);
                self.note(root).await?;
                had
            }
        };
        let needed = if copied.made { REMOVING } else { "" };
        let needed = format!("{COPYING}{needed}");
        rights::lend(self.session, &folder.name, &me, &had, &needed).await?;
        let ended = self.take_mails(index, copied, folder, root).await?;
        if ended == Ended::Done && copied.made && self.remove_empty(folder).await? {
            return Ok(ended);
        }
        rights::put_back(self.session, &folder.name, &me, &had).await?;
        self.copied(index)?.had = None;
        self.note(root).await?;
        Ok(ended)
    }

    async fn take_mails(
        &mut self,
        index: usize,
        copied: &Copied,
        folder: &Folder,
        root: &str,
    ) -> Result<Ended, Fault> {
        let name = utf7::name(folder.name.as_bytes());
        let opened = match self.session.open(&name).await? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Ended::Refused(reason(refusal))),
        };
        // Made anew under its name, it holds nothing of ours.
        if copied.validity != 0 && opened.validity != copied.validity {
            return Ok(Ended::Done);
        }
        if copied.open.is_some() {
            return Ok(Ended::Unclear);
        }
        let ours: Vec<u32> = copied.copies()?.into_iter().collect();
        let ours = search::those_there(self.session, &ours).await?;
        if let Some(refusal) = remove(self.session, &ours).await? {
            return Ok(Ended::Refused(reason(refusal)));
        }
        if copied.replaced.is_empty() && copied.room.is_none() {
            return Ok(Ended::Done);
        }
        let (place, separator) = (folder.place.clone(), self.naming.separator);
        let Some(owner) = self.owner(&place.user).await? else {
            return Ok(Ended::Refused(ItemReason::Forbidden));
        };
        let name = owner::name(owner, &place, separator).await?;
        self.bring_back(index, &place.user, &name, root).await
    }

    /// Removes a folder that was made for a restore, if nothing is in it and nothing below it; whether it
    /// did.
    async fn remove_empty(&mut self, folder: &Folder) -> Result<bool, Fault> {
        let opened = self.session.opened.take();
        let now = scan(
            self.session,
            self.naming,
            &self.naming.patterns(&folder.place.user),
        )
        .await?;
        let is_empty = now
            .called(&folder.unique)
            .is_some_and(|folder| folder.messages == Some(0));
        let below = |other: &Folder| {
            let place: &Place = &other.place;
            place.user == folder.place.user
                && place.deleted.is_none()
                && place.folder.len() > folder.place.folder.len()
                && place.folder.starts_with(&folder.place.folder)
        };
        if !is_empty || now.iter().any(below) {
            self.session.opened = opened;
            return Ok(false);
        }
        self.delete(&folder.name).await
    }

    /// Deletes a folder; whether it did. Cyrus keeps what is deleted under a name with the second in it, and says
    /// no to another of that name, or to one that somebody just has open: both pass.
    async fn delete(&mut self, name: &str) -> Result<bool, Fault> {
        let mut tries = 1;
        loop {
            let words = Words::new("DELETE ").text(name);
            let end = self.session.write(words, &mut |_| {}).await?;
            let passes = match end.refusal() {
                None => return Ok(true),
                Some(Refusal::Throttled(wait)) => {
                    return Err(Fault::Call(Refusal::Throttled(wait).as_call()));
                }
                Some(Refusal::Passing) => true,
                Some(_) => end.text.to_lowercase().contains("already exists"),
            };
            match tries < TRIES {
                _ if !passes => return Ok(false),
                true => tokio::time::sleep(PAUSE).await,
                // It is to be tried again later.
                false => return Err(Fault::Call(Refusal::Passing.as_call())),
            }
            tries += 1;
        }
    }
}
