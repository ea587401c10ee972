//! Folders as mailboxes of people.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::kinds::mailbox::{Address, Guid, Mailbox, Profile, Status};
use bulkhead_shared::outcome::ItemReason;
use sha2::{Digest, Sha256};

use super::journal::Journal;
use super::names::User;
use super::scan::{Folder, Folders};
use crate::imap::fault::Fault;

/// The GUID of a mailbox by its inbox. Where the server calls two the same, each has one of its own as long as it has
/// its name: nobody takes one for the other.
pub(super) fn guid(root: &Folder) -> Guid {
    match root.shared {
        true => made(&format!("{} {}", root.unique, root.name)),
        false => root.unique.parse().unwrap_or_else(|_| made(&root.unique)),
    }
}

/// Newer servers call mailboxes by a GUID; older ones by 24 letters and digits, of which one is made (RFC 9562,
/// section 5.8), always the same.
fn made(unique: &str) -> Guid {
    let mut bytes = [0u8; 16];
    for (to, from) in bytes.iter_mut().zip(Sha256::digest(unique.as_bytes())) {
        *to = from;
    }
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Guid::of_bytes(bytes)
}

/// A user's inbox by its GUID.
pub(super) fn root<'a>(folders: &'a Folders, guid: &Guid) -> Option<&'a Folder> {
    let is_it = |folder: &&Folder| folder.place.is_root() && self::guid(folder) == *guid;
    folders.iter().find(is_it)
}

/// The same of a mailbox that is about to be changed, or into which something is to go: one that shares its id with
/// another is left alone.
pub(super) fn of_its_own(root: Option<&Folder>) -> Result<Option<&Folder>, Fault> {
    match root {
        Some(root) if root.shared => Err(Fault::Call(CallError::Refused(ItemReason::SharedId))),
        root => Ok(root),
    }
}

/// All mailboxes, by name, then by GUID.
pub(super) fn all(folders: &Folders) -> Vec<Mailbox> {
    let roots = folders.active().chain(folders.inactive());
    let mut mailboxes: Vec<Mailbox> = roots.map(|root| mailbox(folders, root)).collect();
    mailboxes.sort_by_cached_key(|mailbox| {
        let name = mailbox.profile.name().to_lowercase();
        (name, mailbox.guid.clone())
    });
    mailboxes
}

/// The mailbox whose inbox this is. Quota is asked for apart.
pub(super) fn mailbox(folders: &Folders, root: &Folder) -> Mailbox {
    let user = &root.place.user;
    let (members, status) = match root.place.deleted {
        None => (folders.of(user), Status::Active),
        Some(stamp) => {
            let status = Status::Inactive {
                deleted_at: Some(stamp.time()),
                retained_until: None,
            };
            (folders.deleted_with(user, stamp), status)
        }
    };
    let sum = |of: fn(&Folder) -> Option<u64>| {
        let all = members.iter().map(|folder| of(folder));
        all.sum::<Option<u64>>()
    };
    Mailbox {
        guid: guid(root),
        profile: profile(root),
        status,
        items: sum(|folder| folder.messages),
        bytes: sum(|folder| folder.bytes),
        quota_bytes: None,
        on_hold: false,
    }
}

/// Whose it is: by its name, and of a recovered one what was noted, as long as it has the name of then.
pub(super) fn profile(root: &Folder) -> Profile {
    let user = &root.place.user;
    let journal = root.comment.as_deref().and_then(Journal::decode);
    let noted = journal.and_then(|journal| journal.recovered);
    if root.place.deleted.is_none()
        && let Some(noted) = noted
        && is_of(&noted.profile.upn, user)
    {
        return noted.profile;
    }
    Profile {
        upn: user.to_string(),
        smtp: user.to_string(),
        ..Profile::default()
    }
}

/// Whether an address is this user's. The server's own domain is in no name.
fn is_of(address: &str, user: &User) -> bool {
    User::of_address(address, true).is_some_and(|named| {
        named == *user || !user.has_domain() && named.without_domain() == *user
    })
}

/// The active mailbox that has this address, as far as names tell.
pub(super) fn called<'a>(folders: &'a Folders, address: &Address) -> Option<&'a Folder> {
    let mut active = folders.active();
    let noted = active.find(|root| {
        let profile = profile(root);
        address.is(&profile.smtp) || address.is(&profile.upn)
    });
    noted.or_else(|| {
        let user = User::of_address(address.as_str(), folders.have_domains())?;
        folders.active().find(|root| root.place.user == user)
    })
}

/// Stays the same as long as nothing changes.
pub(super) fn sync_token(folders: &Folders) -> String {
    let mut hash = Sha256::new();
    for folder in folders.iter() {
        let comment = folder.comment.as_deref().unwrap_or_default();
        for part in [folder.name.as_bytes(), folder.mark.as_bytes(), comment] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    bulkhead_shared::hash::sha256_hex(&hash.finalize())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::imap::directory::scan::tests::folders;

    #[test]
    fn a_mailbox_has_one_guid_whatever_the_server_calls_it() {
        let called = |unique: &str, name: &str, shared: bool| {
            let mut root = folders(&[name]).iter().next().unwrap().clone();
            (root.unique, root.shared) = (unique.to_owned(), shared);
            root
        };
        let guid = |unique: &str| super::guid(&called(unique, "user/ann", false));
        let uuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        assert_eq!(guid(uuid).as_str(), uuid);
        let made = guid("igffvsswb9q47uhaej7zz9w4");
        assert_eq!(made, guid("igffvsswb9q47uhaej7zz9w4"));
        assert_ne!(made, guid("igffvsswb9q47uhaej7zz9w5"));
        assert_eq!(made.as_str().get(14..15), Some("8"));
        // Two that share an id are two mailboxes, and neither is the one that had it alone.
        let shared = ["user/ann", "user/bob"].map(|name| called(uuid, name, true));
        let guids = shared.each_ref().map(super::guid);
        assert_ne!(guids[0], guids[1]);
        assert!(guids.iter().all(|it| it.as_str() != uuid));
        assert!(of_its_own(Some(&shared[0])).is_err());
        assert!(of_its_own(None).unwrap().is_none());
    }
}
