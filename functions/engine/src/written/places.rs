//! Links, addresses and names of hosts in a text: whatever a mail program would make something of that can be pressed.

use std::collections::BTreeSet;

/// Where a word ends besides blanks.
const ENDS: [char; 13] = [
    '<', '>', '(', ')', '[', ']', '{', '}', '"', '|', '`', ',', ';',
];
/// What stands behind a link and is not part of it.
const BEHIND: [char; 6] = ['.', ':', '!', '?', '\'', '*'];
/// Schemes that need no slashes.
const SCHEMES: [&str; 7] = [
    "mailto",
    "tel",
    "sms",
    "callto",
    "javascript",
    "data",
    "file",
];

/// Those that a text names, in small letters. It may be one too many: a forgotten blank behind a full stop makes a host.
pub(super) fn places(text: &str) -> BTreeSet<String> {
    let words = words(text).filter(|word| is_place(word));
    words.collect()
}

/// Everything in a text that would be one: whole words, and what they are without a scheme and its slashes.
pub(super) fn named_in(text: &str) -> BTreeSet<String> {
    let mut named = places(text);
    let bare: Vec<String> = named
        .iter()
        .filter_map(|place| place.split_once("://"))
        .map(|(_, bare)| bare.to_owned())
        .collect();
    named.extend(bare);
    named
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| c.is_whitespace() || ENDS.contains(&c));
    words.map(|word| {
        let word = word.trim_matches(BEHIND).trim_end_matches('/');
        word.to_lowercase()
    })
}

fn is_place(word: &str) -> bool {
    let scheme = word.split_once(':').map(|(scheme, _)| scheme);
    word.contains("://")
        || word.contains('@')
        || scheme.is_some_and(|scheme| SCHEMES.contains(&scheme))
        || is_host(word)
}

/// Whether a word is the name of a host, with whatever path: labels with dots between, the last one of letters.
fn is_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || "-_".contains(c))
    };
    let is_top =
        |label: &&str| label.chars().count() >= 2 && !label.contains(|c: char| c.is_ascii_digit());
    let is_number = labels.len() == 4 && labels.iter().all(|it| it.parse::<u8>().is_ok());
    let is_named =
        labels.len() >= 2 && labels.iter().all(is_label) && labels.last().is_some_and(is_top);
    is_number || is_named
}
