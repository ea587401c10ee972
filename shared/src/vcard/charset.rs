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

/// A byte of Windows-1252, which holds ISO 8859-1, or of ISO 8859-15.
fn western(byte: u8, is_15: bool) -> Option<char> {
    /// 0x80 to 0x9f of Windows-1252 (WHATWG's index, whose five unused places are none here).
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0xa4 if is_15 => Some('€'),
        0x80..=0x9f if !is_15 => {
            Some(HIGH[usize::from(byte - 0x80)]).filter(|&character| character != '\0')
        }
        _ => Some(char::from(byte)),
    }
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
                bytes.push(high << 4 | low);
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
