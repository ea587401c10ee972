//! Reading and flagging messages by UID: the few commands that everything else is made of.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::{ItemState, Place};
use imap_codec::imap_types::response::Code;
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence};
use sha2::{Digest, Sha256};

use super::capabilities::Capabilities;
use super::fault::{self, Fault, Refusal};
use super::fetched::Fetched;
use super::search;
use super::session::{End, Opened, Session, Told};
use super::uids;
use super::words::Words;

/// What is fetched about messages, by UID.
pub(super) type Messages = BTreeMap<u32, Fetched>;

/// The data items that tell a message's state and what recognises it elsewhere.
pub(super) fn state_items(can: Capabilities, opened: &Opened) -> String {
    let modseq = if opened.has_modseq { " MODSEQ" } else { "" };
    format!("UID FLAGS{modseq} {}", identity_items(can))
}

/// The data items that recognise a message elsewhere.
pub(super) fn identity_items(can: Capabilities) -> &'static str {
    if can.objectid {
        "EMAILID"
    } else if can.x_guid {
        "X-GUID"
    } else {
        "RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)]"
    }
}

/// The data items that tell whether a message changed.
pub(super) fn version_items(opened: &Opened) -> &'static str {
    if opened.has_modseq {
        "UID FLAGS MODSEQ"
    } else {
        "UID FLAGS"
    }
}

/// Fetches data items of these messages of the open folder, in as few commands as servers take. A
/// message that is not told of, or not completely, is asked for once more: one is missing here only if
/// the server says that it is not there.
pub(super) async fn fetch(
    session: &mut Session,
    uids: &[u32],
    items: &str,
    modifier: &str,
) -> Result<Messages, Fault> {
    let mut messages = ask(session, uids, items, modifier).await?;
    let lacks = |messages: &Messages, uid: &u32| match messages.get(uid) {
        Some(fetched) => !is_complete(fetched, items),
        // With a modifier the server tells only of some.
        None => modifier.is_empty(),
    };
    let lacking: Vec<u32> = uids
        .iter()
        .filter(|uid| lacks(&messages, uid))
        .copied()
        .collect();
    if lacking.is_empty() {
        return Ok(messages);
    }
    let there = still_there(session, &lacking).await?;
    for uid in &lacking {
        messages.remove(uid);
    }
    let again = ask(session, &there, items, "").await?;
    // A change number that is never told is one that the server does not keep.
    let is_told = |uid: &u32| {
        again
            .get(uid)
            .is_some_and(|fetched| fetched.flags.is_some() || !asks_for(items, "FLAGS"))
    };
    if !there.iter().all(is_told) {
        return Err(Fault::Senseless);
    }
    messages.extend(again);
    Ok(messages)
}

fn asks_for(items: &str, item: &str) -> bool {
    items.split(' ').any(|asked| asked == item)
}

/// Whether all is told that says what a message is like now.
fn is_complete(fetched: &Fetched, items: &str) -> bool {
    (fetched.flags.is_some() || !asks_for(items, "FLAGS"))
        && (fetched.modseq.is_some() || !asks_for(items, "MODSEQ"))
}

/// What the server tells of these messages; what it tells of others is not kept.
async fn ask(
    session: &mut Session,
    uids: &[u32],
    items: &str,
    modifier: &str,
) -> Result<Messages, Fault> {
    let mut messages = Messages::new();
    for (set, asked) in uids::sets(uids) {
        let is_asked = |uid: u32| asked.binary_search(&uid).is_ok();
        fetch_some(session, &set, items, modifier, &is_asked, &mut messages).await?;
    }
    Ok(messages)
}

/// Those of the messages that the server still has in the open folder. It is asked by a search of their
/// own UIDs: that a command told nothing of them does not say that they are gone.
pub(super) async fn still_there(session: &mut Session, uids: &[u32]) -> Result<Vec<u32>, Fault> {
    // What others removed is told now, or it would be there and not there.
    session.tell(Words::new("NOOP")).await?.ok()?;
    let mut there = Vec::new();
    for (set, asked) in uids::sets(uids) {
        let mut found = search::among_uids(session, &set).await?;
        found.retain(|uid| asked.binary_search(uid).is_ok());
        there.append(&mut found);
    }
    there.sort_unstable();
    there.dedup();
    Ok(there)
}

/// Fetches data items of a set in IMAP's own form, whatever the server tells.
pub(super) async fn fetch_set(
    session: &mut Session,
    set: &str,
    items: &str,
    modifier: &str,
    into: &mut Messages,
) -> Result<(), Fault> {
    fetch_some(session, set, items, modifier, &|_| true, into).await
}

async fn fetch_some(
    session: &mut Session,
    set: &str,
    items: &str,
    modifier: &str,
    is_asked: &(dyn Fn(u32) -> bool + Sync),
    into: &mut Messages,
) -> Result<(), Fault> {
    let words = Words::new(&format!("UID FETCH {set} ({items}){modifier}"));
    let end = session
        .run(words, &mut |told| {
            if let Told::Fetched(fetched) = told
                && is_asked(fetched.uid)
            {
                merge(into, fetched);
            }
        })
        .await?;
    match end.refusal() {
        None | Some(Refusal::SomeGone) => Ok(()),
        Some(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

/// A server may tell of one message twice; what came later holds.
fn merge(into: &mut Messages, fetched: Fetched) {
    let known = into.entry(fetched.uid).or_default();
    known.uid = fetched.uid;
    known.uid_first |= fetched.uid_first;
    if fetched.flags.is_some() {
        known.flags = fetched.flags;
        known.claims = fetched.claims;
    }
    known.modseq = fetched.modseq.or(known.modseq);
    known.size = fetched.size.or(known.size);
    known.received = fetched.received.or(known.received);
    known.guid = fetched.guid.or(known.guid.take());
    known.header = fetched.header.or(known.header.take());
    known.has_file = fetched.has_file.or(known.has_file);
}

/// What a STORE did.
pub(super) struct Stored {
    /// What the server told of messages after it.
    pub(super) messages: Messages,
    /// Not done: these changed since.
    pub(super) modified: BTreeSet<u32>,
    /// Why it was refused, if it was.
    pub(super) refusal: Option<Refusal>,
}

/// Puts flags on (`+`) or takes them off (`-`). Never sets the whole list, which would wipe what
/// others put there. With `unchanged_since`, messages that changed later are left alone.
pub(super) async fn store(
    session: &mut Session,
    set: &str,
    sign: char,
    flags: &BTreeSet<String>,
    unchanged_since: Option<u64>,
) -> Result<Stored, Fault> {
    let condition = unchanged_since
        .map(|version| format!("(UNCHANGEDSINCE {version}) "))
        .unwrap_or_default();
    let flags = flags.iter().map(String::as_str).collect::<Vec<_>>();
    let words = Words::new(&format!(
        "UID STORE {set} {condition}{sign}FLAGS ({})",
        flags.join(" ")
    ));
    let asked: BTreeSet<u32> = uids::read(set).unwrap_or_default().into_iter().collect();
    let mut messages = Messages::new();
    let end = session
        .write(words, &mut |told| {
            if let Told::Fetched(fetched) = told
                && asked.contains(&fetched.uid)
            {
                merge(&mut messages, fetched);
            }
        })
        .await?;
    let modified = modified(&end)?;
    // A conditional STORE that left some alone may be answered NO; that is no refusal.
    let refusal = end.refusal().filter(|_| modified.is_empty());
    messages.retain(|uid, fetched| fetched.flags.is_some() && !modified.contains(uid));
    Ok(Stored {
        messages,
        modified,
        refusal,
    })
}

/// The messages that were left alone; an error if the server tells of some and nobody can read which.
fn modified(end: &End) -> Result<BTreeSet<u32>, Fault> {
    let set = match &end.code {
        Some(Code::Modified(set)) => set,
        code if fault::name(code.as_ref()) == "MODIFIED" => return Err(Fault::Senseless),
        _ => return Ok(BTreeSet::new()),
    };
    let value = |bound: SeqOrUid| match bound {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => u32::MAX,
    };
    let ranges: Vec<(u32, u32)> = set
        .0
        .as_ref()
        .iter()
        .map(|sequence| match sequence {
            Sequence::Single(one) => (value(*one), value(*one)),
            Sequence::Range(first, last) => {
                let (first, last) = (value(*first), value(*last));
                (first.min(last), first.max(last))
            }
        })
        .collect();
    let modified = uids::expand(&ranges).ok_or(Fault::Senseless)?;
    Ok(modified.into_iter().collect())
}

/// The state of a message from what was fetched.
pub(super) fn state(fetched: &Fetched, opened: &Opened) -> ItemState {
    ItemState {
        state: Place {
            folder: opened.folder.clone(),
            flags: fetched.flags.clone().unwrap_or_default(),
        },
        version: Some(version(fetched, opened).into()),
        identity: identity(fetched),
    }
}

/// Differs after every change, as far as the server can tell.
pub(super) fn version(fetched: &Fetched, opened: &Opened) -> u64 {
    match fetched.modseq.filter(|_| opened.has_modseq) {
        Some(modseq) => modseq,
        None => {
            let mut parts = vec![opened.folder.as_str()];
            parts.extend(fetched.flags.iter().flatten().map(String::as_str));
            hash(&parts)
        }
    }
}

/// Recognises the message in another folder. Stored for days: never change what goes into it.
pub(super) fn identity(fetched: &Fetched) -> Option<u64> {
    if let Some(guid) = &fetched.guid {
        return Some(hash(&["guid", guid]));
    }
    let header = String::from_utf8_lossy(fetched.header.as_deref()?).into_owned();
    let size = fetched.size?.to_string();
    let received = fetched.received?.as_second().to_string();
    Some(hash(&["mail", header.trim(), &size, &received]))
}

/// 64 bits of SHA-256, never 0: that stands for a version nothing has.
fn hash(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut first = [0u8; 8];
    for (to, from) in first.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    u64::from_be_bytes(first).max(1)
}
