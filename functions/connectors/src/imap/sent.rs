//! Copies of sent mails: kept after a mail went out, and looked for where nobody knows whether it did.

use bulkhead_engine::ports::SentCopy;
use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;
use tokio::sync::OnceCell;

use super::digests::digests;
use super::fault::{Fault, Refusal};
use super::folders;
use super::session::{Session, Told};
use super::targets;
use super::words::Words;

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
    let folder = targets::target_for(session, Role::Sent).await?;
    if folder.will_be_made {
        return Ok(vec![SentCopy::NotFound; ids.len()]);
    }
    let name = targets::named(session, &folder.name).await?;
    match folders::open(session, &name).await? {
        Ok(_) => {}
        Err(Refusal::NoFolder) => return Ok(vec![SentCopy::NotFound; ids.len()]),
        Err(refusal) => return Err(Fault::Call(refusal.as_call())),
    }
    let mut copies = Vec::with_capacity(ids.len());
    for id in ids {
        copies.push(find_one(session, id, is_theirs).await?);
    }
    Ok(copies)
}

async fn find_one(session: &mut Session, id: &ItemId, is_theirs: bool) -> Result<SentCopy, Fault> {
    let mut found: Vec<u32> = Vec::new();
    let words = Words::new("UID SEARCH HEADER Message-ID ").text(&format!("<{id}>"));
    let mut take = |told| {
        if let Told::Found(uids) = told {
            found.extend(uids);
        }
    };
    session.run(words, &mut take).await?.ok()?;
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
