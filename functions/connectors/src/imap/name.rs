//! What we call a message: its folder's UIDVALIDITY, its UID, and the folder's name.

use bulkhead_shared::ids::ItemId;

/// The one name IMAP has for a message for as long as it stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) validity: u32,
    pub(super) uid: u32,
    pub(super) folder: String,
}

impl Name {
    /// Reads an id; none if it was not made here.
    pub(super) fn of(id: &ItemId) -> Option<Self> {
        let mut parts = id.as_str().splitn(3, '.');
        Some(Self {
            validity: parts.next()?.parse().ok()?,
            uid: parts.next()?.parse().ok()?,
            folder: parts.next().filter(|name| !name.is_empty())?.to_owned(),
        })
    }
}

/// The id of a message; none if the folder's name is too long or too odd to be part of one.
pub(super) fn item_id(validity: u32, uid: u32, folder: &str) -> Option<ItemId> {
    ItemId::try_from(format!("{validity}.{uid}.{folder}")).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_were_made() {
        let id = item_id(17, 4_294_967_295, "Work.2024/Entwürfe").unwrap();
        let name = Name::of(&id).unwrap();
        assert_eq!((name.validity, name.uid), (17, u32::MAX));
        assert_eq!(name.folder, "Work.2024/Entwürfe");
        for text in ["", "1.2", "1.2.", "x.2.INBOX", "1.4294967296.INBOX", "m-17"] {
            let id = ItemId::try_from(text.to_owned());
            assert!(id.is_err() || Name::of(&id.unwrap()).is_none(), "{text}");
        }
    }
}
