//! Labels as this program takes them.
//!
//! A label fits IMAP's keyword grammar, so that it means the same everywhere. What does not fit keeps a
//! form that does: blanks and signs become `-`, letters beyond ASCII the modified UTF-7 of folder names
//! (RFC 3501, section 5.1.3), as Thunderbird writes its tags. No two labels end up as one, and each that
//! is not as it was is told once.

use std::collections::BTreeMap;

use bulkhead_shared::limits::LABEL_BYTES;

use super::message_state::is_keyword;
use crate::imap::utf7;

/// The labels of an import, each with the form it is kept in.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    kept: BTreeMap<String, String>,
    /// Which label has a form; both in lower case, because servers tell no case apart in keywords.
    taken: BTreeMap<String, String>,
}

impl Labels {
    /// The form that a label is kept in.
    pub(crate) fn keep(&mut self, label: &str) -> String {
        if let Some(kept) = self.kept.get(label) {
            return kept.clone();
        }
        let form = form(label);
        let mut kept = form.clone();
        let mut number = 1;
        let owner = label.to_lowercase();
        // Work and work are one label to every server, and to us.
        while *self
            .taken
            .entry(kept.to_lowercase())
            .or_insert_with(|| owner.clone())
            != owner
        {
            number += 1;
            kept = format!("{form}-{number}");
        }
        self.kept.insert(label.to_owned(), kept.clone());
        kept
    }

    /// Labels that are not kept as they were, with the form they have now.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kept
            .iter()
            .map(|(label, kept)| (label.as_str(), kept.as_str()))
            .filter(|(label, kept)| label != kept)
    }
}

/// The nearest form that fits.
fn form(label: &str) -> String {
    if is_keyword(label) && !label.starts_with(['\\', '$']) {
        return label.to_owned();
    }
    let mut form = String::new();
    for c in label.chars() {
        let keeps = c.is_ascii_alphanumeric() || "-_./".contains(c) || !c.is_ascii();
        match c {
            c if keeps && !c.is_control() && !c.is_whitespace() => form.push(c),
            _ if form.ends_with('-') => {}
            _ => form.push('-'),
        }
    }
    let form = form.trim_matches('-');
    // Room for the number that keeps two apart.
    let mut wire = String::new();
    let mut letters = form.chars().collect::<Vec<_>>();
    while !letters.is_empty() {
        wire = utf7::encode(&letters.iter().collect::<String>());
        if wire.len() + 8 <= LABEL_BYTES {
            break;
        }
        letters.pop();
        wire.clear();
    }
    if wire.is_empty() {
        "label".to_owned()
    } else {
        wire
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_gets_a_form_that_fits_and_none_that_another_has() {
        let mut labels = Labels::default();
        let long = "x".repeat(300);
        for (label, kept) in [
            ("Reisen", "Reisen"),
            ("Work/A", "Work/A"),
            ("My trips", "My-trips"),
            ("My-trips", "My-trips-2"),
            ("My trips", "My-trips"),
            ("work", "work"),
            ("Work", "Work"),
            ("Büro/Köln", "B&APw-ro/K&APY-ln"),
            ("Smith, Jones & Co", "Smith-Jones-Co"),
            ("仕事", "&TtVOiw-"),
            ("$secret", "secret"),
            ("\\Seen", "Seen"),
            ("***", "label"),
            ("", "label-2"),
            ("a\nb\u{a0}c", "a-b-c"),
        ] {
            assert_eq!(labels.keep(label), kept, "{label:?}");
        }
        let (kept, other) = (labels.keep(&long), labels.keep(&format!("{long}y")));
        assert_ne!(kept, other);
        assert!(is_keyword(&kept) && is_keyword(&other));
        assert!(is_keyword(&labels.keep(&"ü".repeat(300))));
        let changed: Vec<_> = labels.changed().collect();
        assert!(changed.contains(&("Büro/Köln", "B&APw-ro/K&APY-ln")));
        assert!(!changed.iter().any(|(label, _)| *label == "Reisen"));
    }
}
