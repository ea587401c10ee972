//! What becomes of a message that is in the source of a restore and in its target too.

use serde::{Deserialize, Serialize};

use crate::words;

/// A rule for messages that are in both. They are the same message where their Message-ID says so.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConflictRule {
    /// The target's stays, the source's is not copied. Nothing of the target is ever touched.
    #[default]
    KeepTarget,
    /// The source's takes the place of the target's.
    KeepSource,
    /// Whichever was changed or received later stays or takes the other's place.
    KeepNewer,
    /// Both are there afterwards.
    KeepBoth,
}

impl ConflictRule {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::KeepTarget,
        Self::KeepSource,
        Self::KeepNewer,
        Self::KeepBoth,
    ];

    /// The rule's name on the wire and in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeepTarget => "keep_target",
            Self::KeepSource => "keep_source",
            Self::KeepNewer => "keep_newer",
            Self::KeepBoth => "keep_both",
        }
    }

    /// What it does, in a few words.
    pub fn text(self) -> &'static str {
        match self {
            Self::KeepTarget => words::conflict_keep_target(),
            Self::KeepSource => words::conflict_keep_source(),
            Self::KeepNewer => words::conflict_keep_newer(),
            Self::KeepBoth => words::conflict_keep_both(),
        }
    }

    /// The rule that a cell names: in our words or in those of Exchange's `New-MailboxRestoreRequest`
    /// (`-ConflictResolutionOption`), whatever their case; none if it names none.
    pub fn read(cell: &str) -> Option<Self> {
        let word: String = cell
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        Some(match word.to_lowercase().as_str() {
            "keeptarget" | "keeptargetitem" => Self::KeepTarget,
            "keepsource" | "keepsourceitem" | "updatefromsource" => Self::KeepSource,
            "keepnewer" | "keepnewest" | "keeplatestitem" => Self::KeepNewer,
            "keepboth" | "keepall" | "forcecopy" => Self::KeepBoth,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_known_by_our_word_and_by_exchanges() {
        for rule in ConflictRule::ALL {
            assert_eq!(ConflictRule::read(rule.as_str()), Some(rule));
        }
        assert_eq!(
            ConflictRule::read("KeepLatestItem"),
            Some(ConflictRule::KeepNewer)
        );
        assert_eq!(
            ConflictRule::read("Keep both"),
            Some(ConflictRule::KeepBoth)
        );
        assert_eq!(ConflictRule::read("replace"), None);
        for (words, rule) in [
            ("KeepTargetItem", ConflictRule::KeepTarget),
            (
                "KeepSourceItem update-from-source",
                ConflictRule::KeepSource,
            ),
            ("keep_newest", ConflictRule::KeepNewer),
            ("KeepAll ForceCopy", ConflictRule::KeepBoth),
        ] {
            for word in words.split(' ') {
                assert_eq!(ConflictRule::read(word), Some(rule), "{word}");
            }
        }
        let told = ConflictRule::ALL.map(|rule| (rule.as_str(), rule.text()));
        assert_eq!(
            told,
            [
                ("keep_target", "what the target has already stays as it is"),
                ("keep_source", "the source's messages replace the target's"),
                ("keep_newer", "of each two the newer one stays"),
                ("keep_both", "both are kept"),
            ]
        );
    }
}
