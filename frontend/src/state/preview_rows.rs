//! Which of the mails somebody looks through before they are sent: all, the first three, the longest, those with
//! something to mind, or those of whoever is searched for.

use bulkhead_shared::api::LettersSeen;

use super::recipients::Recipients;
use crate::words;
use bulkhead_words::Says;

/// Some of the mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    All,
    FirstThree,
    Longest,
    /// In which a fallback stands, that get none, or that cannot be sent as they are.
    Warnings,
}

impl Which {
    /// All of them, with what each is called.
    pub const ALL: [(Which, Says); 4] = [
        (Which::All, Says(words::preview_rows_all)),
        (Which::FirstThree, Says(words::preview_rows_first_three)),
        (Which::Longest, Says(words::preview_rows_longest)),
        (Which::Warnings, Says(words::preview_rows_warnings)),
    ];
}

/// The rows of these mails, counted from 1, each once and in order: those in which any cell has the words.
pub fn rows(which: Which, words: &str, seen: &LettersSeen, recipients: &Recipients) -> Vec<u32> {
    let mut rows: Vec<u32> = match which {
        Which::All => (1..=seen.total).collect(),
        Which::FirstThree => (1..=seen.total.min(3)).collect(),
        Which::Longest => seen.longest.into_iter().collect(),
        Which::Warnings => {
            let faults = seen.faults.iter().filter_map(|fault| fault.row);
            let out = seen.left_out.iter().map(|left| left.row);
            faults
                .chain(out)
                .chain(seen.fallback_rows.iter().copied())
                .collect()
        }
    };
    rows.sort_unstable();
    rows.dedup();
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    rows.retain(|row| {
        let cells = (*row as usize)
            .checked_sub(1)
            .and_then(|at| recipients.rows.get(at));
        let text = cells.map(|cells| cells.join("\n").to_lowercase());
        words
            .iter()
            .all(|word| text.as_ref().is_some_and(|text| text.contains(word)))
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::api::{LeftOutRow, LetterFault};
    use bulkhead_shared::suppression::Suppression;

    #[test]
    fn mails_are_looked_through_by_what_they_are_and_by_words() {
        let people = "email\tname\na@x.example\tAnn Lee\nb@x.example\tBo\nc@x.example\tCy Lee\nd@x.example\tZO\u{cb}\n";
        let people = Recipients::of_text(people);
        let seen = LettersSeen {
            total: 4,
            longest: Some(3),
            fallback_rows: vec![4, 2],
            faults: vec![LetterFault {
                row: Some(2),
                ..LetterFault::default()
            }],
            left_out: vec![LeftOutRow {
                row: 1,
                address: String::new(),
                why: Suppression::ByHand,
            }],
            ..LettersSeen::default()
        };
        let found = |which, words: &str| rows(which, words, &seen, &people);
        assert_eq!(found(Which::All, ""), [1, 2, 3, 4]);
        assert_eq!(found(Which::FirstThree, ""), [1, 2, 3]);
        assert_eq!(found(Which::Longest, ""), [3]);
        assert_eq!(found(Which::Warnings, ""), [1, 2, 4]);
        assert_eq!(found(Which::All, " lee x.ex "), [1, 3]);
        assert_eq!(found(Which::Warnings, "lee"), [1]);
        assert_eq!(found(Which::All, "zo\u{eb}"), [4]);
        assert!(found(Which::All, "nobody").is_empty());
    }
}
