//! Folder names: what we call a folder, and what is sent for it. Modified UTF-7 (RFC 3501, section 5.1.3);
//! we never switch a session to UTF8=ACCEPT.
//!
//! A name is decoded for people and never made anew: whatever a server calls a folder goes back to it byte
//! for byte. Most names are the canonical form of what they say, and are called by that. Any other form
//! stands behind it in angle brackets (`A&B ⟨A&ACY-B⟩`), so that two names that say the same stay two.

use std::fmt::Write as _;

pub(crate) use bulkhead_shared::utf7::{decode, encode};

/// What we call the folder that a server calls this. Two folders never have the same name.
pub(super) fn name(wire: &[u8]) -> String {
    if wire.eq_ignore_ascii_case(b"INBOX") {
        return "INBOX".to_owned();
    }
    let said = decode(wire);
    let is_plain = !said.is_empty() && !said.ends_with('⟩') && !said.chars().any(char::is_control);
    if is_plain && encode(&said).as_bytes() == wire {
        return said;
    }
    let said: String = said
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{said} ⟨{}⟩", escaped(wire))
}

/// What a server calls the folder that we call this.
pub(super) fn wire(name: &str) -> Vec<u8> {
    let kept = marked(name).and_then(|(_, escaped)| unescaped(escaped));
    match kept.filter(|wire| self::name(wire) == name) {
        Some(wire) => wire,
        None => encode(name).into_bytes(),
    }
}

/// What a folder's name says, without the form it is kept in.
pub(super) fn said(name: &str) -> &str {
    match marked(name) {
        Some((said, _)) if wire(name) != encode(name).into_bytes() => said,
        _ => name,
    }
}

fn marked(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix('⟩')?.rsplit_once(" ⟨")
}

fn escaped(wire: &[u8]) -> String {
    wire.iter().fold(String::new(), |mut text, byte| {
        match byte {
            b' '..=b'~' if *byte != b'%' => text.push(char::from(*byte)),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    })
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_names_are_called_by_what_they_say() {
        for (said, sent) in [
            ("INBOX", "INBOX"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("台北", "&U,BTFw-"),
            ("日本語/メール", "&ZeVnLIqe-/&MOEw,DDr-"),
            ("a😀b", "a&2D3eAA-b"),
            ("50% off", "50% off"),
            ("a ⟨b⟩ c", "a &J+g-b&J+k- c"),
        ] {
            assert_eq!(name(sent.as_bytes()), said);
            assert_eq!(wire(said), sent.as_bytes());
            assert_eq!(super::said(said), said);
        }
        assert_eq!(name(b"inbox"), "INBOX");
    }

    #[test]
    fn any_other_form_goes_back_byte_for_byte_and_stays_a_folder_of_its_own() {
        let odd: [(&[u8], &str); 14] = [
            (b"A&ACY-B", "A&B"),
            // Yandex.
            (b"&BBAEMQQyACYEMwQ0BDU-", "Абв&где"),
            // Exchange.
            (b"Da\tOggetto\t", "Da Oggetto "),
            (b"a&b", "a&b"),
            ("Entwürfe".as_bytes(), "Entwürfe"),
            (b"Entw&APwA-rfe", "Entwürfe"),
            (b"&AAA", "&AAA"),
            (&[0xff, b'a'], "ÿa"),
            (b"&AA0ACg-x", "  x"),
            (b"Foo &J+g-bar&J+k-", "Foo ⟨bar⟩"),
            (b"100&ACU-", "100%"),
            (b"", ""),
            (b"&AE8-ld", "Old"),
            (b"&2D0-", "&2D0-"),
        ];
        let mut names = std::collections::BTreeSet::new();
        for (sent, says) in odd {
            let name = name(sent);
            assert_eq!(wire(&name), sent, "{name}");
            assert_eq!(said(&name), says, "{name}");
            assert!(names.insert(name));
        }
        // Nothing that is no kept form is taken for one.
        for plain in ["Foo ⟨bar⟩", "⟨⟩", "a ⟨%zz⟩", "a ⟨%⟩"] {
            assert_eq!(said(plain), plain);
            assert_eq!(wire(plain), encode(plain).as_bytes());
        }
    }
}
