//! What there is: every user's folders, those in use and those deleted, by one command.

use std::collections::{BTreeMap, BTreeSet};

use super::journal::ENTRY as COMMENT;
use super::names::{Naming, Place, Stamp, User};
use crate::imap::facts::Fact;
use crate::imap::fault::Fault;
use crate::imap::listed::{Counts, Line};
use crate::imap::session::{Session, Told};
use crate::imap::words::Words;

/// What Cyrus calls a mailbox for good: it stays the same when it is renamed, deleted and recovered.
pub(super) const UNIQUE: &str = "/shared/vendor/cmu/cyrus-imapd/uniqueid";
/// Seconds between the folders of a mailbox that one command deleted. 150 folders take less than one.
const ONE_DELETION: u32 = 60;

/// A folder of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    /// As the server calls it.
    pub(super) name: String,
    pub(super) place: Place,
    /// See [`UNIQUE`].
    pub(super) unique: String,
    /// Whether another folder is called the same for good. Where Cyrus is built without a library for ids, two of its
    /// processes that make a folder in the same second call both the same, and keep the mails of both in one place.
    pub(super) shared: bool,
    /// None where the server does not tell, as of a folder whose index is damaged.
    pub(super) messages: Option<u64>,
    pub(super) bytes: Option<u64>,
    /// Differs after every change of what is in it.
    pub(super) mark: String,
    /// What the administrator noted there, as it stands.
    pub(super) comment: Option<Vec<u8>>,
}

/// The names of folders by what the server calls them for good.
type Names = BTreeMap<String, BTreeSet<String>>;

/// Folders as they were told.
#[derive(Debug, Clone, Default)]
pub(super) struct Folders {
    all: Vec<Folder>,
    /// Somebody has a domain, maybe not among these.
    have_domains: bool,
}

/// How this server writes names.
pub(super) async fn naming(session: &mut Session) -> Result<Naming, Fault> {
    let mut told = None;
    let end = session
        .run(Words::new("LIST \"\" \"\""), &mut |this| {
            if let Told::Folder(Line::Folder { separator, .. }) = this {
                told = separator;
            }
        })
        .await?;
    end.ok()?;
    let separator = told.filter(|separator| matches!(separator, '/' | '.'));
    Ok(Naming {
        separator: separator.ok_or(Fault::Senseless)?,
    })
}

/// The folders that these patterns name.
pub(super) async fn scan(
    session: &mut Session,
    naming: Naming,
    patterns: &[String],
) -> Result<Folders, Fault> {
    let folders = listed(session, naming, patterns).await?;
    let once = folders.doubled();
    if once.is_empty() {
        return Ok(folders);
    }
    // A folder that is renamed while the list is told may be told by both its names.
    let mut folders = listed(session, naming, patterns).await?;
    folders.share(&once);
    Ok(folders)
}

/// Lists the folders that these patterns name. A line that cannot be read is an error: what is not
/// understood must not pass for what is not there.
async fn listed(
    session: &mut Session,
    naming: Naming,
    patterns: &[String],
) -> Result<Folders, Fault> {
    let mut words = Words::new("LIST \"\" (");
    for (index, pattern) in patterns.iter().enumerate() {
        words = words.plain(if index > 0 { " " } else { "" }).text(pattern);
    }
    let words = words.plain(&format!(
        ") RETURN (STATUS (MESSAGES SIZE UIDNEXT UIDVALIDITY HIGHESTMODSEQ) METADATA ({UNIQUE} {COMMENT}))"
    ));
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut counted: BTreeMap<Vec<u8>, Counts> = BTreeMap::new();
    let mut unique: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let mut comments: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    let mut odd = 0;
    let end = session
        .run(words, &mut |told| match told {
            Told::Folder(Line::Folder {
                attributes, wire, ..
            }) => {
                let is_none = |name: &String| name == "\\noselect" || name == "\\nonexistent";
                if !attributes.iter().any(is_none) {
                    names.push(wire);
                }
            }
            Told::Folder(Line::Counts { wire, counts }) => {
                counted.insert(wire, counts);
            }
            Told::Folder(Line::Odd) => odd += 1,
            Told::Fact(Fact::Annotations { wire, entries }) => {
                for (entry, value) in entries {
                    let Some(value) = value else { continue };
                    match entry.as_str() {
                        UNIQUE => unique.extend(
                            String::from_utf8(value)
                                .ok()
                                .map(|value| (wire.clone(), value)),
                        ),
                        COMMENT => comments.extend([(wire.clone(), value)]),
                        _ => {}
                    }
                }
            }
            _ => {}
        })
        .await?;
    end.ok()?;
    if odd > 0 {
        return Err(Fault::Senseless);
    }
    names.sort();
    names.dedup();
    let mut folders = Vec::new();
    for wire in names {
        let name = String::from_utf8(wire.clone()).map_err(|_| Fault::Senseless)?;
        let Some(place) = naming.place(&name) else {
            continue;
        };
        let counts = counted.remove(&wire).unwrap_or_default();
        folders.push(Folder {
            place,
            unique: unique.remove(&wire).ok_or(Fault::Senseless)?,
            shared: false,
            messages: counts.get("MESSAGES"),
            bytes: counts.get("SIZE"),
            mark: counts.written(),
            comment: comments.remove(&wire),
            name,
        });
    }
    Ok(Folders::new(folders))
}

impl Folders {
    pub(super) fn new(mut folders: Vec<Folder>) -> Self {
        mend_domains(&mut folders);
        let have_domains = folders.iter().any(|folder| folder.place.user.has_domain());
        Self {
            all: folders,
            have_domains,
        }
    }

    /// What more than one of them is called for good, and by which names they are told apart.
    fn doubled(&self) -> Names {
        let mut names = Names::new();
        for folder in self.iter() {
            let names = names.entry(folder.unique.clone()).or_default();
            names.insert(folder.name.clone());
        }
        names.retain(|_, names| names.len() > 1);
        names
    }

    /// Marks what was doubled before, by the same names, and still is.
    fn share(&mut self, before: &Names) {
        let mut still = self.doubled();
        still.retain(|unique, names| before.get(unique) == Some(names));
        for folder in &mut self.all {
            folder.shared = still.contains_key(&folder.unique);
        }
    }

    /// The same, of a server on which users have domains or have none.
    pub(super) fn among(mut self, have_domains: bool) -> Self {
        self.have_domains |= have_domains;
        self
    }

    /// All of them.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Folder> {
        self.all.iter()
    }

    /// Whether any user has a domain.
    pub(super) fn have_domains(&self) -> bool {
        self.have_domains
    }

    /// The folder that the server calls this for good.
    pub(super) fn called(&self, unique: &str) -> Option<&Folder> {
        self.iter().find(|folder| folder.unique == unique)
    }

    /// The inboxes of users who are there.
    pub(super) fn active(&self) -> impl Iterator<Item = &Folder> {
        let is_active = |folder: &&Folder| folder.place.deleted.is_none() && folder.place.is_root();
        self.iter().filter(is_active)
    }

    /// The inboxes of users who were deleted.
    pub(super) fn inactive(&self) -> impl Iterator<Item = &Folder> {
        let is_inactive =
            |folder: &&Folder| folder.place.deleted.is_some() && folder.place.is_root();
        self.iter().filter(is_inactive)
    }

    /// A user's folders in use, each behind the one it lies in.
    pub(super) fn of(&self, user: &User) -> Vec<&Folder> {
        let is_theirs =
            |folder: &&Folder| folder.place.deleted.is_none() && folder.place.user == *user;
        in_order(self.iter().filter(is_theirs).collect())
    }

    /// The folders that were deleted with a user's inbox at this time, each behind the one it lies in.
    /// Each folder has a time of its own, which may be a second later; what was deleted another time is
    /// not among them. The inbox itself need not be there any more.
    pub(super) fn deleted_with(&self, user: &User, at: Stamp) -> Vec<&Folder> {
        let deleted: Vec<(&Folder, Stamp)> = self
            .iter()
            .filter(|folder| folder.place.user == *user)
            .filter_map(|folder| Some((folder, folder.place.deleted?)))
            .collect();
        let mut roots: Vec<Stamp> = deleted
            .iter()
            .filter(|(folder, _)| folder.place.is_root())
            .map(|(_, stamp)| *stamp)
            .collect();
        roots.push(at);
        let nearest = |stamp: Stamp| roots.iter().min_by_key(|root| (root.apart(stamp), root.0));
        let mut chain = chain(deleted.iter().map(|(_, stamp)| *stamp), at);
        chain.retain(|stamp| nearest(*stamp) == Some(&at));
        let mut members: BTreeMap<&[String], (&Folder, Stamp)> = BTreeMap::new();
        for (folder, stamp) in deleted {
            let is_member = match folder.place.is_root() {
                true => stamp == at,
                false => chain.contains(&stamp),
            };
            if !is_member {
                continue;
            }
            let known = members
                .entry(&folder.place.folder)
                .or_insert((folder, stamp));
            if stamp.apart(at) < known.1.apart(at) {
                *known = (folder, stamp);
            }
        }
        in_order(members.into_values().map(|(folder, _)| folder).collect())
    }
}

/// Times that are one deletion with this one: from each to the next it is not long.
fn chain(stamps: impl Iterator<Item = Stamp>, at: Stamp) -> Vec<Stamp> {
    let mut all: Vec<Stamp> = stamps.chain([at]).collect();
    all.sort_unstable();
    all.dedup();
    let runs = all.chunk_by(|one, next| one.apart(*next) <= ONE_DELETION);
    let mut runs = runs.filter(|run| run.contains(&at));
    runs.next().map(<[Stamp]>::to_vec).unwrap_or_default()
}

/// Each folder behind the one it lies in.
fn in_order(mut folders: Vec<&Folder>) -> Vec<&Folder> {
    folders.sort_by(|a, b| {
        let key = |folder: &Folder| (folder.place.folder.len(), folder.place.folder.clone());
        key(a).cmp(&key(b))
    });
    folders
}

/// An `@` in a folder's name looks like a domain behind it. It is none where nobody of that domain is there
/// and somebody without it is.
fn mend_domains(folders: &mut [Folder]) {
    let roots: Vec<User> = folders
        .iter()
        .filter(|folder| folder.place.is_root())
        .map(|folder| folder.place.user.clone())
        .collect();
    for folder in folders.iter_mut() {
        let place = &mut folder.place;
        let plain = place.user.without_domain();
        let is_of_a_name = place.user.has_domain()
            && !place.is_root()
            && place.deleted.is_none()
            && !roots.contains(&place.user)
            && roots.contains(&plain);
        if is_of_a_name
            && let Some((_, domain)) = folder.name.rsplit_once('@')
            && let Some(level) = place.folder.last_mut()
        {
            level.push('@');
            level.push_str(domain);
            place.user = plain;
        }
    }
}

/// What the server calls the mailbox of this name for good; none if there is no such mailbox. Unlike LIST
/// it knows a user of its own domain with and without that domain.
pub(super) async fn locate(session: &mut Session, name: &str) -> Result<Option<String>, Fault> {
    let words = Words::new("GETMETADATA ")
        .text(name)
        .plain(&format!(" ({UNIQUE})"));
    let mut unique = None;
    let end = session
        .run(words, &mut |told| {
            if let Told::Fact(Fact::Annotations { entries, .. }) = told {
                let value = entries.into_iter().find(|(entry, _)| entry == UNIQUE);
                unique = value.and_then(|(_, value)| String::from_utf8(value?).ok());
            }
        })
        .await?;
    match end.refusal() {
        None => unique.map(Some).ok_or(Fault::Senseless),
        Some(_) if says_it_is_not_there(&end.text) => Ok(None),
        Some(refusal) => Err(Fault::Call(refusal.as_call())),
    }
}

/// Whether the server says that there is no such mailbox; Cyrus has no code for it.
pub(super) fn says_it_is_not_there(text: &str) -> bool {
    text.to_lowercase().contains("mailbox does not exist")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    pub(in crate::imap::directory) const SLASH: Naming = Naming { separator: '/' };

    pub(in crate::imap::directory) fn folders(names: &[&str]) -> Folders {
        let folder = |name: &&str| Folder {
            name: (*name).to_owned(),
            place: SLASH.place(name).unwrap(),
            unique: (*name).to_owned(),
            shared: false,
            messages: None,
            bytes: None,
            mark: String::new(),
            comment: None,
        };
        Folders::new(names.iter().map(folder).collect())
    }

    fn members(names: &[&str], at: u32) -> Vec<String> {
        let bob = User::of_address("bob", false).unwrap();
        let folders = folders(names);
        let members = folders.deleted_with(&bob, Stamp(at));
        members
            .into_iter()
            .map(|folder| folder.name.clone())
            .collect()
    }

    #[test]
    fn what_was_deleted_with_an_inbox_is_told_from_what_was_deleted_before() {
        let names = [
            "DELETED/user/bob/00001000",
            "DELETED/user/bob/A/B/00001001",
            "DELETED/user/bob/A/00000FFF",
            "DELETED/user/bob/Old/00000100",
            "DELETED/user/bob/Late/00001100",
            "DELETED/user/bobby/00001000",
            "user/bob",
        ];
        assert_eq!(members(&names, 0x1000), [names[0], names[2], names[1]]);
        // A long deletion goes on for longer than the pause between two folders may be.
        let long = [
            "DELETED/user/bob/00001000",
            "DELETED/user/bob/A/00001030",
            "DELETED/user/bob/B/00001060",
        ];
        assert_eq!(members(&long, 0x1000).len(), 3);
        // The inbox was recovered already.
        assert_eq!(members(&long[1..], 0x1000), long[1..]);
    }

    #[test]
    fn two_deletions_within_a_minute_keep_their_own_folders() {
        let names = [
            "DELETED/user/bob/00001000",
            "DELETED/user/bob/Work/00001000",
            "DELETED/user/bob/00001020",
            "DELETED/user/bob/Work/00001021",
        ];
        assert_eq!(members(&names, 0x1000), names[..2]);
        assert_eq!(members(&names, 0x1020), names[2..]);
    }

    #[test]
    fn folders_share_an_id_only_if_they_do_by_the_same_names_again() {
        let told = |names: &[&str]| {
            let mut told = folders(&[names, &["user/eve"]].concat());
            for folder in told
                .all
                .iter_mut()
                .filter(|folder| folder.name != "user/eve")
            {
                folder.unique = "one".to_owned();
            }
            told
        };
        let shared = |first: &[&str], then: &[&str]| {
            let mut then = told(then);
            then.share(&told(first).doubled());
            let shared = then.iter().filter(|folder| folder.shared);
            shared.map(|folder| folder.name.clone()).collect::<Vec<_>>()
        };
        let two = ["DELETED/user/bob/00001000", "user/ann"];
        assert_eq!(shared(&two, &two), two);
        // Renamed while they were listed, once and then a third time.
        let renamed = ["DELETED/user/bob/00001000", "user/bob"];
        assert!(shared(&renamed, &renamed[1..]).is_empty());
        assert!(shared(&renamed, &two).is_empty());
        assert!(told(&["user/ann"]).doubled().is_empty());
    }

    #[test]
    fn an_at_in_a_folders_name_is_no_domain() {
        let names = folders(&[
            "user/bob",
            "user/bob/from a@b",
            "user/joe@b",
            "user/joe/Work@b",
        ]);
        let of = |address: &str| {
            let user = User::of_address(address, true).unwrap();
            let folders = names.of(&user);
            folders
                .iter()
                .map(|folder| folder.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("bob"), ["user/bob", "user/bob/from a@b"]);
        assert_eq!(of("joe@b"), ["user/joe@b", "user/joe/Work@b"]);
        let mended = names.called("user/bob/from a@b").unwrap();
        assert_eq!(SLASH.name(&mended.place), mended.name);
    }
}
