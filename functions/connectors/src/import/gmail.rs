//! `X-Gmail-Labels`, in which Google Takeout keeps where a mail was and how it was marked: labels with
//! commas between, quoted where they hold one, and all of it encoded as soon as a letter is not ASCII.
//! The system's labels are in the language of the person who asked for the copy.

use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};

use super::message_state::States;
use super::names::{Meaning, meaning};
use super::recognised::Form;
use crate::headers::{decode, field};

/// The keyword of what a program holds to be important (RFC 8457).
const IMPORTANT: &str = "$Important";

/// Takes place, marks and labels, if they were kept.
pub(super) fn take(header: &[u8], states: &mut States) -> bool {
    let Some(value) = field(header, "X-Gmail-Labels") else {
        return false;
    };
    states.forms.insert(Form::GmailLabels);
    let (mut unread, mut place) = (false, Meaning::Archive);
    for label in split(&unfolded(&decode(value))) {
        // Folders of Gmail as IMAP names them.
        let name = ["[Gmail]/", "[Google Mail]/"]
            .iter()
            .find_map(|prefix| label.strip_prefix(prefix))
            .unwrap_or(&label);
        match meaning(name) {
            Some(Meaning::Unread) => unread = true,
            Some(Meaning::Opened) => {}
            Some(Meaning::Starred) => states.set(FLAGGED, true),
            Some(Meaning::Important) => states.set(IMPORTANT, true),
            Some(folder) if rank(folder) > rank(place) => place = folder,
            Some(_) => {}
            None => match label.strip_prefix("IMAP_") {
                // Keywords that were set over IMAP.
                Some(keyword) => states.keyword(keyword),
                None => {
                    states.labels.insert(label);
                }
            },
        }
    }
    states.set(SEEN, !unread);
    states.folder = place.folder();
    true
}

/// A mail in Gmail has all its labels at once; here it is in one folder, the most telling one.
fn rank(place: Meaning) -> u8 {
    match place {
        Meaning::Trash => 5,
        Meaning::Spam => 4,
        Meaning::Drafts => 3,
        Meaning::Inbox => 2,
        Meaning::Sent => 1,
        _ => 0,
    }
}

/// One line: a line's end inside was put there to fold it.
fn unfolded(value: &str) -> String {
    value.split(['\r', '\n']).collect()
}

/// Splits at commas outside quotes; a quote inside is doubled or has a backslash before it.
fn split(value: &str) -> Vec<String> {
    let mut labels = vec![String::new()];
    let mut quoted = false;
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let Some(label) = labels.last_mut() else {
            break;
        };
        match c {
            '\\' if quoted && matches!(next, Some('"' | '\\')) => label.extend(rest.next()),
            '"' if quoted && next == Some('"') => label.extend(rest.next()),
            '"' if quoted => quoted = false,
            '"' if label.trim().is_empty() => {
                label.clear();
                quoted = true;
            }
            ',' if !quoted => labels.push(String::new()),
            c => label.push(c),
        }
    }
    labels
        .iter()
        .map(|label| label.trim().to_owned())
        .filter(|label| !label.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Folder, flags and labels.
    fn read(value: &str) -> (&'static str, Vec<String>, Vec<String>) {
        let states = States::read(format!("X-Gmail-Labels: {value}\r\nStatus: O\r\n").as_bytes());
        let folder = states.folder.unwrap();
        (
            folder,
            states.flags.into_iter().collect(),
            states.labels.into_iter().collect(),
        )
    }

    fn expected(
        folder: &'static str,
        flags: &[&str],
        labels: &[&str],
    ) -> (&'static str, Vec<String>, Vec<String>) {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        (folder, owned(flags), owned(labels))
    }

    #[test]
    fn plain_encoded_folded_quoted_and_translated_labels() {
        const STAR: &str = "\\Flagged";
        const SEEN: &str = "\\Seen";
        for (value, read_as) in [
            ("Inbox,Unread,Reisen", expected("INBOX", &[], &["Reisen"])),
            (
                "=?UTF-8?Q?Inbox,Unread,Starred,B=C3=BCro/K=C3=B6ln?=",
                expected("INBOX", &[STAR], &["Büro/Köln"]),
            ),
            (
                "=?UTF-8?Q?Posteingang,Ungelesen,Markiert,B=C3=BCro?=",
                expected("INBOX", &[STAR], &["Büro"]),
            ),
            (
                "=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Non_lus,Suivis,Caf=C3=A9?=",
                expected("INBOX", &[STAR], &["Café"]),
            ),
            (
                "=?UTF-8?Q?Messages_archiv=C3=A9s,Ouvert,Projekt_=C3?=\r\n =?UTF-8?Q?=9Cbersicht_2026?=",
                expected("Archive", &[SEEN], &["Projekt Übersicht 2026"]),
            ),
            (
                "Inbox,\"Smith, Jones & Co\",Opened",
                expected("INBOX", &[SEEN], &["Smith, Jones & Co"]),
            ),
            (
                "=?UTF-8?B?VHJhc2gsVW5yZWFkLE3DvGxs?=",
                expected("Trash", &[], &["Müll"]),
            ),
            (
                "=?UTF-8?Q?=C3=85pnet,Kategori:_Reklame?=",
                expected("Archive", &[SEEN], &["Kategori: Reklame"]),
            ),
            (
                "Archived,Unread,\r\n My trips,Work/A",
                expected("Archive", &[], &["My trips", "Work/A"]),
            ),
            (
                "Sent,Inbox,Important",
                expected("INBOX", &["$Important", SEEN], &[]),
            ),
            (
                "IMAP_$Forwarded,IMAP_NonJunk,Sent",
                expected("Sent", &["$Forwarded", "$NotJunk", SEEN], &[]),
            ),
            (
                "[Gmail]/Trash,\"a \\\"b\\\"\",\"c \"\"d\"\"\"",
                expected("Trash", &[SEEN], &["a \"b\"", "c \"d\""]),
            ),
            (
                "=?UTF-8?B?5Y+X5L+h44OI44Os44KkLOacquiqrSzku5Xkuos=?=",
                expected("INBOX", &[], &["仕事"]),
            ),
            ("", expected("Archive", &[SEEN], &[])),
            (",\" ,", expected("Archive", &[SEEN], &[","])),
        ] {
            assert_eq!(read(value), read_as, "{value}");
        }
    }
}
