//! Changes: check, flag, move, and tell each item's state from the server's answers to our writes.
//!
//! Only what still is as it was seen is touched. Where the server keeps MODSEQ, the first write is
//! conditional (UNCHANGEDSINCE), so a change by somebody else cannot slip in between; for a move that
//! first write puts a claim on the messages, a keyword that travels with them.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::{Change, Effect, has_flag, same_flags};
use bulkhead_shared::outcome::ItemReason;

use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::flags::CLAIM;
use super::folders;
use super::group::{Group, refused};
use super::messages::{self, Messages};
use super::moves;
use super::name::{item_id, names};
use super::plan::{self, Alike, Alikes, CHANGED_SINCE, Item};
use super::session::{Opened, Session};
use super::settled::settled;
use super::words;

/// The claim keyword of a job. One of sixteen and not the job's whole name, because mailboxes keep
/// every keyword they ever saw and some take no more than 26 (Maildir) or 128 (Cyrus). Two jobs that
/// share one do no harm: whoever looks for claims also compares identities.
pub(super) fn claim(tag: &str) -> String {
    let sum = tag.bytes().fold(0u8, u8::wrapping_add);
    format!("{CLAIM}{:x}", sum % 16)
}

/// Brings items to other states; an effect for each, in the order asked.
pub(super) async fn change(
    session: &mut Session,
    changes: &[Change],
    tag: &str,
) -> Result<Vec<Effect>, Fault> {
    let mut effects: BTreeMap<usize, Effect> = BTreeMap::new();
    let mut groups: BTreeMap<(String, u32), Vec<Alikes<'_>>> = BTreeMap::new();
    let names = names(session, changes.iter().map(|change| &change.id)).await?;
    for (alike, items) in plan::groups(changes, names) {
        let source = (alike.folder.clone(), alike.validity);
        groups.entry(source).or_default().push((alike, items));
    }
    for ((folder, validity), mut groups) in groups {
        let all: Vec<Item<'_>> = groups
            .iter()
            .flat_map(|(_, items)| items)
            .copied()
            .collect();
        let opened = match folders::open(session, &folder).await? {
            Ok(opened) if opened.validity == validity => opened,
            // Another folder under the same name: the ids no longer mean anything.
            Ok(_) => {
                tell(&mut effects, &all, &Effect::Missing);
                continue;
            }
            Err(refusal) => {
                let effect = match refusal {
                    Refusal::NoFolder => Effect::Missing,
                    other => refused(other),
                };
                tell(&mut effects, &all, &effect);
                continue;
            }
        };
        for (index, effect) in verify(session, &opened, &all).await? {
            effects.insert(index, effect);
        }
        for (alike, items) in &mut groups {
            items.retain(|item| !effects.contains_key(&item.index));
            if let Some(reason) = impossible(session, &opened, alike) {
                tell(&mut effects, items, &Effect::Refused(reason));
                continue;
            }
            let mut group = Group {
                alike,
                source: &opened,
                claim: claim(tag),
                effects: &mut effects,
            };
            group.apply(session, items).await?;
        }
    }
    Ok((0..changes.len())
        .map(|index| effects.remove(&index).unwrap_or(Effect::Missing))
        .collect())
}

fn tell(effects: &mut BTreeMap<usize, Effect>, items: &[Item<'_>], effect: &Effect) {
    for item in items {
        effects.entry(item.index).or_insert_with(|| effect.clone());
    }
}

/// Finds those that are no longer as they were seen. Each is compared by itself: a highest version of
/// all would not do where each message counts its own (Cyrus), nor for states read at several times.
async fn verify(
    session: &mut Session,
    opened: &Opened,
    items: &[Item<'_>],
) -> Result<Vec<(usize, Effect)>, Fault> {
    let uids: Vec<u32> = items.iter().map(|item| item.uid).collect();
    let lowest = items.iter().map(Item::version).min();
    let lowest = lowest.filter(|version| *version > CHANGED_SINCE && opened.has_modseq);
    // Only what is above the lowest version seen is told; what is not told is at it, or gone, which
    // the first write tells.
    let modifier = lowest.map(|version| format!(" (CHANGEDSINCE {version})"));
    let modifier = modifier.as_deref().unwrap_or_default();
    let items_asked = messages::version_items(opened);
    let now = messages::fetch(session, &uids, items_asked, modifier).await?;
    Ok(items
        .iter()
        .filter_map(|item| match now.get(&item.uid) {
            Some(fetched) => {
                let same = messages::version(fetched, opened) == item.version();
                (!same).then_some((item.index, Effect::Changed))
            }
            None => modifier.is_empty().then_some((item.index, Effect::Missing)),
        })
        .collect())
}

/// Why nothing of a group can be done here. Asked before, because servers answer OK to flags that do
/// not last and to every STORE in a folder that is read-only.
fn impossible(session: &Session, opened: &Opened, alike: &Alike) -> Option<ItemReason> {
    let mut flags = alike.add.iter().chain(&alike.remove);
    if opened.read_only || !flags.clone().all(|flag| opened.keeps(flag)) {
        return Some(ItemReason::Forbidden);
    }
    let cannot_move = alike.target.is_some() && !session.can.can_move();
    (cannot_move || !flags.all(|flag| words::is_flag(flag))).then_some(ItemReason::Refused)
}

impl Group<'_> {
    async fn apply(&mut self, session: &mut Session, items: &[Item<'_>]) -> Result<(), Fault> {
        let by_uid: BTreeMap<u32, Item<'_>> = items.iter().map(|item| (item.uid, *item)).collect();
        let uids: Vec<u32> = by_uid.keys().copied().collect();
        for (_, uids) in super::uids::sets(&uids) {
            let piece = uids
                .iter()
                .filter_map(|uid| Some((*uid, *by_uid.get(uid)?)));
            self.piece(session, piece.collect()).await?;
        }
        Ok(())
    }

    /// At most as many as one command takes: flags first, then the move.
    async fn piece(
        &mut self,
        session: &mut Session,
        mut left: BTreeMap<u32, Item<'_>>,
    ) -> Result<(), Fault> {
        // The folder of an earlier move's target may be open.
        if let Err(refusal) = session.open(&self.source.folder).await? {
            self.tell(left.values(), &refused(refusal));
            return Ok(());
        }
        let claimed = self.alike.target.is_some() && self.source.keeps(&self.claim);
        let flagged = self.flag(session, &mut left, claimed).await?;
        if left.is_empty() {
            return Ok(());
        }
        match &self.alike.target {
            Some(target) => moves::run(self, session, target, &left, claimed).await,
            None => {
                self.settle_here(&left, &flagged);
                Ok(())
            }
        }
    }

    /// The first write is conditional; what is refused there leaves `left`. The second, if any,
    /// completes what the first began.
    async fn flag(
        &mut self,
        session: &mut Session,
        left: &mut BTreeMap<u32, Item<'_>>,
        claimed: bool,
    ) -> Result<Messages, Fault> {
        let mut add = self.alike.add.clone();
        if claimed {
            add.insert(self.claim.clone());
        }
        let mut writes = vec![('+', &add), ('-', &self.alike.remove)];
        writes.retain(|(_, flags)| !flags.is_empty());
        let highest = left.values().map(Item::version).max();
        let mut condition = highest.filter(|_| self.source.has_modseq);
        let mut told = Messages::new();
        for (index, (sign, flags)) in writes.into_iter().enumerate() {
            let mut uids: Vec<u32> = left.keys().copied().collect();
            if uids.is_empty() {
                break;
            }
            let set = super::uids::set(&uids);
            let stored = messages::store(session, &set, sign, flags, condition.take()).await?;
            self.drop_some(left, &Effect::Changed, |uid| stored.modified.contains(uid));
            told.extend(stored.messages);
            if let Some(refusal) = stored.refusal {
                // Half done is for reconciling to tell; else nothing was done to those not told.
                let effect = if index == 0 {
                    refused(refusal)
                } else {
                    Effect::Unknown
                };
                self.drop_some(left, &effect, |uid| index > 0 || !told.contains_key(uid));
                if index == 0 && claimed {
                    uids.retain(|uid| !left.contains_key(uid));
                    self.unclaim(session, &uids).await?;
                }
            }
            self.look_again(session, left, &mut told).await?;
            if index == 0 {
                self.drop_left_alone(left, &told, sign, flags);
            }
        }
        if self.alike.target.is_none() && told.is_empty() {
            // Flags that differ in case only are the same to the server: nothing to write.
            self.look_again(session, left, &mut told).await?;
        }
        Ok(told)
    }

    /// Takes our claim off those of these messages of the open folder that carry it: a server that
    /// refuses may have begun. Says which of them are there, and whether all are without it now.
    pub(super) async fn unclaim(
        &self,
        session: &mut Session,
        uids: &[u32],
    ) -> Result<(Messages, bool), Fault> {
        let there = messages::fetch(session, uids, "UID FLAGS", "").await?;
        let is_ours = |fetched: &&Fetched| has_flag(&fetched.claims, &self.claim);
        let ours: Vec<u32> = there.values().filter(is_ours).map(|f| f.uid).collect();
        let claim = BTreeSet::from([self.claim.clone()]);
        let mut done = true;
        for (set, _) in super::uids::sets(&ours) {
            let stored = messages::store(session, &set, '-', &claim, None).await?;
            done &= stored.refusal.is_none();
        }
        Ok((there, done))
    }

    /// Servers need not tell of a STORE that changed nothing, and skip what is gone: look.
    async fn look_again(
        &mut self,
        session: &mut Session,
        left: &mut BTreeMap<u32, Item<'_>>,
        told: &mut Messages,
    ) -> Result<(), Fault> {
        let unclear = |told: &Messages| -> Vec<u32> {
            let is_told = |uid: &&u32| {
                let modseq =
                    |fetched: &Fetched| !self.source.has_modseq || fetched.modseq.is_some();
                told.get(uid).is_some_and(modseq)
            };
            left.keys().filter(|uid| !is_told(uid)).copied().collect()
        };
        let uids = unclear(told);
        if uids.is_empty() {
            return Ok(());
        }
        let items = messages::version_items(self.source);
        told.extend(messages::fetch(session, &uids, items, "").await?);
        self.drop_some(left, &Effect::Missing, |uid| !told.contains_key(uid));
        Ok(())
    }

    /// A server may leave alone what changed since, as it was asked to, and say nothing of it. There our write is
    /// missing, and what is there is not what was seen.
    fn drop_left_alone(
        &mut self,
        left: &mut BTreeMap<u32, Item<'_>>,
        told: &Messages,
        sign: char,
        written: &BTreeSet<String>,
    ) {
        let is_left_alone = |uid: &u32, item: &Item<'_>| {
            let fetched = told.get(uid)?;
            let flags = fetched.flags.as_ref()?;
            let mut there = written
                .iter()
                .map(|flag| has_flag(flags, flag) || has_flag(&fetched.claims, flag));
            let is_written = there.all(|there| there == (sign == '+'));
            Some(!is_written && !same_flags(flags, &item.change.from.state.flags))
        };
        let alone = left
            .iter()
            .filter(|(uid, item)| is_left_alone(uid, item) == Some(true));
        let alone: BTreeSet<u32> = alone.map(|(uid, _)| *uid).collect();
        self.drop_some(left, &Effect::Changed, |uid| alone.contains(uid));
    }

    fn settle_here(&mut self, left: &BTreeMap<u32, Item<'_>>, told: &Messages) {
        for (uid, item) in left {
            let fetched = told.get(uid);
            let flags = fetched.and_then(|fetched| fetched.flags.as_ref());
            let effect = if flags.is_some_and(|flags| self.alike.holds(flags)) {
                Effect::Done {
                    id: item.change.id.clone(),
                    state: settled(self.alike, item, fetched, self.source),
                }
            } else {
                // Answered OK, and it did not last.
                Effect::Refused(ItemReason::Forbidden)
            };
            self.effects.insert(item.index, effect);
        }
    }

    /// Done, under another id.
    pub(super) fn arrived(
        &mut self,
        item: &Item<'_>,
        uid: u32,
        fetched: Option<&Fetched>,
        place: &Opened,
    ) {
        let effect = match item_id(place.validity, uid, &place.folder) {
            Ok(id) => Effect::Done {
                id,
                state: settled(self.alike, item, fetched, place),
            },
            Err(_) => Effect::Unknown,
        };
        self.effects.insert(item.index, effect);
    }

    pub(super) fn tell<'i, 'c: 'i>(
        &mut self,
        items: impl IntoIterator<Item = &'i Item<'c>>,
        effect: &Effect,
    ) {
        for item in items {
            self.effects.insert(item.index, effect.clone());
        }
    }

    fn drop_some(
        &mut self,
        left: &mut BTreeMap<u32, Item<'_>>,
        effect: &Effect,
        is_out: impl Fn(&u32) -> bool,
    ) {
        left.retain(|uid, item| {
            let out = is_out(uid);
            if out {
                self.effects.insert(item.index, effect.clone());
            }
            !out
        });
    }
}
