//! Moves: MOVE where there is one, else COPY and a removal of exactly what was copied. What arrived is
//! taken from COPYUID, never from the OK; without COPYUID, by recognising the messages.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::{Effect, has_flag};
use imap_codec::imap_types::extensions::uidplus::{UidElement, UidSet};
use imap_codec::imap_types::response::Code;

use super::arrivals;
use super::fault::{Fault, Refusal};
use super::fetched::Fetched;
use super::folders;
use super::group::{Group, refused};
use super::messages::{self, Messages};
use super::plan::Item;
use super::session::{Session, Told};
use super::uids;
use super::words::Words;

pub(super) const DELETED: &str = "\\Deleted";

/// What became of a MOVE or COPY.
#[derive(Default)]
pub(super) struct Moved {
    /// UIDs in the target by UID in the source.
    pub(super) arrived: BTreeMap<u32, u32>,
    pub(super) refusal: Option<Refusal>,
}

/// Moves what is left of a piece, takes the claims off again, and tells the effects.
pub(super) async fn run(
    group: &mut Group<'_>,
    session: &mut Session,
    target: &str,
    left: &BTreeMap<u32, Item<'_>>,
    claimed: bool,
) -> Result<(), Fault> {
    let next_uid = match session.can.uidplus {
        true => None,
        false => next_uid(session, target).await?,
    };
    let mut moved = if session.can.r#move {
        transfer(session, "MOVE", target, left.keys()).await?
    } else {
        let copied = transfer(session, "COPY", target, left.keys()).await?;
        remove_copied(group, session, target, copied).await?
    };
    if let Some(next_uid) = next_uid.filter(|_| moved.refusal.is_none()) {
        moved.arrived = recognise(group, session, target, next_uid, left, claimed).await?;
    }
    let stayed: Vec<u32> = left
        .keys()
        .filter(|uid| !moved.arrived.contains_key(uid))
        .copied()
        .collect();
    if !stayed.is_empty() {
        tell_stayed(group, session, left, &stayed, &moved, claimed).await?;
    }
    if moved.arrived.is_empty() {
        return Ok(());
    }
    arrive(group, session, target, left, &moved.arrived, claimed).await
}

/// The UID that the next message in a folder gets; none if the folder is not there.
async fn next_uid(session: &mut Session, target: &str) -> Result<Option<u32>, Fault> {
    let status = folders::status(session, target, "(UIDNEXT)").await?;
    let next = status.and_then(|counts| counts.get("UIDNEXT"));
    Ok(next.and_then(|next| u32::try_from(next).ok()))
}

/// The same of a folder that has to be there.
pub(super) async fn needed_next_uid(session: &mut Session, target: &str) -> Result<u32, Fault> {
    next_uid(session, target).await?.ok_or(Fault::Senseless)
}

/// Moves or copies messages of the open folder.
pub(super) async fn transfer(
    session: &mut Session,
    command: &str,
    target: &str,
    uids: impl Iterator<Item = &u32>,
) -> Result<Moved, Fault> {
    let uids: Vec<u32> = uids.copied().collect();
    let set = uids::set(&uids);
    let mut moved = Moved::default();
    let words = Words::new(&format!("UID {command} {set} ")).folder(target);
    let mut told = |code: &Code<'_>| {
        if let Code::CopyUid {
            source,
            destination,
            ..
        } = code
            && let (Some(from), Some(to)) = (expand(source), expand(destination))
            && from.len() == to.len()
        {
            moved.arrived.extend(from.into_iter().zip(to));
        }
    };
    // MOVE tells COPYUID in an untagged OK, COPY (and some servers' MOVE) in the tagged one.
    let end = session
        .write(words, &mut |this| {
            if let Told::Code(code) = this {
                told(&code);
            }
        })
        .await?;
    if let Some(code) = &end.code {
        told(code);
    }
    moved.refusal = end.refusal();
    Ok(moved)
}

fn expand(set: &UidSet) -> Option<Vec<u32>> {
    let ranges: Vec<(u32, u32)> = set
        .0
        .as_ref()
        .iter()
        .map(|element| match element {
            UidElement::Single(uid) => (uid.get(), uid.get()),
            UidElement::Range(first, last) => {
                (first.get().min(last.get()), first.get().max(last.get()))
            }
        })
        .collect();
    uids::expand(&ranges)
}

/// The second half of a move on a server without MOVE: removes exactly what was copied. If the server
/// refuses that, the copies go again, so that nothing is there twice.
async fn remove_copied(
    group: &Group<'_>,
    session: &mut Session,
    target: &str,
    mut copied: Moved,
) -> Result<Moved, Fault> {
    let from: Vec<u32> = copied.arrived.keys().copied().collect();
    let Some(refusal) = remove(session, &from).await? else {
        return Ok(copied);
    };
    let to: Vec<u32> = copied.arrived.values().copied().collect();
    if session.open(target).await?.is_ok() {
        remove(session, &to).await?;
    }
    if session.open(&group.source.folder).await?.is_ok() {
        let deleted = BTreeSet::from([DELETED.to_owned()]);
        for (set, _) in uids::sets(&from) {
            messages::store(session, &set, '-', &deleted, None).await?;
        }
    }
    copied.arrived.clear();
    copied.refusal = Some(refusal);
    Ok(copied)
}

/// Removes these messages of the open folder for good, and no others (needs UIDPLUS: a bare EXPUNGE
/// takes along what others marked).
pub(super) async fn remove(session: &mut Session, uids: &[u32]) -> Result<Option<Refusal>, Fault> {
    let deleted = BTreeSet::from([DELETED.to_owned()]);
    for (set, _) in uids::sets(uids) {
        let stored = messages::store(session, &set, '+', &deleted, None).await?;
        if stored.refusal.is_some() {
            return Ok(stored.refusal);
        }
        let words = Words::new(&format!("UID EXPUNGE {set}"));
        if let Some(refusal) = session.tell(words).await?.refusal() {
            return Ok(Some(refusal));
        }
    }
    Ok(None)
}

/// Without COPYUID: finds the messages among those that arrived since. Ours carry the claim; what
/// recognises each comes second, for a stranger's may be the same to the byte. Those that cannot be told
/// apart are left for reconciling.
async fn recognise(
    group: &Group<'_>,
    session: &mut Session,
    target: &str,
    next_uid: u32,
    left: &BTreeMap<u32, Item<'_>>,
    claimed: bool,
) -> Result<BTreeMap<u32, u32>, Fault> {
    let mut arrived = BTreeMap::new();
    if session.open(target).await?.is_err() {
        return Ok(arrived);
    }
    let items = format!("UID FLAGS {}", messages::identity_items(session.can));
    let mut found = Messages::new();
    messages::fetch_set(session, &format!("{next_uid}:*"), &items, "", &mut found).await?;
    let mut came: BTreeMap<u64, Vec<Fetched>> = BTreeMap::new();
    let is_ours = |fetched: &Fetched| !claimed || has_flag(&fetched.claims, &group.claim);
    // `n:*` also tells of the last message if it is below n.
    for (_, fetched) in found.into_iter().filter(|(uid, _)| *uid >= next_uid) {
        if let Some(identity) = messages::identity(&fetched).filter(|_| is_ours(&fetched)) {
            came.entry(identity).or_default().push(fetched);
        }
    }
    let mut sent: BTreeMap<u64, usize> = BTreeMap::new();
    for item in left.values() {
        if let Some(identity) = item.change.from.identity {
            *sent.entry(identity).or_default() += 1;
        }
    }
    came.retain(|identity, came| Some(&came.len()) <= sent.get(identity));
    for (uid, item) in left {
        let same = item.change.from.identity.and_then(|i| came.get_mut(&i));
        let expected = group.alike.expected(item);
        if let Some(here) = same.and_then(|same| arrivals::take_alike(same, &expected)) {
            arrived.insert(*uid, here.uid);
        }
    }
    Ok(arrived)
}

/// What did not arrive either is still there, and loses its claim, or is gone.
async fn tell_stayed(
    group: &mut Group<'_>,
    session: &mut Session,
    left: &BTreeMap<u32, Item<'_>>,
    stayed: &[u32],
    moved: &Moved,
    claimed: bool,
) -> Result<(), Fault> {
    if session.open(&group.source.folder).await?.is_err() {
        // What became of them cannot be seen now.
        group.tell(
            stayed.iter().filter_map(|uid| left.get(uid)),
            &Effect::Unknown,
        );
        return Ok(());
    }
    let (there, unclaimed) = match claimed {
        true => group.unclaim(session, stayed).await?,
        false => {
            let there = messages::fetch(session, stayed, "UID FLAGS", "").await?;
            (there, true)
        }
    };
    for uid in stayed {
        let Some(item) = left.get(uid) else { continue };
        let effect = match &moved.refusal {
            _ if !unclaimed => Effect::Unknown,
            // COPYUID may lack some of those that arrived: reconciling tells whether it is gone.
            _ if !there.contains_key(uid) => Effect::Unknown,
            Some(refusal) => refused(*refusal),
            None => Effect::Unavailable,
        };
        group.tell([item], &effect);
    }
    Ok(())
}

/// Takes the claims off what arrived and tells its state.
async fn arrive(
    group: &mut Group<'_>,
    session: &mut Session,
    target: &str,
    left: &BTreeMap<u32, Item<'_>>,
    arrived: &BTreeMap<u32, u32>,
    claimed: bool,
) -> Result<(), Fault> {
    let Ok(opened) = session.open(target).await? else {
        // Somebody took the folder away: what arrived there is for reconciling to find.
        let items = arrived.keys().filter_map(|uid| left.get(uid));
        group.tell(items, &Effect::Unknown);
        return Ok(());
    };
    let uids: Vec<u32> = arrived.values().copied().collect();
    let mut told = Messages::new();
    if claimed {
        let claim = BTreeSet::from([group.claim.clone()]);
        for (set, _) in uids::sets(&uids) {
            let stored = messages::store(session, &set, '-', &claim, None).await?;
            if stored.refusal.is_some() {
                // A claim must not stay: reconciling takes it off, and tells what arrived.
                let items = arrived.keys().filter_map(|uid| left.get(uid));
                group.tell(items, &Effect::Unknown);
                return Ok(());
            }
            told.extend(stored.messages);
        }
    }
    let is_told = |uid: &u32| {
        told.get(uid)
            .is_some_and(|fetched| !opened.has_modseq || fetched.modseq.is_some())
    };
    let untold: Vec<u32> = uids.iter().filter(|uid| !is_told(uid)).copied().collect();
    if !untold.is_empty() {
        let items = messages::version_items(&opened);
        told.extend(messages::fetch(session, &untold, items, "").await?);
    }
    for (from, to) in arrived {
        if let Some(item) = left.get(from) {
            group.arrived(item, *to, told.get(to), &opened);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::session::tests::session;
    use super::*;

    /// What is there already is never taken for what arrived.
    #[tokio::test]
    async fn the_next_uid_is_what_the_server_says_and_nothing_else() {
        const COUNTS: &[&str] = &["* STATUS Archive (UIDNEXT 42)\r\nb1 OK done\r\n"];
        let mut told = session(COUNTS);
        assert_eq!(next_uid(&mut told, "Archive").await.unwrap(), Some(42));
        let mut told = session(COUNTS);
        assert_eq!(needed_next_uid(&mut told, "Archive").await.unwrap(), 42);
        const OTHERS: [&[&str]; 4] = [
            &["b1 NO [NONEXISTENT] no such folder\r\n"],
            &["b1 OK done\r\n"],
            &["* STATUS Archive (MESSAGES 3)\r\nb1 OK done\r\n"],
            &["* STATUS Archive (UIDNEXT 99999999999)\r\nb1 OK done\r\n"],
        ];
        for answers in OTHERS {
            let mut silent = session(answers);
            assert_eq!(next_uid(&mut silent, "Archive").await.unwrap(), None);
            let needed = needed_next_uid(&mut session(answers), "Archive").await;
            assert!(matches!(needed, Err(Fault::Senseless)), "{answers:?}");
        }
    }
}
