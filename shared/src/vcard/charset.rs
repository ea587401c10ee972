//! Character sets and quoted-printable, as vCard 2.1 has them and old phones still write them.

/// The characters of bytes in this set; none if they are not of it, or it is not known.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Option<String> {
    let charset = charset.unwrap_or("UTF-8").to_ascii_uppercase();
    match charset.as_str() {
        "UTF-8" | "UTF8" | "US-ASCII" | "ASCII" => String::from_utf8(bytes.to_vec()).ok(),
        "ISO-8859-1" | "LATIN1" | "ISO-8859-15" | "WINDOWS-1252" | "CP1252" => {
            let is_15 = charset == "ISO-8859-15";
            bytes.iter().map(|&byte| western(byte, is_15)).collect()
        }
        _ => None,
    }
}

/// A byte of Windows-1252, which holds ISO 8859-1, or of ISO 8859-15, which has other letters in eight places.
fn western(byte: u8, is_15: bool) -> Option<char> {
    /// 0x80 to 0x9f of Windows-1252 (WHATWG's index, whose five unused places are none here).
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    Some(match (byte, is_15) {
        (0xa4, true) => '€',
        (0xa6, true) => 'Š',
        (0xa8, true) => 'š',
        (0xb4, true) => 'Ž',
        (0xb8, true) => 'ž',
        (0xbc, true) => 'Œ',
        (0xbd, true) => 'œ',
        (0xbe, true) => 'Ÿ',
        (0x80..=0x9f, false) => {
            return Some(HIGH[usize::from(byte - 0x80)]).filter(|&letter| letter != '\0');
        }
        _ => char::from(byte),
    })
}

/// The bytes behind quoted-printable (RFC 2045, section 6.7). An `=` that begins no code stays.
pub(super) fn unquote(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let code = match (first, tail) {
            (b'=', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Text as quoted-printable in lines of at most 70 characters with soft breaks.
pub(super) fn quote(text: &str) -> String {
    use std::fmt::Write as _;
    let (mut quoted, mut column) = (String::new(), 0);
    for byte in text.bytes() {
        let plain = matches!(byte, b' '..=b'~') && byte != b'=';
        let width = if plain { 1 } else { 3 };
        if column + width > 70 {
            quoted.push_str("=\r\n");
            column = 0;
        }
        if plain {
            quoted.push(char::from(byte));
        } else {
            let _ = write!(quoted, "={byte:02X}");
        }
        column += width;
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_set_has_letters_of_its_own() {
        let cases: [(Option<&str>, &[u8], Option<&str>); 12] = [
            (None, "Jörg".as_bytes(), Some("Jörg")),
            (Some("utf8"), b"J\xc3\xb6rg", Some("Jörg")),
            (Some("US-ASCII"), b"Joe", Some("Joe")),
            (Some("UTF-8"), b"J\xf6rg", None),
            (
                Some("ISO-8859-1"),
                b"\xa4 \xa6 J\xf6rg",
                Some("\u{a4} \u{a6} Jörg"),
            ),
            (Some("latin1"), b"\x20\x7e\xa0\xff", Some(" ~\u{a0}ÿ")),
            (
                Some("windows-1252"),
                b"\x80 \x82 \x93\x94 \x9f",
                Some("€ ‚ “” Ÿ"),
            ),
            (
                Some("ISO-8859-15"),
                b"\xa4 \xa6\xa8 \xb4\xb8 \xbc\xbd\xbe",
                Some("€ Šš Žž ŒœŸ"),
            ),
            (
                Some("iso-8859-15"),
                b"J\xf6rg \xa7\xb6",
                Some("Jörg \u{a7}\u{b6}"),
            ),
            // Where Windows has its quotes, ISO 8859-15 has control characters.
            (
                Some("ISO-8859-15"),
                b"\x80\x93\x9f",
                Some("\u{80}\u{93}\u{9f}"),
            ),
            (Some("CP1252"), b"\x00a", Some("\0a")),
            (Some("KOI8-R"), b"a", None),
        ];
        for (charset, bytes, text) in cases {
            let decoded = decode(bytes, charset);
            assert_eq!(decoded.as_deref(), text, "{charset:?} {bytes:x?}");
        }
        for unused in [0x81, 0x8d, 0x8f, 0x90, 0x9d] {
            assert_eq!(decode(&[b'a', unused], Some("CP1252")), None, "{unused:x}");
        }
    }

    #[test]
    fn only_what_is_a_code_is_taken_for_one() {
        for (text, bytes) in [
            ("a=3D=fC=FcZ", &b"a=\xfc\xfcZ"[..]),
            ("1+1=2", b"1+1=2"),
            ("=", b"="),
            ("=4", b"=4"),
            ("=4G=G4", b"=4G=G4"),
        ] {
            assert_eq!(unquote(text.as_bytes()), bytes, "{text}");
        }
    }

    #[test]
    fn lines_are_broken_after_seventy_characters_and_never_inside_of_a_code() {
        let x = |count: usize| "x".repeat(count);
        for (text, quoted) in [
            (x(70), x(70)),
            (x(71), format!("{}=\r\nx", x(70))),
            (x(141), format!("{0}=\r\n{0}=\r\nx", x(70))),
            (x(67) + "=", x(67) + "=3D"),
            (x(68) + "=", x(68) + "=\r\n=3D"),
            ("a =~\tü".to_owned(), "a =3D~=09=C3=BC".to_owned()),
        ] {
            assert_eq!(quote(&text), quoted);
            assert_eq!(
                unquote(quoted.replace("=\r\n", "").as_bytes()),
                text.as_bytes()
            );
        }
    }
}
