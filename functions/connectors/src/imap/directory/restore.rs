//! What is in a deleted mailbox, copied into somebody else's, folder by folder.
//!
//! The source stays as it is. Each command that copies is noted before and after it (see [`Journal`]), so
//! that it can be told after a death whether it took effect: on Cyrus a COPY does everything or nothing.

use bulkhead_shared::kinds::mailbox::ConflictRule;
use bulkhead_shared::outcome::ItemReason;

use super::journal::{Copied, Journal, Making, Restored};
use super::names::{Naming, Place, User};
use super::recover::reason;
use super::scan::{Folder, locate};
use super::{owner, rights};
use crate::imap::fault::Fault;
use crate::imap::pool::Pool;
use crate::imap::session::Session;
use crate::imap::words::Words;

/// Rights that it takes to copy into a folder and to take copies out again.
pub(super) const COPYING: &str = "lrswite";
const MAKING: &str = "k";

/// A restore that was confirmed.
pub(super) struct Restore<'a> {
    /// The deleted mailbox's folders, the inbox first.
    pub(super) source: Vec<&'a Folder>,
    /// Whose mailbox it goes into.
    pub(super) target: User,
    /// The folder there that it goes into, level by level; empty for the mailbox itself.
    pub(super) under: Vec<String>,
    pub(super) rule: ConflictRule,
}

/// How a restore ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// All is there.
    Done,
    /// The server refuses. What was copied is noted.
    Refused(ItemReason),
    /// Something was copied or not, and looking does not tell.
    Unclear,
}

/// A restore under way.
pub(super) struct Restoring<'a> {
    pub(super) session: &'a mut Session,
    pub(super) pool: &'a Pool,
    pub(super) naming: Naming,
    /// The owner's session, once it is needed; none in it if nobody lets us act as them.
    pub(super) owner: Option<Option<Session>>,
    pub(super) journal: Journal,
    pub(super) restored: Restored,
}

impl Restoring<'_> {
    /// Copies what is not there yet.
    pub(super) async fn run(&mut self, what: &Restore<'_>) -> Result<Ended, Fault> {
        let Some(root) = what.source.first() else {
            return Err(Fault::Senseless);
        };
        self.settle_making(&root.name).await?;
        for folder in &what.source {
            let path = [what.under.as_slice(), folder.place.folder.as_slice()].concat();
            let place = Place::active(&what.target, &path);
            let index = match self.folder(&place, &root.name).await? {
                Ok(index) => index,
                Err(reason) => return Ok(Ended::Refused(reason)),
            };
            if self.copied(index)?.done {
                continue;
            }
            match self
                .fill(index, folder, &place, what.rule, &root.name)
                .await?
            {
                Ended::Done => {}
                ended => return Ok(ended),
            }
        }
        self.restored.done = true;
        self.note(&root.name).await?;
        Ok(Ended::Done)
    }

    pub(super) async fn note(&mut self, root: &str) -> Result<(), Fault> {
        self.journal.note(&self.restored);
        self.journal.write(self.session, root).await
    }

    pub(super) fn copied(&mut self, index: usize) -> Result<&mut Copied, Fault> {
        self.restored.folders.get_mut(index).ok_or(Fault::Senseless)
    }

    /// The folder that mails go into, made with those above it where it is missing; its place in the
    /// journal.
    async fn folder(
        &mut self,
        place: &Place,
        root: &str,
    ) -> Result<Result<usize, ItemReason>, Fault> {
        for depth in 1..=place.folder.len() {
            let levels = place.folder.get(..depth).unwrap_or_default();
            let name = self.naming.name(&Place::active(&place.user, levels));
            if locate(self.session, &name).await?.is_some() {
                continue;
            }
            let above = place.folder.get(..depth - 1).unwrap_or_default();
            let above = self.naming.name(&Place::active(&place.user, above));
            if let Some(reason) = self.make(&name, &above, root).await? {
                return Ok(Err(reason));
            }
        }
        let name = self.naming.name(place);
        let unique = locate(self.session, &name).await?.ok_or(Fault::Senseless)?;
        let known = self.restored.folders.iter();
        let known = known.clone().position(|known| known.unique == unique);
        Ok(Ok(known.unwrap_or_else(|| {
            self.restored.folders.push(Copied {
                unique,
                name,
                ..Copied::default()
            });
            self.restored.folders.len() - 1
        })))
    }

    /// Makes a folder, noted before and after it; why the server refuses, if it does.
    async fn make(
        &mut self,
        name: &str,
        above: &str,
        root: &str,
    ) -> Result<Option<ItemReason>, Fault> {
        let me = self.pool.user().to_owned();
        let had = rights::had(self.session, above, &me).await?;
        self.restored.making = Some(Making {
            name: name.to_owned(),
            above: above.to_owned(),
            had: had.clone(),
        });
        self.note(root).await?;
        rights::lend(self.session, above, &me, &had, MAKING).await?;
        let words = Words::new("CREATE ").text(name);
        let end = self.session.write(words, &mut |_| {}).await?;
        let Some(refusal) = end.refusal() else {
            self.settle_making(root).await?;
            return Ok(None);
        };
        rights::put_back(self.session, above, &me, &had).await?;
        self.restored.making = None;
        self.note(root).await?;
        Ok(Some(reason(refusal)))
    }

    /// Notes the folder that was being made, if it is there, and leaves rights as they were: it takes those of
    /// the folder above, with what was lent there.
    pub(super) async fn settle_making(&mut self, root: &str) -> Result<(), Fault> {
        let Some(making) = self.restored.making.take() else {
            return Ok(());
        };
        let me = self.pool.user().to_owned();
        rights::put_back(self.session, &making.above, &me, &making.had).await?;
        if let Some(unique) = locate(self.session, &making.name).await? {
            rights::put_back(self.session, &making.name, &me, &making.had).await?;
            self.restored.folders.push(Copied {
                unique,
                name: making.name,
                made: true,
                ..Copied::default()
            });
        }
        self.note(root).await
    }

    /// A session as the owner; none where the server does not let the administrator act for others.
    pub(super) async fn owner(&mut self, user: &User) -> Result<Option<&mut Session>, Fault> {
        if self.owner.is_none() {
            self.owner = Some(owner::acting_as(self.pool, user).await?);
        }
        Ok(self.owner.as_mut().and_then(Option::as_mut))
    }
}
