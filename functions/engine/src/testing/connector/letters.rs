//! The small mailbox that the suite knows by heart.

use jiff::Timestamp;

/// A mail to load before the suite runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Begins its subject, and is its Message-ID before `@letters.example`. Unique.
    pub name: &'static str,
    /// The folder to load it into: `INBOX`, `Archive`, `Trash` or `Work`.
    pub folder: &'static str,
    /// System flags and labels to load it with.
    pub flags: Vec<&'static str>,
    /// When it was received (IMAP INTERNALDATE).
    pub received: Timestamp,
    /// Its sender's bare address.
    pub sender: &'static str,
    /// The message, with CRLF.
    pub raw: Vec<u8>,
}

const SEEN: &str = "\\Seen";
const FLAGGED: &str = "\\Flagged";

/// Everything the mailbox holds: folders `INBOX`, `Archive` and `Trash` with their roles, and `Work`.
pub fn letters() -> Vec<Letter> {
    let mut letters = vec![
        letter(
            "apple",
            "INBOX",
            &[],
            "2026-05-30",
            "ann@one.example",
            "fresh fruit",
            "Crates of them.",
        ),
        letter(
            "banana",
            "INBOX",
            &[SEEN],
            "2026-05-29",
            "ann@one.example",
            "fresh fruit",
            "Yellow ones.",
        ),
        letter(
            "cherry",
            "INBOX",
            &[FLAGGED],
            "2026-05-20",
            "bob@two.example",
            "pie recipe",
            "Stones out first.",
        ),
        letter(
            "date",
            "INBOX",
            &[SEEN, FLAGGED],
            "2026-04-10",
            "bob@two.example",
            "palm trees",
            "See the attached lighthouse.",
        ),
        letter(
            "elder",
            "INBOX",
            &[SEEN, "todo"],
            "2025-12-24",
            "cara@two.example",
            "syrup",
            "With lemons.",
        ),
        letter(
            "fig",
            "INBOX",
            &["todo", "garden"],
            "2025-07-01",
            "cara@two.example",
            "tree delivery",
            "Bring gloves.",
        ),
        letter(
            "grape",
            "INBOX",
            &[],
            "2024-02-29",
            "dan@three.example",
            "=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=",
            "Greetings.",
        ),
        letter(
            "hazel",
            "Archive",
            &[SEEN],
            "2024-01-15",
            "ann@one.example",
            "nuts",
            "Cracked.",
        ),
        letter(
            "iris",
            "Archive",
            &[],
            "2023-06-01",
            "dan@three.example",
            "flowers",
            "No fruit, and no lighthouse either.",
        ),
        letter(
            "juniper",
            "Work",
            &[SEEN],
            "2023-05-01",
            "eve@four.example",
            "meeting notes",
            "Budget and berries.",
        ),
        letter(
            "kiwi",
            "Work",
            &[],
            "2022-09-09",
            "eve@four.example",
            "large report",
            "The figures.",
        ),
        letter(
            "lemon",
            "Trash",
            &[SEEN],
            "2022-01-02",
            "ann@one.example",
            "sour fruit",
            "Thrown away.",
        ),
    ];
    for letter in &mut letters {
        if letter.name == "kiwi" {
            let line = [b"figures and more figures ".repeat(3), b"\r\n".to_vec()].concat();
            letter.raw.extend(line.repeat(800));
        }
    }
    letters
}

fn letter(
    name: &'static str,
    folder: &'static str,
    flags: &'static [&'static str],
    day: &str,
    sender: &'static str,
    subject: &str,
    text: &str,
) -> Letter {
    let received: Timestamp = format!("{day}T10:20:30Z").parse().unwrap();
    let date = jiff::fmt::rfc2822::to_string(&received.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let raw = format!(
        "Date: {date}\r\nFrom: Somebody <{sender}>\r\nTo: Owner <owner@home.example>\r\n\
         Subject: {name} {subject}\r\nMessage-ID: <{name}@letters.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    );
    Letter {
        name,
        folder,
        flags: flags.to_vec(),
        received,
        sender,
        raw: raw.into_bytes(),
    }
}
