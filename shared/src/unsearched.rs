//! What a search could not look at. "All that match" is all, or says what is missing.

use serde::{Deserialize, Serialize};

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
}

impl UnsearchedWhy {
    /// The reason as the end of a sentence that begins with the folder.
    pub fn text(self) -> &'static str {
        match self {
            Self::Forbidden => "this account has no right to open it",
            Self::Refused => "the mail server refuses to open it",
            Self::NotUnderstood => "the mail server's answer makes no sense",
            Self::NoSuchFolder => "there is no folder of this name",
            Self::Encrypted => "what is encrypted does not tell whether a file is inside",
            Self::Undated => "the mail server does not tell when they arrived",
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
            None => format!("“{folder}”: {}.", why.text()),
            Some(1) => format!("1 mail in “{folder}”: {}.", why.text()),
            Some(items) => format!("{items} mails in “{folder}”: {}.", why.text()),
        }
    }
}

/// In a sentence how much could not be searched; empty if all was.
pub fn summary(unsearched: &[Unsearched]) -> String {
    let folders = unsearched.iter().filter(|one| one.items.is_none()).count();
    let mails: u64 = unsearched.iter().filter_map(|one| one.items).sum();
    let folders = match folders {
        0 => None,
        1 => Some("1 folder".to_owned()),
        folders => Some(format!("{folders} folders")),
    };
    let mails = match mails {
        0 => None,
        1 => Some("1 mail".to_owned()),
        mails => Some(format!("{mails} mails")),
    };
    match (folders, mails) {
        (None, None) => String::new(),
        (Some(what), None) | (None, Some(what)) => format!("{what} could not be searched."),
        (Some(folders), Some(mails)) => format!("{folders} and {mails} could not be searched."),
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
        assert_eq!(summary(&[]), "");
    }
}
