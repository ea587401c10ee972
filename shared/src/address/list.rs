//! Reading addresses that somebody pasted.

use super::read::walk;
use super::{Mailbox, NotAnAddress};

/// Each mailbox of a pasted text, with its words: they stand on lines of their own, or between commas or
/// semicolons. A comma in a name without quotes (`Lee, Ann <ann@example.org>`) parts nobody.
pub fn list(text: &str) -> Vec<(String, Result<Mailbox, NotAnAddress>)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut name = String::new();
        for piece in pieces(line) {
            if piece.contains('@') && !piece.contains('<') {
                read_into(&std::mem::take(&mut name), &mut found);
            }
            let joined = match name.as_str() {
                "" => piece.to_owned(),
                name => format!("{name}, {piece}"),
            };
            let is_half = !piece.contains('@') && !joined.trim().is_empty();
            if is_half {
                name = joined;
                continue;
            }
            name.clear();
            read_into(&joined, &mut found);
        }
        read_into(&name, &mut found);
    }
    found
}

fn read_into(words: &str, found: &mut Vec<(String, Result<Mailbox, NotAnAddress>)>) {
    let words = words.trim();
    if !words.is_empty() {
        found.push((words.to_owned(), Mailbox::read(words)));
    }
}

/// What stands between commas and semicolons that are in no quotes.
fn pieces(line: &str) -> Vec<&str> {
    let mut ends = Vec::new();
    let whole = walk(line, |at, c, is_quoted| {
        if matches!(c, ',' | ';') && !is_quoted {
            ends.push(at);
        }
    });
    if whole.is_err() {
        // A quote is left open: nothing tells where anything ends.
        return vec![line];
    }
    let mut begin = 0;
    let mut pieces: Vec<&str> = Vec::with_capacity(ends.len() + 1);
    for end in ends {
        pieces.push(line[begin..end].trim());
        begin = end + 1;
    }
    pieces.push(line[begin..].trim());
    pieces
}
