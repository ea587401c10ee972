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
