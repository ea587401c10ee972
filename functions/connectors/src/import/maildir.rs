//! Names in a Maildir: a file for each message in `cur` and `new`, flags at the end of its name, letters
//! for keywords whose names are in a file beside them, and folders whose names begin with a dot.

use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};

use super::message_state::{ANSWERED, DRAFT, FORWARDED};
use crate::imap::utf7;

/// What the letters of a name tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// System flags and keywords.
    pub(super) flags: Vec<String>,
    /// `T`: trashed, and not tidied up yet.
    pub(super) deleted: bool,
    /// Letters of keywords.
    pub(super) keywords: Vec<char>,
}

/// What stands before the flags. A colon is no letter of a name on Windows: programs write `;` or `!` for
/// it, and WSL, Cygwin and shares of a Mac write letters that nothing else uses.
const MARKS: [&str; 5] = [":2,", ";2,", "!2,", "\u{f03a}2,", "\u{f022}2,"];

/// The flags of a name, `1772528400.M1P1.host,S=74:2,FS`: they stand behind the last `:2,` only, up to the
/// next comma. Everything before is the message's own name,
/// with its sizes in it. None if the name tells no flags.
pub(super) fn told(name: &str) -> Option<Told> {
    let ends = MARKS.iter();
    let end = ends
        .filter_map(|mark| Some(name.rfind(mark)? + mark.len()))
        .max()?;
    let letters = name.get(end..)?.split(',').next()?;
    if !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut told = Told::default();
    for letter in letters.chars() {
        match letter {
            'D' => told.flags.push(DRAFT.to_owned()),
            'F' => told.flags.push(FLAGGED.to_owned()),
            'P' => told.flags.push(FORWARDED.to_owned()),
            'R' => told.flags.push(ANSWERED.to_owned()),
            'S' => told.flags.push(SEEN.to_owned()),
            'T' => told.deleted = true,
            letter if letter.is_ascii_lowercase() => told.keywords.push(letter),
            _ => {}
        }
    }
    Some(told)
}

/// When the message was delivered, by its name's first number (seconds, as every writer has it).
pub(super) fn delivered(name: &str) -> Option<jiff::Timestamp> {
    let (seconds, _) = name.split_once('.')?;
    jiff::Timestamp::from_second(seconds.parse().ok()?).ok()
}

/// The keywords of a folder, as Dovecot keeps them in `dovecot-keywords`: `0 work` names the letter `a`.
#[derive(Debug, Default)]
pub(super) struct Keywords(std::collections::BTreeMap<char, String>);

impl Keywords {
    pub(super) fn read(text: &str) -> Self {
        let line = |line: &str| {
            let (number, name) = line.split_once(' ')?;
            let number: u8 = number.parse().ok().filter(|&number| number < 26)?;
            Some((char::from(b'a' + number), name.trim().to_owned()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    pub(super) fn name(&self, letter: char) -> Option<&str> {
        self.0.get(&letter).map(String::as_str)
    }
}

/// The folder that a directory of a Maildir is, its path below the outermost given in parts:
/// `.Sent.2020` is `Sent/2020` (Maildir++), `Sent/2020` is too (layout `fs`). Empty for the inbox.
pub(super) fn folder(path: &[&str]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path {
        match part.strip_prefix('.') {
            Some(name) => parts.extend(name.split('.').map(|part| utf7::decode(part.as_bytes()))),
            None => parts.push(utf7::decode(part.as_bytes())),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(name: &str) -> Option<String> {
        told(name).map(|told| {
            let deleted = if told.deleted { " deleted" } else { "" };
            let keywords: String = told.keywords.into_iter().collect();
            format!("{}{deleted} {keywords}", told.flags.join(" "))
        })
    }

    #[test]
    fn flags_stand_at_the_end_only() {
        for (name, read) in [
            ("1772528400.M1P1.mail2,S=74,W=79", None),
            ("1772528404.M5P1.mail2,S=74,W=79", None),
            ("1.a.host", None),
            ("1.a.host:1,FS", None),
            ("1.a.host2,FS", None),
            ("1.a.host:2,", Some(" ")),
            ("1.a.host:2,FS", Some("\\Flagged \\Seen ")),
            ("1.a.host,S=74,W=79:2,RS", Some("\\Answered \\Seen ")),
            ("1.a.host;2,S", Some("\\Seen ")),
            ("1.a.host!2,DP", Some("\\Draft $Forwarded ")),
            ("1.a.host\u{f03a}2,S", Some("\\Seen ")),
            ("1.a.host\u{f022}2,FS", Some("\\Flagged \\Seen ")),
            ("1.a.host2,S:2,S", Some("\\Seen ")),
            ("1.a.host:2,ST", Some("\\Seen deleted ")),
            ("1.a.host:2,Sab", Some("\\Seen ab")),
            ("1.a.host:2,S,more", Some("\\Seen ")),
            ("1.a:2,R.host:2,F", Some("\\Flagged ")),
            ("1.a.host:2,S=74", None),
            ("1.a.host:2,F S", None),
        ] {
            assert_eq!(flags(name).as_deref(), read, "{name}");
        }
    }

    #[test]
    fn letters_have_the_names_that_dovecot_keeps() {
        let keywords = Keywords::read("0 $label1\n1 work\n25 last\n26 none\nx y\n\n");
        assert_eq!(keywords.name('a'), Some("$label1"));
        assert_eq!(keywords.name('b'), Some("work"));
        assert_eq!(keywords.name('z'), Some("last"));
        assert_eq!(keywords.name('c'), None);
    }

    #[test]
    fn directories_are_folders() {
        for (path, name) in [
            (&[][..], ""),
            (&[".Sent.2020"], "Sent/2020"),
            (&[".INBOX.Sent"], "INBOX/Sent"),
            (&[".Entw&APw-rfe"], "Entwürfe"),
            (&["Sent", "2020"], "Sent/2020"),
            (&["."], ""),
        ] {
            assert_eq!(folder(path).join("/"), name, "{path:?}");
        }
    }
}
