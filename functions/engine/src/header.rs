//! A header's fields as bytes, for what no parser of mail knows.

/// The header of a message: all before the first empty line.
pub fn header_of(message: &[u8]) -> &[u8] {
    let mut at = 0;
    for line in message.split_inclusive(|&byte| byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        at += line.len();
    }
    message.get(..at).unwrap_or(message)
}

/// The value of the first field of this name, folded lines and all; none if there is none.
pub fn field<'a>(header: &'a [u8], name: &str) -> Option<&'a [u8]> {
    fields(header)
        .find_map(|(found, value)| found.eq_ignore_ascii_case(name.as_bytes()).then_some(value))
}

/// Names and values in their order. Lines that are no field belong to none.
pub fn fields(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = header;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (field, after) = rest.split_at(field_length(rest));
            rest = after;
            let colon = field.iter().position(|&byte| byte == b':');
            if let Some((name, value)) = colon.and_then(|at| field.split_at_checked(at)) {
                let name = name.trim_ascii_end();
                if is_name(name) {
                    return Some((name, value.get(1..).unwrap_or_default().trim_ascii()));
                }
            }
        }
        None
    })
}

/// What a field may be called (RFC 5322, section 3.6.8).
pub fn is_name(name: &[u8]) -> bool {
    !name.is_empty()
        && name
            .iter()
            .all(|byte| byte.is_ascii_graphic() && *byte != b':')
}

/// A line and those that continue it.
fn field_length(header: &[u8]) -> usize {
    let mut length = 0;
    for line in header.split_inclusive(|&byte| byte == b'\n') {
        if length > 0 && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            break;
        }
        length += line.len();
    }
    length
}

/// Characters of a list's id that are kept.
const ID_CHARS: usize = 200;

/// The id of a list between its brackets (RFC 2919), in small letters; without any, the last word.
pub fn list_id(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    let inside = value
        .rsplit_once('<')
        .map(|(_, rest)| rest.split('>').next());
    let id = inside.flatten().or_else(|| value.split_whitespace().last());
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let id: String = id.unwrap_or_default().chars().map(visible).collect();
    let id: String = id.trim().chars().take(ID_CHARS).collect();
    id.to_lowercase()
}

/// The bare address of a sender as a mail has it, in small letters.
pub fn bare_address(from: &str) -> String {
    let inside = from
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inside
        .map_or(from, |(address, _)| address)
        .trim()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name_folded_or_not() {
        let message = b"Subject: one\r\n two\r\nno field here\r\nX-Status : AF\r\nstatus:\r\n\r\nX-Body: no\r\n";
        let header = header_of(message);
        assert_eq!(field(header, "subject"), Some(&b"one\r\n two"[..]));
        assert_eq!(field(header, "X-Status"), Some(&b"AF"[..]));
        assert_eq!(field(header, "Status"), Some(&b""[..]));
        assert_eq!(field(header, "X-Body"), None);
        assert_eq!(fields(header).count(), 3);
        assert_eq!(header_of(b"A: b"), b"A: b");
        assert_eq!(header_of(b"\nA: b"), b"");
        assert_eq!(fields(b"\n:\n: x\n").count(), 0);
    }

    #[test]
    fn a_name_is_made_of_letters_that_are_seen_and_holds_no_colon() {
        for (name, is) in [
            (&b"X-Status"[..], true),
            (b"!", true),
            (b"", false),
            (b"X Status", false),
            (b"X:Status", false),
            (b":", false),
            (b" ", false),
            ("X-Größe".as_bytes(), false),
        ] {
            assert_eq!(is_name(name), is, "{}", String::from_utf8_lossy(name));
        }
    }

    #[test]
    fn the_id_of_a_list_stands_in_its_last_brackets_or_last() {
        let long = "a".repeat(200);
        for (value, id) in [
            ("The News <News.X.example>", "news.x.example"),
            ("news.x.example", "news.x.example"),
            ("The news.x.example ", "news.x.example"),
            ("<a.example> <b.example>", "b.example"),
            ("News <a.example", "a.example"),
            ("<a\tb>", "a b"),
            ("< a.example >", "a.example"),
            ("<>", ""),
            ("", ""),
            (&format!("<{long}>"), &long),
            (&format!("<{long}a>"), &long),
        ] {
            assert_eq!(list_id(value.as_bytes()), id, "{value}");
        }
    }

    #[test]
    fn an_address_is_what_stands_in_the_last_brackets() {
        let cases = [
            ("Ann <Ann@Example.org>", "ann@example.org"),
            ("\"Ann <3\" <Ann@X.example>", "ann@x.example"),
            ("\"a <b>\" <c@example.org>", "c@example.org"),
            (" ann@example.org ", "ann@example.org"),
            ("<>", ""),
            ("<", "<"),
            ("", ""),
        ];
        for (from, expected) in cases {
            assert_eq!(bare_address(from), expected);
        }
    }
}
