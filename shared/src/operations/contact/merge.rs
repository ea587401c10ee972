//! Exact duplicates merged: of contacts that say the same one stays.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::limits;
use crate::operations::{
    About, Aspect, ContactTarget, OperationSpec, Risk, RiskLevel, Target, Task,
};
use crate::words;

/// Exact duplicates merged. Contacts of one address book that say exactly the same, apart from which card it is
/// and who wrote it when (UID, REV, PRODID, VERSION), are a group. Its oldest stays: the one with the earliest
/// REV, one without a REV after those that have one, and among equals the first by its address. The others are
/// deleted, each only while the one that stays is there and says what it said. Contacts without a duplicate are no
/// part of the job. Undo brings each back under its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeContacts {}

impl OperationSpec for MergeContacts {
    const ABOUT: About = About {
        name: "merge_contacts",
        prefix: "mgc",
        kind: Some(Kind::Contact),
        task: Task::Change,
        aspect: Aspect::Existence,
        label: Says(words::merge_contacts_label),
        order: words::merge_contacts_order,
        report: words::merge_contacts_report,
        icon: "M6 4.5v4.5l6 5.5v5M18 4.5v4.5l-6 5.5M9 17l3 3 3-3",
        keys: &[],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn risk(&self, total: u64) -> Option<Risk> {
        let level = match total > limits::TYPE_COUNT_ABOVE {
            true => RiskLevel::High,
            false => RiskLevel::Medium,
        };
        Some(Risk {
            level,
            reasons: vec![
                words::delete_contacts_risk().to_owned(),
                words::merge_contacts_risk().to_owned(),
            ],
        })
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Contact(ContactTarget::Merged))
    }
}
