//! Status answers: OK, NO, BAD and BYE with their code and their text. `imap-codec` refuses the whole of
//! one whose text is in anything but ASCII, so only the code is given to it.

use imap_codec::ResponseCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::IntoStatic;
use imap_codec::imap_types::response::{
    Code, CodeOther, Response, Status as Decoded, StatusBody, StatusKind,
};

use super::flags;
use super::values::Reader;

/// Characters of a server's own words that are ever shown.
const TEXT_CHARS: usize = 300;

/// What a status answer says.
#[derive(Debug)]
pub(super) struct Status {
    /// OK, NO or BAD; none for BYE and PREAUTH.
    pub(super) kind: Option<StatusKind>,
    pub(super) code: Option<Code<'static>>,
    /// PERMANENTFLAGS.
    pub(super) permanent: Option<Vec<String>>,
    /// The server's own words, on one line.
    pub(super) text: String,
}

/// Reads what follows the tag or the `*`; none if it is no status.
pub(super) fn read(rest: &[u8]) -> Option<Status> {
    let mut reader = Reader::new(rest);
    let kind = match reader.word()?.to_ascii_uppercase().as_slice() {
        b"OK" => Some(StatusKind::Ok),
        b"NO" => Some(StatusKind::No),
        b"BAD" => Some(StatusKind::Bad),
        b"BYE" | b"PREAUTH" => None,
        _ => return None,
    };
    reader.spaces();
    let mut status = Status {
        kind,
        code: None,
        permanent: None,
        text: String::new(),
    };
    if let Some(length) = code_length(reader.rest)
        && let Some(code) = reader.skip(length)
    {
        let code = code.get(1..length - 1).unwrap_or_default();
        status.permanent = permanent(code);
        status.code = Some(decode(code));
    }
    status.text = one_line(reader.rest);
    Some(status)
}

/// How long the code in square brackets is, with them. Flags in it may hold brackets themselves.
fn code_length(rest: &[u8]) -> Option<usize> {
    (rest.first() == Some(&b'[')).then_some(())?;
    let close = rest.iter().position(|&byte| byte == b']');
    let open = rest.iter().position(|&byte| byte == b'(');
    if open.is_some_and(|open| close.is_none_or(|close| open < close)) {
        let end = rest.windows(2).position(|pair| pair == b")]");
        if let Some(end) = end {
            return Some(end + 2);
        }
    }
    close.map(|close| close + 1)
}

fn permanent(code: &[u8]) -> Option<Vec<String>> {
    let (name, list) = code.split_at_checked(14)?;
    name.eq_ignore_ascii_case(b"PERMANENTFLAGS").then_some(())?;
    flags::read(&mut Reader::new(list))
}

/// A code that nobody knows is kept as it is.
fn decode(code: &[u8]) -> Code<'static> {
    let line = [b"* OK [", code, b"] x\r\n"].concat();
    match ResponseCodec::default().decode(&line) {
        Ok((
            _,
            Response::Status(Decoded::Untagged(StatusBody {
                code: Some(code), ..
            })),
        )) => code.into_static(),
        _ => Code::Other(CodeOther::unvalidated(code.to_vec())),
    }
}

/// Text from a server as one line without anything that would disturb a screen.
fn one_line(text: &[u8]) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let text = String::from_utf8_lossy(text);
    let text: String = text.trim().chars().take(TEXT_CHARS).map(visible).collect();
    text.trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_whatever_the_text() {
        let status = read("OK [UIDVALIDITY 17] Gültig\r\n".as_bytes()).unwrap();
        assert_eq!(status.kind, Some(StatusKind::Ok));
        assert!(matches!(status.code, Some(Code::UidValidity(n)) if n.get() == 17));
        assert_eq!(status.text, "Gültig");
        let status = read(b"no [INUSE] \xff\x1b[31m [x]\r\n").unwrap();
        assert_eq!(status.kind, Some(StatusKind::No));
        assert!(matches!(&status.code, Some(Code::Other(other)) if other.inner() == b"INUSE"));
        assert_eq!(status.text, "\u{fffd} [31m [x]");
        assert_eq!(read(b"BYE\r\n").unwrap().kind, None);
        for text in ["OK", "OK\r\n", "OK [\r\n", "OK []\r\n", "OK [] x"] {
            assert_eq!(
                read(text.as_bytes()).unwrap().kind,
                Some(StatusKind::Ok),
                "{text}"
            );
        }
        assert!(read(b"OKAY x").is_none());
        assert!(read(b"").is_none());
    }

    #[test]
    fn permanent_flags_may_hold_brackets() {
        let status = read(b"OK [PERMANENTFLAGS (\\Seen [urgent a]b \\*)] Limited\r\n").unwrap();
        assert_eq!(
            status.permanent.unwrap(),
            ["\\Seen", "[urgent", "a]b", "\\*"]
        );
        assert_eq!(status.text, "Limited");
        let none = read(b"OK [PERMANENTFLAGS ()] No\r\n").unwrap();
        assert_eq!(none.permanent, Some(Vec::new()));
    }
}
