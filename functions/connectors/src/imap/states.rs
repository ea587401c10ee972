//! Named mails: their states and how a list shows them, folder by folder, answered in the order asked.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_engine::kinds::mail::ItemState;
use bulkhead_shared::api::{Folders, Item};
use bulkhead_shared::ids::ItemId;

use super::fault::{Fault, Refusal};
use super::folder::Listed;
use super::folders;
use super::items;
use super::messages;
use super::name::{Name, names};
use super::session::{Opened, Session};

/// Folders whose keywords are asked for: each costs a round trip.
const KEYWORDS_FROM: usize = 12;

/// States of named mails; none where one is gone.
pub(super) async fn states(
    session: &mut Session,
    ids: &[ItemId],
) -> Result<Vec<Option<ItemState>>, Fault> {
    let mut states: Vec<Option<ItemState>> = vec![None; ids.len()];
    for (folder, places) in by_folder(names(session, ids.iter()).await?) {
        let Some(opened) = open(session, &folder).await? else {
            continue;
        };
        let uids: Vec<u32> = places.keys().copied().collect();
        let asked = messages::state_items(session.can, &opened);
        for (uid, fetched) in messages::fetch(session, &uids, &asked, "").await? {
            let state = messages::state(&fetched, &opened);
            for place in places.get(&uid).into_iter().flatten() {
                put(&mut states, *place, state.clone());
            }
        }
    }
    Ok(states)
}

/// Named mails as a list shows them; none where one is gone.
pub(super) async fn items(
    session: &mut Session,
    ids: &[ItemId],
) -> Result<Vec<Option<Item>>, Fault> {
    let mut found: Vec<Option<Item>> = vec![None; ids.len()];
    for (folder, places) in by_folder(names(session, ids.iter()).await?) {
        let Some(opened) = open(session, &folder).await? else {
            continue;
        };
        let uids: Vec<u32> = places.keys().copied().collect();
        for (uid, item) in items::load(session, &opened, &uids).await? {
            for place in places.get(&uid).into_iter().flatten() {
                put(&mut found, *place, item.clone());
            }
        }
    }
    Ok(found)
}

fn put<T>(all: &mut [Option<T>], place: usize, value: T) {
    if let Some(slot) = all.get_mut(place) {
        *slot = Some(value);
    }
}

/// Places of the ids by folder (with its UIDVALIDITY) and UID.
fn by_folder(names: Vec<Option<Name>>) -> BTreeMap<(String, u32), BTreeMap<u32, Vec<usize>>> {
    let mut folders: BTreeMap<(String, u32), BTreeMap<u32, Vec<usize>>> = BTreeMap::new();
    for (place, name) in names.into_iter().enumerate() {
        if let Some(name) = name {
            let folder = folders.entry((name.folder, name.validity)).or_default();
            folder.entry(name.uid).or_default().push(place);
        }
    }
    folders
}

/// Opens a folder if it still is the one that was meant.
async fn open(session: &mut Session, folder: &(String, u32)) -> Result<Option<Opened>, Fault> {
    match folders::open(session, &folder.0).await? {
        Ok(opened) => Ok((opened.validity == folder.1).then_some(opened)),
        Err(Refusal::NoFolder) => Ok(None),
        Err(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

/// Folders, those with a role first, and the keywords that people gave.
pub(super) async fn folders(session: &mut Session) -> Result<Folders, Fault> {
    let mut listed = folders::list_counted(session).await?;
    listed.sort_by_key(|folder| folder.role.map_or(u8::MAX, |role| role as u8));
    let mut labels = BTreeSet::new();
    for folder in listed.iter().take(KEYWORDS_FROM) {
        if let Ok(opened) = session.open(&folder.name).await? {
            let keywords = opened.keywords.into_iter();
            labels.extend(keywords.filter(|keyword| items::is_label(keyword)));
        }
    }
    Ok(Folders {
        folders: listed.into_iter().map(Listed::shown).collect(),
        labels: labels.into_iter().collect(),
    })
}
