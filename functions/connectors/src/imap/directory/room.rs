//! Mails of the owner's that make room for what is restored: copied to their trash and then removed, and
//! back again when the restore is taken back. Each copy is noted before and after it, and only what is noted
//! as copied, and still there, is removed: after a death between the two nothing is lost and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::api::Role;
use bulkhead_shared::outcome::ItemReason;

use super::journal::{Copied, Open, Replaced, Room};
use super::mails::{Arrival, Mail, arrival, mails};
use super::names::User;
use super::owner;
use super::recover::reason;
use super::restore::{Ended, Restoring};
use crate::imap::fault::Fault;
use crate::imap::moves::{DELETED, needed_next_uid, remove, transfer};
use crate::imap::session::Session;
use crate::imap::{messages, search, targets, uids};

impl Restoring<'_> {
    /// Moves mails of the owner's to their trash. `name` is what they call the folder.
    pub(super) async fn make_room(
        &mut self,
        index: usize,
        user: &User,
        name: &str,
        replace: &[u32],
        root: &str,
    ) -> Result<Ended, Fault> {
        if !self.settle_room(index, user, name, root).await? {
            return Ok(Ended::Unclear);
        }
        let validity = self.copied(index)?.validity;
        let away = self.away(index, user).await?;
        let mut left = replace.to_vec();
        left.retain(|uid| !away.contains(uid));
        for (set, uids) in uids::sets(&left) {
            let owner = self.owned(user).await?;
            let trash = targets::for_role(owner, Role::Trash).await?;
            let Ok(opened) = owner.open(&trash).await? else {
                return Ok(Ended::Refused(ItemReason::Forbidden));
            };
            let next = needed_next_uid(owner, &trash).await?;
            let open = Open {
                asked: set.clone(),
                next,
            };
            self.copied(index)?.room = Some(Room {
                folder: trash.clone(),
                validity: opened.validity,
                open,
            });
            self.note(root).await?;
            let owner = self.owned(user).await?;
            if !owner::open(owner, name, validity).await? {
                return Ok(Ended::Refused(ItemReason::Forbidden));
            }
            let copied = transfer(owner, "COPY", &trash, uids.iter()).await?;
            if let Some(refusal) = copied.refusal {
                self.copied(index)?.room = None;
                return Ok(Ended::Refused(reason(refusal)));
            }
            let arrived: Vec<u32> = copied.arrived.into_values().collect();
            if arrived.len() != uids.len() || !arrived.is_sorted() {
                return Err(Fault::Senseless);
            }
            self.copied(index)?.made_room_for(&set, &arrived);
            self.note(root).await?;
        }
        let away = self.away(index, user).await?;
        let owner = self.owned(user).await?;
        if !owner::open(owner, name, validity).await? {
            return Ok(Ended::Refused(ItemReason::Forbidden));
        }
        Ok(match remove_those(owner, &away).await? {
            Some(refused) => Ended::Refused(refused),
            None => Ended::Done,
        })
    }

    /// Brings mails that made room back to where they were; those that are still where they went to.
    pub(super) async fn bring_back(
        &mut self,
        index: usize,
        user: &User,
        name: &str,
        root: &str,
    ) -> Result<Ended, Fault> {
        if !self.settle_room(index, user, name, root).await? {
            return Ok(Ended::Unclear);
        }
        for at in 0..self.copied(index)?.replaced.len() {
            let ended = self.bring_back_some(index, at, user, name, root).await?;
            if ended != Ended::Done {
                return Ok(ended);
            }
        }
        Ok(Ended::Done)
    }

    async fn bring_back_some(
        &mut self,
        index: usize,
        at: usize,
        user: &User,
        name: &str,
        root: &str,
    ) -> Result<Ended, Fault> {
        let validity = self.copied(index)?.validity;
        let replaced = self.replaced(index, at)?.clone();
        let pairs = replaced.pairs()?;
        let owner = self.owned(user).await?;
        let stayed = stayed(owner, name, validity, &pairs).await?;
        if !owner::open(owner, &replaced.folder, replaced.validity).await? {
            return Ok(Ended::Done);
        }
        if let Some(refused) = remove_those(owner, &stayed).await? {
            return Ok(Ended::Refused(refused));
        }
        let away = search::among_uids(owner, &replaced.uids).await?;
        let mut returned = replaced.returned;
        if let Some(open) = replaced.open.as_ref().filter(|_| !returned) {
            let asked = taken(mails(owner).await?, &open.asked()?);
            owner
                .open(name)
                .await?
                .map_err(|refusal| Fault::Call(refusal.as_call()))?;
            returned = match arrival(&asked, &came(mails(owner).await?, open.next)) {
                Arrival::All(_) => true,
                Arrival::Nothing => false,
                Arrival::Unclear => return Ok(Ended::Unclear),
            };
        }
        if !returned && !away.is_empty() {
            let next = needed_next_uid(owner, name).await?;
            let asked = uids::set(&away);
            self.replaced(index, at)?.open = Some(Open { asked, next });
            self.note(root).await?;
            let owner = self.owned(user).await?;
            if !owner::open(owner, &replaced.folder, replaced.validity).await? {
                return Ok(Ended::Done);
            }
            let copied = transfer(owner, "COPY", name, away.iter()).await?;
            if let Some(refusal) = copied.refusal {
                return Ok(Ended::Refused(reason(refusal)));
            }
            if copied.arrived.len() != away.len() {
                return Err(Fault::Senseless);
            }
        }
        let replaced_now = self.replaced(index, at)?;
        (replaced_now.open, replaced_now.returned) = (None, true);
        self.note(root).await?;
        let owner = self.owned(user).await?;
        if !owner::open(owner, &replaced.folder, replaced.validity).await? {
            return Ok(Ended::Done);
        }
        Ok(match remove_those(owner, &away).await? {
            Some(refused) => Ended::Refused(refused),
            None => Ended::Done,
        })
    }

    /// Finds out what became of a copy to the trash that was never answered; whether that can be told.
    async fn settle_room(
        &mut self,
        index: usize,
        user: &User,
        name: &str,
        root: &str,
    ) -> Result<bool, Fault> {
        let Some(room) = self.copied(index)?.room.clone() else {
            return Ok(true);
        };
        let validity = self.copied(index)?.validity;
        let owner = self.owned(user).await?;
        let mut asked = Vec::new();
        if owner::open(owner, name, validity).await? {
            asked = taken(mails(owner).await?, &room.open.asked()?);
        }
        let mut arrived = Vec::new();
        if owner::open(owner, &room.folder, room.validity).await? {
            arrived = came(mails(owner).await?, room.open.next);
        }
        let copied = self.copied(index)?;
        match arrival(&asked, &arrived) {
            Arrival::All(pairs) => {
                let (from, to): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
                copied.made_room_for(&uids::set(&from), &to);
            }
            Arrival::Nothing => copied.room = None,
            Arrival::Unclear => return Ok(false),
        }
        self.note(root).await?;
        Ok(true)
    }

    /// Those that were copied to make room and whose copies are still there: they may be removed here.
    async fn away(&mut self, index: usize, user: &User) -> Result<Vec<u32>, Fault> {
        let mut away = Vec::new();
        for replaced in self.copied(index)?.replaced.clone() {
            let pairs = replaced.pairs()?;
            let owner = self.owned(user).await?;
            if pairs.is_empty() || !owner::open(owner, &replaced.folder, replaced.validity).await? {
                continue;
            }
            let copies = search::among_uids(owner, &replaced.uids).await?;
            let kept = pairs.into_iter().filter(|(_, to)| copies.contains(to));
            away.extend(kept.map(|(from, _)| from));
        }
        Ok(away)
    }

    /// A session as the owner, where it was seen before that there is one.
    async fn owned(&mut self, user: &User) -> Result<&mut Session, Fault> {
        self.owner(user).await?.ok_or(Fault::Senseless)
    }

    fn replaced(&mut self, index: usize, at: usize) -> Result<&mut Replaced, Fault> {
        let replaced = self.copied(index)?.replaced.get_mut(at);
        replaced.ok_or(Fault::Senseless)
    }
}

impl Copied {
    /// Notes that mails were copied to where room was asked for.
    fn made_room_for(&mut self, from: &str, to: &[u32]) {
        if let Some(room) = self.room.take() {
            self.replaced.push(Replaced {
                folder: room.folder,
                validity: room.validity,
                uids: uids::set(to),
                from: from.to_owned(),
                ..Replaced::default()
            });
        }
    }
}

fn taken(mut mails: Vec<Mail>, uids: &BTreeSet<u32>) -> Vec<Mail> {
    mails.retain(|mail| uids.contains(&mail.uid));
    mails
}

fn came(mut mails: Vec<Mail>, next: u32) -> Vec<Mail> {
    mails.retain(|mail| mail.uid >= next);
    mails
}

/// Of mails that were copied and never removed here, the copies. They stay, and are no longer marked to be removed.
async fn stayed(
    owner: &mut Session,
    name: &str,
    validity: u32,
    pairs: &BTreeMap<u32, u32>,
) -> Result<Vec<u32>, Fault> {
    if pairs.is_empty() || !owner::open(owner, name, validity).await? {
        return Ok(Vec::new());
    }
    let from: Vec<u32> = pairs.keys().copied().collect();
    let here = search::those_there(owner, &from).await?;
    let deleted = BTreeSet::from([DELETED.to_owned()]);
    for (set, _) in uids::sets(&here) {
        messages::store(owner, &set, '-', &deleted, None).await?;
    }
    Ok(here
        .iter()
        .filter_map(|uid| pairs.get(uid).copied())
        .collect())
}

/// Removes those of these mails that are in the open folder; why the server refuses, if it does.
async fn remove_those(session: &mut Session, these: &[u32]) -> Result<Option<ItemReason>, Fault> {
    let there = search::those_there(session, these).await?;
    Ok(remove(session, &there).await?.map(reason))
}
