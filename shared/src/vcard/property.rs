//! One property: group, name, parameters, value.

use super::{Version, charset, text};

/// A parameter of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As it stood, without the semicolon before it.
    pub(super) raw: String,
    /// In upper case. What stands without a name in vCard 2.1 gets the one it means: TYPE or ENCODING.
    pub name: String,
    /// Without quotes and escapes (RFC 6868).
    pub values: Vec<String>,
}

/// A property of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// What ties properties together, such as `item1`.
    pub group: Option<String>,
    /// As it stood; compare with [`Property::is`].
    pub name: String,
    /// In their order.
    pub parameters: Vec<Parameter>,
    /// Unfolded, otherwise as it stood.
    value: Vec<u8>,
}

impl Property {
    /// Reads an unfolded line; none if it is no property.
    pub(super) fn read(line: &[u8], version: Version) -> Option<Self> {
        let colon = colon(line)?;
        // Names and parameters are ASCII but for parameters' values, and for some writers not even those.
        let head = String::from_utf8_lossy(&line[..colon]).into_owned();
        let mut segments = unquoted_split(&head, ';').into_iter();
        let full_name = segments.next()?;
        let (group, name) = match full_name.split_once('.') {
            Some((group, name)) => (Some(group), name),
            None => (None, full_name),
        };
        if !is_name(name) || !group.is_none_or(is_name) {
            return None;
        }
        Some(Self {
            group: group.map(str::to_owned),
            name: name.to_owned(),
            parameters: segments.map(|raw| parameter(raw, version)).collect(),
            value: line[colon + 1..].to_vec(),
        })
    }

    /// Whether it has this name; case means nothing.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The values of all parameters of this name, which is given in upper case.
    pub fn parameter<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.parameters.iter().filter(move |p| p.name == name);
        named.flat_map(|parameter| parameter.values.iter().map(String::as_str))
    }

    /// Its types in lower case: `home`, `work`, `cell` and the like.
    pub fn types(&self) -> Vec<String> {
        let types = self.parameter("TYPE").flat_map(|value| value.split(','));
        types.map(|kind| kind.trim().to_ascii_lowercase()).collect()
    }

    /// 1 for the most preferred to 100; 101 where nothing is said.
    pub(super) fn preference(&self) -> u32 {
        let number = self.parameter("PREF").find_map(|pref| pref.parse().ok());
        let is_preferred = || self.types().iter().any(|kind| kind == "pref");
        number.unwrap_or_else(|| if is_preferred() { 1 } else { 101 })
    }

    /// The value as characters, its escapes left as they are. None where it is binary, or in a
    /// character set that is not known: such a value is shown by marks and never edited.
    pub fn value(&self) -> Option<String> {
        let encoding = self.parameter("ENCODING").next().unwrap_or_default();
        let charset = self.parameter("CHARSET").next();
        match encoding.to_ascii_uppercase().as_str() {
            "QUOTED-PRINTABLE" => charset::decode(&charset::unquote(&self.value), charset),
            "B" | "BASE64" => None,
            _ => charset::decode(&self.value, charset),
        }
    }

    /// The value as bytes of this file.
    pub(super) fn raw_value(&self) -> &[u8] {
        &self.value
    }

    /// Whether the value is binary in base 64.
    pub(super) fn is_base64(&self) -> bool {
        let mut encodings = self.parameter("ENCODING");
        encodings.any(|name| name.eq_ignore_ascii_case("b") || name.eq_ignore_ascii_case("base64"))
    }

    /// The text as a person reads it; none as with [`Property::value`].
    pub fn text(&self) -> Option<String> {
        self.value().map(|value| text::unescape(&value))
    }

    /// The text, with a replacement mark for each byte that cannot be read; empty for a binary one.
    pub fn text_or_marks(&self) -> String {
        match self.text() {
            Some(text) => text,
            None if self.is_base64() => String::new(),
            None => text::unescape(&String::from_utf8_lossy(&self.value)),
        }
    }

    /// The parts of a structured value, such as N and ORG.
    pub fn parts(&self, separator: char) -> Vec<String> {
        let value = self.value().unwrap_or_default();
        text::parts(&value, separator)
    }
}

/// Where the value begins: at the first colon that is not inside quotes, or at the first at all where
/// quotes do not close.
fn colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let outside = line.iter().position(|&byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    });
    outside.or_else(|| line.iter().position(|&byte| byte == b':'))
}

fn unquoted_split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let is_separator = |character: char| {
        quoted ^= character == '"';
        character == separator && !quoted
    };
    text.split(is_separator).collect()
}

fn is_name(name: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.bytes().all(valid)
}

fn parameter(raw: &str, version: Version) -> Parameter {
    let (name, value) = match raw.split_once('=') {
        Some((name, value)) => (name.trim().to_ascii_uppercase(), value),
        None => (implied_name(raw).to_owned(), raw),
    };
    let values = unquoted_split(value, ',').into_iter();
    Parameter {
        raw: raw.to_owned(),
        name,
        values: values.map(|value| plain(value, version)).collect(),
    }
}

/// What a word without a name means (vCard 2.1, section 2.1.3).
fn implied_name(word: &str) -> &'static str {
    match word.trim().to_ascii_uppercase().as_str() {
        "QUOTED-PRINTABLE" | "BASE64" | "7BIT" | "8BIT" => "ENCODING",
        "INLINE" | "URL" | "CONTENT-ID" | "CID" => "VALUE",
        _ => "TYPE",
    }
}

fn plain(value: &str, version: Version) -> String {
    let value = value.trim();
    let inner = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    let value = inner.unwrap_or(value);
    if version == Version::V2_1 || !value.contains('^') {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let code = match (character, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if code.is_some() {
            characters.next();
        }
        text.push(code.unwrap_or(character));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn carets_stand_for_what_a_parameter_cannot_hold() {
        let coded = "a^nb^^c^'d^x";
        assert_eq!(plain(coded, Version::V3_0), "a\nb^c\"d^x");
        assert_eq!(plain(&format!("\"{coded}\""), Version::V4_0), "a\nb^c\"d^x");
        assert_eq!(plain(coded, Version::V2_1), coded, "RFC 6868 is younger");
    }

    fn read(line: &str, version: Version) -> Option<Property> {
        Property::read(line.as_bytes(), version)
    }

    #[test]
    fn words_without_a_name_mean_what_they_meant_in_old_cards() {
        for (word, name) in [
            ("quoted-printable", "ENCODING"),
            ("BASE64", "ENCODING"),
            ("7bit", "ENCODING"),
            ("8BIT", "ENCODING"),
            ("INLINE", "VALUE"),
            ("url", "VALUE"),
            ("CONTENT-ID", "VALUE"),
            ("CID", "VALUE"),
            ("HOME", "TYPE"),
            (" Cell ", "TYPE"),
        ] {
            let property = read(&format!("X;{word}:v"), Version::V2_1).unwrap();
            assert_eq!(property.parameters.len(), 1, "{word}");
            assert_eq!(property.parameters[0].name, name, "{word}");
            assert_eq!(property.parameters[0].values, [word.trim()], "{word}");
        }
    }

    #[test]
    fn a_line_is_a_property_by_its_name_and_its_colon() {
        for (line, expected) in [
            ("TEL:1", Some((None, "TEL", "1"))),
            ("item1.X_A-b:1:2", Some((Some("item1"), "X_A-b", "1:2"))),
            ("TEL;X=\"a:b;c\":1", Some((None, "TEL", "1"))),
            // A quote that does not close hides nothing.
            ("TEL;X=\"a:b", Some((None, "TEL", "b"))),
            (":1", None),
            ("T L:1", None),
            ("a b.TEL:1", None),
            (".TEL:1", None),
            ("item1.:1", None),
            ("TEL", None),
        ] {
            let property = read(line, Version::V3_0);
            let property = property.as_ref().map(|it| {
                let value = std::str::from_utf8(it.raw_value()).unwrap_or_default();
                (it.group.as_deref(), it.name.as_str(), value)
            });
            assert_eq!(property, expected, "{line}");
        }
    }

    #[test]
    fn the_smaller_its_number_the_more_it_is_preferred() {
        let preference = |parameters: &str| {
            read(&format!("TEL{parameters}:1"), Version::V4_0).map(|it| it.preference())
        };
        for (parameters, number) in [
            (";PREF=1", 1),
            (";PREF=100", 100),
            (";TYPE=home,PREF", 1),
            (";TYPE=pref;PREF=7", 7),
            (";PREF=much;TYPE=home", 101),
            ("", 101),
        ] {
            assert_eq!(preference(parameters), Some(number), "{parameters}");
        }
    }

    #[test]
    fn what_is_binary_has_no_text() {
        for (parameters, is_binary) in [
            (";ENCODING=b", true),
            (";ENCODING=BASE64", true),
            (";ENCODING=8BIT", false),
            ("", false),
        ] {
            let photo = read(&format!("PHOTO{parameters}:QUJD"), Version::V3_0);
            let photo = photo.map(|it| (it.is_base64(), it.text(), it.text_or_marks()));
            let expected = match is_binary {
                true => (true, None, String::new()),
                false => (false, Some("QUJD".to_owned()), "QUJD".to_owned()),
            };
            assert_eq!(photo, Some(expected), "{parameters}");
        }
    }
}
