//! The escapes of values (RFC 6350, section 3.4), and values that have parts.

/// A value's text as a person reads it. A backslash before anything else stays, as in a Windows path.
pub(super) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') => text.push('\n'),
            // Google escapes the colon, which no version asks for.
            Some(escaped @ ('\\' | ',' | ';' | ':')) => text.push(escaped),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

/// Text as a value.
pub(super) fn escape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | ',' | ';' => value.extend(['\\', character]),
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    value.push_str("\\n");
                }
            }
            '\n' => value.push_str("\\n"),
            // Nothing else that controls may stand in a value (RFC 6350, section 3.3).
            other if other.is_control() && other != '\t' => {}
            other => value.push(other),
        }
    }
    value
}

/// The parts of a value between unescaped separators, escapes left as they are.
pub(super) fn split(value: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, character) in value.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == separator {
            parts.push(&value[start..at]);
            start = at + separator.len_utf8();
        }
    }
    parts.push(&value[start..]);
    parts
}

/// The parts as text.
pub(super) fn parts(value: &str, separator: char) -> Vec<String> {
    split(value, separator).into_iter().map(unescape).collect()
}

/// Parts as a value; empty ones at the end stay, because their number means something.
pub(super) fn join(parts: &[impl AsRef<str>], separator: &str) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| escape(part.as_ref())).collect();
    escaped.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_value_is_escaped_and_what_controls_is_left_out() {
        for (text, value) in [
            ("a,b;c\\d:e", "a\\,b\\;c\\\\d:e"),
            ("a\nb", "a\\nb"),
            ("a\r\nb", "a\\nb"),
            ("a\rb\r", "a\\nb\\n"),
            ("a\tb\u{7}c\u{85}d", "a\tbcd"),
        ] {
            assert_eq!(escape(text), value, "{text:?}");
        }
    }

    #[test]
    fn a_backslash_before_anything_else_stays() {
        for (value, text) in [
            ("a\\nb\\Nc", "a\nb\nc"),
            ("a\\,b\\;c\\:d\\\\e", "a,b;c:d\\e"),
            ("C:\\Temp\\x", "C:\\Temp\\x"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(unescape(value), text, "{value}");
        }
    }

    #[test]
    fn parts_are_told_apart_by_separators_that_are_not_escaped() {
        for (value, expected) in [
            ("", &[""][..]),
            ("a;b;", &["a", "b", ""]),
            ("a\\;b;c", &["a\\;b", "c"]),
            ("a\\\\;b", &["a\\\\", "b"]),
            ("a,b;é;ü", &["a,b", "é", "ü"]),
        ] {
            assert_eq!(split(value, ';'), expected, "{value}");
        }
    }
}
