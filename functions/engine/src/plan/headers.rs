//! What the last reading of an account's headers told of mails that a search finds, where the search tells less.

use std::collections::HashMap;

use bulkhead_shared::ids::AccountId;

use crate::error::Error;
use crate::ports::{FromWhom, HeaderPlace, Match, Ports};
use crate::records::store::load_packed;
use crate::records::{ScannedFolder, names};

/// Adds who sent mails, when they were received and how large they are, as far as their headers were read. None of
/// that changes as long as a mail is where it is.
pub(super) async fn fill_in(
    ports: &Ports,
    account: &AccountId,
    matches: &mut [Match],
) -> Result<(), Error> {
    let mut folders: HashMap<String, Option<ScannedFolder>> = HashMap::new();
    for found in matches {
        let (Some(facts), Some(place)) = (&mut found.facts, &found.header) else {
            continue;
        };
        if facts.sender.is_some() {
            continue;
        }
        if !folders.contains_key(&place.folder) {
            let read = folder(ports, account, &place.folder).await?;
            folders.insert(place.folder.clone(), read);
        }
        let folder = folders.get(&place.folder).and_then(Option::as_ref);
        let Some(folder) = folder.filter(|folder| is_of(place, folder)) else {
            continue;
        };
        let at = folder
            .mails
            .binary_search_by_key(&place.key, |mail| mail.key);
        let Some(mail) = at.ok().and_then(|at| folder.mails.get(at)) else {
            continue;
        };
        facts.received = facts.received.or(Some(mail.received));
        facts.size = facts.size.or(Some(mail.size));
        let sender = folder.senders.get(mail.sender as usize);
        facts.sender = sender.map(|sender| FromWhom {
            address: sender.address.clone(),
            name: sender.name.clone(),
        });
    }
    Ok(())
}

fn is_of(place: &HeaderPlace, folder: &ScannedFolder) -> bool {
    let mark = folder.mark.as_deref();
    mark.is_some_and(|mark| mark.contains(&place.marked))
}

/// What was read of a folder; none where nothing was, or it cannot be read any more.
async fn folder(
    ports: &Ports,
    account: &AccountId,
    name: &str,
) -> Result<Option<ScannedFolder>, Error> {
    let key = names::scanned_folder(account, name);
    match load_packed(ports.table.as_ref(), key).await {
        Err(error) if error.is_unreadable() => Ok(None),
        read => read,
    }
}
