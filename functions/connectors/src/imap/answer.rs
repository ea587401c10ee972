//! One response of a server, read: a command's end, data, or something that tells us nothing. Whatever
//! is none of these is an error, because what is not understood may be what was asked for.

use imap_codec::ResponseCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::IntoStatic;
use imap_codec::imap_types::response::{Code, Data, Response, StatusKind};

use super::facts::{self, Fact};
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
    /// Rights, quota, annotations.
    Fact(Fact),
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

/// Names of the untagged answers that are read here, by what is asked for. Any other may come at any time and
/// tells nothing (RFC 9051, section 2.2.2), unless it is one of these with a letter put wrong.
const READ: [&[u8]; 18] = [
    b"ACL",
    b"BAD",
    b"BYE",
    b"CAPABILITY",
    b"ESEARCH",
    b"EXISTS",
    b"EXPUNGE",
    b"FETCH",
    b"FLAGS",
    b"LIST",
    b"METADATA",
    b"NAMESPACE",
    b"NO",
    b"OK",
    b"QUOTA",
    b"SEARCH",
    b"SORT",
    b"STATUS",
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
    if is_code(rest) {
        return Ok(remark(&[b"OK ", rest].concat()));
    }
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
        b"ACL" | b"METADATA" | b"QUOTA" => match facts::read(rest) {
            Some(fact) => Told::Fact(fact),
            None => return Ok(Answer::Nothing),
        },
        _ => match decode(raw) {
            Some(data) => Told::Data(data),
            None if is_of_another(&name) => return Ok(Answer::Nothing),
            None => return Err(Fault::Senseless),
        },
    };
    Ok(Answer::Told(told))
}

/// Whether this is one of the codes before which Exchange and others leave the OK out.
fn is_code(rest: &[u8]) -> bool {
    const CODES: [&[u8]; 4] = [b"ALERT", b"APPENDUID", b"COPYUID", b"HIGHESTMODSEQ"];
    let Some(code) = rest.strip_prefix(b"[") else {
        return false;
    };
    let name = code.split(|byte| matches!(byte, b' ' | b']')).next();
    let name = name.unwrap_or_default().to_ascii_uppercase();
    CODES.contains(&name.as_slice()) && code.contains(&b']')
}

/// Whether this is the name of an answer that is not read here, and not what was asked for with a letter put
/// wrong.
fn is_of_another(name: &[u8]) -> bool {
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte == b'-');
    is_name
        && !READ
            .iter()
            .any(|read| *read == name || differ_by_one(read, name))
}

/// Whether two names differ by one letter: another, one more, one less, or two that changed places.
fn differ_by_one(one: &[u8], other: &[u8]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(same..), other.get(same..));
    let rest = |rest: Option<&[u8]>, from: usize| {
        rest.and_then(|rest| rest.get(from..)).map(<[u8]>::to_vec)
    };
    match (one, other) {
        (Some([a, b, ..]), Some([c, d, ..])) if a == d && b == c => rest(one, 2) == rest(other, 2),
        _ => {
            let other_letter = rest(one, 1).is_some() && rest(one, 1) == rest(other, 1);
            other_letter || rest(one, 1) == rest(other, 0) || rest(one, 0) == rest(other, 1)
        }
    }
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
        name if is_of_another(name) => Ok(Answer::Nothing),
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
            "* SERCH 1 2\r\n",
            "* 3x EXISTS\r\n",
            "* 3 EXIST\r\n",
            "* LIST5 x\r\n",
            "* [IST (\\HasNoChildren) \"/\" Work\r\n",
            "* [COPYUID 1 2 3\r\n",
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
        for text in [
            "* QUOTA x\r\n",
            "* NAMESPACE ((\r\n",
            "* XLIKELY it\r\n",
            "* JMAPACCESS \"https://example.com\"\r\n",
            "* INPROGRESS (\"b7\" 3 9)\r\n",
            "* UIDBATCHES (TAG \"b7\") 1:9\r\n",
            "* BINARY-LIMIT 9\r\n",
            "* 7 MESSAGE Bcc\r\n",
        ] {
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
