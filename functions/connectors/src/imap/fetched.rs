//! FETCH responses, read leniently: an odd value costs its own field and no other.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::flags::{self, is_claim};
use super::structure;
use super::values::{Reader, Value};
use crate::attachments::has_file;

/// Fields of one response that may be beyond understanding before the rest is not looked at either.
const UNREADABLE_MOST: usize = 8;

/// What a FETCH response told about a message; fields that were not told, or cannot be read, are none.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Fetched {
    pub(super) uid: u32,
    /// Without `\Recent` and claims.
    pub(super) flags: Option<BTreeSet<String>>,
    /// The claim keywords among its flags.
    pub(super) claims: BTreeSet<String>,
    pub(super) modseq: Option<u64>,
    pub(super) size: Option<u64>,
    pub(super) received: Option<Timestamp>,
    /// EMAILID or X-GUID: what the server itself calls the message, wherever it is.
    pub(super) guid: Option<String>,
    /// The header fields that were asked for.
    pub(super) header: Option<Vec<u8>>,
    /// Whether a file is attached, by the structure (none: encrypted, or not told).
    pub(super) has_file: Option<bool>,
    /// The whole message, where it is short and was not streamed.
    pub(super) body: Option<Vec<u8>>,
    /// The UID came before any literal, so a streamed body can be told from another.
    pub(super) uid_first: bool,
}

/// Splits `* 12 FETCH (…` into what follows the parenthesis; none if it is something else.
fn fetch_body(raw: &[u8]) -> Option<&[u8]> {
    let rest = raw.strip_prefix(b"* ")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (name, body) = rest.get(digits..)?.split_at_checked(6)?;
    let is_fetch = digits > 0 && name.eq_ignore_ascii_case(b" FETCH");
    // Some servers leave the blank out.
    is_fetch.then(|| body.trim_ascii_start().strip_prefix(b"("))?
}

/// Whether this begins like a FETCH response.
pub(super) fn is_fetch(raw: &[u8]) -> bool {
    fetch_body(raw).is_some()
}

/// Reads a FETCH response; none if it is none, or tells no UID.
pub(super) fn read(raw: &[u8]) -> Option<Fetched> {
    let mut reader = Reader::new(fetch_body(raw)?);
    let mut fetched = Fetched::default();
    let mut literal_seen = false;
    let mut unreadable = 0;
    let mut uid = 0;
    loop {
        reader.spaces();
        if reader.peek().is_none_or(|byte| byte == b')') && !more_follows(reader) {
            break;
        }
        let before = reader;
        let Some(is_literal) = field(&mut reader, &mut fetched) else {
            unreadable += 1;
            reader = before;
            if unreadable > UNREADABLE_MOST || !to_next_item(&mut reader) {
                break;
            }
            continue;
        };
        literal_seen |= is_literal && fetched.uid == 0;
        if fetched.uid != uid && uid != 0 {
            // Two messages in one response.
            return None;
        }
        uid = fetched.uid;
    }
    fetched.uid_first = !literal_seen;
    (fetched.uid != 0).then_some(fetched)
}

/// Reads a data item with its value; whether it was a literal. None if it makes no sense.
fn field(reader: &mut Reader<'_>, fetched: &mut Fetched) -> Option<bool> {
    let name = reader.item()?.to_ascii_uppercase();
    reader.spaces();
    let is_literal = matches!(reader.peek(), Some(b'{' | b'~'));
    if name == b"FLAGS" {
        let (claims, flags) = flags::read(reader)?
            .into_iter()
            .filter(|flag| flag != "\\Recent")
            .partition(|flag| is_claim(flag));
        (fetched.claims, fetched.flags) = (claims, Some(flags));
        return Some(false);
    }
    if is_known_item(reader.rest) {
        // The value is not there.
        return None;
    }
    let value = reader.value()?;
    // What follows a value is a space or the end, or the value was not what it seemed.
    let is_whole = matches!(reader.peek(), None | Some(b' ' | b')' | b'\r' | b'\n'));
    (is_whole && fits(&name, &value)).then_some(())?;
    take(fetched, &name, &value);
    Some(is_literal)
}

/// Whether a value is of the kind that a data item has: one that is not took others along.
fn fits(name: &[u8], value: &Value<'_>) -> bool {
    match name {
        b"UID" | b"RFC822.SIZE" => value.number().is_some(),
        b"INTERNALDATE" => matches!(value, Value::Text(_)),
        b"MODSEQ" | b"EMAILID" => matches!(value, Value::List(values) if values.len() == 1),
        b"X-GUID" => !matches!(value, Value::List(_)),
        name if name.starts_with(b"BODY[") => match value {
            Value::Text(_) => true,
            value => value.text().is_none() && !matches!(value, Value::List(_)),
        },
        _ => true,
    }
}

/// Whether after a parenthesis that seems to end the response another item follows all the same: one
/// parenthesis too many is no reason to lose it.
fn more_follows(mut reader: Reader<'_>) -> bool {
    to_next_item(&mut reader)
}

/// Goes on to where the next known data item begins; not inside of literals.
fn to_next_item(reader: &mut Reader<'_>) -> bool {
    let mut ahead = *reader;
    while let Some(byte) = ahead.peek() {
        let mut literal = ahead;
        if byte == b'{' && literal.literal().is_some() {
            ahead = literal;
            continue;
        }
        if ahead.skip(1).is_none() {
            return false;
        }
        if matches!(byte, b' ' | b'(' | b')') && is_known_item(ahead.rest) {
            *reader = ahead;
            return true;
        }
    }
    false
}

/// Whether a data item that we ask for begins here, with a value of its kind.
fn is_known_item(rest: &[u8]) -> bool {
    const KNOWN: [&[u8]; 11] = [
        b"UID ",
        b"FLAGS (",
        b"MODSEQ (",
        b"RFC822.SIZE ",
        b"INTERNALDATE \"",
        b"EMAILID (",
        b"X-GUID ",
        b"BODY[HEADER",
        b"BODYSTRUCTURE (",
        b"BODY[] ",
        b"BODY[]<0> ",
    ];
    KNOWN.iter().any(|known| {
        let start = rest.get(..known.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(known))
    })
}

fn take(fetched: &mut Fetched, name: &[u8], value: &Value<'_>) {
    match (name, value) {
        (b"UID", value) => {
            let uid = value.number().and_then(|uid| u32::try_from(uid).ok());
            fetched.uid = uid.unwrap_or(0);
        }
        (b"BODYSTRUCTURE", value) => {
            fetched.has_file = structure::read(value).as_ref().and_then(has_file);
        }
        (b"MODSEQ", Value::List(values)) => {
            fetched.modseq = values.first().and_then(Value::number);
        }
        (b"RFC822.SIZE", value) => fetched.size = value.number(),
        (b"INTERNALDATE", value) => fetched.received = value.text().and_then(date),
        (b"EMAILID", Value::List(values)) => fetched.guid = values.first().and_then(guid),
        (b"X-GUID", value) => fetched.guid = guid(value),
        (b"BODY[]", Value::Text(text)) => fetched.body = Some(text.clone()),
        (name, value) if name.starts_with(b"BODY[HEADER") => {
            fetched.header = Some(value.text().unwrap_or_default().to_vec());
        }
        _ => {}
    }
}

fn guid(value: &Value<'_>) -> Option<String> {
    let text = value.text().filter(|text| !text.is_empty())?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// `17-Jul-1996 02:44:25 -0700`; a day of one digit may have a space before it. Some servers name the zone, or
/// write the time as in a header.
fn date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let named = ["GMT", "UTC", "UT", "Z"];
    let zoned = named.iter().find_map(|zone| text.strip_suffix(zone));
    let zoned = zoned.map_or_else(|| text.to_owned(), |text| format!("{} +0000", text.trim()));
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", &zoned);
    match parsed.and_then(|parsed| parsed.to_timestamp()) {
        Ok(time) => Some(time),
        Err(_) => jiff::fmt::rfc2822::parse(text)
            .ok()
            .map(|at| at.timestamp()),
    }
}

/// Where a body begins in a FETCH line that ends by announcing a literal: the UID, if it was told.
pub(super) fn body_begins(response: &[u8]) -> Option<Option<u32>> {
    // Only the end is looked at, so that a response in many pieces is not read over and over.
    let open = response.iter().rposition(|&byte| byte == b'{')?;
    let head = response.get(..open)?.trim_ascii_end();
    // Where only the beginning was asked for.
    let head = head.strip_suffix(b"<0>").unwrap_or(head);
    let at = head.len().checked_sub(6)?;
    let name = head.get(at..)?;
    name.eq_ignore_ascii_case(b"BODY[]").then_some(())?;
    let mut told = response.get(..at)?.to_vec();
    told.extend_from_slice(b")\r\n");
    is_fetch(&told).then(|| read(&told).map(|fetched| fetched.uid))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_servers_send() {
        let raw = b"* 7 FETCH (UID 12 FLAGS (\\SEEN \\Recent work $bh-3 $label[1]) MODSEQ (99) \
            RFC822.SIZE 1900 INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" X-GUID abc \
            BODY[HEADER.FIELDS (FROM SUBJECT)] {4}\r\na)b\" EMAILID (M1))\r\n";
        let fetched = read(raw).unwrap();
        assert_eq!(fetched.uid, 12);
        let flags: Vec<String> = fetched.flags.unwrap().into_iter().collect();
        assert_eq!(flags, ["$label[1]", "\\Seen", "work"]);
        assert!(fetched.claims.contains("$bh-3"));
        assert_eq!(fetched.modseq, Some(99));
        assert_eq!(fetched.size, Some(1_900));
        assert_eq!(
            fetched.received.unwrap().to_string(),
            "1996-07-07T09:44:25Z"
        );
        assert_eq!(fetched.guid.as_deref(), Some("M1"));
        assert_eq!(fetched.header.as_deref(), Some(&b"a)b\""[..]));
        assert!(fetched.uid_first);
        assert!(
            !read(b"* 7 FETCH (BODY[HEADER] {1}\r\na UID 12)\r\n")
                .unwrap()
                .uid_first
        );
    }

    #[test]
    fn an_odd_field_costs_itself_and_no_other() {
        let whole = |flags: &str, size: &str, date: &str| {
            let raw = format!(
                "* 7 FETCH (UID 12 FLAGS {flags} RFC822.SIZE {size} INTERNALDATE {date} \
                 BODY[HEADER.FIELDS (FROM)] {{9}}\r\n UID 99 )) MODSEQ (5))\r\n"
            );
            read(raw.as_bytes()).unwrap()
        };
        let good = "\" 7-Jul-1996 02:44:25 -0700\"";
        // Some servers leave the blank out.
        let bare = whole("(a)", "3", "\"7-Jul-1996 02:44:25 -0700\"");
        assert_eq!(bare.received, whole("(a)", "3", good).received);
        assert!(bare.received.is_some());
        for (flags, size, date) in [
            ("(\\Seen [urgent)", "3", good),
            ("(\\Seen", "3", good),
            ("NIL", "3", good),
            ("(a))", "3", good),
            ("((a)", "3", good),
            ("(\"a b)", "3", good),
            ("(a)", "(3", good),
            ("(a)", "\"3", good),
            ("(a)", "{3", good),
            ("(a)", "x", good),
            ("(a)", "3", "\"yesterday\""),
            ("(a)", "3", "\"never closed"),
            ("(a)", "3", "NIL"),
            ("(a)", ")", good),
            ("(a)", "", good),
        ] {
            let fetched = whole(flags, size, date);
            assert_eq!(fetched.uid, 12, "{flags} {size} {date}");
            assert_eq!(fetched.modseq, Some(5), "{flags} {size} {date}");
            assert_eq!(
                fetched.header.as_deref(),
                Some(&b" UID 99 )"[..]),
                "{flags} {size} {date}"
            );
            assert_eq!(fetched.received.is_some(), date == good, "{flags} {size}");
            if date == good && size == "3" {
                assert_eq!(fetched.size, Some(3), "{flags}");
            }
        }
        let urgent = whole("(\\Seen [urgent)", "3", good).flags.unwrap();
        assert!(urgent.contains("[urgent") && urgent.contains("\\Seen"));
        assert_eq!(whole("(\\Seen", "3", good).flags, None);
    }

    #[test]
    fn garbage_ends_quietly() {
        for raw in [
            &b"* 7 FETCH ("[..],
            b"* 7 FETCH (UID",
            b"* 7 FETCH (UID x)",
            b"* 7 FETCH (UID 0)",
            b"* 7 FETCH (UID -1)",
            b"* 7 FETCH (UID 4294967296)",
            b"* 7 FETCH (FLAGS (",
            b"* FETCH (UID 1)",
            b"* 7 FETCH (BODY[] {9}\r\nabc)",
            b"* 7 FETCH (\"\\",
            b"* 7 FETCH (A (((((((((((((((((((((((((((((((((",
            b"* 7 FETCH (A {99999999999999999999}",
        ] {
            assert_eq!(read(raw), None, "{}", String::from_utf8_lossy(raw));
        }
        let odd = read(b"* 7 FETCH (UID 3 FLAGS NIL MODSEQ 4 X-GUID NIL JUNK)").unwrap();
        assert_eq!((odd.flags, odd.modseq, odd.guid), (None, None, None));
    }

    #[test]
    fn megabytes_of_nonsense_are_read_in_no_time() {
        let began = std::time::Instant::now();
        for piece in [
            "UID (",
            "FLAGS (",
            "X-GUID {9 ",
            "\"UID ",
            "(",
            "BODY[HEADER ",
            "{1}\r\n",
        ] {
            let raw = format!("* 1 FETCH ({}", piece.repeat((1 << 20) / piece.len()));
            assert_eq!(read(raw.as_bytes()), None);
        }
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    }

    #[test]
    fn knows_whose_body_begins() {
        let begins = |line: &str| body_begins(line.as_bytes());
        assert_eq!(begins("* 2 FETCH (UID 5 BODY[] {3}\r\n"), Some(Some(5)));
        assert_eq!(begins("* 2 FETCH (BODY[] {3}\r\n"), Some(None));
        assert_eq!(begins("* 2 FETCH (UID 5 BODY[]<0> {3}\r\n"), Some(Some(5)));
        assert_eq!(
            begins("* 2 FETCH (FLAGS ([a) UID 5 body[] {3+}\r\n"),
            Some(Some(5))
        );
        assert_eq!(begins("* 2 FETCH (UID 5 BODY[HEADER] {3}\r\n"), None);
        assert_eq!(begins("* LIST () \"/\" {3}\r\n"), None);
    }
}
