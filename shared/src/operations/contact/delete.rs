//! Taken out of the address book.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::limits;
use crate::operations::{
    About, Aspect, ContactTarget, OperationSpec, Risk, RiskLevel, Target, Task,
};
use crate::words;

/// Taken out of the address book. Undo brings each back under its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteContacts {}

impl OperationSpec for DeleteContacts {
    const ABOUT: About = About {
        name: "delete_contacts",
        prefix: "dlc",
        kind: Some(Kind::Contact),
        task: Task::Change,
        aspect: Aspect::Existence,
        label: Says(words::delete_contacts_label),
        order: words::delete_contacts_order,
        report: words::delete_contacts_report,
        icon: "M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 13h9.4l.8-13M10.2 10.5v5.5M13.8 10.5v5.5",
        keys: &["#", "Delete"],
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
            reasons: vec![words::delete_contacts_risk().to_owned()],
        })
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Contact(ContactTarget::Gone))
    }
}
