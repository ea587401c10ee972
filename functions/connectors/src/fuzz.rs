//! Ways in for made-up input: `cargo xtask fuzz` calls them with whatever it makes up, and a test with all
//! that it once found. Each takes any bytes, and ends without a panic; what else has to hold is asserted.
#![allow(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a promise that does not hold has to end the run"
)]

use std::io::Cursor;

use bulkhead_engine::kinds::mbox::Quoter;
use bulkhead_engine::{bounces, letters};
use bulkhead_shared::address::{self, Mailbox};
use bulkhead_shared::api::LookAtLetters;
use bulkhead_shared::csv::{Grid, Limits, guard, unguard};
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::query::Query;
use bulkhead_shared::vcard::table::Table;
use bulkhead_shared::vcard::{Card, cards, content_key};
use jiff::Timestamp;
use serde_json::json;

use crate::headers;
use crate::import::{Mbox, Reader};

pub use crate::imap::fuzz::imap_answers;

/// Messages of an mbox file. Out and in again they are as they were, but for what the form cannot keep.
pub fn mbox(input: &[u8]) {
    let messages = messages(input);
    let mut file = Vec::new();
    for message in &messages {
        file.extend(Quoter::separator(Timestamp::UNIX_EPOCH, "ann@example.org"));
        let mut quoter = Quoter::default();
        quoter.push(message, &mut file);
        quoter.end(&mut file);
    }
    let again = self::messages(&file);
    let kept: Vec<_> = messages.iter().map(|message| kept(message)).collect();
    assert_eq!(again, kept, "out and in again");
}

fn messages(file: &[u8]) -> Vec<Vec<u8>> {
    let mut mbox = Mbox::new(Cursor::new(file.to_vec()));
    let messages = mbox.by_ref().flatten();
    let messages = messages.map(|message| {
        // What it says of itself is read, too.
        let _ = message.envelope();
        message.raw
    });
    let messages = messages.collect();
    let _ = mbox.recognised().lines().count();
    messages
}

/// A message as an mbox file keeps it: lines end in LF, the last one as well.
fn kept(message: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for (place, &byte) in message.iter().enumerate() {
        if byte != b'\r' || message.get(place + 1) != Some(&b'\n') {
            kept.push(byte);
        }
    }
    if kept.last() != Some(&b'\n') {
        kept.push(b'\n');
    }
    kept
}

/// The headers of a message as a list shows them.
pub fn mime_headers(input: &[u8]) {
    let shown = headers::shown(input, 500);
    // Raw protocol text never reaches a screen.
    assert!(!shown.subject.contains(['\r', '\n', '\0']));
    let _ = headers::decode(input);
}

/// Cards. One that is written and read again says the same.
pub fn vcard(input: &[u8]) {
    for card in cards(input).into_iter().flatten().flatten() {
        let _ = card.shown();
        let again = Card::read(&card.bytes());
        let same = again.is_ok_and(|again| content_key(&again) == content_key(&card));
        assert!(same, "written and read again");
    }
}

/// Tables of contacts and of mailboxes, and cells that a spreadsheet may not run.
pub fn csv(input: &[u8]) {
    if let Ok(table) = Table::read(input) {
        for row in 0..table.rows().min(1_000) {
            let _ = table.card(row, "uid");
        }
    }
    for purpose in [Purpose::Recover, Purpose::Restore] {
        let Ok(grid) = Grid::read(input, Limits::default()) else {
            break;
        };
        let Ok(mut sheet) = Sheet::new(purpose, grid) else {
            continue;
        };
        for row in 0..sheet.len().min(100) {
            assert_eq!(sheet.faults(row).is_empty(), !sheet.is_wrong(row));
            sheet.mend(row, 0, "=1");
            let _ = (sheet.row(row), sheet.number(row));
        }
    }
    let cell = String::from_utf8_lossy(input);
    assert_eq!(unguard(&guard(&cell)), cell, "guarded and unguarded");
}

/// Queries as people type them.
pub fn queries(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Err(error) = Query::parse(&text) {
        assert!(!error.to_string().is_empty());
    }
}

/// Addresses, alone and in lists. One that is written and read again is the same.
pub fn addresses(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let alone = Mailbox::read(&text).ok();
    let listed = address::list(&text);
    for mailbox in listed
        .into_iter()
        .filter_map(|(_, read)| read.ok())
        .chain(alone)
    {
        let written = mailbox.to_string();
        let again = Mailbox::read(&written);
        assert_eq!(again.as_ref(), Ok(&mailbox), "{written:?}");
    }
}

/// Reports of mails that came back. What is shown of one is a line, and ends.
pub fn bounces(input: &[u8]) {
    for address in ["bo@example.net", "nobody@example.org"] {
        let said = bounces::told_of(input, address).unwrap_or_default();
        assert!(!said.chars().any(char::is_control), "{said:?}");
        assert!(said.len() < 4_096, "{} bytes", said.len());
    }
}

/// Templates of a mail (subject, text, HTML) and a value for them, with a NUL between. Whatever they are, they end,
/// a header is one line, and lines end as servers want it.
pub fn templates(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut parts = input.splitn(4, '\0');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (subject, text, html, name) = (part(), part(), part(), part());
    let wanted = json!({
        "operation": {"from": "alice@example.org", "subject": subject, "text": text, "html": html},
        "rows": [{"to": "bo@example.org", "name": name, "amount": 1}],
    });
    let Ok(wanted) = serde_json::from_value::<LookAtLetters>(wanted) else {
        return;
    };
    let Ok(seen) = letters::look(&wanted, |_, _| None, Timestamp::UNIX_EPOCH) else {
        return;
    };
    for letter in seen.letters {
        assert!(
            !letter.subject.contains(['\r', '\n']),
            "{:?}",
            letter.subject
        );
        let head = letter.source.split("\r\n\r\n").next().unwrap_or_default();
        let rest = letter.source.replace("\r\n", "");
        assert!(
            !rest.contains(['\r', '\n']),
            "servers refuse bare line ends"
        );
        let others = head
            .lines()
            .filter(|line| line.to_lowercase().starts_with("bcc:"));
        assert_eq!(others.count(), 0, "{head:?}");
    }
}
