//! Our conflict rules and Exchange's (`New-MailboxRestoreRequest -ConflictResolutionOption`), which has six.
//!
//! | ours | Exchange's | what else Exchange has |
//! |---|---|---|
//! | keep the target's | `KeepTargetItem` | |
//! | keep the source's | `KeepSourceItem`, its default | `UpdateFromSource`: the same, field by field |
//! | keep the newer | `KeepLatestItem` | |
//! | keep both | `KeepAll` | `ForceCopy`: the same, without looking |

use bulkhead_shared::kinds::mailbox::ConflictRule;

/// What Exchange calls a rule.
pub(super) fn option(rule: ConflictRule) -> &'static str {
    match rule {
        ConflictRule::KeepTarget => "KeepTargetItem",
        ConflictRule::KeepSource => "KeepSourceItem",
        ConflictRule::KeepNewer => "KeepLatestItem",
        ConflictRule::KeepBoth => "KeepAll",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read_back_and_all_six_are_known() {
        for rule in ConflictRule::ALL {
            assert_eq!(ConflictRule::read(option(rule)), Some(rule));
        }
        for other in ["UpdateFromSource", "ForceCopy"] {
            assert!(ConflictRule::read(other).is_some(), "{other}");
        }
    }
}
