//! One response of a server, read: a command's end, data, or something that tells us nothing. Whatever
//! is none of these is an error, because what is not understood may be what was asked for.

use imap_codec::ResponseCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::IntoStatic;
use imap_codec::imap_types::response::{Code, Data, Response, StatusKind};

use super::fault::{Fault, Refusal};
use super::fetched::{self, Fetched};
use super::flags;
use super::found;
use super::listed::{self, Line};
use super::status;
use super::values::{Reader, number};

/// What a command brings besides its end.
pub(super) enum Told {
    /// A message's data.
    Fetched(Fetched),
    /// UIDs that a search found.
    Found(Vec<u32>),
    /// So many messages are in the open folder.
    Exists(u32),
    /// Keywords in use in the open folder.
    Flags(Vec<String>),
    /// Flags that last there.
    Permanent(Vec<String>),
    /// What the server says it can do.
    Capabilities(Vec<String>),
    /// What is told about folders.
    Folder(Line),
    /// Anything else `imap-codec` decodes.
    Data(Data<'static>),
    /// A response code on an untagged answer.
    Code(Code<'static>),
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) kind: StatusKind,
    pub(super) code: Option<Code<'static>>,
    /// The server's own words, on one line.
    pub(super) text: String,
}

impl End {
    /// Why it was refused; none if it was not.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        (self.kind != StatusKind::Ok)
            .then(|| Refusal::of(self.kind, self.code.as_ref(), &self.text))
    }

    /// An error for the whole call if it was refused.
    pub(super) fn ok(self) -> Result<Option<Code<'static>>, Fault> {
        match self.refusal() {
            Some(refusal) => Err(Fault::Call(refusal.as_call())),
            None => Ok(self.code),
        }
    }
}

/// One response.
pub(super) enum Answer {
    /// The command's end.
    End(End),
    /// The server wants the next piece.
    Wanted,
    /// Data.
    Told(Told),
    /// Nothing we need.
    Nothing,
}

/// Untagged answers by name that may come and need not be decoded (RFC 9051, 4314, 5464, 7162, 9208
/// and others); those that begin with X are servers' own.
const KNOWN: [&[u8]; 18] = [
    b"ACL",
    b"ANNOTATION",
    b"COMPARATOR",
    b"CONVERTED",
    b"ENABLED",
    b"EXTENDED",
    b"GENURLAUTH",
    b"LANGUAGE",
    b"LISTRIGHTS",
    b"METADATA",
    b"MYRIGHTS",
    b"NOTIFICATIONOVERFLOW",
    b"QUOTA",
    b"QUOTAROOT",
    b"THREAD",
    b"URLFETCH",
    b"VANISHED",
    b"ID",
];

/// Reads a response to the command with this tag.
pub(super) fn read(raw: &[u8], tag: &str) -> Result<Answer, Fault> {
    // Some servers put an empty line after a literal.
    if raw.trim_ascii().is_empty() {
        return Ok(Answer::Nothing);
    }
    if raw.starts_with(b"+") {
        return Ok(Answer::Wanted);
    }
    if let Some(rest) = raw.strip_prefix(b"* ") {
        return untagged(raw, rest, tag);
    }
    let rest = raw.strip_prefix(tag.as_bytes());
    let status = rest
        .and_then(|rest| rest.strip_prefix(b" "))
        .and_then(status::read);
    match status {
        Some(status) => Ok(Answer::End(End {
            kind: status.kind.ok_or(Fault::Senseless)?,
            code: status.code,
            text: status.text,
        })),
        None => Err(Fault::Senseless),
    }
}

fn untagged(raw: &[u8], rest: &[u8], tag: &str) -> Result<Answer, Fault> {
    let mut reader = Reader::new(rest);
    let name = reader.word().unwrap_or_default().to_ascii_uppercase();
    if !matches!(reader.peek(), None | Some(b' ' | b'\r' | b'\n')) {
        return Err(Fault::Senseless);
    }
    if let Some(count) = number(&name) {
        return numbered(raw, count, reader);
    }
    let told = match name.as_slice() {
        b"OK" | b"NO" | b"BAD" | b"PREAUTH" => return Ok(remark(rest)),
        b"BYE" => return Err(Fault::Closed),
        b"SEARCH" | b"SORT" => Told::Found(found::listed(rest)?),
        b"ESEARCH" => Told::Found(found::extended(rest, tag)?),
        b"FLAGS" => match flags::read(&mut reader) {
            Some(flags) => Told::Flags(flags),
            None => return Ok(Answer::Nothing),
        },
        b"CAPABILITY" => Told::Capabilities(words(reader.rest)),
        b"LIST" | b"STATUS" => Told::Folder(listed::read(raw).ok_or(Fault::Senseless)?),
        b"NAMESPACE" => match listed::read(raw) {
            Some(line) => Told::Folder(line),
            None => return Ok(Answer::Nothing),
        },
        _ => match decode(raw) {
            Some(data) => Told::Data(data),
            None if KNOWN.contains(&name.as_slice()) || is_its_own(&name) => {
                return Ok(Answer::Nothing);
            }
            None => return Err(Fault::Senseless),
        },
    };
    Ok(Answer::Told(told))
}

/// Whether an answer is one of the server's own, and not what was asked for with a letter put wrong.
fn is_its_own(name: &[u8]) -> bool {
    const ASKED_FOR: [&[u8]; 5] = [b"LIST", b"STATUS", b"SEARCH", b"SORT", b"ESEARCH"];
    let Some(rest) = name.strip_prefix(b"X") else {
        return false;
    };
    let alike = |asked: &&[u8]| *asked == rest || asked.get(1..) == Some(rest);
    !ASKED_FOR.iter().any(alike)
}

/// `12 EXISTS` and its like.
fn numbered(raw: &[u8], count: u64, mut reader: Reader<'_>) -> Result<Answer, Fault> {
    reader.spaces();
    let name = reader.word().unwrap_or_default().to_ascii_uppercase();
    match name.as_slice() {
        b"FETCH" => {
            // One that names no message is missed by whoever asked for that message.
            let fetched = fetched::read(raw);
            Ok(fetched.map_or(Answer::Nothing, |fetched| {
                Answer::Told(Told::Fetched(fetched))
            }))
        }
        b"EXISTS" => {
            let count = u32::try_from(count).map_err(|_| Fault::Senseless)?;
            Ok(Answer::Told(Told::Exists(count)))
        }
        b"EXPUNGE" | b"RECENT" => Ok(Answer::Nothing),
        _ => Err(Fault::Senseless),
    }
}

fn remark(rest: &[u8]) -> Answer {
    let Some(status) = status::read(rest) else {
        return Answer::Nothing;
    };
    match (status.permanent, status.code) {
        (Some(flags), _) => Answer::Told(Told::Permanent(flags)),
        (None, Some(code)) => Answer::Told(Told::Code(code)),
        (None, None) => Answer::Nothing,
    }
}

fn words(rest: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(rest).to_ascii_uppercase();
    text.split_ascii_whitespace().map(str::to_owned).collect()
}

fn decode(raw: &[u8]) -> Option<Data<'static>> {
    match ResponseCodec::default().decode(raw) {
        Ok((_, Response::Data(data))) => Some(data.into_static()),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn is_nothing(text: &str) -> bool {
        matches!(read(text.as_bytes(), "b7"), Ok(Answer::Nothing))
    }

    #[test]
    fn what_is_none_of_imaps_answers_is_an_error() {
        for text in [
            "HTTP/1.1 400 Bad Request\r\n",
            "b6 OK of another command\r\n",
            "b7OK\r\n",
            "b7 DONE\r\n",
            "b7 BYE\r\n",
            "* SAERCH 1 2\r\n",
            "* XLIST (\\HasNoChildren) \"/\" Work\r\n",
            "* XIST (\\HasNoChildren) \"/\" Work\r\n",
            "* 3 FETHC (UID 1)\r\n",
            "* \r\n",
            "*\r\n",
            "* 4294967296 EXISTS\r\n",
            "* STATUS x\r\n",
            "* SEARCH 1 two\r\n",
            "* SEARCH(1 2\r\n",
        ] {
            assert!(read(text.as_bytes(), "b7").is_err(), "{text}");
        }
        assert!(matches!(read(b"* BYE\r\n", "b7"), Err(Fault::Closed)));
    }

    #[test]
    fn what_nobody_asked_for_tells_nothing() {
        for text in [
            "\r\n",
            "* 3 EXPUNGE\r\n",
            "* 0 RECENT\r\n",
            "* OK Still here\r\n",
            "* NO tut\r\n",
            "* FLAGS (\r\n",
        ] {
            assert!(is_nothing(text), "{text}");
        }
        for text in ["* QUOTA x\r\n", "* NAMESPACE ((\r\n", "* XLIKELY it\r\n"] {
            assert!(is_nothing(text), "{text}");
        }
    }

    #[test]
    fn ends_are_seen_whatever_their_text() {
        let end = |text: &str| match read(text.as_bytes(), "b7") {
            Ok(Answer::End(end)) => (end.kind, end.text),
            _ => panic!("{text}"),
        };
        assert_eq!(
            end("b7 OK Fertig, schön\r\n"),
            (StatusKind::Ok, "Fertig, schön".to_owned())
        );
        assert_eq!(end("b7 no\r\n"), (StatusKind::No, String::new()));
        assert_eq!(end("b7 BAD [\r\n"), (StatusKind::Bad, "[".to_owned()));
    }
}
