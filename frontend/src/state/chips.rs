//! Narrowing a search by one press: each chip is a term of the search language, put in or taken out.

use crate::words;
use bulkhead_words::Says;

/// What a press narrows a search to.
#[derive(Debug, Clone, Copy)]
pub struct Chip {
    /// The term as it is written.
    pub term: &'static str,
    /// What a person calls it.
    pub label: Says,
}

/// The chips, in the order they stand.
pub const CHIPS: [Chip; 7] = [
    chip("is:unread", Says(words::chips_unread)),
    chip("is:list", Says(words::chips_lists)),
    chip("is:starred", Says(words::chips_starred)),
    chip("has:attachment", Says(words::chips_attachment)),
    chip("older_than:1y", Says(words::chips_old)),
    chip("newer_than:30d", Says(words::chips_new)),
    chip("larger:1M", Says(words::chips_large)),
];

const fn chip(term: &'static str, label: Says) -> Chip {
    Chip { term, label }
}

impl Chip {
    /// Whether a search has this term for itself.
    pub fn is_in(self, query: &str) -> bool {
        query.split_whitespace().any(|word| word == self.term)
    }

    /// The search with this term, or without it where it had it.
    pub fn pressed(self, query: &str) -> String {
        if self.is_in(query) {
            let others = query.split_whitespace().filter(|word| *word != self.term);
            return others.collect::<Vec<_>>().join(" ");
        }
        format!("{} {}", query.trim(), self.term).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::query::Query;

    #[test]
    fn every_chip_is_a_search_by_itself() {
        for chip in CHIPS {
            assert!(Query::parse(chip.term).is_ok(), "{}", chip.term);
        }
    }

    #[test]
    fn a_second_press_takes_it_out_again() {
        let unread = CHIPS[0];
        let narrowed = unread.pressed("in:inbox from:ann ");
        assert_eq!(narrowed, "in:inbox from:ann is:unread");
        assert!(unread.is_in(&narrowed));
        assert_eq!(unread.pressed(&narrowed), "in:inbox from:ann");
        assert_eq!(unread.pressed(""), "is:unread");
        assert!(!unread.is_in("subject:\"is:unread?\""));
    }
}
