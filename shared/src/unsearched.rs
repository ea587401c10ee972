//! What a search could not look at. "All that match" is all, or says what is missing.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::words;

/// A folder, or some items in it, that a search could not look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unsearched {
    /// The folder's name, as the server or the search gives it.
    pub folder: String,
    pub why: UnsearchedWhy,
    /// So many items in it, where only those could not be told; none: the whole folder.
    // So it is stored, and was sent, since there were mails alone.
    #[serde(rename = "mails", default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u64>,
}

/// Why something could not be searched. What may pass is no reason: it is tried again, and then an
/// error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UnsearchedWhy {
    /// This account has no right to open it.
    Forbidden,
    /// The server refuses to open it and does not say why.
    Refused,
    /// The server's answer about it makes no sense.
    NotUnderstood,
    /// The search names it, and there is no such folder.
    NoSuchFolder,
    /// They are encrypted, so nobody can tell whether a file is inside.
    Encrypted,
    /// The server does not say when they arrived, or nobody can read it.
    Undated,
    /// Nobody has looked yet at what they are about.
    NotLookedAt,
}

impl UnsearchedWhy {
    /// The reason as the end of a sentence that begins with the folder.
    pub fn text(self) -> &'static str {
        match self {
            Self::Forbidden => words::unsearched_forbidden(),
            Self::Refused => words::unsearched_refused(),
            Self::NotUnderstood => words::unsearched_not_understood(),
            Self::NoSuchFolder => words::unsearched_no_such_folder(),
            Self::Encrypted => words::unsearched_encrypted(),
            Self::Undated => words::unsearched_undated(),
            Self::NotLookedAt => words::unsearched_not_looked_at(),
        }
    }
}

impl Unsearched {
    /// A whole folder.
    pub fn folder(folder: impl Into<String>, why: UnsearchedWhy) -> Self {
        Self {
            folder: folder.into(),
            why,
            items: None,
        }
    }

    /// The sentence a person reads.
    pub fn text(&self) -> String {
        let Self { folder, why, items } = self;
        match items {
            None => words::unsearched_folder(folder, why.text()),
            Some(items) => words::unsearched_mails(&Kind::Mail.counted(*items), folder, why.text()),
        }
    }
}

/// How many mails nobody has looked at yet, where the search asks what they are about.
pub fn not_looked_at(unsearched: &[Unsearched]) -> u64 {
    let them = unsearched
        .iter()
        .filter(|one| one.why == UnsearchedWhy::NotLookedAt);
    them.filter_map(|one| one.items).sum()
}

/// In sentences how much could not be searched, and how much was not looked at; empty if all was.
pub fn summary(unsearched: &[Unsearched]) -> String {
    let not_looked_at = match not_looked_at(unsearched) {
        0 => String::new(),
        mails => words::unsearched_summary_not_looked_at(mails, &Kind::Mail.counted(mails)),
    };
    let sentences = [beyond_looking(unsearched), not_looked_at];
    let told = sentences.into_iter().filter(|one| !one.is_empty());
    told.collect::<Vec<String>>().join(" ")
}

/// In a sentence how much no search could look at; empty if all could be searched.
fn beyond_looking(unsearched: &[Unsearched]) -> String {
    let beyond = || {
        let all = unsearched.iter();
        all.filter(|one| one.why != UnsearchedWhy::NotLookedAt)
    };
    let folders = beyond().filter(|one| one.items.is_none()).count() as u64;
    let mails: u64 = beyond().filter_map(|one| one.items).sum();
    let of_folders = words::unsearched_folders(folders, &folders.to_string());
    let of_mails = Kind::Mail.counted(mails);
    match (folders, mails) {
        (0, 0) => String::new(),
        (_, 0) => words::unsearched_summary(&of_folders),
        (0, _) => words::unsearched_summary(&of_mails),
        _ => words::unsearched_summary_both(&of_folders, &of_mails),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let mut missing = vec![Unsearched::folder("Work", UnsearchedWhy::Forbidden)];
        assert_eq!(
            missing[0].text(),
            "“Work”: this account has no right to open it."
        );
        assert_eq!(summary(&missing), "1 folder could not be searched.");
        missing.push(Unsearched {
            folder: "INBOX".to_owned(),
            why: UnsearchedWhy::Encrypted,
            items: Some(3),
        });
        assert_eq!(
            summary(&missing),
            "1 folder and 3 mails could not be searched."
        );
        missing.push(Unsearched {
            folder: "INBOX".to_owned(),
            why: UnsearchedWhy::NotLookedAt,
            items: Some(12),
        });
        assert_eq!(
            summary(&missing),
            "1 folder and 3 mails could not be searched. 12 mails were not looked at yet."
        );
        assert_eq!(summary(&missing[2..]), "12 mails were not looked at yet.");
        assert_eq!(not_looked_at(&missing), 12);
        assert_eq!(summary(&missing[1..2]), "3 mails could not be searched.");
        assert_eq!(summary(&[]), "");
    }
}
