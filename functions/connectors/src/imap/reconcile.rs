//! What became of changes whose answer never came. Looks for each message in both folders, by what
//! recognises it; a claim says that a copy is ours. Repeats nothing; removes only claims, and copies
//! that a half-done move left, if they are the same to the byte.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bulkhead_engine::kinds::mail::{Change, Found, has_flag};
use bulkhead_engine::ports::CallError;

use super::arrivals;
use super::change::claim;
use super::digests::digests;
use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::folders;
use super::messages::{self, Messages};
use super::moves;
use super::name::{item_id, names};
use super::plan::{self, Alike, Item};
use super::search;
use super::session::{Opened, Session};
use super::settled::settled;
use super::uids;

/// A server goes on with a MOVE after the connection is lost: looks at what it has done, so far apart.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Looks until things stand still, at most.
const LOOKS_MOST: usize = 50;

/// Looks what became of changes.
pub(super) async fn reconcile(
    session: &mut Session,
    changes: &[Change],
    tag: &str,
) -> Result<Vec<Found>, Fault> {
    let claim = claim(tag);
    let names = names(session, changes.iter().map(|change| &change.id)).await?;
    let groups = plan::groups(changes, names);
    wait_until_still(session, &groups, &claim).await?;
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for (alike, items) in groups {
        let mut look = Look {
            alike: &alike,
            claim: &claim,
            found: &mut found,
        };
        look.at_all(session, items).await?;
    }
    Ok((0..changes.len())
        .map(|index| found.remove(&index).unwrap_or(Found::Missing))
        .collect())
}

/// Opens a folder if it is there.
async fn open(session: &mut Session, folder: &str) -> Result<Option<Opened>, Fault> {
    session.opened = None;
    match folders::open(session, folder).await? {
        Ok(opened) => Ok(Some(opened)),
        Err(Refusal::NoFolder) => Ok(None),
        Err(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

/// Until two looks in a row find the same: a command that was sent before the line broke may still be
/// on its way, or the server in the middle of it.
async fn wait_until_still(
    session: &mut Session,
    groups: &BTreeMap<Alike, Vec<Item<'_>>>,
    claim: &str,
) -> Result<(), Fault> {
    let mut uids: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (alike, items) in groups {
        let here = uids.entry(&alike.folder).or_default();
        here.extend(items.iter().map(|item| item.uid));
        if let Some(target) = &alike.target {
            uids.entry(target).or_default();
        }
    }
    let mut last = None;
    for _ in 0..LOOKS_MOST {
        let mut seen = Vec::new();
        for (folder, uids) in &uids {
            if open(session, folder).await?.is_some() {
                let claimed = search::find_keyword(session, claim).await?;
                let messages = messages::fetch(session, uids, "UID FLAGS", "").await?;
                seen.push((claimed, messages));
            }
        }
        if last.as_ref() == Some(&seen) {
            return Ok(());
        }
        last = Some(seen);
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
    // Whatever was found now would not be what is.
    Err(Fault::Call(CallError::Unavailable(
        "it is still at work on what was sent before".to_owned(),
    )))
}

/// What is looked for among changes that are alike.
struct Look<'a> {
    alike: &'a Alike,
    claim: &'a str,
    found: &'a mut BTreeMap<usize, Found>,
}

/// Messages of the target that may be the ones that moved.
struct There {
    opened: Opened,
    messages: Messages,
    /// Still with our claim, by identity.
    claimed: BTreeMap<u64, Vec<Fetched>>,
}

impl Look<'_> {
    async fn at_all(&mut self, session: &mut Session, items: Vec<Item<'_>>) -> Result<(), Fault> {
        let uids: Vec<u32> = items.iter().map(|item| item.uid).collect();
        let source = open(session, &self.alike.folder).await?;
        let source = source.filter(|opened| opened.validity == self.alike.validity);
        let mut here = Messages::new();
        if let Some(opened) = &source {
            let asked = messages::state_items(session.can, opened);
            here = messages::fetch(session, &uids, &asked, "").await?;
            self.undelete(session, &items, &here).await?;
            self.unclaim(session, opened, &mut here).await?;
        }
        let there = match &self.alike.target {
            Some(target) => self.claimed_in(session, target).await?,
            None => None,
        };
        let mut gone = Vec::new();
        for item in &items {
            match (here.get(&item.uid), &source) {
                (Some(fetched), Some(opened)) => self.is_here(item, fetched, opened),
                _ => gone.push(*item),
            }
        }
        let Some(mut there) = there else {
            for item in gone {
                self.found.insert(item.index, Found::Missing);
            }
            return Ok(());
        };
        let moved = self.pair(session, &mut there, gone).await?;
        let extra = self.extra(&there, source.as_ref(), &here, &moved);
        self.remove_extra(session, &there, extra, &items).await?;
        self.are_there(session, &there, moved).await
    }

    /// Still in its old place: for a move that means not done.
    fn is_here(&mut self, item: &Item<'_>, fetched: &Fetched, opened: &Opened) {
        let flags = fetched.flags.clone().unwrap_or_default();
        let done = self.alike.target.is_none() && self.alike.holds(&flags);
        let id = item.change.id.clone();
        let found = if done {
            let mut state = settled(self.alike, item, Some(fetched), opened);
            state.identity = messages::identity(fetched);
            Found::Done { id, state }
        } else {
            let state = messages::state(fetched, opened);
            Found::NotDone { id, state }
        };
        self.found.insert(item.index, found);
    }

    /// Where a move copies, it marks the original as deleted before it removes it. If it is still here,
    /// marked and claimed, the mark is ours.
    async fn undelete(
        &self,
        session: &mut Session,
        items: &[Item<'_>],
        here: &Messages,
    ) -> Result<(), Fault> {
        if self.alike.target.is_none() || session.can.r#move {
            return Ok(());
        }
        let is_ours = |item: &&Item<'_>| {
            let was = has_flag(&item.change.from.state.flags, moves::DELETED);
            !was && here.get(&item.uid).is_some_and(|fetched| {
                let flags = fetched.flags.as_ref();
                flags.is_some_and(|flags| has_flag(flags, moves::DELETED))
                    && has_flag(&fetched.claims, self.claim)
            })
        };
        let uids: Vec<u32> = items.iter().filter(is_ours).map(|item| item.uid).collect();
        let deleted = BTreeSet::from([moves::DELETED.to_owned()]);
        for (set, _) in uids::sets(&uids) {
            messages::store(session, &set, '-', &deleted, None).await?;
        }
        Ok(())
    }

    /// Takes our claim off messages of the open folder.
    async fn unclaim(
        &self,
        session: &mut Session,
        opened: &Opened,
        among: &mut Messages,
    ) -> Result<(), Fault> {
        let is_ours = |fetched: &Fetched| has_flag(&fetched.claims, self.claim);
        let ours: Vec<u32> = among
            .values()
            .filter(|fetched| is_ours(fetched))
            .map(|fetched| fetched.uid)
            .collect();
        let claim = BTreeSet::from([self.claim.to_owned()]);
        for (set, _) in uids::sets(&ours) {
            messages::store(session, &set, '-', &claim, None).await?;
        }
        let items = messages::version_items(opened);
        for (uid, after) in messages::fetch(session, &ours, items, "").await? {
            if let Some(fetched) = among.get_mut(&uid) {
                fetched.flags = after.flags;
                fetched.claims = after.claims;
                fetched.modseq = after.modseq;
            }
        }
        Ok(())
    }

    async fn claimed_in(
        &self,
        session: &mut Session,
        target: &str,
    ) -> Result<Option<There>, Fault> {
        let Some(opened) = open(session, target).await? else {
            return Ok(None);
        };
        let uids = search::find_keyword(session, self.claim).await?;
        let asked = messages::state_items(session.can, &opened);
        let messages = messages::fetch(session, &uids, &asked, "").await?;
        let mut claimed: BTreeMap<u64, Vec<Fetched>> = BTreeMap::new();
        for fetched in messages.values() {
            if let Some(identity) = messages::identity(fetched) {
                claimed.entry(identity).or_default().push(fetched.clone());
            }
        }
        Ok(Some(There {
            opened,
            messages,
            claimed,
        }))
    }

    /// Finds those that are gone from their old place in the new one: by their claim, or, where it was
    /// taken off already or never could be put on, among the last that arrived.
    async fn pair<'i>(
        &mut self,
        session: &mut Session,
        there: &mut There,
        gone: Vec<Item<'i>>,
    ) -> Result<Vec<(Item<'i>, u32)>, Fault> {
        let mut moved = Vec::new();
        let mut unclaimed: BTreeMap<u64, Vec<Item<'i>>> = BTreeMap::new();
        for item in gone {
            let Some(identity) = item.change.from.identity else {
                self.found.insert(item.index, Found::Unclear);
                continue;
            };
            let expected = self.alike.expected(&item);
            let same = there.claimed.get_mut(&identity);
            match same.and_then(|same| arrivals::take_alike(same, &expected)) {
                Some(fetched) => moved.push((item, fetched.uid)),
                None => unclaimed.entry(identity).or_default().push(item),
            }
        }
        if unclaimed.is_empty() {
            return Ok(moved);
        }
        let counted = |(identity, items): (&u64, &Vec<Item<'_>>)| (*identity, items.len());
        let wanted: BTreeMap<u64, usize> = unclaimed.iter().map(counted).collect();
        let mut candidates = match open(session, &there.opened.folder).await? {
            Some(opened) => {
                let claimed = |uid| there.messages.contains_key(&uid);
                arrivals::scan(session, &opened, &wanted, claimed).await?
            }
            None => BTreeMap::new(),
        };
        for (identity, items) in unclaimed {
            let mut same = candidates.remove(&identity).unwrap_or_default();
            // As many as are looked for, or it cannot be told which is which.
            let unclear = match same.len() {
                0 => Some(Found::Missing),
                found if found != items.len() => Some(Found::Unclear),
                _ => None,
            };
            for item in items {
                let expected = self.alike.expected(&item);
                match (&unclear, arrivals::take_alike(&mut same, &expected)) {
                    (None, Some(fetched)) => moved.push((item, fetched.uid)),
                    (found, _) => {
                        let found = found.clone().unwrap_or(Found::Unclear);
                        self.found.insert(item.index, found);
                    }
                }
            }
        }
        Ok(moved)
    }

    /// Claimed copies that nobody is missing: a move was cut between its two halves, or the server's
    /// repair left one behind. Each with the folder and UID of the message it is a copy of.
    fn extra(
        &self,
        there: &There,
        source: Option<&Opened>,
        here: &Messages,
        moved: &[(Item<'_>, u32)],
    ) -> Vec<(String, u32, u32)> {
        let mut extra = Vec::new();
        for (identity, copies) in &there.claimed {
            let is_it = |fetched: &&Fetched| messages::identity(fetched) == Some(*identity);
            let original = here.values().find(is_it).map(|fetched| fetched.uid);
            let kept = moved
                .iter()
                .find(|(item, _)| item.change.from.identity == Some(*identity));
            // A claimed copy of a message that is not among these changes is another job's.
            let (folder, uid) = match (original, source, kept) {
                (Some(uid), Some(source), _) => (&source.folder, uid),
                (_, _, Some((_, uid))) => (&there.opened.folder, *uid),
                _ => continue,
            };
            extra.extend(copies.iter().map(|copy| (folder.clone(), uid, copy.uid)));
        }
        extra
    }

    async fn remove_extra(
        &mut self,
        session: &mut Session,
        there: &There,
        extra: Vec<(String, u32, u32)>,
        items: &[Item<'_>],
    ) -> Result<(), Fault> {
        let mut originals: BTreeMap<(String, u32), [u8; 32]> = BTreeMap::new();
        let folders: BTreeSet<&String> = extra.iter().map(|(folder, ..)| folder).collect();
        for folder in folders {
            let here = extra.iter().filter(|(of, ..)| of == folder);
            let uids: Vec<u32> = here.map(|(_, uid, _)| *uid).collect();
            if open(session, folder).await?.is_some() {
                let digests = digests(session, &uids).await?.into_iter();
                originals.extend(digests.map(|(uid, digest)| ((folder.clone(), uid), digest)));
            }
        }
        if extra.is_empty() || open(session, &there.opened.folder).await?.is_none() {
            return Ok(());
        }
        let copies: Vec<u32> = extra.iter().map(|(.., copy)| *copy).collect();
        let digests = digests(session, &copies).await?;
        let (same, other): (Vec<_>, Vec<_>) = extra.into_iter().partition(|(folder, uid, copy)| {
            let original = originals.get(&(folder.clone(), *uid));
            original.is_some() && original == digests.get(copy)
        });
        let same: Vec<u32> = same.into_iter().map(|(.., copy)| copy).collect();
        let mut left: Vec<u32> = other.into_iter().map(|(.., copy)| copy).collect();
        if !session.can.uidplus || moves::remove(session, &same).await?.is_some() {
            left.extend(same);
        }
        for copy in left {
            let identity = there.messages.get(&copy).and_then(messages::identity);
            for item in items {
                if item.change.from.identity == identity {
                    self.found.insert(item.index, Found::Unclear);
                }
            }
        }
        Ok(())
    }

    async fn are_there(
        &mut self,
        session: &mut Session,
        there: &There,
        moved: Vec<(Item<'_>, u32)>,
    ) -> Result<(), Fault> {
        if moved.is_empty() || open(session, &there.opened.folder).await?.is_none() {
            return Ok(());
        }
        let uids: Vec<u32> = moved.iter().map(|(_, uid)| *uid).collect();
        let asked = messages::state_items(session.can, &there.opened);
        let mut now = messages::fetch(session, &uids, &asked, "").await?;
        self.unclaim(session, &there.opened, &mut now).await?;
        for (item, uid) in moved {
            let id = item_id(there.opened.validity, uid, &there.opened.folder);
            let found = match (now.get(&uid), id) {
                (Some(fetched), Ok(id)) => Found::Done {
                    id,
                    state: settled(self.alike, &item, Some(fetched), &there.opened),
                },
                (None, _) => Found::Missing,
                (_, Err(_)) => Found::Unclear,
            };
            self.found.entry(item.index).or_insert(found);
        }
        Ok(())
    }
}
