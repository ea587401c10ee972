//! The values in a response: words, strings, literals and lists, read as far as they make sense.

/// How deep lists may nest before a response counts as nonsense.
const DEPTH_MOST: usize = 100;
/// Digits of a literal's length and what stands around them.
const ANNOUNCEMENT_MOST: usize = 24;

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
    pub(super) fn number(&self) -> Option<u64> {
        match self {
            Self::Word(word) => number(word),
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

/// A number of digits alone.
pub(super) fn number(word: &[u8]) -> Option<u64> {
    let digits = word.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(word)
        .ok()
        .filter(|_| digits)?
        .parse()
        .ok()
}

/// Reads values off a response.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub(super) fn skip(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (skipped, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(skipped)
    }

    pub(super) fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
    }

    /// A word up to a space or a parenthesis.
    pub(super) fn word(&mut self) -> Option<&'a [u8]> {
        let ends = |byte: &u8| matches!(byte, b' ' | b'(' | b')' | b'"' | b'{' | b'\r' | b'\n');
        let end = self.rest.iter().position(ends);
        match end.unwrap_or(self.rest.len()) {
            0 => None,
            end => self.skip(end),
        }
    }

    /// The name of a data item: a word, with what is in square brackets (`BODY[HEADER.FIELDS (FROM TO)]`).
    pub(super) fn item(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        let word = self.word()?;
        let Some(open) = word.iter().position(|&byte| byte == b'[') else {
            return Some(word);
        };
        let line_ends = |byte: &u8| matches!(byte, b']' | b'\r' | b'\n');
        let close = before.iter().skip(open).position(line_ends)? + open;
        self.rest = before;
        (before.get(close) == Some(&b']')).then_some(())?;
        let name = self.skip(close + 1)?;
        // A part of a body: `BODY[]<0>`.
        if self.peek() == Some(b'<') {
            self.word()?;
        }
        Some(name)
    }

    pub(super) fn value(&mut self) -> Option<Value<'a>> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Value<'a>> {
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
                    values.push(self.nested(depth + 1)?);
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

    /// A quoted string; it ends on its line.
    pub(super) fn quoted(&mut self) -> Option<Vec<u8>> {
        self.skip(1)?;
        let mut text = Vec::new();
        loop {
            match self.skip(1)? {
                b"\"" => return Some(text),
                b"\\" => text.extend_from_slice(self.skip(1)?),
                b"\r" | b"\n" => return None,
                byte => text.extend_from_slice(byte),
            }
        }
    }

    /// A literal, from its `{` on.
    pub(super) fn literal(&mut self) -> Option<&'a [u8]> {
        let head = self.rest.iter().take(ANNOUNCEMENT_MOST);
        let close = head.copied().position(|byte| byte == b'}')?;
        let length = usize::try_from(number(
            self.rest
                .get(1..close)
                .map(|digits| digits.strip_suffix(b"+").unwrap_or(digits))?,
        )?)
        .ok()?;
        self.skip(close + 1)?;
        if self.peek() == Some(b'\r') {
            self.skip(1)?;
        }
        (self.skip(1)? == b"\n").then_some(())?;
        self.skip(length)
    }
}
