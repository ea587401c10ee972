//! Where mailboxes were when all folders were last listed. Listing all of them takes half a second for each
//! thousand, so whoever is about to change one lists its own again and no others.

use std::collections::BTreeMap;

use bulkhead_shared::kinds::mailbox::{Guid, MailboxName};

use super::mailbox::{called, guid, profile, root};
use super::names::{Naming, User};
use super::scan::Folders;

/// What is remembered of all folders.
#[derive(Debug, Default)]
pub(super) struct Whereabouts {
    users: BTreeMap<Guid, User>,
    /// By the addresses of mailboxes in use, in lower case.
    addresses: BTreeMap<String, User>,
    pub(super) have_domains: bool,
}

impl Whereabouts {
    pub(super) fn of(folders: &Folders) -> Self {
        let mut this = Self {
            have_domains: folders.have_domains(),
            ..Self::default()
        };
        for root in folders.active().chain(folders.inactive()) {
            let user = &root.place.user;
            this.users.insert(guid(root), user.clone());
            if root.place.deleted.is_none() {
                let profile = profile(root);
                for address in [profile.smtp, profile.upn] {
                    this.addresses.insert(address.to_lowercase(), user.clone());
                }
            }
        }
        this
    }

    /// A mailbox has another owner now.
    pub(super) fn moved(&mut self, mailbox: &Guid, to: &User) {
        self.users.insert(mailbox.clone(), to.clone());
    }

    /// Patterns that list the folders of whoever had this mailbox, and of whoever has that name; none where that
    /// is not known.
    pub(super) fn patterns(
        &self,
        naming: Naming,
        mailbox: &Guid,
        other: Option<&MailboxName>,
    ) -> Option<Vec<String>> {
        let mut patterns = naming.patterns(self.users.get(mailbox)?);
        match other {
            None => {}
            Some(MailboxName::Guid(other)) => {
                patterns.extend(naming.patterns(self.users.get(other)?));
            }
            Some(MailboxName::Address(address)) => {
                let noted = self.addresses.get(&address.key());
                let named = User::of_address(address.as_str(), self.have_domains);
                for user in noted.into_iter().chain(named.as_ref()) {
                    patterns.extend(naming.patterns(user));
                }
            }
        }
        patterns.sort();
        patterns.dedup();
        Some(patterns)
    }
}

/// Whether these folders have in them what was asked for.
pub(super) fn have(folders: &Folders, mailbox: &Guid, other: Option<&MailboxName>) -> bool {
    let has_other = match other {
        None => true,
        Some(MailboxName::Guid(other)) => root(folders, other).is_some(),
        Some(MailboxName::Address(address)) => {
            let named = User::of_address(address.as_str(), true).map(|user| user.without_domain());
            called(folders, address).is_some()
                || folders
                    .active()
                    .any(|root| Some(&root.place.user) == named.as_ref())
        }
    };
    has_other && root(folders, mailbox).is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::imap::directory::scan::Folder;
    use crate::imap::directory::scan::tests::{SLASH, folders};

    fn root_of<'a>(folders: &'a Folders, name: &str) -> &'a Folder {
        folders.called(name).unwrap()
    }

    #[test]
    fn only_folders_of_those_concerned_are_listed_again() {
        let gone = "DELETED/user/ann/00001000";
        let all = folders(&[gone, "user/bob", "user/bob/Work", "user/joe@x.example"]);
        let mut known = Whereabouts::of(&all);
        let ann = guid(root_of(&all, gone));
        let bob = MailboxName::read("Bob").ok();
        let bob = bob.or_else(|| MailboxName::read(guid(root_of(&all, "user/bob")).as_str()).ok());
        let patterns = known.patterns(SLASH, &ann, bob.as_ref()).unwrap();
        assert_eq!(
            patterns,
            [
                "DELETED/user/ann/*",
                "DELETED/user/bob/*",
                "user/ann",
                "user/ann/*",
                "user/bob",
                "user/bob/*"
            ]
        );
        assert!(known.have_domains);
        assert!(have(&all, &ann, bob.as_ref()));
        let other = folders(&["user/new"]);
        let new = guid(root_of(&other, "user/new"));
        // Whoever moved or was never seen is looked for among all.
        let later = folders(&["user/bob", "user/bob/Work"]);
        assert!(!have(&later, &ann, bob.as_ref()));
        assert_eq!(known.patterns(SLASH, &new, None), None);
        let eve = User::of_address("eve", false).unwrap();
        known.moved(&ann, &eve);
        let patterns = known.patterns(SLASH, &ann, None).unwrap();
        assert!(patterns.contains(&"user/eve/*".to_owned()));
        assert!(folders(&["user/bob"]).among(true).have_domains());
    }
}
