//! A mail as numbers: words alone and in pairs, and runs of three to five characters, each counted in one of
//! [`BUCKETS`] places that its hash names. The hash's sign is the count's, so that what meets in a place by
//! accident cancels out on average.

use crate::read::Mail;
use crate::signal::Signal;

/// Places. A power of two.
pub(crate) const BUCKETS: usize = 1 << 16;
/// What stands for the address of a page, whichever it is.
pub(crate) const LINK: &str = "httplink";
/// What the length of all numbers together comes to: whole numbers add up exactly everywhere.
pub(crate) const LENGTH: f64 = 4_096.0;
/// Letters of a word that count.
const WORD_CHARS: usize = 24;
/// How often the same counts at the most: whoever repeats a friend's words a hundred times says them no louder.
const OFTEN: f64 = 4.0;
/// How often a word of the subject counts, beside those of the text.
const SUBJECT_TIMES: i32 = 2;

/// A mail as numbers.
pub(crate) struct Features {
    /// Places that are not 0, in rising order.
    pub(crate) places: Vec<(u32, i32)>,
    pub(crate) signals: Vec<Signal>,
}

impl Features {
    /// Of a mail.
    pub(crate) fn of(mail: &Mail) -> Self {
        let mut counts = Counts::new();
        counts.text(&mail.subject, Some(SUBJECT_TIMES));
        counts.text(&mail.text, None);
        Self {
            places: counts.finish(),
            signals: mail.signals.clone(),
        }
    }
}

/// Counts by place.
struct Counts {
    by_place: Vec<i32>,
    touched: Vec<u32>,
}

impl Counts {
    fn new() -> Self {
        Self {
            by_place: vec![0; BUCKETS],
            touched: Vec::with_capacity(4_096),
        }
    }

    fn text(&mut self, text: &str, subject: Option<i32>) {
        let times = subject.unwrap_or(1);
        let mut before: Option<u64> = None;
        for word in words(text) {
            let hash = word_hash(&word);
            self.add(hash, times);
            if subject.is_some() {
                self.add(hash ^ 0x5bd1_e995, 1);
            }
            if let Some(before) = before {
                self.add(before.rotate_left(17) ^ hash, times);
            }
            before = Some(hash);
            self.runs(&word, times);
        }
    }

    /// Runs of characters of a word, its ends included.
    fn runs(&mut self, word: &str, times: i32) {
        let chars: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        for length in 3..=5 {
            for run in chars.windows(length) {
                self.add(hash(run.iter().map(|c| *c as u32), 0x9e37_79b9), times);
            }
        }
    }

    fn add(&mut self, hash: u64, times: i32) {
        let place = place(hash);
        if let Some(count) = self.by_place.get_mut(place as usize) {
            if *count == 0 {
                self.touched.push(place);
            }
            *count += if is_negative(hash) { -times } else { times };
        }
    }

    /// Roots of the counts, so that what is said often does not drown the rest, brought to [`LENGTH`].
    fn finish(mut self) -> Vec<(u32, i32)> {
        self.touched.sort_unstable();
        self.touched.dedup();
        let count = |place: &u32| {
            let count = self.by_place.get(*place as usize).copied().unwrap_or(0);
            f64::from(count).clamp(-OFTEN, OFTEN)
        };
        let squares: f64 = self.touched.iter().map(|place| count(place).abs()).sum();
        let scale = LENGTH / squares.max(1.0).sqrt();
        let numbers = self.touched.iter().map(|place| {
            let count = count(place);
            (
                *place,
                (count.abs().sqrt() * count.signum() * scale).round() as i32,
            )
        });
        numbers.filter(|(_, number)| *number != 0).collect()
    }
}

fn place(hash: u64) -> u32 {
    (hash & (BUCKETS as u64 - 1)) as u32
}

fn is_negative(hash: u64) -> bool {
    hash >> 63 == 1
}

/// A word's place and whether it counts there as negative.
pub(crate) fn word_place(word: &str) -> (u32, bool) {
    let hash = word_hash(word);
    (place(hash), is_negative(hash))
}

fn word_hash(word: &str) -> u64 {
    hash(word.chars().map(|c| c as u32), 0x811c_9dc5)
}

/// FNV-1a over whole characters, then mixed so that all its bits depend on all of them.
fn hash(values: impl Iterator<Item = u32>, seed: u64) -> u64 {
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for value in values {
        hash = (hash ^ u64::from(value)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Words in lower case, digits all as 0: which number it is tells nothing. An address of a page is one word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let pieces = text.split(char::is_whitespace);
    pieces.flat_map(|piece| {
        let is_link = piece.contains("://");
        let inner = if is_link { LINK } else { piece };
        let words = inner.split(|c: char| !c.is_alphanumeric() && c != '%');
        words
            .filter(|word| !word.is_empty())
            .map(normal)
            .collect::<Vec<_>>()
    })
}

fn normal(word: &str) -> String {
    let chars = word.chars().take(WORD_CHARS).flat_map(char::to_lowercase);
    chars
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_length_however_long_the_text() {
        for text in ["a", "one two three", &"many words indeed ".repeat(500)] {
            let mail = Mail::read(format!("Subject: x\r\n\r\n{text}").as_bytes());
            let features = Features::of(&mail);
            let squares: f64 = features
                .places
                .iter()
                .map(|(_, n)| f64::from(*n).powi(2))
                .sum();
            assert!(
                (squares.sqrt() - LENGTH).abs() < LENGTH / 50.0,
                "{text}: {squares}"
            );
            assert!(features.places.is_sorted());
        }
    }

    #[test]
    fn words_are_told_apart_and_numbers_are_not() {
        let all: Vec<String> = words("Größe 42, 43! 20% https://x.example/y?z a-b").collect();
        assert_eq!(all, ["größe", "00", "00", "00%", "httplink", "a", "b"]);
        assert_ne!(word_hash("ab"), word_hash("ba"));
    }
}
