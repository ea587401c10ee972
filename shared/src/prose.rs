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
