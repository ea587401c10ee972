//! LIST, STATUS and NAMESPACE responses, read leniently: a folder whose line holds something odd is
//! still a folder, and must not vanish from what is searched.

use std::collections::BTreeMap;

/// How deep lists may nest before a line counts as nonsense.
const DEPTH_MOST: usize = 10;

/// A response about folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// A folder (LIST).
    Folder {
        /// In lower case.
        attributes: Vec<String>,
        separator: Option<char>,
        /// As the server calls it.
        wire: Vec<u8>,
    },
    /// What a folder holds (STATUS).
    Counts {
        /// As the server calls it.
        wire: Vec<u8>,
        counts: Counts,
    },
    /// Where folders begin: one's own, those of other users, and shared ones (RFC 2342).
    Namespaces(Namespaces),
    /// A folder, but it cannot be read which.
    Odd,
}

/// What STATUS tells, by its name for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Counts(BTreeMap<String, u64>);

impl Counts {
    pub(super) fn get(&self, item: &str) -> Option<u64> {
        self.0.get(item).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that was told, always written the same way.
    pub(super) fn written(&self) -> String {
        format!("{:?}", self.0)
    }

    /// What of [`Counts::written`] says that a folder has this UIDVALIDITY.
    pub(super) fn written_validity(validity: u32) -> String {
        // Behind it nothing follows: there is no later word among what STATUS is asked for.
        format!("\"UIDVALIDITY\": {validity}}}")
    }
}

/// Prefixes of names, as the server writes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Namespaces {
    pub(super) personal: Vec<Vec<u8>>,
    /// Other users' and shared folders.
    pub(super) foreign: Vec<Vec<u8>>,
}

impl Namespaces {
    /// Whether a folder is not the person's own. The longest prefix decides; the inbox always is.
    pub(super) fn is_foreign(&self, wire: &[u8], separator: Option<char>) -> bool {
        if wire.eq_ignore_ascii_case(b"INBOX") {
            return false;
        }
        let longest = |prefixes: &[Vec<u8>]| {
            let holds = |prefix: &&Vec<u8>| {
                // The folder above all of a namespace is named without the last separator.
                let parent = separator
                    .and_then(|separator| prefix.strip_suffix(separator.to_string().as_bytes()));
                wire.starts_with(prefix) || parent.is_some_and(|parent| parent == wire)
            };
            let lengths = prefixes.iter().filter(holds).map(Vec::len);
            lengths.max().map_or(0, |length| length + 1)
        };
        longest(&self.foreign) > longest(&self.personal)
    }
}

/// Reads a response about folders; none if it is about something else.
pub(super) fn read(raw: &[u8]) -> Option<Line> {
    let rest = raw.strip_prefix(b"* ")?;
    let end = rest.iter().position(|&byte| byte == b' ')?;
    let (name, rest) = rest.split_at(end);
    let mut reader = Reader { rest };
    // Two lines whose end was lost: the second would be told by nobody.
    let is_two = rest
        .windows(2)
        .any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    match name.to_ascii_uppercase().as_slice() {
        b"LIST" if is_two => Some(Line::Odd),
        b"STATUS" if is_two => None,
        b"LIST" => Some(folder(&mut reader).unwrap_or(Line::Odd)),
        b"STATUS" => counts(&mut reader),
        b"NAMESPACE" => namespaces(&mut reader).map(Line::Namespaces),
        _ => None,
    }
}

fn folder(reader: &mut Reader<'_>) -> Option<Line> {
    let Value::List(attributes) = reader.value(0)? else {
        return None;
    };
    let separator = match reader.value(0)? {
        Value::Text(text) => std::str::from_utf8(&text).ok()?.chars().next(),
        Value::Word(word) if word.eq_ignore_ascii_case(b"NIL") => None,
        _ => return None,
    };
    let attributes = attributes.iter().filter_map(Value::bytes);
    let wire = reader.name()?;
    // A quote in the middle of the name: what is before it may be the name of another folder.
    if !matches!(reader.peek(), None | Some(b' ' | b'\r' | b'\n')) {
        return None;
    }
    Some(Line::Folder {
        attributes: attributes
            .map(|name| String::from_utf8_lossy(name).to_ascii_lowercase())
            .collect(),
        separator,
        wire,
    })
}

/// A count is kept only where it stands alone between its name and what follows; a line that goes on behind
/// its list is put wrong somewhere, perhaps in a number, and none of its counts is.
fn counts(reader: &mut Reader<'_>) -> Option<Line> {
    let wire = reader.name()?;
    let Value::List(values) = reader.value(0)? else {
        return None;
    };
    let is_whole = reader.rest.iter().all(u8::is_ascii_whitespace);
    let counts = values.windows(2).filter_map(|pair| match pair {
        [name, value] => {
            let name = String::from_utf8_lossy(name.bytes()?).to_ascii_uppercase();
            Some((name, value.number()?))
        }
        _ => None,
    });
    Some(Line::Counts {
        wire,
        counts: Counts(counts.filter(|_| is_whole).collect()),
    })
}

fn namespaces(reader: &mut Reader<'_>) -> Option<Namespaces> {
    let mut prefixes = || -> Option<Vec<Vec<u8>>> {
        let Value::List(spaces) = reader.value(0)? else {
            return Some(Vec::new());
        };
        let prefix = |space: &Value<'_>| match space {
            Value::List(parts) => parts.first()?.bytes().map(<[u8]>::to_vec),
            _ => None,
        };
        Some(spaces.iter().filter_map(prefix).collect())
    };
    let personal = prefixes()?;
    let mut foreign = prefixes()?;
    foreign.extend(prefixes()?);
    Some(Namespaces { personal, foreign })
}

#[derive(Debug)]
enum Value<'a> {
    Word(&'a [u8]),
    Text(Vec<u8>),
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Word(word) => Some(word),
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }

    fn number(&self) -> Option<u64> {
        let digits = self.bytes()?;
        let is_number = digits.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(digits)
            .ok()
            .filter(|_| is_number)?
            .parse()
            .ok()
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.take(1);
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.spaces();
        match self.peek()? {
            b'(' if depth < DEPTH_MOST => {
                self.take(1)?;
                let mut values = Vec::new();
                loop {
                    self.spaces();
                    if self.peek()? == b')' {
                        self.take(1)?;
                        return Some(Value::List(values));
                    }
                    values.push(self.value(depth + 1)?);
                }
            }
            b'"' => self.quoted().map(Value::Text),
            b'{' => self.literal().map(|text| Value::Text(text.to_vec())),
            _ => {
                let is_end = |byte: &u8| matches!(byte, b' ' | b'(' | b')' | b'"' | b'\r' | b'\n');
                let end = self.rest.iter().position(is_end);
                let word = self.take(end.unwrap_or(self.rest.len()))?;
                (!word.is_empty()).then_some(Value::Word(word))
            }
        }
    }

    /// The name at the end of a LIST line. Where it is neither quoted nor a literal, it is all that is
    /// left: some servers forget the quotes around a space. Only a list may follow it.
    fn name(&mut self) -> Option<Vec<u8>> {
        self.spaces();
        match self.peek()? {
            b'"' => self.quoted(),
            b'{' => self.literal().map(<[u8]>::to_vec),
            _ => {
                let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
                let end = self.rest.iter().position(is_end).unwrap_or(self.rest.len());
                let line = self.rest.get(..end)?;
                let list = line.windows(2).position(|pair| pair == b" (");
                let name = line.get(..list.unwrap_or(end))?;
                let spaces = name.iter().rev().take_while(|&&byte| byte == b' ').count();
                let name = name.get(..name.len() - spaces)?;
                (!name.is_empty()).then_some(())?;
                self.take(name.len()).map(<[u8]>::to_vec)
            }
        }
    }

    fn quoted(&mut self) -> Option<Vec<u8>> {
        self.take(1)?;
        let mut text = Vec::new();
        loop {
            match self.take(1)? {
                b"\"" => return Some(text),
                b"\\" => text.extend_from_slice(self.take(1)?),
                byte => text.extend_from_slice(byte),
            }
        }
    }

    fn literal(&mut self) -> Option<&'a [u8]> {
        let close = self.rest.iter().position(|&byte| byte == b'}')?;
        let head = self.take(close + 1)?;
        let digits = std::str::from_utf8(head.get(1..close)?).ok()?;
        let length: usize = digits.trim_end_matches('+').parse().ok()?;
        if self.peek() == Some(b'\r') {
            self.take(1)?;
        }
        self.take(1)?;
        self.take(length)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn folder(raw: &[u8]) -> (Vec<String>, Option<char>, Vec<u8>) {
        match read(raw) {
            Some(Line::Folder {
                attributes,
                separator,
                wire,
            }) => (attributes, separator, wire),
            other => panic!("{}: {other:?}", String::from_utf8_lossy(raw)),
        }
    }

    #[test]
    fn a_mark_says_which_validity_it_is_of() {
        let raw = b"* STATUS a (UIDVALIDITY 17 MESSAGES 2 UIDNEXT 3 HIGHESTMODSEQ 170)\r\n";
        let Some(Line::Counts { counts, .. }) = read(raw) else {
            panic!("no counts");
        };
        let written = counts.written();
        assert!(written.contains(&Counts::written_validity(17)), "{written}");
        for other in [1, 7, 170, 3] {
            assert!(!written.contains(&Counts::written_validity(other)));
        }
    }

    #[test]
    fn folders_are_read_however_they_are_written() {
        let names: [(&[u8], &[u8]); 13] = [
            (b"* LIST () \"/\" Work\r\n", b"Work"),
            (b"* LIST (\\HasNoChildren) \"/\" Work \r\n", b"Work"),
            (
                b"* list (\\Trash) \"/\" \"A\\\\B \\\"C\\\"\"\r\n",
                b"A\\B \"C\"",
            ),
            (b"* LIST () \"/\" {6}\r\nA\r\n)\"x\r\n", b"A\r\n)\"x"),
            (b"* LIST () \"/\" Sent Items\r\n", b"Sent Items"),
            (
                b"* LIST () \".\" [Gmail].All (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n",
                b"[Gmail].All",
            ),
            (
                b"* LIST () \"/\" \"Entw\xc3\xbcrfe\"\r\n",
                "Entwürfe".as_bytes(),
            ),
            (
                b"* LIST (\\X-Odd[1] foo \"bar\") NIL A&ACY-B\r\n",
                b"A&ACY-B",
            ),
            (b"* LIST () \"/\" \"\"\r\n", b""),
            // Exchange, Airmail, a folder of one's own, Gmail.
            (
                b"* LIST (\\HasNoChildren) \"/\" INBOX/Da\tOggetto\tRicevuto\t\r\n",
                b"INBOX/Da\tOggetto\tRicevuto\t",
            ),
            (
                b"* LIST (\\HasChildren) \".\" Trash.[Airmail]\r\n",
                b"Trash.[Airmail]",
            ),
            (b"* LIST () \".\" +late\r\n", b"+late"),
            (
                b"* LIST () \"/\" \"!@#$%&-*()_+{}|:\\\"?><\"\r\n",
                b"!@#$%&-*()_+{}|:\"?><",
            ),
        ];
        for (raw, wire) in names {
            assert_eq!(folder(raw).2, wire, "{}", String::from_utf8_lossy(raw));
        }
        assert_eq!(folder(names[2].0).0, ["\\trash"]);
        assert_eq!(folder(names[5].0).1, Some('.'));
        assert_eq!(folder(names[7].0).1, None);
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_still_told() {
        for raw in [
            &b"* LIST\r\n"[..],
            b"* LIST (\r\n",
            b"* LIST () \"/\"\r\n",
            b"* LIST () \"/\" \"cut\r\n",
            b"* LIST () \"/\" \"Wo\"rk\"\r\n",
            b"* LIST () \"/\" {99}\r\nshort\r\n",
            b"* LIST ((((((((((((((((())))))))))))))))) \"/\" a\r\n",
            b"* LIST \"/\" a\r\n",
        ] {
            let told = read(raw);
            let is_list = raw.starts_with(b"* LIST ");
            assert_eq!(
                told,
                is_list.then_some(Line::Odd),
                "{}",
                String::from_utf8_lossy(raw)
            );
        }
        for other in [
            &b"* LISTRIGHTS a b\r\n"[..],
            b"* 3 EXISTS\r\n",
            b"a1 OK LIST\r\n",
        ] {
            assert_eq!(read(other), None);
        }
    }

    /// Whatever is wrong in a line about a folder, the folder is told, or that there is one more.
    #[test]
    fn no_damage_makes_a_folder_vanish() {
        let lines: [&[u8]; 4] = [
            b"* LIST (\\HasNoChildren \\Trash) \"/\" \"Papierkorb/2023\"\r\n",
            b"* LIST () \".\" INBOX.Entw&APw-rfe\r\n",
            b"* LIST (\\Marked) NIL {4}\r\nWork\r\n",
            b"* LIST () \"/\" \"a \\\"b\\\" c\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n",
        ];
        let mut tried = 0;
        for line in lines {
            for place in b"* LIST ".len()..line.len() - 2 {
                for byte in [b' ', b'(', b')', b'"', b'{', b'}', b'\\', 0, 0xff, b'x'] {
                    let mut other = line.to_vec();
                    other[place] = byte;
                    let mut cut = line[..place].to_vec();
                    cut.extend_from_slice(b"\r\n");
                    for damaged in [other, cut] {
                        tried += 1;
                        let told = read(&damaged);
                        let is_told = matches!(told, Some(Line::Folder { .. } | Line::Odd));
                        assert!(is_told, "{}", String::from_utf8_lossy(&damaged));
                    }
                }
            }
        }
        assert!(tried > 2_000);
    }

    #[test]
    fn counts_and_namespaces_are_read() {
        let told = read(b"* STATUS \"A B\" (MESSAGES 3 UNSEEN x HIGHESTMODSEQ 9 ODD)\r\n");
        let Some(Line::Counts { wire, counts }) = told else {
            panic!("{told:?}")
        };
        assert_eq!(wire, b"A B");
        assert_eq!(counts.get("MESSAGES"), Some(3));
        assert_eq!(
            (counts.get("UNSEEN"), counts.get("HIGHESTMODSEQ")),
            (None, Some(9))
        );

        // IceWarp and others forget the quotes around a blank here too.
        let told = read(b"* STATUS Sent Items (MESSAGES 3)\r\n");
        assert!(matches!(told, Some(Line::Counts { wire, counts })
            if wire == b"Sent Items" && counts.get("MESSAGES") == Some(3)));
        for line in [
            &b"* STATUS Work (MESSAGES 1)7 UNSEEN 3)\r\n"[..],
            b"* STATUS Work (MESSAGES (17) UNSEEN)\r\n",
            b"* STATUS Work (MESSAGES +17)\r\n",
            b"* STATUS Work (MESSAGES 1x7)\r\n",
        ] {
            let told = read(line);
            assert!(matches!(told, Some(Line::Counts { counts, .. }) if counts.is_empty()));
        }

        let told = read(
            b"* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")(\"Public/\" \"/\" \"X\" (\"y\")))\r\n",
        );
        let Some(Line::Namespaces(spaces)) = told else {
            panic!("{told:?}")
        };
        assert_eq!(spaces.personal, [b"INBOX."]);
        for (wire, foreign) in [
            ("INBOX", false),
            ("INBOX.Work", false),
            ("Work", false),
            ("#shared.a", true),
            ("Public/Team", true),
            ("Public", true),
            ("Publicity", false),
        ] {
            let separator = if wire.contains('.') { '.' } else { '/' };
            let told = spaces.is_foreign(wire.as_bytes(), Some(separator));
            assert_eq!(told, foreign, "{wire}");
        }
        // One's own prefix is empty, so everything else begins with it too.
        let told = read(b"* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"Public/\" \"/\"))\r\n");
        let Some(Line::Namespaces(spaces)) = told else {
            panic!("{told:?}")
        };
        assert!(spaces.is_foreign(b"~bob/Work", Some('/')));
        assert!(!spaces.is_foreign(b"Work", Some('/')));
    }
}
