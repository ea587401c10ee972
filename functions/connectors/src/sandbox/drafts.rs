//! The sandbox's drafts: mails like those of a file, which are known by the ids of their letters besides.

use async_trait::async_trait;
use bulkhead_engine::kinds::mail::{Effect, ItemState};
use bulkhead_engine::ports::{CallError, DRAFT_FLAGS, DraftStore, Letter};
use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use rusqlite::{Connection, OptionalExtension};

use super::call::Call;
use super::error::SandboxError;
use super::generate::words::OWNER;
use super::load::{Loader, entry_of};
use super::{Inner, Sandbox, item_id, recipe};
use crate::import::{Imported, Place};

/// The folder that they are in.
const FOLDER: &str = "Drafts";

#[async_trait]
impl DraftStore for Sandbox {
    /// Whoever generated mails are written to; whose those are that were brought is not known.
    async fn user(&self) -> Result<Option<String>, CallError> {
        let recipe = self.read(|_, connection| recipe::load(connection)).await?;
        Ok(recipe.map(|_| OWNER.1.to_owned()))
    }

    async fn put(&self, letters: &[Letter]) -> Result<Vec<Effect>, CallError> {
        self.wait().await?;
        let wanted = letters.to_vec();
        let work = move |inner: &Inner, call: &Call<'_>| {
            call.each(&wanted, |call, letter| put_one(inner, call, letter))
        };
        self.call(letters.len(), work).await
    }

    async fn sent(&self, ids: &[ItemId]) -> Result<Vec<bool>, CallError> {
        self.wait().await?;
        let ids = ids.to_vec();
        let sent = self.read(move |inner, connection| {
            let is_sent = |id| Ok(look(inner, connection, id, Role::Sent)?.is_some());
            ids.iter()
                .map(is_sent)
                .collect::<Result<Vec<_>, SandboxError>>()
        });
        Ok(sent.await?)
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<Option<(ItemId, ItemState)>>, CallError> {
        self.wait().await?;
        let ids = ids.to_vec();
        let found = self.read(move |inner, connection| {
            let found = ids
                .iter()
                .map(|id| look(inner, connection, id, Role::Drafts));
            found.collect::<Result<Vec<_>, _>>()
        });
        Ok(found.await?)
    }
}

fn put_one(inner: &Inner, call: &Call<'_>, letter: &Letter) -> Result<Effect, SandboxError> {
    let connection = call.transaction;
    if let Some((id, state)) = look(inner, connection, &letter.id, Role::Drafts)? {
        return Ok(Effect::Done { id, state });
    }
    let mut imported = Imported::new(Place::File(String::new()), letter.bytes.clone());
    imported.received = Some(call.now);
    imported.folder = Some(FOLDER.to_owned());
    imported.flags = DRAFT_FLAGS.map(str::to_owned).into();
    imported.state_told = true;
    let Ok(entry) = entry_of(imported) else {
        return Ok(Effect::Refused(ItemReason::Refused));
    };
    let mail = Loader::new(inner, connection)?.add(&entry)?;
    let sql = "INSERT OR REPLACE INTO draft (letter, mail) VALUES (?1, ?2)";
    connection
        .prepare_cached(sql)?
        .execute((letter.id.as_str(), mail))?;
    Ok(match look(inner, connection, &letter.id, Role::Drafts)? {
        Some((id, state)) => Effect::Done { id, state },
        None => Effect::Unknown,
    })
}

/// The mail that a letter is, as long as it is in the folder for this.
fn look(
    inner: &Inner,
    connection: &Connection,
    letter: &ItemId,
    role: Role,
) -> Result<Option<(ItemId, ItemState)>, SandboxError> {
    let mail: Option<i64> = connection
        .prepare_cached("SELECT mail FROM draft WHERE letter = ?1")?
        .query_row([letter.as_str()], |row| row.get(0))
        .optional()?;
    let Some(mail) = mail else {
        return Ok(None);
    };
    let id = item_id(mail)?;
    let state = inner.states(connection, std::slice::from_ref(&id))?;
    let state = state.into_iter().flatten().next();
    let folders = inner.places.folders();
    let folder = folders.iter().find(|it| it.role == Some(role));
    let is_there = |state: &ItemState| folder.is_some_and(|it| it.name == state.state.folder);
    Ok(state.filter(is_there).map(|state| (id, state)))
}
