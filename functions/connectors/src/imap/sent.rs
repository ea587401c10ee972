//! Copies of sent mails: kept after a mail went out, and looked for where nobody knows whether it did.

use bulkhead_engine::ports::SentCopy;
use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;
use tokio::sync::OnceCell;

use super::digests::digests;
use super::fault::{Fault, Refusal};
use super::folders;
use super::messages;
use super::session::{Session, Told};
use super::targets;
use super::words::Words;

/// What tells a mail's id.
const MESSAGE_ID: &str = "UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]";
/// Copies of one mail that are looked at, most: there is one, or somebody made more of it.
const COPIES: usize = 3;

/// Keeps a copy, read already. `folder` names where, once somebody asked.
pub(super) async fn keep(
    session: &mut Session,
    folder: &OnceCell<String>,
    bytes: &[u8],
) -> Result<(), Fault> {
    let name = folder.get_or_try_init(|| targets::for_role(session, Role::Sent));
    let name = name.await?.clone();
    let words = Words::new("APPEND ").folder(&name).plain(" (\\Seen) ");
    session.tell(words.bytes(bytes)).await?.ok()?;
    Ok(())
}

/// Looks for copies by the ids of their mails. Without a folder for them there are none. `is_theirs`: the
/// provider made them, and may have added to them.
pub(super) async fn find(
    session: &mut Session,
    ids: &[ItemId],
    is_theirs: bool,
) -> Result<Vec<SentCopy>, Fault> {
    if !open(session).await? {
        return Ok(vec![SentCopy::NotFound; ids.len()]);
    }
    let mut copies = Vec::with_capacity(ids.len());
    for id in ids {
        copies.push(find_one(session, id, is_theirs).await?);
    }
    Ok(copies)
}

/// Ids of all copies that begin like this: one search, and one look at what it found. Without a folder for them
/// there are none.
pub(super) async fn beginning(
    session: &mut Session,
    beginning: &str,
) -> Result<Vec<ItemId>, Fault> {
    if !open(session).await? {
        return Ok(Vec::new());
    }
    let found = search(session, &format!("<{beginning}")).await?;
    let fetched = messages::fetch(session, &found, MESSAGE_ID, "").await?;
    let ids = fetched.into_values().filter_map(|fetched| {
        let id = message_id(&fetched.header?)?;
        id.starts_with(beginning).then(|| id.parse().ok())?
    });
    Ok(ids.collect())
}

/// The id in the field, without its brackets.
fn message_id(header: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(header).ok()?;
    let (_, value) = text.split_once(':')?;
    let value: String = value.split_whitespace().collect();
    let id = value.strip_prefix('<')?.strip_suffix('>')?;
    Some(id.to_owned())
}

/// Opens the folder for sent mails; says whether there is one.
async fn open(session: &mut Session) -> Result<bool, Fault> {
    let folder = targets::target_for(session, Role::Sent).await?;
    if folder.will_be_made {
        return Ok(false);
    }
    let name = targets::named(session, &folder.name).await?;
    match folders::open(session, &name).await? {
        Ok(_) => Ok(true),
        Err(Refusal::NoFolder) => Ok(false),
        Err(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

/// Mails of the open folder with this in their id.
pub(super) async fn search(session: &mut Session, id: &str) -> Result<Vec<u32>, Fault> {
    let mut found: Vec<u32> = Vec::new();
    let words = Words::new("UID SEARCH HEADER Message-ID ").text(id);
    let mut take = |told| {
        if let Told::Found(uids) = told {
            found.extend(uids);
        }
    };
    session.run(words, &mut take).await?.ok()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn find_one(session: &mut Session, id: &ItemId, is_theirs: bool) -> Result<SentCopy, Fault> {
    let mut found = search(session, &format!("<{id}>")).await?;
    if found.is_empty() {
        return Ok(SentCopy::NotFound);
    }
    if is_theirs {
        return Ok(SentCopy::Theirs);
    }
    found.truncate(COPIES);
    let copies = digests(session, &found).await?;
    let copy = copies.into_values().next();
    Ok(copy.map_or(SentCopy::NotFound, SentCopy::Ours))
}
