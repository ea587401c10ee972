//! Commands as they are sent: words, quoted strings, and literals for whatever cannot be quoted.

use imap_codec::imap_types::flag::Flag;

use super::utf7;

/// A command in the pieces it is sent in: before each piece but the first, the server has to say that
/// it wants it. Never shown: it may hold a password.
#[derive(Clone)]
pub(super) struct Words {
    pieces: Vec<Vec<u8>>,
}

impl Words {
    /// A command that begins with these words, which are ours and need no quoting.
    pub(super) fn new(words: &str) -> Self {
        Self {
            pieces: vec![words.as_bytes().to_vec()],
        }
    }

    /// More words of our own.
    pub(super) fn plain(mut self, words: &str) -> Self {
        self.push(words.as_bytes());
        self
    }

    /// Any text: quoted where it can be, else as a literal.
    pub(super) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Any bytes: quoted where they can be, else as a literal.
    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        let quotable = |c: &u8| (b' '..=b'~').contains(c) && *c != b'"' && *c != b'\\';
        if bytes.len() < 500 && bytes.iter().all(quotable) {
            self.push(b"\"");
            self.push(bytes);
            self.push(b"\"");
        } else {
            self.push(format!("{{{}}}\r\n", bytes.len()).as_bytes());
            self.pieces.push(bytes.to_vec());
        }
        self
    }

    /// A folder, as the server calls it.
    pub(super) fn folder(self, name: &str) -> Self {
        if name.eq_ignore_ascii_case("INBOX") {
            return self.plain("INBOX");
        }
        self.bytes(&utf7::wire(name))
    }

    /// A line that is sent only when the server asks for it.
    pub(super) fn on_request(mut self, line: &str) -> Self {
        self.push(b"\r\n");
        self.pieces.push(line.as_bytes().to_vec());
        self
    }

    fn push(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(piece) => piece.extend_from_slice(bytes),
            None => self.pieces.push(bytes.to_vec()),
        }
    }

    /// The pieces, under this tag.
    pub(super) fn under(mut self, tag: &str) -> Vec<Vec<u8>> {
        if let Some(first) = self.pieces.first_mut() {
            let mut tagged = format!("{tag} ").into_bytes();
            tagged.append(first);
            *first = tagged;
        }
        self.push(b"\r\n");
        self.pieces
    }

    /// Whether this is a search, for which a server may have to read every mail.
    pub(super) fn is_search(&self) -> bool {
        let first = self.pieces.first().map(Vec::as_slice).unwrap_or_default();
        first.starts_with(b"UID SEARCH") || first.starts_with(b"UID SORT")
    }

    /// The words without a tag.
    #[cfg(test)]
    pub(super) fn key(&self) -> Vec<u8> {
        self.pieces.concat()
    }
}

/// Whether a flag can be written in a command at all: nothing that would end its list.
pub(super) fn is_flag(flag: &str) -> bool {
    Flag::try_from(flag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_quoted_goes_as_a_literal() {
        let words = Words::new("SELECT ").folder("Entwürfe");
        assert_eq!(
            words.under("a1"),
            vec![b"a1 SELECT \"Entw&APw-rfe\"\r\n".to_vec()]
        );
        let words = Words::new("SELECT ").folder("A&B ⟨A&ACY-B⟩");
        assert_eq!(
            words.under("a1"),
            vec![b"a1 SELECT \"A&ACY-B\"\r\n".to_vec()]
        );
        let words = Words::new("LOGIN ")
            .text("me")
            .plain(" ")
            .text("p\"\r\nx LOGOUT");
        assert_eq!(
            words.under("a2"),
            vec![
                b"a2 LOGIN \"me\" {12}\r\n".to_vec(),
                b"p\"\r\nx LOGOUT\r\n".to_vec()
            ]
        );
    }

    #[test]
    fn flags_cannot_smuggle_anything() {
        for good in ["\\Seen", "$Forwarded", "work", "a/b", "X-1"] {
            assert!(is_flag(good), "{good}");
        }
        for bad in ["", "a b", "a)", "(x", "a\r\nb", "é", "\\*", "a*", "\"x\""] {
            assert!(!is_flag(bad), "{bad}");
        }
    }
}
