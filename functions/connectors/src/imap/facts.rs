//! What servers tell of mailboxes besides LIST and STATUS: rights (RFC 4314), quota (RFC 9208) and
//! annotations (RFC 5464).

use super::values::{Reader, Value};

/// One such response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// Who has which rights in a mailbox.
    Rights {
        /// As the server calls it.
        wire: Vec<u8>,
        /// Users with the letters of their rights.
        rights: Vec<(String, String)>,
    },
    /// What may be stored below a quota root, in units of 1,024 octets: used and limit. None where it does
    /// not limit storage.
    Quota(Option<(u64, u64)>),
    /// Annotations of a mailbox; none for one that is not set.
    Annotations {
        /// As the server calls it.
        wire: Vec<u8>,
        /// Entries with their values.
        entries: Vec<(String, Option<Vec<u8>>)>,
    },
}

/// Reads what follows `* `; none if it is no such response, or makes no sense.
pub(super) fn read(rest: &[u8]) -> Option<Fact> {
    let mut reader = Reader::new(rest);
    let name = reader.word()?.to_ascii_uppercase();
    let wire = reader.value()?.text()?.to_vec();
    match name.as_slice() {
        b"ACL" => rights(wire, &mut reader),
        b"QUOTA" => quota(&mut reader),
        b"METADATA" => annotations(wire, &mut reader),
        _ => None,
    }
}

fn rights(wire: Vec<u8>, reader: &mut Reader<'_>) -> Option<Fact> {
    let mut rights = Vec::new();
    while !is_end(reader) {
        let user = words(&reader.value()?)?;
        rights.push((user, words(&reader.value()?)?));
    }
    Some(Fact::Rights { wire, rights })
}

fn quota(reader: &mut Reader<'_>) -> Option<Fact> {
    let Value::List(values) = reader.value()? else {
        return None;
    };
    let storage = values.chunks(3).find_map(|limit| match limit {
        [name, used, limit] if name.text()?.eq_ignore_ascii_case(b"STORAGE") => {
            Some((used.number()?, limit.number()?))
        }
        _ => None,
    });
    Some(Fact::Quota(storage))
}

fn annotations(wire: Vec<u8>, reader: &mut Reader<'_>) -> Option<Fact> {
    let Value::List(values) = reader.value()? else {
        return None;
    };
    let mut entries = Vec::new();
    for pair in values.chunks(2) {
        let [entry, value] = pair else { return None };
        entries.push((
            words(entry)?.to_lowercase(),
            value.text().map(<[u8]>::to_vec),
        ));
    }
    Some(Fact::Annotations { wire, entries })
}

fn words(value: &Value<'_>) -> Option<String> {
    String::from_utf8(value.text()?.to_vec()).ok()
}

fn is_end(reader: &mut Reader<'_>) -> bool {
    reader.spaces();
    matches!(reader.peek(), None | Some(b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_quota_and_annotations_are_read() {
        let rights = |pairs: &[(&str, &str)]| {
            let owned = |(user, rights): &(&str, &str)| ((*user).to_owned(), (*rights).to_owned());
            Fact::Rights {
                wire: b"user/bob".to_vec(),
                rights: pairs.iter().map(owned).collect(),
            }
        };
        let read = |text: &str| read(text.as_bytes());
        assert_eq!(
            read("ACL user/bob bob lrswi \"admin\" \"\"\r\n"),
            Some(rights(&[("bob", "lrswi"), ("admin", "")]))
        );
        assert_eq!(read("ACL user/bob\r\n"), Some(rights(&[])));
        assert_eq!(
            read("QUOTA user/ann (MESSAGE 3 9 STORAGE 7 10)\r\n"),
            Some(Fact::Quota(Some((7, 10))))
        );
        assert_eq!(read("QUOTA \"\" ()\r\n"), Some(Fact::Quota(None)));
        assert_eq!(
            read("METADATA \"a b\" (\"/Shared/x\" {3}\r\na)b /private/comment NIL)\r\n"),
            Some(Fact::Annotations {
                wire: b"a b".to_vec(),
                entries: vec![
                    ("/shared/x".to_owned(), Some(b"a)b".to_vec())),
                    ("/private/comment".to_owned(), None)
                ]
            })
        );
    }

    #[test]
    fn what_makes_no_sense_is_none() {
        for text in [
            "ACL user/bob bob\r\n",
            "ACL\r\n",
            "QUOTA x\r\n",
            "METADATA x (a)\r\n",
            "METADATA x /a /b\r\n",
            "MYRIGHTS x lr\r\n",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
