//! One folder of a restore: what is copied into it, by commands that are noted before and after, and what is
//! done in it as its owner.

use bulkhead_shared::kinds::mailbox::ConflictRule;
use bulkhead_shared::outcome::ItemReason;

use super::journal::Open;
use super::mails::{Arrival, Mail, arrival, mails};
use super::names::Place;
use super::recover::reason;
use super::restore::{COPYING, Ended, Restoring};
use super::scan::Folder;
use super::source::Source;
use super::{conflicts, owner, rights};
use crate::imap::fault::Fault;
use crate::imap::moves::{needed_next_uid, transfer};
use crate::imap::{uids, utf7};

impl Restoring<'_> {
    /// Copies into one folder what belongs there.
    pub(super) async fn fill(
        &mut self,
        index: usize,
        from: &Folder,
        place: &Place,
        rule: ConflictRule,
        root: &str,
    ) -> Result<Ended, Fault> {
        let me = self.pool.user().to_owned();
        let into = self.copied(index)?.name.clone();
        let resumed = self.copied(index)?.had.is_some();
        let had = match self.copied(index)?.had.clone() {
            Some(had) => had,
            None => {
                let source = rights::had(self.session, &from.name, &me).await?;
                let had = [source, rights::had(self.session, &into, &me).await?];
                let copied = self.copied(index)?;
                (copied.had, copied.read) = (Some(had.clone()), Some(from.name.clone()));
                self.note(root).await?;
                had
            }
        };
        let [had_in_source, had_in_target] = had;
        let source = Source::open(self.session, &from.name, &me, &had_in_source, resumed).await?;
        rights::lend(self.session, &into, &me, &had_in_target, COPYING).await?;
        let ended = self.copy(index, &source, place, rule, root).await?;
        source.close(self.session, &me, &had_in_source).await?;
        rights::put_back(self.session, &into, &me, &had_in_target).await?;
        let copied = self.copied(index)?;
        copied.done = ended == Ended::Done;
        (copied.had, copied.read) = (None, None);
        self.note(root).await?;
        Ok(ended)
    }

    async fn copy(
        &mut self,
        index: usize,
        source: &Source,
        place: &Place,
        rule: ConflictRule,
        root: &str,
    ) -> Result<Ended, Fault> {
        let into = utf7::name(self.copied(index)?.name.as_bytes());
        if let Some(open) = self.copied(index)?.open.clone()
            && !self.resolve(index, source, &into, &open).await?
        {
            return Ok(Ended::Unclear);
        }
        let ours = self.copied(index)?.copies()?;
        let copied = self.copied(index)?.originals()?;
        let mails: Vec<Mail> = source.mails(self.session).await?;
        let mut theirs = self.mails_in(index, &into).await?;
        theirs.retain(|mail| !ours.contains(&mail.uid));
        // Also of what was copied before: what it replaces may still be there.
        let mut decision = conflicts::decide(rule, &mails, &theirs);
        decision.copy.retain(|uid| !copied.contains(uid));
        if !decision.replace.is_empty() && self.owner(&place.user).await?.is_none() {
            return Ok(Ended::Refused(ItemReason::Forbidden));
        }
        for (set, uids) in uids::sets(&decision.copy) {
            if let Some(reason) = self
                .transfer(index, source, &into, set, &uids, root)
                .await?
            {
                return Ok(Ended::Refused(reason));
            }
        }
        self.finish(index, &mails, place, &decision.replace, root)
            .await
    }

    /// One command that copies, noted before and after it.
    async fn transfer(
        &mut self,
        index: usize,
        source: &Source,
        into: &str,
        set: String,
        uids: &[u32],
        root: &str,
    ) -> Result<Option<ItemReason>, Fault> {
        let next = needed_next_uid(self.session, into).await?;
        self.copied(index)?.open = Some(Open { asked: set, next });
        self.note(root).await?;
        source.select(self.session).await?;
        let moved = transfer(self.session, "COPY", into, uids.iter()).await?;
        if moved.refusal.is_none() && moved.arrived.is_empty() {
            // It agreed and tells nothing: looked for like a copy that nobody answered.
            return Err(Fault::Senseless);
        }
        self.copied(index)?.took(moved.arrived);
        self.note(root).await?;
        Ok(moved.refusal.map(reason))
    }

    /// Whether a copy that was never answered took effect is told by what arrived since: all of it is
    /// there, one behind the other, or none of it. Says whether that can be told.
    async fn resolve(
        &mut self,
        index: usize,
        source: &Source,
        into: &str,
        open: &Open,
    ) -> Result<bool, Fault> {
        let asked = open.asked()?;
        let mut asked_for = source.mails(self.session).await?;
        asked_for.retain(|mail| asked.contains(&mail.uid));
        let mut came = self.mails_in(index, into).await?;
        came.retain(|mail| mail.uid >= open.next);
        match arrival(&asked_for, &came) {
            Arrival::All(pairs) => self.copied(index)?.took(pairs),
            Arrival::Nothing => self.copied(index)?.open = None,
            Arrival::Unclear => return Ok(false),
        }
        Ok(true)
    }

    /// The mails of a folder in the target, in the order of their UIDs.
    async fn mails_in(&mut self, index: usize, folder: &str) -> Result<Vec<Mail>, Fault> {
        let opened = self.session.open(folder).await?;
        let opened = opened.map_err(|refusal| Fault::Call(refusal.as_call()))?;
        let copied = self.copied(index)?;
        if copied.validity != 0 && copied.validity != opened.validity {
            return Err(Fault::Senseless);
        }
        copied.validity = opened.validity;
        mails(self.session).await
    }

    /// What is done as the owner: marks as read, and room where mails are replaced.
    async fn finish(
        &mut self,
        index: usize,
        mails: &[Mail],
        place: &Place,
        replace: &[u32],
        root: &str,
    ) -> Result<Ended, Fault> {
        let separator = self.naming.separator;
        let copied = self.copied(index)?.clone();
        let pairs = copied.pairs()?;
        let read: Vec<u32> = mails
            .iter()
            .filter(|mail| mail.seen)
            .filter_map(|mail| pairs.get(&mail.uid).copied())
            .collect();
        let room = !replace.is_empty() || copied.room.is_some() || !copied.replaced.is_empty();
        if read.is_empty() && !room {
            return Ok(Ended::Done);
        }
        let Some(owner) = self.owner(&place.user).await? else {
            return Ok(Ended::Done);
        };
        let name = owner::name(owner, place, separator).await?;
        owner::mark_read(owner, &name, copied.validity, &read).await?;
        if !room {
            return Ok(Ended::Done);
        }
        self.make_room(index, &place.user, &name, replace, root)
            .await
    }
}
