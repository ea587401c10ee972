//! FETCH and ESEARCH responses. `imap-codec` does not decode EMAILID, X-GUID and ESEARCH, and a single
//! odd flag must not cost us a whole message, so these two are read here, leniently and bounded.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::structure;
use super::uids;
use crate::attachments::has_file;

/// What every claim keyword begins with.
pub(super) const CLAIM: &str = "$bh-";

/// How deep lists may nest before a response counts as nonsense.
const DEPTH_MOST: usize = 100;

/// What a FETCH response told about a message; fields that were not told are none.
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
    /// The UID came before any literal, so a streamed body can be told from another.
    pub(super) uid_first: bool,
}

/// A value in a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A word, a number or NIL.
    Word(&'a [u8]),
    /// A quoted string or a literal.
    Text(Vec<u8>),
    /// Values in parentheses.
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    fn number(&self) -> Option<u64> {
        match self {
            Self::Word(word) => std::str::from_utf8(word).ok()?.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Word(word) if word.eq_ignore_ascii_case(b"NIL") => None,
            Self::Word(word) => Some(word),
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }
}

/// Reads values off a response.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn skip(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (skipped, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(skipped)
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
    }

    /// A word up to a space or a parenthesis; what is in square brackets belongs to it whole
    /// (`BODY[HEADER.FIELDS (FROM TO)]`).
    fn word(&mut self) -> Option<&'a [u8]> {
        let mut in_brackets = false;
        let end = self
            .rest
            .iter()
            .position(|&byte| {
                match byte {
                    b'[' => in_brackets = true,
                    b']' => in_brackets = false,
                    _ => {}
                }
                matches!(byte, b'\r' | b'\n')
                    || !in_brackets && matches!(byte, b' ' | b'(' | b')' | b'"' | b'{')
            })
            .unwrap_or(self.rest.len());
        if end == 0 { None } else { self.skip(end) }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.spaces();
        match self.peek()? {
            b'(' if depth < DEPTH_MOST => {
                self.skip(1)?;
                let mut values = Vec::new();
                loop {
                    self.spaces();
                    if self.peek()? == b')' {
                        self.skip(1)?;
                        return Some(Value::List(values));
                    }
                    values.push(self.value(depth + 1)?);
                }
            }
            b'"' => self.quoted().map(Value::Text),
            b'{' => self.literal().map(|text| Value::Text(text.to_vec())),
            b'~' if self.rest.get(1) == Some(&b'{') => {
                self.skip(1)?;
                self.literal().map(|text| Value::Text(text.to_vec()))
            }
            _ => self.word().map(Value::Word),
        }
    }

    fn quoted(&mut self) -> Option<Vec<u8>> {
        self.skip(1)?;
        let mut text = Vec::new();
        loop {
            match self.skip(1)? {
                b"\"" => return Some(text),
                b"\\" => text.extend_from_slice(self.skip(1)?),
                byte => text.extend_from_slice(byte),
            }
        }
    }

    fn literal(&mut self) -> Option<&'a [u8]> {
        let close = self.rest.iter().position(|&byte| byte == b'}')?;
        let head = self.skip(close + 1)?;
        let digits = std::str::from_utf8(head.get(1..close)?).ok()?;
        let length: usize = digits.parse().ok()?;
        if self.peek() == Some(b'\r') {
            self.skip(1)?;
        }
        self.skip(1)?;
        self.skip(length)
    }
}

/// Splits `* 12 FETCH (…` into what follows the parenthesis; none if it is something else.
fn fetch_body(raw: &[u8]) -> Option<&[u8]> {
    let rest = raw.strip_prefix(b"* ")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (name, body) = rest.get(digits..)?.split_at_checked(8)?;
    (digits > 0 && name.eq_ignore_ascii_case(b" FETCH (")).then_some(body)
}

/// Whether this begins like a FETCH response.
pub(super) fn is_fetch(raw: &[u8]) -> bool {
    fetch_body(raw).is_some()
}

/// Reads a FETCH response; none if it is none, or tells no UID. Reads as far as it makes sense.
pub(super) fn read(raw: &[u8]) -> Option<Fetched> {
    let mut reader = Reader {
        rest: fetch_body(raw)?,
    };
    let mut fetched = Fetched::default();
    let mut literal_seen = false;
    loop {
        reader.spaces();
        if reader.peek().is_none_or(|byte| byte == b')') {
            break;
        }
        let Some(name) = reader.word() else { break };
        reader.spaces();
        literal_seen |= reader.peek() == Some(b'{');
        let Some(value) = reader.value(0) else { break };
        let name = name.to_ascii_uppercase();
        if name == b"UID" {
            fetched.uid_first = !literal_seen;
        }
        take(&mut fetched, &name, &value);
    }
    (fetched.uid != 0).then_some(fetched)
}

fn take(fetched: &mut Fetched, name: &[u8], value: &Value<'_>) {
    match (name, value) {
        (b"UID", value) => {
            let uid = value.number().and_then(|uid| u32::try_from(uid).ok());
            fetched.uid = uid.unwrap_or(0);
        }
        (b"FLAGS", Value::List(values)) => {
            let (claims, flags) = values
                .iter()
                .filter_map(Value::text)
                .map(flag_name)
                .filter(|flag| flag != "\\Recent")
                .partition(|flag| is_claim(flag));
            fetched.claims = claims;
            fetched.flags = Some(flags);
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

/// Whether a flag is one of our claims.
pub(super) fn is_claim(flag: &str) -> bool {
    flag.get(..CLAIM.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(CLAIM))
}

/// A flag's name; system flags in the spelling of the RFC, whatever the server's case.
fn flag_name(flag: &[u8]) -> String {
    const SYSTEM: [&str; 6] = [
        "\\Answered",
        "\\Deleted",
        "\\Draft",
        "\\Flagged",
        "\\Recent",
        "\\Seen",
    ];
    let name = String::from_utf8_lossy(flag).into_owned();
    let known = SYSTEM
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name));
    known.map_or(name, |known| (*known).to_owned())
}

/// `17-Jul-1996 02:44:25 -0700`; a day of one digit may have a space before it.
fn date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text).ok()?;
    parsed.to_timestamp().ok()
}

/// The UIDs of an ESEARCH response, ascending; none if it is none or makes no sense.
pub(super) fn read_esearch(raw: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(raw).ok()?;
    let rest = text.strip_prefix("* ")?;
    if !rest.get(..7)?.eq_ignore_ascii_case("ESEARCH") {
        return None;
    }
    let mut words = rest.split_ascii_whitespace();
    match words.find(|word| word.eq_ignore_ascii_case("ALL")) {
        Some(_) => {
            let mut found = uids::read(words.next()?)?;
            found.sort_unstable();
            found.dedup();
            Some(found)
        }
        None => Some(Vec::new()),
    }
}

/// Where a body begins in a FETCH line that ends by announcing a literal: the UID, if it was told.
pub(super) fn body_begins(line: &[u8]) -> Option<Option<u32>> {
    let body = fetch_body(line)?;
    let upper = body.to_ascii_uppercase();
    let at = upper.windows(6).rposition(|window| window == b"BODY[]")?;
    let mut reader = Reader {
        rest: body.get(..at)?,
    };
    let mut uid = None;
    while let Some(name) = reader.word() {
        let value = reader.value(0)?;
        if name.eq_ignore_ascii_case(b"UID") {
            uid = value.number().and_then(|uid| u32::try_from(uid).ok());
        }
        reader.spaces();
    }
    Some(uid)
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
    }

    #[test]
    fn garbage_ends_quietly() {
        for raw in [
            &b"* 7 FETCH ("[..],
            b"* 7 FETCH (UID",
            b"* 7 FETCH (UID x)",
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
    fn reads_extended_searches() {
        let raw = b"* ESEARCH (TAG \"a3\") UID ALL 1:3,9\r\n";
        assert_eq!(read_esearch(raw), Some(vec![1, 2, 3, 9]));
        assert_eq!(
            read_esearch(b"* ESEARCH (TAG \"a3\") UID\r\n"),
            Some(vec![])
        );
        assert_eq!(read_esearch(b"* SEARCH 1 2\r\n"), None);
        assert_eq!(read_esearch(b"* ESEARCH UID ALL 1:4294967295\r\n"), None);
    }

    #[test]
    fn knows_whose_body_begins() {
        assert_eq!(
            body_begins(b"* 2 FETCH (UID 5 BODY[] {3}\r\n"),
            Some(Some(5))
        );
        assert_eq!(body_begins(b"* 2 FETCH (BODY[] {3}\r\n"), Some(None));
        assert_eq!(body_begins(b"* 2 FETCH (UID 5 BODY[HEADER] {3}\r\n"), None);
    }
}
