//! How sentences of servers are read: in the language of who reads them.
//!
//! Servers speak English, and what they stored is English. A field that holds a sentence is read by one of these; the
//! app reads it in its reader's language, and everybody else as it is.

use bulkhead_words::{decimal, rephrase};
use serde::{Deserialize, Deserializer};

/// Sentences.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(rephrase(String::deserialize(from)?))
}

/// The same, or none.
pub(crate) fn read_optional<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(rephrase))
}

/// What is known of an item: a size with the reader's decimal mark, and all else as it is.
pub(crate) fn read_value<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let value = String::deserialize(from)?;
    Ok(size(&value).unwrap_or(value))
}

/// A size of which a server wrote a digit behind the point: `8.7 MB`.
fn size(value: &str) -> Option<String> {
    let (number, unit) = value.split_once(' ')?;
    let is_size = matches!(unit, "KB" | "MB" | "GB" | "TB") && number.contains('.');
    let number = number.parse().ok().filter(|_| is_size)?;
    Some(format!("{} {unit}", decimal(number, 1)))
}

/// A list of them.
pub(crate) fn read_all<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let all = Vec::<String>::deserialize(from)?;
    Ok(all.into_iter().map(rephrase).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_words::compile::{Pair, packed};
    use bulkhead_words::{Language, speak};
    use serde_json::{Value, json};
    use std::path::Path;

    #[test]
    fn what_no_reader_says_in_another_way_is_read_as_it_is() {
        assert_eq!(read(json!("Some. More.")).unwrap(), "Some. More.");
        for said in [None, Some("Some."), Some("")] {
            let heard = read_optional(json!(said)).unwrap();
            assert_eq!(heard.as_deref(), said);
        }
        let all = ["Some.", "", "More."];
        assert_eq!(read_all(json!(all)).unwrap(), all);
        assert_eq!(read_all(json!([])).unwrap(), Vec::<String>::new());
        for number in [json!(7), Value::Null] {
            assert!(read(number.clone()).is_err() && read_value(number.clone()).is_err());
            assert!(read_all(number).is_err());
        }
    }

    /// Of a size with a digit behind the point, and of nothing else: what a person wrote stays as it is.
    #[test]
    fn a_size_has_the_decimal_mark_of_its_reader() {
        let values = [
            ("8.7 MB", "8,7 MB"),
            ("1.0 KB", "1,0 KB"),
            ("999.9 TB", "999,9 TB"),
            ("2.5 GB", "2,5 GB"),
            ("8 MB", "8 MB"),
            ("8.7 apples", "8.7 apples"),
            ("a.b MB", "a.b MB"),
            ("8.7MB", "8.7MB"),
            ("", ""),
        ];
        for (value, _) in values {
            assert_eq!(read_value(json!(value)).unwrap(), value);
        }
        let texts = packed(&[Pair::in_folder(Path::new("words"))], &[]).unwrap();
        speak(Language::German, "de".to_owned(), Some(texts)).unwrap();
        for (value, german) in values {
            assert_eq!(read_value(json!(value)).unwrap(), german);
        }
    }
}
