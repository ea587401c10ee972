//! Who sent a mail, and whether it came by a list: for counting, so of many mails at once.

use bulkhead_engine::header::{field, list_id};
use mail_parser::{Addr, Address, MessageParser};

use super::{header_of, one_line, words};

/// Characters of a name, an address or a list's id that are kept.
const KEPT_CHARS: usize = 200;

/// What a header says of who sent a mail.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Sender {
    /// The bare address in small letters; empty if there is none.
    pub(crate) address: String,
    /// The name; empty if there is none.
    pub(crate) name: String,
    /// The id of the list in small letters, which may be empty; none if it is no list mail.
    pub(crate) list: Option<String>,
    /// It can be unsubscribed from.
    pub(crate) unsubscribe: bool,
    /// Written by a machine, by what it says.
    pub(crate) automatic: bool,
}

/// The fields that are read.
pub(crate) const FIELDS: &str = "FROM LIST-ID LIST-UNSUBSCRIBE PRECEDENCE AUTO-SUBMITTED";

/// Reads a header, or the header of a whole message.
pub(crate) fn sender(message: &[u8]) -> Sender {
    let header = header_of(message);
    let said = |name: &str| field(header, name).filter(|value| !value.is_empty());
    let list = said("List-Id").map(list_id);
    let unsubscribe = said("List-Unsubscribe").is_some();
    let says = |name: &str, words: &[&str]| {
        said(name).is_some_and(|value| {
            let value = String::from_utf8_lossy(value).trim().to_ascii_lowercase();
            words.contains(&value.as_str())
        })
    };
    let is_by_itself = says("Auto-Submitted", &["auto-generated", "auto-replied"]);
    let automatic = is_by_itself || says("Precedence", &["bulk", "list", "junk"]);
    let (name, address) = from(header);
    Sender {
        address,
        name,
        list: list.or_else(|| unsubscribe.then(String::new)),
        unsubscribe,
        automatic,
    }
}

fn from(header: &[u8]) -> (String, String) {
    let Some(value) = field(header, "From") else {
        return Default::default();
    };
    let line = [b"From: ", value, b"\r\n\r\n"].concat();
    let line = words::join(&line);
    let read = MessageParser::default().parse_headers(line.as_bytes());
    let Some(read) = read else {
        return Default::default();
    };
    let from = read.from().and_then(Address::first);
    let short = |text: &str| one_line(text).chars().take(KEPT_CHARS).collect::<String>();
    let name = from.and_then(Addr::name).map(short).unwrap_or_default();
    let address = from.and_then(Addr::address).map(short).unwrap_or_default();
    (name, address.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_who_sent_it_and_by_which_list() {
        let read = sender(
            b"From: =?utf-8?Q?J=C3=B6rg?= <Joerg@Example.org>\r\nList-Id: The =?utf-8?Q?L?=\r\n <News.Example.ORG>\r\n\
              List-Unsubscribe: <https://example.org/u>\r\nPrecedence: Bulk\r\n\r\nFrom: nobody",
        );
        assert_eq!((&*read.name, &*read.address), ("Jörg", "joerg@example.org"));
        assert_eq!(read.list.as_deref(), Some("news.example.org"));
        assert!(read.unsubscribe && read.automatic);
    }

    #[test]
    fn what_says_nothing_is_no_list_mail() {
        let read = sender(
            b"From: ann@example.org\r\nPrecedence: first-class\r\nAuto-Submitted: no\r\n\r\n",
        );
        assert_eq!(read.address, "ann@example.org");
        assert_eq!(
            (read.list, read.unsubscribe, read.automatic),
            (None, false, false)
        );
        let only_unsubscribe = sender(b"List-Unsubscribe: <mailto:u@example.org>\r\n\r\n");
        assert_eq!(only_unsubscribe.list.as_deref(), Some(""));
        assert_eq!(
            sender(b"List-Id: bare.example.org\r\n\r\n").list.as_deref(),
            Some("bare.example.org")
        );
        assert_eq!(sender(b"List-Id:\r\n\r\n").list, None);
    }

    #[test]
    fn whatever_is_in_a_header_is_read_without_harm() {
        for odd in [
            &b""[..],
            b"From: \xff\xfe <\xff>\r\n\r\n",
            b"From:\r\nList-Id: <\r\n\r\n",
            b"From: <<<<>>>>\r\nList-Id: >\xff<\r\n\r\n",
            b"From: a@b, c@d\r\n\r\n",
        ] {
            let read = sender(odd);
            assert!(!read.name.chars().any(char::is_control));
        }
        let long = format!("From: {} <a@b.org>\r\n\r\n", "x".repeat(9_000));
        assert_eq!(sender(long.as_bytes()).name.len(), KEPT_CHARS);
    }
}
