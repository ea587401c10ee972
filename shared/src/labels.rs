//! Labels as people read and write them. A label is kept as an IMAP keyword, which has no letters beyond ASCII; they
//! are written in modified UTF-7, as Thunderbird writes its tags.

use crate::utf7;

/// A label as a person reads it.
pub fn shown(keyword: &str) -> String {
    let said = utf7::decode(keyword.as_bytes());
    let is_text = !said.chars().any(|c| c.is_control() || c.is_whitespace());
    match is_text && utf7::encode(&said) == keyword {
        true => said,
        false => keyword.to_owned(),
    }
}

/// The keyword for a label that a person wrote.
pub fn keyword(label: &str) -> String {
    match label.is_ascii() {
        true => label.to_owned(),
        false => utf7::encode(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_as_it_was_written() {
        for (label, kept) in [
            ("todo", "todo"),
            ("R&D", "R&D"),
            ("Büro", "B&APw-ro"),
            ("仕事", "&TtVOiw-"),
        ] {
            assert_eq!(keyword(label), kept);
            assert_eq!(shown(kept), label);
        }
        // Not in the form that we would give it, and one that would say nothing.
        for other in ["B&APw", "a&b", "&AAo-x", "&AKA-"] {
            assert_eq!(shown(other), other);
        }
    }
}
