//! The lines that begin a message: `From ann@example.org Thu Jan  1 10:00:00 2026`, in the many ways
//! in which writers have put them down in forty years.

use jiff::Timestamp;

/// A line that may begin a message, judged by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A sender and a date that can be read.
    Dated(Timestamp),
    /// One word, or none: `From MAILER-DAEMON`.
    Word,
    /// A patch as `git format-patch` writes it, with its fixed date: begins a message where the whole
    /// file is of such, and is text wherever else it stands.
    Patch,
}

/// The date of every patch.
const PATCH_DATE: &str = "Mon Sep 17 00:00:00 2001";

/// Whether this line begins with `From `.
pub(super) fn begins(line: &[u8]) -> bool {
    line.starts_with(b"From ")
}

/// Judges a line; none if it is text.
pub(super) fn read(line: &[u8]) -> Option<Separator> {
    let text = line.strip_prefix(b"From ")?;
    let text = String::from_utf8_lossy(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [sender, date @ ..] = words.as_slice()
        && sender.len() == 40
        && sender.bytes().all(|byte| byte.is_ascii_hexdigit())
        && date.join(" ") == PATCH_DATE
    {
        return Some(Separator::Patch);
    }
    if words.len() <= 1 {
        return Some(Separator::Word);
    }
    // UUCP says from which machine it came.
    let words = match words.as_slice() {
        [before @ .., "remote", "from", _] => before,
        all => all,
    };
    (0..words.len().min(SENDER_WORDS_MOST + 1)).find_map(|sender| {
        let (sender, date) = words.split_at_checked(sender)?;
        is_sender(sender).then(|| super::date::date(date).map(Separator::Dated))?
    })
}

/// Words of a sender, most: a name before an address.
const SENDER_WORDS_MOST: usize = 6;

/// One word of any kind, none, or several with an address among them (`ann at example.org` too, which is
/// how mailing lists' archives hide it).
fn is_sender(words: &[&str]) -> bool {
    words.len() <= 1
        || words.iter().any(|word| word.contains('@'))
        || (words.len() == 3 && words.get(1) == Some(&"at"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn dated(time: &str) -> Option<Separator> {
        Some(Separator::Dated(time.parse().unwrap()))
    }

    #[test]
    fn dates_are_read_in_every_form_that_writers_use() {
        for (line, time) in [
            (
                "a@example.com Thu Jan  1 10:00:00 2026",
                "2026-01-01T10:00:00Z",
            ),
            (
                "MAILER-DAEMON Thu Jan  1 10:00:00 2026",
                "2026-01-01T10:00:00Z",
            ),
            ("- Tue Jul 11 12:08:34 2011", "2011-07-11T12:08:34Z"),
            ("???@??? Wed Mar 04 09:00:00 2026", "2026-03-04T09:00:00Z"),
            (
                "1234567890@xxx Mon Jan 05 12:00:00 +0200 2026",
                "2026-01-05T10:00:00Z",
            ),
            ("jwz Fri, Jul 01 09:13:09 1994", "1994-07-01T09:13:09Z"),
            ("jwz Fri Jul  1 09:13:09 1994 PST", "1994-07-01T17:13:09Z"),
            ("jwz Fri Jul  1 09:13:09 PST 1994", "1994-07-01T17:13:09Z"),
            (
                "jwz Fri Jul  1 09:13:09 1994 (+0700)",
                "1994-07-01T02:13:09Z",
            ),
            ("jwz Fri Jul  1 09:13 1994", "1994-07-01T09:13:00Z"),
            ("jwz Fri Jul  1 09:13:09 94", "1994-07-01T09:13:09Z"),
            ("jwz Fri Jul  1 09:13:09 26", "2026-07-01T09:13:09Z"),
            ("a Fri, 1 Jul 1994 09:13:09 +0100", "1994-07-01T08:13:09Z"),
            ("a Friday, 1 July 1994 09:13:09 GMT", "1994-07-01T09:13:09Z"),
            ("a 1-Jul-1994 09:13:09 -0700", "1994-07-01T16:13:09Z"),
            ("a 1994-07-01 09:13:09", "1994-07-01T09:13:09Z"),
            ("a 1994-07-01T09:13:09Z", "1994-07-01T09:13:09Z"),
            ("a 1994-07-01T09:13:09", "1994-07-01T09:13:09Z"),
            ("a Jul 1 1994 9:13:09 PM", "1994-07-01T21:13:09Z"),
            (
                "host!ann Fri Jul  1 09:13:09 1994 remote from host",
                "1994-07-01T09:13:09Z",
            ),
            (
                "ann at example.org  Fri Jul  1 09:13:09 1994",
                "1994-07-01T09:13:09Z",
            ),
            (
                "Ann Lee <ann@example.org> Fri Jul 1 09:13:09 1994",
                "1994-07-01T09:13:09Z",
            ),
            ("Fri Jul  1 09:13:09 1994", "1994-07-01T09:13:09Z"),
            // ImportExportTools, and Email::Outlook::Message.
            (
                "- no-reply@cc.example.com  Mon Oct 16 2023 16:18:56 GMT-0700",
                "2023-10-16T23:18:56Z",
            ),
            (
                "Kamil <kamil@example.info>  Wed Jan  2 16:34:35 2019",
                "2019-01-02T16:34:35Z",
            ),
            ("a Sat Dec 31 23:59:60 2016", "2016-12-31T23:59:59Z"),
        ] {
            for end in ["\n", "\r\n", "\r", "", "  \n"] {
                let line = format!("From {line}{end}");
                assert_eq!(read(line.as_bytes()), dated(time), "{line:?}");
            }
        }
    }

    #[test]
    fn one_word_alone_is_a_separator_in_doubt() {
        for line in [
            "From MAILER-DAEMON\n",
            "From a",
            "From \r\n",
            "From   x  \n",
        ] {
            assert_eq!(read(line.as_bytes()), Some(Separator::Word), "{line:?}");
        }
    }

    #[test]
    fn sentences_are_text() {
        for line in [
            "From my side nothing else: the rest is fine.",
            "From 3 pm we are closed.",
            "From Monday to Friday 10:00 to 12:00",
            "From Berlin, Jan 3 2026",
            "From ann@example.org with love",
            "From ann@example.org Wed Mar 4 2026",
            "From ann@example.org Wed Mar  4 09:00:00 2026 and on",
            "From our office on Wed Mar  4 09:00:00 2026",
            "From ann@example.org Foo Bar  4 09:00:00 2026",
            "From ann@example.org Wed Mar 44 09:00:00 2026",
            "From ann Wed Wed Mar 4 09:00:00 2026",
            "From 2 to 3",
            "From 10:00 on",
            "From caf\u{e9} to bar",
            "from a@example.com Thu Jan  1 10:00:00 2026",
            ">From a@example.com Thu Jan  1 10:00:00 2026",
            "From:a",
            "Fromage",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line:?}");
        }
        assert_eq!(read(b"From \xff\xfe \xff\n"), None);
    }

    #[test]
    fn patches_are_told_apart() {
        let line = format!("From {} Mon Sep 17 00:00:00 2001\n", "0a".repeat(20));
        assert_eq!(read(line.as_bytes()), Some(Separator::Patch));
    }
}
