//! Lists of flags as servers write them. A keyword may hold any odd character: it ends at a space or
//! where the list ends, and nowhere else.

use super::values::{Reader, number};

/// What every claim keyword begins with.
pub(super) const CLAIM: &str = "$bh-";

/// Flags that IMAP itself names, in the spelling of the RFC.
const SYSTEM: [&str; 6] = [
    "\\Answered",
    "\\Deleted",
    "\\Draft",
    "\\Flagged",
    "\\Recent",
    "\\Seen",
];

/// Reads a list in parentheses; none if it is none, or if nobody can tell where it ends.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let mut list = *reader;
    list.spaces();
    (list.skip(1)? == b"(").then_some(())?;
    let mut flags = Vec::new();
    loop {
        list.spaces();
        if closes(list.rest) {
            list.skip(1)?;
            *reader = list;
            return Some(flags);
        }
        if begins_item(list.rest) {
            return None;
        }
        let ends = |(at, byte): (usize, &u8)| {
            matches!(byte, b' ' | b'\r' | b'\n')
                || *byte == b')' && list.rest.get(at..).is_some_and(closes)
        };
        let end = list.rest.iter().enumerate().position(ends)?;
        flags.push(name(list.skip(end).filter(|flag| !flag.is_empty())?));
    }
}

/// A parenthesis that ends the list, and is no letter of a keyword.
fn closes(rest: &[u8]) -> bool {
    rest.first() == Some(&b')')
        && rest
            .get(1)
            .is_none_or(|next| matches!(next, b' ' | b')' | b']' | b'\r' | b'\n'))
}

/// Whether another data item of a FETCH begins here: then the list was never closed.
fn begins_item(rest: &[u8]) -> bool {
    let mut reader = Reader::new(rest);
    let Some(item) = reader.word() else {
        return false;
    };
    reader.spaces();
    let next = reader.peek();
    match item.to_ascii_uppercase().as_slice() {
        b"UID" | b"RFC822.SIZE" => reader.word().is_some_and(|word| number(word).is_some()),
        b"MODSEQ" | b"EMAILID" | b"THREADID" => next == Some(b'('),
        b"INTERNALDATE" => next == Some(b'"'),
        other => other.starts_with(b"BODY[") && matches!(next, Some(b'{' | b'"')),
    }
}

/// A flag's name; system flags in the spelling of the RFC, whatever the server's case.
fn name(flag: &[u8]) -> String {
    let name = String::from_utf8_lossy(flag).into_owned();
    let known = SYSTEM
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name));
    known.map_or(name, |known| (*known).to_owned())
}

/// Whether a flag is one of our claims.
pub(super) fn is_claim(flag: &str) -> bool {
    flag.get(..CLAIM.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(CLAIM))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn list(text: &str) -> Option<Vec<String>> {
        read(&mut Reader::new(text.as_bytes()))
    }

    #[test]
    fn brackets_and_quotes_are_letters() {
        assert_eq!(
            list("(\\SEEN [urgent a]b {3} \"q\" 100% x)y (z) INTERNALDATE"),
            Some(
                [
                    "\\Seen", "[urgent", "a]b", "{3}", "\"q\"", "100%", "x)y", "(z"
                ]
                .map(str::to_owned)
                .to_vec()
            )
        );
        assert_eq!(list("( ) x"), Some(Vec::new()));
        let mut reader = Reader::new(b"(a) UID 7");
        read(&mut reader).unwrap();
        assert_eq!(reader.rest, b" UID 7");
    }

    #[test]
    fn a_list_without_an_end_takes_nothing_else_along() {
        for text in [
            "",
            "NIL",
            "(",
            "(a",
            "(a\r\n)",
            "(\\Seen work UID 12 MODSEQ (99)",
            "(a MODSEQ (99))",
            "(a INTERNALDATE \"x\")",
        ] {
            assert_eq!(list(text), None, "{text}");
        }
        // Somebody may call a label so.
        assert_eq!(list("(UID work)").unwrap(), ["UID", "work"]);
    }
}
