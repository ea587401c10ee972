//! New lines: folded as RFC 6350 asks, or in quoted-printable for vCard 2.1.

use super::property::Property;
use super::{Line, Version, charset, lines};

/// Bytes of a line without its end, most (RFC 6350, section 3.2).
const LINE_BYTES: usize = 75;

/// A new line. `value` is escaped already.
pub(super) fn line(version: Version, name: &str, parameters: &[(&str, &str)], value: &str) -> Line {
    let mut head = name.to_owned();
    for (name, value) in parameters {
        head.push(';');
        head.push_str(name);
        head.push('=');
        head.push_str(&parameter_value(value));
    }
    write(version, head, value, b"\r\n")
}

/// The same line with another value, escaped already. Group, name and parameters stay as they are,
/// but for what said how the old value was encoded, and how it sorts.
pub(super) fn with_value(version: Version, old: &Line, property: &Property, value: &str) -> Line {
    let mut head = match &property.group {
        Some(group) => format!("{group}.{}", property.name),
        None => property.name.clone(),
    };
    for parameter in &property.parameters {
        if !matches!(parameter.name.as_str(), "ENCODING" | "CHARSET" | "SORT-AS") {
            head.push(';');
            head.push_str(&parameter.raw);
        }
    }
    write(version, head, value, lines::end(&old.raw))
}

fn write(version: Version, mut head: String, value: &str, end: &[u8]) -> Line {
    let is_plain = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let text = match version {
        Version::V2_1 if is_plain => format!("{head}:{value}"),
        Version::V2_1 => {
            head.push_str(";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE");
            format!("{head}:{}", charset::quote(value))
        }
        Version::V3_0 | Version::V4_0 => format!("{head}:{value}"),
    };
    let mut raw = match version {
        Version::V2_1 => text.into_bytes(),
        Version::V3_0 | Version::V4_0 => fold(&text, end),
    };
    raw.extend_from_slice(end);
    let property = Property::read(&lines::unfold(&raw, version), version);
    Line { raw, property }
}

/// Cuts between characters, never inside one, though others may.
fn fold(text: &str, end: &[u8]) -> Vec<u8> {
    let (mut folded, mut width) = (Vec::with_capacity(text.len()), 0);
    for character in text.chars() {
        if width + character.len_utf8() > LINE_BYTES {
            folded.extend_from_slice(end);
            folded.push(b' ');
            width = 1;
        }
        folded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        width += character.len_utf8();
    }
    folded
}

/// Quoted where it has to be, with the escapes of RFC 6868.
fn parameter_value(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '^' => text.push_str("^^"),
            '"' => text.push_str("^'"),
            '\n' => text.push_str("^n"),
            other if other.is_control() => {}
            other => text.push(other),
        }
    }
    if text.contains([':', ';', ',']) {
        format!("\"{text}\"")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(version: Version, parameters: &[(&str, &str)], value: &str) -> String {
        String::from_utf8(line(version, "NOTE", parameters, value).raw).unwrap()
    }

    #[test]
    fn a_line_is_cut_after_seventy_five_bytes_and_what_goes_on_has_seventy_four() {
        let x = |count: usize| "x".repeat(count);
        for version in [Version::V3_0, Version::V4_0] {
            let written = |count: usize| written(version, &[], &x(count));
            assert_eq!(written(70), format!("NOTE:{}\r\n", x(70)));
            assert_eq!(written(71), format!("NOTE:{}\r\n x\r\n", x(70)));
            assert_eq!(written(144), format!("NOTE:{}\r\n {}\r\n", x(70), x(74)));
            assert_eq!(
                written(145),
                format!("NOTE:{}\r\n {}\r\n x\r\n", x(70), x(74))
            );
        }
        // Two bytes of which one fits go on together.
        let text = x(69) + "ü";
        let folded = format!("NOTE:{}\r\n ü\r\n", x(69));
        assert_eq!(written(Version::V4_0, &[], &text), folded);
    }

    #[test]
    fn old_cards_are_encoded_where_a_letter_asks_for_it() {
        let plain = |value: &str| written(Version::V2_1, &[], value);
        assert_eq!(plain("a ~"), "NOTE:a ~\r\n");
        assert_eq!(
            plain(&"x".repeat(100)),
            format!("NOTE:{}\r\n", "x".repeat(100))
        );
        assert_eq!(
            plain("a\u{7f}é"),
            "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a=7F=C3=A9\r\n"
        );
        assert_eq!(written(Version::V3_0, &[], "é"), "NOTE:é\r\n");
    }

    #[test]
    fn a_parameter_is_quoted_where_it_has_to_be_and_says_what_no_quotes_can_hold() {
        for (value, written_as) in [
            ("home", "home"),
            ("a:b", "\"a:b\""),
            ("a;b", "\"a;b\""),
            ("a,b", "\"a,b\""),
            ("say \"x\"\nand ^", "say ^'x^'^nand ^^"),
            ("a\u{7}b", "ab"),
        ] {
            let line = written(Version::V4_0, &[("X-P", value), ("TYPE", "work")], "n");
            assert_eq!(line, format!("NOTE;X-P={written_as};TYPE=work:n\r\n"));
        }
    }
}
