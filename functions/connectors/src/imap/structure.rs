//! BODYSTRUCTURE (RFC 3501, section 7.4.2) as the structure of a mail.

use super::values::Value;
use crate::attachments::{Disposition, Part};

/// Reads a structure; none if it makes no sense.
pub(super) fn read(value: &Value<'_>) -> Option<Part> {
    let Value::List(values) = value else {
        return None;
    };
    match values.first()? {
        Value::List(_) => multipart(values),
        _ => single(values),
    }
}

fn multipart(values: &[Value<'_>]) -> Option<Part> {
    let is_part = |value: &&Value<'_>| matches!(value, Value::List(_));
    // A part that makes no sense costs itself and no other.
    let parts: Vec<Part> = values
        .iter()
        .take_while(is_part)
        .map(|part| read(part).unwrap_or_else(unreadable))
        .collect();
    Some(Part {
        kind: "multipart".to_owned(),
        subtype: lower(values.get(parts.len())?)?,
        parts,
        ..Part::default()
    })
}

/// A part of which nobody can tell what it is.
fn unreadable() -> Part {
    Part {
        kind: "multipart".to_owned(),
        subtype: "encrypted".to_owned(),
        ..Part::default()
    }
}

fn single(values: &[Value<'_>]) -> Option<Part> {
    let [kind, subtype, parameters, id, _, _, _, rest @ ..] = values else {
        return None;
    };
    let disposition = rest.iter().find_map(disposition);
    let (disposition, file_name) = disposition.unwrap_or_default();
    Some(Part {
        kind: lower(kind)?,
        subtype: lower(subtype)?,
        disposition,
        named: file_name || is_named(parameters, "name"),
        has_id: id.text().is_some(),
        parts: Vec::new(),
    })
}

/// How a part wants to be shown, and whether that names a file. Servers put different things before
/// it, so it is found by its form: a word, then parameters or NIL.
fn disposition(value: &Value<'_>) -> Option<(Disposition, bool)> {
    let Value::List(values) = value else {
        return None;
    };
    let [word, parameters] = values.as_slice() else {
        return None;
    };
    let is_form = match parameters {
        Value::List(pairs) => pairs.len() % 2 == 0,
        other => other.text().is_none(),
    };
    let word = lower(word).filter(|_| is_form)?;
    Some((Disposition::of(&word), is_named(parameters, "filename")))
}

/// Whether a parameter gives a name, whole or in pieces (`name*0`, `filename*`; RFC 2231).
fn is_named(parameters: &Value<'_>, name: &str) -> bool {
    let Value::List(pairs) = parameters else {
        return false;
    };
    pairs.chunks(2).any(|pair| {
        let [key, value] = pair else { return false };
        let key = lower(key).unwrap_or_default();
        let begins = key == name
            || key
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('*'));
        begins
            && value
                .text()
                .is_some_and(|value| !value.trim_ascii().is_empty())
    })
}

fn lower(value: &Value<'_>) -> Option<String> {
    Some(String::from_utf8_lossy(value.text()?).to_ascii_lowercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::fetched;

    fn has_file(structure: &str) -> Option<bool> {
        let raw = format!("* 1 FETCH (UID 7 BODYSTRUCTURE {structure})\r\n");
        fetched::read(raw.as_bytes()).unwrap().has_file
    }

    /// Structures that servers sent, as people reported them.
    #[test]
    fn files_are_told_from_what_is_none() {
        let text = "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 2 1 NIL NIL NIL)";
        let html = "(\"TEXT\" \"HTML\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 27 1 NIL NIL NIL)";
        let either = format!("({text}{html} \"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL)");
        let icon = "(\"IMAGE\" \"PNG\" (\"NAME\" \"icon.png\") \"<icon.png>\" NIL \"BASE64\" 1986 NIL (\"ATTACHMENT\" (\"FILENAME\" \"icon.png\")) NIL)";
        let status = "(\"MESSAGE\" \"DELIVERY-STATUS\" NIL NIL NIL \"7BIT\" 488 NIL NIL NIL)";
        let envelope = "(\"Tue, 2 Jun 2020 16:25:29 +0200\" \"tested\" ((\"F\" NIL \"s\" \"g.com\")) NIL NIL NIL NIL NIL NIL \"<x@g.com>\")";
        let inner = format!(
            "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 2539 {envelope} {text} 51 NIL NIL NIL)"
        );
        for (structure, expected) in [
            (text.to_owned(), Some(false)),
            (either.clone(), Some(false)),
            // A text file; its disposition stands where some expect a language.
            (
                format!(
                    "({either}(\"TEXT\" \"PLAIN\" (\"NAME\" \"c.txt\") \"<f_j>\" NIL \"BASE64\" 28 1 NIL (\"ATTACHMENT\" (\"FILENAME\" \"c.txt\")) NIL) \"MIXED\" (\"BOUNDARY\" \"y\") NIL NIL)"
                ),
                Some(true),
            ),
            // A bounce.
            (
                format!(
                    "(({either}{icon} \"RELATED\" (\"BOUNDARY\" \"r\") NIL NIL){status}{inner} \"REPORT\" (\"REPORT-TYPE\" \"delivery-status\") NIL NIL)"
                ),
                Some(false),
            ),
            (format!("({text}{inner} \"MIXED\")"), Some(true)),
            (format!("({text}{icon} \"MIXED\")"), Some(true)),
            // No extension data at all.
            (
                format!("({text}(\"APPLICATION\" \"PDF\" NIL NIL NIL \"BASE64\" 1000) \"MIXED\")"),
                Some(true),
            ),
            // A name in pieces, and one that is empty.
            (
                "(\"TEXT\" \"PLAIN\" (\"NAME*0*\" \"UTF-8''a\") NIL NIL \"7BIT\" 2 1)".to_owned(),
                Some(true),
            ),
            (
                "(\"TEXT\" \"PLAIN\" (\"NAME\" \"\") NIL NIL \"7BIT\" 2 1 NIL (\"INLINE\" NIL))"
                    .to_owned(),
                Some(false),
            ),
            // Gmail, of parts that are multiparts of nothing; QQ and 163, of a description in quotes; a part
            // that is cut off.
            (
                format!("({text}(\"RELATED\" NIL (\"ATTACHMENT\" NIL) NIL) \"MIXED\" NIL NIL NIL)"),
                None,
            ),
            (
                format!("({text}{icon}(\"RELATED\" NIL (\"ATTACHMENT\" NIL) NIL) \"MIXED\")"),
                Some(true),
            ),
            (
                format!(
                    "({html}(\"application\" \"octet-stream\" (\"name\" \"2154973550.pdf\") NIL \"\"\"\" \"base64\" 65322) \"MIXED\")"
                ),
                Some(true),
            ),
            (format!("({text}(\"APPLICATION\" \"PDF\") \"MIXED\")"), None),
            // Exchange, with the lines of a text missing, and Yandex, with its size.
            (
                "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 727 NIL NIL NIL NIL) \"mixed\" NIL NIL NIL)"
                    .to_owned(),
                Some(false),
            ),
            (
                "((\"text\" \"plain\" NIL NIL NIL \"7bit\" NIL NIL) \"mixed\" NIL NIL NIL)".to_owned(),
                Some(false),
            ),
            // Encrypted, and nonsense.
            (format!("({text}{text} \"ENCRYPTED\" NIL NIL NIL)"), None),
            ("(\"TEXT\")".to_owned(), None),
            ("NIL".to_owned(), None),
        ] {
            assert_eq!(has_file(&structure), expected, "{structure}");
        }
    }

    #[test]
    fn deep_structures_are_read() {
        let mut structure = "(\"APPLICATION\" \"PDF\" NIL NIL NIL \"BASE64\" 9)".to_owned();
        for _ in 0..80 {
            structure = format!("({structure} \"MIXED\")");
        }
        assert_eq!(has_file(&structure), Some(true));
    }
}
