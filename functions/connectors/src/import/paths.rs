//! What the paths of files tell: which folder a mail was in, and which files hold none.

use super::files::Entry;
use super::names::meaning;

/// Bytes of a folder's name, most, as for a move (`Operation::validate`).
const FOLDER_BYTES: usize = bulkhead_shared::limits::FOLDER_NAME_BYTES;

/// The directory of a path, and its last part.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The directories of a path and its last part: without what leads somewhere else, which an archive may
/// name as it likes (`..`, a drive).
pub(super) fn parts(path: &str) -> Vec<&str> {
    let leads_away = |part: &str| {
        let is_drive = part.len() == 2 && part.ends_with(':');
        part.is_empty() || part == "." || part == ".." || is_drive
    };
    path.split('/').filter(|part| !leads_away(part)).collect()
}

/// What mail programs and servers keep beside mails, and what systems leave everywhere.
pub(super) fn holds_no_mail(name: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        ".",
        "dovecot-",
        "dovecot.",
        "courierimap",
        "maildirsize",
        "maildirfolder",
        "subscriptions",
        "__MACOSX",
    ];
    const ENDINGS: [&str; 9] = [
        ".msf",
        ".dat",
        ".toc",
        ".plist",
        ".html",
        ".json",
        ".sqlite",
        ".index",
        "table_of_contents",
    ];
    let name = name.to_lowercase();
    BEGINNINGS
        .iter()
        .any(|beginning| name.starts_with(&beginning.to_lowercase()))
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The one directory that holds everything, unless its name is that of a folder or it is one of a Maildir.
pub(super) fn directory_around(entries: &[Entry]) -> String {
    let first = entries.first().and_then(|entry| entry.path.split_once('/'));
    let Some((directory, _)) = first else {
        return String::new();
    };
    let around = format!("{directory}/");
    let says_nothing = meaning(directory).is_none()
        && !directory.starts_with('.')
        && !directory.ends_with(".mbox")
        && !["cur", "new", "tmp"].contains(&directory);
    match says_nothing && entries.iter().all(|entry| entry.path.starts_with(&around)) {
        true => around,
        false => String::new(),
    }
}

/// The folder that an mbox file is: its path without what programs put behind names. Apple Mail puts a
/// file `mbox` into a directory of the folder's name.
pub(super) fn mbox_folder(path: &str) -> Vec<String> {
    let mut parts = parts(path);
    if parts.len() > 1 && parts.last() == Some(&"mbox") {
        parts.pop();
    }
    plain_folder(&parts)
}

pub(super) fn plain_folder(parts: &[&str]) -> Vec<String> {
    let bare = |part: &&str| {
        let endings = [".sbd", ".mbox", ".mbx"];
        let bare = endings.iter().find_map(|ending| part.strip_suffix(ending));
        bare.unwrap_or(part).to_owned()
    };
    parts.iter().map(bare).collect()
}

/// A folder's name as the sandbox has it; none for the inbox. One that every mailbox has is known in
/// whatever language.
pub(super) fn name_of(mut parts: Vec<String>) -> Option<String> {
    if parts.len() > 1
        && parts
            .first()
            .is_some_and(|part| part.eq_ignore_ascii_case("INBOX"))
    {
        parts.remove(0);
    }
    let known = match parts.as_slice() {
        [] => return None,
        [one] => meaning(one).and_then(|meaning| meaning.folder()),
        _ => None,
    };
    let name = known.map_or_else(|| parts.join("/"), str::to_owned);
    let mut name: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    while name.len() > FOLDER_BYTES {
        name.pop();
    }
    Some(name)
}
