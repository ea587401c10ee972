//! What a folder is for: by what the server says (RFC 6154), else by its name.

use bulkhead_shared::api::Role;

use super::folder::Listed;
use super::utf7;
use crate::folder_names::{LANGUAGES, Language};

/// Gives every role that the server did not give to the folders with a usual name for it. They may be
/// several, of several mail programs; all of them are kept out of searches where the role is, and
/// mails are brought to the one whose language most of the other folders speak.
pub(super) fn give(folders: &mut [Listed], personal: &[Vec<u8>]) {
    let prefixes: Vec<String> = personal.iter().map(|prefix| utf7::name(prefix)).collect();
    let at_top: Vec<Option<String>> = folders
        .iter()
        .map(|folder| at_top(folder, &prefixes).map(fold))
        .collect();
    let languages = by_use(&at_top);
    for role in [
        Role::Archive,
        Role::Trash,
        Role::Sent,
        Role::Drafts,
        Role::Spam,
    ] {
        if folders.iter().any(|folder| folder.role == Some(role)) {
            continue;
        }
        let names = languages.iter().flat_map(|language| language.names(role));
        for (rank, name) in names.enumerate() {
            let named = folders.iter_mut().zip(&at_top);
            for (folder, _) in named.filter(|(_, here)| here.as_deref() == Some(*name)) {
                if folder.role.is_none() {
                    folder.role = Some(role);
                    folder.rank = rank;
                }
            }
        }
    }
    put_inside(folders);
}

/// Folders in the trash or in spam: mail programs move whole folders there.
fn put_inside(folders: &mut [Listed]) {
    let hidden: Vec<(String, Role)> = folders
        .iter()
        .filter_map(|folder| {
            let role = folder
                .role
                .filter(|role| matches!(role, Role::Trash | Role::Spam))?;
            Some((format!("{}{}", folder.name, folder.separator?), role))
        })
        .collect();
    for folder in folders {
        let above = hidden
            .iter()
            .find(|(above, _)| folder.name.starts_with(above));
        folder.within = above.map(|(_, role)| *role);
    }
}

/// Languages, the one that most folders' names are of first.
fn by_use(at_top: &[Option<String>]) -> Vec<&'static Language> {
    let used = |language: &&Language| {
        let is_one = |name: &&String| {
            let roles = [
                Role::Archive,
                Role::Trash,
                Role::Sent,
                Role::Drafts,
                Role::Spam,
            ];
            roles
                .iter()
                .any(|role| language.names(*role).contains(&name.as_str()))
        };
        std::cmp::Reverse(at_top.iter().flatten().filter(is_one).count())
    };
    let mut languages: Vec<&'static Language> = LANGUAGES.iter().collect();
    languages.sort_by_key(used);
    languages
}

/// The folder's own name, if it stands at the top, right below the inbox, below the beginning of one's
/// own folders, or in the folder in which Gmail keeps such folders.
fn at_top<'a>(folder: &'a Listed, prefixes: &[String]) -> Option<&'a str> {
    if folder.foreign || folder.view {
        return None;
    }
    let said = utf7::said(&folder.name);
    let Some(separator) = folder.separator else {
        return Some(said);
    };
    let own = prefixes
        .iter()
        .filter_map(|prefix| said.strip_prefix(prefix.as_str()));
    let below = |parent: &str| {
        let (head, rest) = said.split_at_checked(parent.len())?;
        let rest = rest.strip_prefix(separator)?;
        head.eq_ignore_ascii_case(parent).then_some(rest)
    };
    let parents = ["INBOX", "[Gmail]", "[Google Mail]"];
    parents
        .into_iter()
        .filter_map(below)
        .chain(own)
        .chain([said])
        .find(|name| !name.is_empty() && !name.contains(separator))
}

/// Names are compared without regard to case.
fn fold(name: &str) -> String {
    // The dot above that a Turkish İ leaves behind.
    name.to_lowercase().replace('\u{307}', "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn folders(names: &[&str], separator: char) -> Vec<Listed> {
        let folder = |name: &&str| Listed {
            name: (*name).to_owned(),
            shown: (*name).to_owned(),
            role: (*name == "INBOX").then_some(Role::Inbox),
            separator: Some(separator),
            ..Listed::default()
        };
        names.iter().map(folder).collect()
    }

    fn given(names: &[&str], separator: char, prefix: &str) -> Vec<(String, Option<Role>)> {
        let mut folders = folders(names, separator);
        give(&mut folders, &[prefix.as_bytes().to_vec()]);
        let mut given: Vec<_> = folders.into_iter().map(|f| (f.name, f.role)).collect();
        given.retain(|(name, _)| name != "INBOX");
        given
    }

    #[test]
    fn every_language_at_the_top_below_the_inbox_and_below_a_prefix() {
        let roles = [
            Role::Archive,
            Role::Trash,
            Role::Sent,
            Role::Drafts,
            Role::Spam,
        ];
        for language in LANGUAGES {
            for (above, prefix) in [
                ("", ""),
                ("INBOX/", ""),
                ("INBOX/", "INBOX/"),
                ("Mail/", "Mail/"),
            ] {
                for pick in 0..3 {
                    let names: Vec<String> = roles
                        .iter()
                        .map(|role| {
                            let names = language.names(*role);
                            format!("{above}{}", names[pick % names.len()].to_uppercase())
                        })
                        .collect();
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    for ((name, role), expected) in given(&names, '/', prefix).iter().zip(roles) {
                        assert_eq!(*role, Some(expected), "{name} with prefix {prefix:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_other_folder_is_taken_for_one() {
        let names = [
            "INBOX",
            "Work",
            "Work/Trash",
            "Trashy",
            "INBOX/a/Papierkorb",
            "Mail/Koš",
        ];
        assert!(
            given(&names, '/', "")
                .iter()
                .all(|(_, role)| role.is_none())
        );
    }

    #[test]
    fn the_server_s_word_counts_before_names() {
        let mut folders = folders(&["Deleted Items", "Müll"], '/');
        folders[1].role = Some(Role::Trash);
        folders[1].special = true;
        give(&mut folders, &[]);
        assert_eq!(folders[0].role, None);
    }

    #[test]
    fn of_two_the_one_in_the_language_of_the_others_is_used() {
        let mut folders = folders(
            &[
                "Trash",
                "Papierkorb",
                "Gesendet",
                "Entwürfe",
                "Papierkorb/Alt",
            ],
            '/',
        );
        give(&mut folders, &[]);
        assert_eq!(folders[0].role, Some(Role::Trash));
        assert_eq!(folders[1].role, Some(Role::Trash));
        assert!(folders[1].rank < folders[0].rank);
        assert_eq!(
            (folders[4].role, folders[4].within),
            (None, Some(Role::Trash))
        );
    }
}
