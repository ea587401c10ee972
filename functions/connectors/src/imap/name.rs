//! What we call a message: its folder's UIDVALIDITY, its UID, and the folder's name. An id is short,
//! so a folder whose name is too long for it, or too odd, is named there by a hash.

use std::fmt::Write as _;

use bulkhead_shared::ids::ItemId;
use sha2::{Digest, Sha256};

use super::fault::Fault;
use super::folders;
use super::session::Session;

/// The one name IMAP has for a message for as long as it stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) validity: u32,
    pub(super) uid: u32,
    pub(super) folder: String,
}

/// What an id says of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Name(String),
    Hash(String),
}

/// Reads an id; none if it was not made here.
fn read(id: &ItemId) -> Option<(u32, u32, Said)> {
    let (validity, rest) = id.as_str().split_once('.')?;
    let (uid, said) = match rest.split_once(['.', '#'])? {
        (_, "") => return None,
        (uid, hash) if rest.as_bytes().get(uid.len()) == Some(&b'#') => {
            (uid, Said::Hash(hash.to_owned()))
        }
        (uid, name) => (uid, Said::Name(name.to_owned())),
    };
    Some((validity.parse().ok()?, uid.parse().ok()?, said))
}

/// The names that ids stand for; none for an id that was not made here, and for one in a folder that
/// is no longer listed. In the order asked.
pub(super) async fn names(
    session: &mut Session,
    ids: impl Iterator<Item = &ItemId>,
) -> Result<Vec<Option<Name>>, Fault> {
    let read: Vec<_> = ids.map(read).collect();
    let hashed = |said: &Option<(u32, u32, Said)>| matches!(said, Some((_, _, Said::Hash(_))));
    let folders: Vec<(String, String)> = match read.iter().any(hashed) {
        true => folders::list(session)
            .await?
            .into_iter()
            .map(|folder| (hash(&folder.name), folder.name))
            .collect(),
        false => Vec::new(),
    };
    let name = |(validity, uid, said)| {
        let folder = match said {
            Said::Name(name) => name,
            Said::Hash(hash) => {
                let known = folders.iter().find(|(known, _)| *known == hash);
                known.map(|(_, name)| name.clone())?
            }
        };
        Some(Name {
            validity,
            uid,
            folder,
        })
    };
    Ok(read.into_iter().map(|read| read.and_then(name)).collect())
}

/// The id of a message.
pub(super) fn item_id(validity: u32, uid: u32, folder: &str) -> Result<ItemId, Fault> {
    let whole = ItemId::try_from(format!("{validity}.{uid}.{folder}"));
    let short = || ItemId::try_from(format!("{validity}.{uid}#{}", hash(folder)));
    whole.or_else(|_| short()).map_err(|_| Fault::Senseless)
}

/// 128 bits of SHA-256: two folders of an account never share them.
fn hash(folder: &str) -> String {
    let digest = Sha256::digest(folder.as_bytes());
    digest
        .iter()
        .take(16)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_were_made() {
        for folder in ["Work.2024/Entwürfe", "#news", "a#b.c", "INBOX"] {
            let id = item_id(17, 4_294_967_295, folder).unwrap();
            assert_eq!(id.as_str(), format!("17.4294967295.{folder}"));
            assert_eq!(
                read(&id),
                Some((17, u32::MAX, Said::Name(folder.to_owned())))
            );
        }
        for text in [
            "1.2",
            "1.2.",
            "1.2#",
            "x.2.INBOX",
            "1.4294967296.INBOX",
            "m-17",
        ] {
            let id = ItemId::try_from(text.to_owned()).unwrap();
            assert_eq!(read(&id), None, "{text}");
        }
    }

    #[test]
    fn a_folder_too_long_or_too_odd_for_an_id_is_named_by_a_hash() {
        let mut ids = std::collections::BTreeSet::new();
        for folder in [
            "台".repeat(300),
            format!("{}a", "台".repeat(300)),
            "a\r\nb".to_owned(),
        ] {
            let id = item_id(17, 3, &folder).unwrap();
            assert!(id.as_str().len() < 60);
            assert_eq!(read(&id), Some((17, 3, Said::Hash(hash(&folder)))));
            assert!(ids.insert(id));
        }
    }
}
