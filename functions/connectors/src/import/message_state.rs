//! What is known of a message's state.

use std::collections::BTreeSet;

use super::recognised::Form;

/// The flag of a mail that was answered.
pub(super) const ANSWERED: &str = "\\Answered";
/// The flag of a draft.
pub(super) const DRAFT: &str = "\\Draft";
/// The keyword of a mail that was passed on (RFC 5788's registry).
pub(super) const FORWARDED: &str = "$Forwarded";
/// The keyword of junk, and of what is none.
pub(super) const JUNK: &str = "$Junk";
pub(super) const NOT_JUNK: &str = "$NotJunk";

/// A message's state, as far as somebody kept it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct States {
    /// System flags, and keywords that programs set for one another.
    pub(super) flags: BTreeSet<String>,
    /// Labels as they are written; not all of them can be kept so.
    pub(super) labels: BTreeSet<String>,
    /// It was deleted, and its file only not tidied up yet.
    pub(super) deleted: bool,
    /// Where it belongs, if that is told.
    pub(super) folder: Option<&'static str>,
    /// How all this was kept.
    pub(super) forms: BTreeSet<Form>,
}

impl States {
    pub(super) fn set(&mut self, flag: &str, is_set: bool) {
        if is_set {
            self.flags.insert(flag.to_owned());
        }
    }

    /// Takes what is told as one word: a system flag of somebody's, a keyword for programs, or a label.
    pub(super) fn keyword(&mut self, word: &str) {
        match word.to_ascii_lowercase().as_str() {
            "" | "\\seen" | "\\recent" => {}
            "junk" | "$junk" => self.set(JUNK, true),
            "nonjunk" | "notjunk" | "$notjunk" | "$nonjunk" => self.set(NOT_JUNK, true),
            "$forwarded" | "forwarded" => self.set(FORWARDED, true),
            _ if word.starts_with('$') && is_keyword(word) => self.set(word, true),
            _ => {
                self.labels.insert(word.to_owned());
            }
        }
    }
}

/// Whether a word can be a keyword as it stands (RFC 9051, `flag-keyword`).
pub(super) fn is_keyword(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte);
    !word.is_empty() && word.len() <= bulkhead_shared::limits::LABEL_BYTES && word.bytes().all(fits)
}
