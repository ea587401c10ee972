//! The folder for drafts: letters are appended to it, each once, and found there by their ids.

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Effect, ItemState};
use bulkhead_engine::ports::{CallError, DRAFT_FLAGS, DraftStore, Letter, SentCopy};
use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;

use super::Imap;
use super::fault::{Fault, Refusal};
use super::folders;
use super::group::refused;
use super::messages;
use super::name::item_id;
use super::sent;
use super::session::{Opened, Session};
use super::targets;
use super::words::Words;

#[async_trait]
impl DraftStore for Imap {
    async fn user(&self) -> Result<Option<String>, CallError> {
        Ok(Some(self.pool.user().to_owned()))
    }

    async fn put(&self, letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        let mut session = self.pool.session().await?;
        Ok(put(&mut session, letters).await?)
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.read(|mut session| async move { find(&mut session, ids).await })
            .await
    }

    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        // Whoever sent it may have added to it.
        let is_theirs = true;
        let copies = self
            .read(|mut session| async move { sent::find(&mut session, ids, is_theirs).await })
            .await?;
        let is_there = |copy: SentCopy| copy != SentCopy::NotFound;
        Ok(copies.into_iter().map(is_there).collect())
    }
}

/// Each letter is looked for before it is appended: what is there is not put again.
async fn put(session: &mut Session, letters: &[Letter]) -> Result<Vec<Effect>, Fault> {
    let folder = targets::for_role(session, Role::Drafts).await?;
    let mut effects = Vec::with_capacity(letters.len());
    for letter in letters {
        effects.push(put_one(session, &folder, letter).await?);
    }
    Ok(effects)
}

async fn put_one(session: &mut Session, folder: &str, letter: &Letter) -> Result<Effect, Fault> {
    let opened = match folders::open(session, folder).await? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(refused(refusal)),
    };
    if let Some((id, state)) = look(session, &opened, &letter.id).await? {
        return Ok(Effect::Done { id, state });
    }
    let flags = format!(" ({}) ", DRAFT_FLAGS.join(" "));
    let words = Words::new("APPEND ").folder(folder).plain(&flags);
    let end = session.tell(words.bytes(&letter.bytes)).await?;
    if let Some(refusal) = end.refusal() {
        return Ok(refused(refusal));
    }
    // What is new in the open folder is seen once the server has told of it.
    session.tell(Words::new("NOOP")).await?.ok()?;
    Ok(match look(session, &opened, &letter.id).await? {
        Some((id, state)) => Effect::Done { id, state },
        // It took the draft and shows none: looked for later.
        None => Effect::Unknown,
    })
}

/// Looks for drafts by the ids of their letters. Without a folder for them there are none.
async fn find(
    session: &mut Session,
    ids: &[ItemId],
) -> Result<Vec<Option<(ItemId, ItemState)>>, Fault> {
    let folder = targets::target_for(session, Role::Drafts).await?;
    if folder.will_be_made {
        return Ok(vec![None; ids.len()]);
    }
    let name = targets::named(session, &folder.name).await?;
    let opened = match folders::open(session, &name).await? {
        Ok(opened) => opened,
        Err(Refusal::NoFolder) => return Ok(vec![None; ids.len()]),
        Err(refusal) => return Err(Fault::Call(refusal.as_call())),
    };
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(look(session, &opened, id).await?);
    }
    Ok(found)
}

/// The draft with this id in the open folder; of several the first one.
async fn look(
    session: &mut Session,
    opened: &Opened,
    id: &ItemId,
) -> Result<Option<(ItemId, ItemState)>, Fault> {
    let found = sent::search(session, &format!("<{id}>")).await?;
    let asked = messages::state_items(session.can, opened);
    let Some(&uid) = found.first() else {
        return Ok(None);
    };
    let fetched = messages::fetch(session, &[uid], &asked, "").await?;
    let Some(fetched) = fetched.get(&uid) else {
        return Ok(None);
    };
    let draft = item_id(opened.validity, uid, &opened.folder)?;
    Ok(Some((draft, messages::state(fetched, opened))))
}
