//! What a card says, whatever it is written like: the same for a card before and after a server
//! put its properties in another order, folded or escaped them anew.

use sha2::{Digest, Sha256};

use super::property::Property;
use super::{Card, text};

/// Equal for two cards that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentKey([u8; 32]);

impl ContentKey {
    /// Its bytes: a hash, the same in every version of this program.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Not part of what a card says about somebody: which card it is, and who wrote it when.
const ABOUT_THE_CARD: [&str; 4] = ["UID", "REV", "PRODID", "VERSION"];
/// Values whose parts are told apart by semicolons (RFC 6350, sections 6.2.2, 6.2.7, 6.3.1, 6.6.4).
const STRUCTURED: [&str; 4] = ["N", "ADR", "ORG", "GENDER"];

/// What the card says, apart from [`ABOUT_THE_CARD`]: two cards with the same key are exact duplicates.
pub fn content_key(card: &Card) -> ContentKey {
    let mut said: Vec<Vec<String>> = card
        .properties()
        .filter(|property| !ABOUT_THE_CARD.iter().any(|name| property.is(name)))
        .map(said)
        .collect();
    let unread = card.lines.iter().filter(|line| line.property.is_none());
    let unread = unread.filter(|line| !line.raw.trim_ascii().is_empty());
    said.extend(unread.map(|line| vec![String::from_utf8_lossy(&line.raw).into_owned()]));
    said.sort();
    let mut hash = Sha256::new();
    for property in said {
        for part in property {
            // Lengths, so that no two lists run into one another.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(u64::MAX.to_be_bytes());
    }
    ContentKey(hash.finalize().into())
}

fn said(property: &Property) -> Vec<String> {
    let mut said = vec![
        property
            .group
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase(),
        property.name.to_ascii_uppercase(),
    ];
    let mut parameters: Vec<String> = Vec::new();
    for parameter in &property.parameters {
        if matches!(parameter.name.as_str(), "CHARSET" | "ENCODING") {
            continue;
        }
        // `TYPE=a,b` and `TYPE=a;TYPE=b` are the same.
        for value in parameter.values.iter().flat_map(|value| value.split(',')) {
            let value = match parameter.name.as_str() {
                "TYPE" | "VALUE" => value.to_ascii_lowercase(),
                _ => value.to_owned(),
            };
            parameters.push(format!("{}={value}", parameter.name));
        }
    }
    parameters.sort();
    said.push(parameters.len().to_string());
    said.extend(parameters);
    said.extend(value(property));
    said
}

fn value(property: &Property) -> Vec<String> {
    let Some(value) = property.value() else {
        // Binary, or not to be read: the bytes, but for the spaces that folding leaves.
        let bytes = property.raw_value().iter().copied();
        let bytes: Vec<u8> = bytes.filter(|byte| !byte.is_ascii_whitespace()).collect();
        return vec![String::from_utf8_lossy(&bytes).into_owned()];
    };
    if !STRUCTURED.iter().any(|name| property.is(name)) {
        return vec![text::unescape(&value)];
    }
    let mut parts = text::parts(&value, ';');
    // Some writers leave out empty parts at the end, others add them.
    while parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    parts
}
