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
    use std::path::Path;

    use bulkhead_shared::kinds::Kind;
    use bulkhead_shared::operations::{Archive, Operation};
    use bulkhead_words::compile::{Pair, packed};
    use bulkhead_words::speak;

    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(middle_cut("Receipts", 8), "Receipts");
        assert_eq!(middle_cut("Projects/2026/Bridge", 11), "Proje…ridge");
        assert_eq!(middle_cut("Größenänderungen", 6), "Grö…en");
    }

    #[test]
    fn german_is_spoken_in_sentences_of_its_own() {
        let folders = ["../shared/words", "words"].map(|it| Pair::in_folder(Path::new(it)));
        let german = packed(&folders, &[]).unwrap();
        speak(Language::German, "de-DE".to_owned(), Some(german)).unwrap();
        assert_eq!(moments::away(-720), "vor 12 Minuten");
        assert_eq!(moments::away(7 * 86_400), "in 7 Tagen");
        assert_eq!(moments::took(90.0), "1 min 30 s");
        assert_eq!(numbers::items(12_403, Kind::Contact), "12.403 Kontakte");
        assert_eq!(numbers::items(1, Kind::Mailbox), "1 Postfach");
        let archive = Operation::from(Archive {});
        assert_eq!(archive.order("282 Mails"), "282 Mails archivieren");
        assert_eq!(archive.report("282 Mails"), "282 Mails archiviert");
        assert_eq!(in_sentence("Mails archivieren"), "Mails archivieren");
    }
}
