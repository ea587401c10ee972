//! What stands in the way of a recovery or a restore, found without touching anything.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::rows::{Recovery, Restore};
use super::{ConflictRule, Mailbox, Rights, Status};
use crate::outcome::ItemReason;
use crate::words;

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "blocker", rename_all = "snake_case")]
pub enum Blocker {
    /// The one who is signed in may not do it.
    NoRight,
    /// The directory knows no mailbox of this GUID.
    NoSuchSource,
    /// The source is in use.
    NotInactive,
    /// It was kept until then, and may be gone at any moment.
    RetentionOver { until: Timestamp },
    /// A hold or a retention by law lies on the source.
    OnHold,
    /// A mailbox of this sign-in name is there already.
    TargetExists,
    /// Another mailbox has the address.
    AddressTaken { by: String },
    /// The directory knows no target of this name.
    NoSuchTarget,
    /// The target is deleted itself.
    TargetInactive,
    /// Source and target are one.
    SameMailbox,
    /// The source's content does not fit into what is left of the target's quota.
    OverQuota { needed: u64, left: u64 },
    /// The directory cannot restore by this rule.
    RuleUnsupported { rule: ConflictRule },
    /// An earlier row names the same source.
    SameSource { row: u64 },
    /// An earlier row wants the same target.
    SameTarget { row: u64 },
}

/// What is known about a row's mailboxes.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The mailbox of the row's source GUID.
    pub source: Option<&'a Mailbox>,
    /// For a recovery: whoever has the sign-in name that the row asks for. For a restore: the target.
    pub target: Option<&'a Mailbox>,
    /// For a recovery: whoever has the address that the row asks for.
    pub address: Option<&'a Mailbox>,
    /// What the one who is signed in may do.
    pub rights: Rights,
    /// The rules that the directory can restore by.
    pub rules: &'a [ConflictRule],
    /// The time that retention is compared with.
    pub now: Timestamp,
}

/// What stands in the way of a recovery, the weightiest first.
pub fn of_recovery(row: &Recovery, facts: &Facts<'_>) -> Vec<Blocker> {
    let mut found = Vec::new();
    if !facts.rights.recover {
        found.push(Blocker::NoRight);
    }
    found.extend(of_source(facts));
    if facts.source.is_some_and(|source| source.on_hold) {
        found.push(Blocker::OnHold);
    }
    let is_source = |other: &Mailbox| other.guid == row.source;
    let others = |mailbox: &&Mailbox| !is_source(mailbox) && !mailbox.is_inactive();
    if facts.target.filter(others).is_some() {
        found.push(Blocker::TargetExists);
    }
    if let Some(other) = facts.address.filter(others)
        && facts.target.is_none_or(|target| target.guid != other.guid)
    {
        let by = other.profile.name().to_owned();
        found.push(Blocker::AddressTaken { by });
    }
    found
}

/// What stands in the way of a restore, the weightiest first.
pub fn of_restore(row: &Restore, facts: &Facts<'_>) -> Vec<Blocker> {
    let mut found = Vec::new();
    if !facts.rights.restore {
        found.push(Blocker::NoRight);
    }
    found.extend(of_source(facts));
    match (facts.target, facts.source) {
        (None, _) => found.push(Blocker::NoSuchTarget),
        (Some(target), _) if target.guid == row.source => found.push(Blocker::SameMailbox),
        (Some(target), _) if target.is_inactive() => found.push(Blocker::TargetInactive),
        (Some(target), Some(source)) => found.extend(over_quota(source, target)),
        (Some(_), None) => {}
    }
    let rule = row.rule.unwrap_or_default();
    if !facts.rules.contains(&rule) {
        found.push(Blocker::RuleUnsupported { rule });
    }
    found
}

fn of_source(facts: &Facts<'_>) -> Option<Blocker> {
    let Some(source) = facts.source else {
        return Some(Blocker::NoSuchSource);
    };
    match source.status {
        Status::Active => Some(Blocker::NotInactive),
        Status::Inactive {
            retained_until: Some(until),
            ..
        } if until <= facts.now => Some(Blocker::RetentionOver { until }),
        Status::Inactive { .. } => None,
    }
}

fn over_quota(source: &Mailbox, target: &Mailbox) -> Option<Blocker> {
    let needed = source.bytes?;
    let left = target.quota_bytes?.saturating_sub(target.bytes?);
    (needed > left).then_some(Blocker::OverQuota { needed, left })
}

impl Blocker {
    /// In a word that programs can read.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoRight => "no_right",
            Self::NoSuchSource => "no_such_source",
            Self::NotInactive => "not_inactive",
            Self::RetentionOver { .. } => "retention_over",
            Self::OnHold => "on_hold",
            Self::TargetExists => "target_exists",
            Self::AddressTaken { .. } => "address_taken",
            Self::NoSuchTarget => "no_such_target",
            Self::TargetInactive => "target_inactive",
            Self::SameMailbox => "same_mailbox",
            Self::OverQuota { .. } => "over_quota",
            Self::RuleUnsupported { .. } => "rule_unsupported",
            Self::SameSource { .. } => "same_source",
            Self::SameTarget { .. } => "same_target",
        }
    }

    /// What is in the way, as a sentence.
    pub fn text(&self) -> String {
        match self {
            Self::NoRight => words::blocker_no_right().to_owned(),
            Self::NoSuchSource => words::blocker_no_such_source().to_owned(),
            Self::NotInactive => words::blocker_not_inactive().to_owned(),
            Self::RetentionOver { until } => {
                let until = until.strftime(words::mailbox_moment()).to_string();
                words::blocker_retention_over(&until)
            }
            Self::OnHold => words::blocker_on_hold().to_owned(),
            Self::TargetExists => words::blocker_target_exists().to_owned(),
            Self::AddressTaken { by } => words::blocker_address_taken(by),
            Self::NoSuchTarget => words::blocker_no_such_target().to_owned(),
            Self::TargetInactive => words::blocker_target_inactive().to_owned(),
            Self::SameMailbox => words::blocker_same_mailbox().to_owned(),
            Self::OverQuota { needed, left } => {
                words::blocker_over_quota(&bytes(*needed), &bytes(*left))
            }
            Self::RuleUnsupported { rule } => words::blocker_rule_unsupported(rule.as_str()),
            Self::SameSource { row } => words::blocker_same_source(&row.to_string()),
            Self::SameTarget { row } => words::blocker_same_target(&row.to_string()),
        }
    }

    /// What to do about it, as a sentence.
    pub fn cure(&self) -> &'static str {
        match self {
            Self::NoRight => words::blocker_cure_no_right(),
            Self::NoSuchSource => words::blocker_cure_no_such_source(),
            Self::NotInactive => words::blocker_cure_not_inactive(),
            Self::RetentionOver { .. } => words::blocker_cure_retention_over(),
            Self::OnHold => words::blocker_cure_on_hold(),
            Self::TargetExists => words::blocker_cure_target_exists(),
            Self::AddressTaken { .. } => words::blocker_cure_address_taken(),
            Self::NoSuchTarget => words::blocker_cure_no_such_target(),
            Self::TargetInactive => words::blocker_cure_target_inactive(),
            Self::SameMailbox => words::blocker_cure_same_mailbox(),
            Self::OverQuota { .. } => words::blocker_cure_over_quota(),
            Self::RuleUnsupported { .. } => words::blocker_cure_rule_unsupported(),
            Self::SameSource { .. } => words::blocker_cure_same_source(),
            Self::SameTarget { .. } => words::blocker_cure_same_target(),
        }
    }

    /// Why an item fails that this stands in the way of.
    pub fn reason(&self) -> ItemReason {
        match self {
            Self::NoRight => ItemReason::Forbidden,
            Self::NoSuchSource => ItemReason::Missing,
            Self::NotInactive => ItemReason::NotInactive,
            Self::RetentionOver { .. } => ItemReason::RetentionOver,
            Self::OnHold => ItemReason::OnHold,
            Self::TargetExists | Self::AddressTaken { .. } => ItemReason::AddressTaken,
            Self::NoSuchTarget | Self::TargetInactive => ItemReason::NoSuchTarget,
            Self::OverQuota { .. } => ItemReason::OverQuota,
            Self::SameMailbox
            | Self::RuleUnsupported { .. }
            | Self::SameSource { .. }
            | Self::SameTarget { .. } => ItemReason::Refused,
        }
    }
}

/// As people say it: “1.5 GB”.
fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    let (mut left, mut unit) = (bytes as f64 / 1_000.0, 0);
    // What is rounded to a thousand is one of the next unit.
    while left >= 999.95 && unit + 1 < UNITS.len() {
        left /= 1_000.0;
        unit += 1;
    }
    format!("{} {}", bulkhead_words::decimal(left, 1), UNITS[unit])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::kinds::mailbox::{Guid, MailboxName, Profile};

    const RIGHTS: Rights = Rights {
        recover: true,
        restore: true,
    };

    fn mailbox(number: u8, inactive: bool) -> Mailbox {
        let status = match inactive {
            true => Status::Inactive {
                deleted_at: None,
                retained_until: Some("2026-06-01T00:00:00Z".parse().unwrap()),
            },
            false => Status::Active,
        };
        Mailbox {
            guid: Guid::of_bytes([number; 16]),
            profile: Profile {
                upn: format!("u{number}@x.example"),
                smtp: format!("s{number}@x.example"),
                ..Profile::default()
            },
            status,
            items: Some(10),
            bytes: Some(1_000_000),
            quota_bytes: Some(2_000_000),
            on_hold: false,
        }
    }

    fn facts<'a>(source: Option<&'a Mailbox>, target: Option<&'a Mailbox>) -> Facts<'a> {
        Facts {
            source,
            target,
            address: None,
            rights: RIGHTS,
            rules: &ConflictRule::ALL,
            now: "2026-05-01T00:00:00Z".parse().unwrap(),
        }
    }

    fn words(blockers: &[Blocker]) -> Vec<&'static str> {
        for blocker in blockers {
            assert!(blocker.text().ends_with('.') && blocker.cure().ends_with('.'));
        }
        blockers.iter().map(Blocker::as_str).collect()
    }

    #[test]
    fn each_blocker_of_a_recovery_is_found() {
        let (source, other) = (mailbox(1, true), mailbox(2, false));
        let row = Recovery {
            source: source.guid.clone(),
            profile: Profile::default(),
        };
        let found = |facts: &Facts<'_>| words(&of_recovery(&row, facts));
        let good = facts(Some(&source), None);
        assert_eq!(found(&good), [""; 0]);
        assert_eq!(found(&facts(None, None)), ["no_such_source"]);
        let active = mailbox(1, false);
        assert_eq!(found(&facts(Some(&active), None)), ["not_inactive"]);
        let late = Facts {
            now: "2026-06-01T00:00:00Z".parse().unwrap(),
            ..good
        };
        assert_eq!(found(&late), ["retention_over"]);
        let held = Mailbox {
            on_hold: true,
            ..source.clone()
        };
        assert_eq!(found(&facts(Some(&held), None)), ["on_hold"]);
        assert_eq!(
            found(&facts(Some(&source), Some(&other))),
            ["target_exists"]
        );
        assert_eq!(
            found(&Facts {
                address: Some(&other),
                ..good
            }),
            ["address_taken"]
        );
        // The same mailbox has both: told once.
        let both = Facts {
            target: Some(&other),
            address: Some(&other),
            ..good
        };
        assert_eq!(found(&both), ["target_exists"]);
        // What the source itself was called is free, and so is what a deleted mailbox was called.
        let gone = mailbox(3, true);
        assert_eq!(
            found(&Facts {
                target: Some(&source),
                address: Some(&gone),
                ..good
            }),
            [""; 0]
        );
        let rights = Rights {
            recover: false,
            ..RIGHTS
        };
        assert_eq!(found(&Facts { rights, ..good }), ["no_right"]);
    }

    #[test]
    fn each_blocker_of_a_restore_is_found() {
        let (source, target) = (mailbox(1, true), mailbox(2, false));
        let row = Restore {
            source: source.guid.clone(),
            target: MailboxName::Guid(target.guid.clone()),
            folder: None,
            rule: Some(ConflictRule::KeepBoth),
        };
        let found = |facts: &Facts<'_>| words(&of_restore(&row, facts));
        let good = facts(Some(&source), Some(&target));
        assert_eq!(found(&good), [""; 0]);
        assert_eq!(found(&facts(Some(&source), None)), ["no_such_target"]);
        assert_eq!(
            found(&facts(Some(&source), Some(&source))),
            ["same_mailbox"]
        );
        let deleted = mailbox(2, true);
        assert_eq!(
            found(&facts(Some(&source), Some(&deleted))),
            ["target_inactive"]
        );
        let full = Mailbox {
            bytes: Some(1_000_001),
            ..target.clone()
        };
        assert_eq!(found(&facts(Some(&source), Some(&full))), ["over_quota"]);
        let held = Mailbox {
            on_hold: true,
            ..source.clone()
        };
        assert_eq!(found(&facts(Some(&held), Some(&target))), [""; 0]);
        let rules = &[ConflictRule::KeepTarget];
        assert_eq!(found(&Facts { rules, ..good }), ["rule_unsupported"]);
        let rights = Rights {
            restore: false,
            ..RIGHTS
        };
        assert_eq!(
            found(&Facts {
                rights,
                ..facts(None, None)
            }),
            ["no_right", "no_such_source", "no_such_target"]
        );
    }

    #[test]
    fn each_is_told_as_a_word_a_sentence_and_a_reason() {
        let until = "2026-06-01T08:30:00Z".parse().unwrap();
        for (blocker, word, reason, text) in [
            (
                Blocker::NotInactive,
                "not_inactive",
                ItemReason::NotInactive,
                "The source is in use: it was not deleted.",
            ),
            (
                Blocker::RetentionOver { until },
                "retention_over",
                ItemReason::RetentionOver,
                "The source was kept until 1 June 2026, 08:30 UTC; it may be gone at any moment.",
            ),
            (
                Blocker::AddressTaken {
                    by: "Ann".to_owned(),
                },
                "address_taken",
                ItemReason::AddressTaken,
                "The address belongs to Ann.",
            ),
            (
                Blocker::RuleUnsupported {
                    rule: ConflictRule::KeepNewer,
                },
                "rule_unsupported",
                ItemReason::Refused,
                "This directory cannot restore by “keep_newer”.",
            ),
            (
                Blocker::SameSource { row: 1_204 },
                "same_source",
                ItemReason::Refused,
                "Row 1204 names the same source.",
            ),
            (
                Blocker::SameTarget { row: 2 },
                "same_target",
                ItemReason::Refused,
                "Row 2 wants the same target.",
            ),
        ] {
            assert_eq!(blocker.as_str(), word);
            assert_eq!(blocker.reason(), reason, "{word}");
            assert_eq!(blocker.text(), text);
            let stored = serde_json::to_value(&blocker).unwrap();
            assert_eq!(stored["blocker"], word);
        }
        let reasons = [
            (Blocker::NoRight, ItemReason::Forbidden),
            (Blocker::NoSuchSource, ItemReason::Missing),
            (Blocker::OnHold, ItemReason::OnHold),
            (Blocker::TargetExists, ItemReason::AddressTaken),
            (Blocker::NoSuchTarget, ItemReason::NoSuchTarget),
            (Blocker::TargetInactive, ItemReason::NoSuchTarget),
            (Blocker::SameMailbox, ItemReason::Refused),
        ];
        for (blocker, reason) in reasons {
            assert_eq!(blocker.reason(), reason, "{}", blocker.as_str());
        }
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_largest_unit_that_it_fills() {
        let told = |needed: u64, left: u64| Blocker::OverQuota { needed, left }.text();
        let text = |needed: &str, left: &str| {
            format!("The source has {needed}, and {left} are left of the target's quota.")
        };
        assert_eq!(told(1_500_000_000, 0), text("1.5 GB", "0.0 KB"));
        assert_eq!(told(1_000_000, 999_900), text("1.0 MB", "999.9 KB"));
        let rounded = text("1.0 GB", "999.9 MB");
        assert_eq!(told(999_950_000, 999_949_999), rounded);
        assert_eq!(told(2_300_000_000_000, 1_500), text("2.3 TB", "1.5 KB"));
        assert_eq!(told(5_000_000_000_000_000, 1), text("5,000.0 TB", "0.0 KB"));
        let over = Blocker::OverQuota { needed: 2, left: 1 };
        assert_eq!(over.reason(), ItemReason::OverQuota);
    }

    #[test]
    fn whoever_has_the_address_is_named_and_a_full_mailbox_has_nothing_left() {
        let (source, other) = (mailbox(1, true), mailbox(2, false));
        let row = Recovery {
            source: source.guid.clone(),
            profile: Profile::default(),
        };
        let taken = Facts {
            address: Some(&other),
            ..facts(Some(&source), None)
        };
        let by = "s2@x.example".to_owned();
        assert_eq!(of_recovery(&row, &taken), [Blocker::AddressTaken { by }]);
        let row = Restore {
            source: source.guid.clone(),
            target: MailboxName::Guid(other.guid.clone()),
            folder: None,
            rule: None,
        };
        let full = Mailbox {
            bytes: Some(3_000_000),
            ..other.clone()
        };
        let over = Blocker::OverQuota {
            needed: 1_000_000,
            left: 0,
        };
        assert_eq!(of_restore(&row, &facts(Some(&source), Some(&full))), [over]);
        // Without a rule of its own a row asks for the one that leaves the target as it is.
        let rules = &[ConflictRule::KeepBoth];
        let none = Facts {
            rules,
            ..facts(Some(&source), Some(&other))
        };
        let rule = ConflictRule::KeepTarget;
        assert_eq!(of_restore(&row, &none), [Blocker::RuleUnsupported { rule }]);
    }
}
