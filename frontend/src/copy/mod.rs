//! What the screen says in words: numbers, times and jobs. Pure functions, tested on the host.

pub mod advice;
pub mod jobs;
pub mod keys;
pub mod moments;
pub mod numbers;
pub mod rules;

use bulkhead_words::Language;

/// A name in so many letters at the most: what is too long loses its middle, because names differ at both ends.
pub fn middle_cut(name: &str, most: usize) -> String {
    let letters = name.chars().count();
    if letters <= most {
        return name.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (before, after) = (kept.div_ceil(2), kept / 2);
    let start = name.chars().take(before);
    let end = name.chars().skip(letters - after);
    start.chain(['…']).chain(end).collect()
}

/// The same with a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A text as the middle of a sentence: an English one loses its capital letter, a German one begins with a noun.
pub fn in_sentence(text: &str) -> String {
    let mut letters = text.chars();
    match (bulkhead_words::language(), letters.next()) {
        (Language::English, Some(first)) => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

pub use bulkhead_shared::kinds::mail::folder_name;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(middle_cut("Receipts", 8), "Receipts");
        assert_eq!(middle_cut("Projects/2026/Bridge", 11), "Proje…ridge");
        assert_eq!(middle_cut("Größenänderungen", 6), "Grö…en");
    }
}
