//! How Cyrus names mailboxes for an administrator: `user/ann/Work`, `DELETED/user/ann/Work/6B07E612`, with
//! dots in place of slashes where `unixhierarchysep` is off, and a domain behind all of it where
//! `virtdomains` is on.

use std::fmt;

use jiff::Timestamp;

/// What `deletedprefix` is unless somebody changed it.
const DELETED: &str = "DELETED";
const USER: &str = "user";

/// When a mailbox was deleted, which its name ends with: seconds since 1970 in eight hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Stamp(pub(super) u32);

/// Somebody who has a mailbox, as they sign in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct User {
    local: String,
    domain: Option<String>,
}

/// Where a folder is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) user: User,
    /// The folder's name, level by level, as the server writes it; empty for the inbox.
    pub(super) folder: Vec<String>,
    /// When it was deleted; none while it is in use.
    pub(super) deleted: Option<Stamp>,
}

/// How a server writes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Naming {
    /// `/` or `.`.
    pub(super) separator: char,
}

impl Stamp {
    /// Reads its eight digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        let is_stamp = text.len() == 8 && text.bytes().all(is_digit);
        is_stamp.then(|| u32::from_str_radix(text, 16).ok().map(Self))?
    }

    /// As a time.
    pub(super) fn time(self) -> Timestamp {
        Timestamp::from_second(i64::from(self.0)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Seconds between two of them.
    pub(super) fn apart(self, other: Self) -> u32 {
        self.0.abs_diff(other.0)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08X}", self.0)
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.domain {
            Some(domain) => write!(f, "{}@{domain}", self.local),
            None => f.write_str(&self.local),
        }
    }
}

impl User {
    /// Who has this address. Cyrus keeps names in lower case. Where no user has a domain, what stands
    /// before the `@` names one.
    pub(super) fn of_address(address: &str, with_domains: bool) -> Option<Self> {
        let (local, domain) = match address.rsplit_once('@') {
            Some((local, domain)) => (local, Some(domain)),
            None => (address, None),
        };
        let is_name = |text: &str| {
            !text.is_empty() && !text.contains(['/', '"', '*', '%', '^', '\\']) && text.is_ascii()
        };
        let fits = is_name(local) && domain.is_none_or(is_name);
        fits.then(|| Self {
            local: local.to_lowercase(),
            domain: domain.filter(|_| with_domains).map(str::to_lowercase),
        })
    }

    /// Whether it has a domain.
    pub(super) fn has_domain(&self) -> bool {
        self.domain.is_some()
    }

    /// The same without its domain.
    pub(super) fn without_domain(&self) -> Self {
        Self {
            local: self.local.clone(),
            domain: None,
        }
    }
}

impl Place {
    /// A folder in use.
    pub(super) fn active(user: &User, folder: &[String]) -> Self {
        Self {
            user: user.clone(),
            folder: folder.to_vec(),
            deleted: None,
        }
    }

    /// A folder that was deleted then.
    pub(super) fn deleted(user: &User, folder: &[String], at: Stamp) -> Self {
        Self {
            deleted: Some(at),
            ..Self::active(user, folder)
        }
    }

    /// Whether it is the inbox, which a user has or has not.
    pub(super) fn is_root(&self) -> bool {
        self.folder.is_empty()
    }
}

impl Naming {
    /// Reads a name; none for what is nobody's mailbox.
    pub(super) fn place(self, name: &str) -> Option<Place> {
        let separator = self.separator;
        let deleted = format!("{DELETED}{separator}{USER}{separator}");
        if let Some(rest) = name.strip_prefix(&deleted) {
            return self.deleted_place(rest);
        }
        let rest = name.strip_prefix(USER)?.strip_prefix(separator)?;
        let (path, domain) = match rest.rsplit_once('@') {
            Some((path, domain)) if is_domain(domain) => (path, Some(domain)),
            _ => (rest, None),
        };
        self.at(path, domain, None)
    }

    fn deleted_place(self, rest: &str) -> Option<Place> {
        rest.rmatch_indices(self.separator).find_map(|(at, _)| {
            let (path, end) = rest.split_at_checked(at)?;
            let end = end.strip_prefix(self.separator)?;
            let (stamp, domain) = match end.split_once('@') {
                Some((stamp, domain)) => (stamp, Some(domain)),
                None => (end, None),
            };
            self.at(path, domain, Some(Stamp::read(stamp)?))
        })
    }

    fn at(self, path: &str, domain: Option<&str>, deleted: Option<Stamp>) -> Option<Place> {
        let mut levels = path.split(self.separator);
        let local = levels.next().filter(|local| !local.is_empty())?;
        let local = match self.separator {
            '.' => local.replace('^', "."),
            _ => local.to_owned(),
        };
        Some(Place {
            user: User {
                local,
                domain: domain.map(str::to_owned),
            },
            folder: levels.map(str::to_owned).collect(),
            deleted,
        })
    }

    /// The name of a folder.
    pub(super) fn name(self, place: &Place) -> String {
        let mut name = self.prefix(&place.user, place.deleted.is_some());
        for level in &place.folder {
            name.push(self.separator);
            name.push_str(level);
        }
        if let Some(stamp) = place.deleted {
            name.push(self.separator);
            name.push_str(&stamp.to_string());
        }
        with_domain(name, &place.user)
    }

    fn prefix(self, user: &User, deleted: bool) -> String {
        let separator = self.separator;
        let local = match separator {
            '.' => user.local.replace('.', "^"),
            _ => user.local.clone(),
        };
        match deleted {
            true => format!("{DELETED}{separator}{USER}{separator}{local}"),
            false => format!("{USER}{separator}{local}"),
        }
    }

    /// Patterns that list a user's folders, those in use and those deleted. Where the domain is the
    /// server's own it is in no name, so names without one are listed too.
    pub(super) fn patterns(self, user: &User) -> Vec<String> {
        let separator = self.separator;
        let of = |user: &User| {
            let active = self.prefix(user, false);
            let deleted = self.prefix(user, true);
            [
                active.clone(),
                format!("{active}{separator}*"),
                format!("{deleted}{separator}*"),
            ]
            .map(|pattern| with_domain(pattern, user))
        };
        let mut patterns = of(user).to_vec();
        if user.has_domain() {
            patterns.extend(of(&user.without_domain()));
        }
        patterns
    }

    /// Patterns that list everybody's folders.
    pub(super) fn all(self) -> Vec<String> {
        let separator = self.separator;
        vec![
            format!("{USER}{separator}*"),
            format!("{DELETED}{separator}{USER}{separator}*"),
        ]
    }
}

fn with_domain(name: String, user: &User) -> String {
    match &user.domain {
        Some(domain) => format!("{name}@{domain}"),
        None => name,
    }
}

/// Whether this can be a domain, and not the rest of a folder's name.
fn is_domain(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    !text.is_empty() && text.bytes().all(is_letter)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn user(address: &str) -> User {
        User::of_address(address, true).unwrap()
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let slash = Naming { separator: '/' };
        let dot = Naming { separator: '.' };
        let stamp = Stamp(0x6B07_E612);
        let levels = |text: &str| -> Vec<String> {
            text.split('|')
                .filter(|level| !level.is_empty())
                .map(str::to_owned)
                .collect()
        };
        for (naming, name, address, folder, deleted) in [
            (slash, "user/bob", "bob", "", None),
            (slash, "user/bob/Work/Deep", "bob", "Work|Deep", None),
            (
                slash,
                "user/first.last@x.example",
                "first.last@x.example",
                "",
                None,
            ),
            (
                slash,
                "user/bob/A b@x.example",
                "bob@x.example",
                "A b",
                None,
            ),
            (slash, "DELETED/user/bob/6B07E612", "bob", "", Some(stamp)),
            (
                slash,
                "DELETED/user/bob/a@b/6B07E612",
                "bob",
                "a@b",
                Some(stamp),
            ),
            (
                slash,
                "DELETED/user/bob/6B07E611/6B07E612@x.example",
                "bob@x.example",
                "6B07E611",
                Some(stamp),
            ),
            (
                dot,
                "user.a^b.Work@x.example",
                "a.b@x.example",
                "Work",
                None,
            ),
            (
                dot,
                "DELETED.user.a^b.Work.6B07E612@x.example",
                "a.b@x.example",
                "Work",
                Some(stamp),
            ),
            (
                dot,
                "DELETED.user.ann.Entw&APw-rfe.6B07E612",
                "ann",
                "Entw&APw-rfe",
                Some(stamp),
            ),
        ] {
            let place = Place {
                user: user(address),
                folder: levels(folder),
                deleted,
            };
            assert_eq!(naming.place(name), Some(place.clone()), "{name}");
            assert_eq!(naming.name(&place), name);
        }
    }

    #[test]
    fn what_is_nobodys_mailbox_is_none() {
        let naming = Naming { separator: '/' };
        for name in [
            "user",
            "user/",
            "shared/news",
            "DELETED/shared/news/6B07E612",
            "DELETED/user/bob",
            "DELETED/user/bob/6b07e612",
            "DELETED/user/bob/6B07E6123",
            "users/bob",
        ] {
            assert_eq!(naming.place(name), None, "{name}");
        }
    }

    #[test]
    fn an_address_names_a_user_with_or_without_domains() {
        assert_eq!(user("Ann.Lee@X.example").to_string(), "ann.lee@x.example");
        let plain = User::of_address("Ann.Lee@x.example", false).unwrap();
        assert_eq!(plain.to_string(), "ann.lee");
        for bad in [
            "",
            "@x.example",
            "ann/work@x.example",
            "ann*@x.example",
            "jürgen@x.example",
            "a^b",
        ] {
            assert_eq!(User::of_address(bad, true), None, "{bad}");
        }
    }

    #[test]
    fn a_users_folders_are_listed_under_both_of_their_names() {
        let naming = Naming { separator: '.' };
        assert_eq!(
            naming.patterns(&user("a.b@x.example")),
            [
                "user.a^b@x.example",
                "user.a^b.*@x.example",
                "DELETED.user.a^b.*@x.example",
                "user.a^b",
                "user.a^b.*",
                "DELETED.user.a^b.*"
            ]
        );
        assert_eq!(naming.patterns(&user("ann")).len(), 3);
    }
}
