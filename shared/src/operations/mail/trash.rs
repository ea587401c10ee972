//! Into the account's trash. Nothing is destroyed.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::Role;
use crate::limits;
use crate::operations::{About, Aspect, MailTarget, OperationSpec, Risk, RiskLevel, Target, Task};
use crate::words;

/// Into the account's trash. Nothing is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trash {}

impl OperationSpec for Trash {
    const ABOUT: About = About {
        name: "trash",
        prefix: "trs",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Folder,
        label: Says(words::trash_label),
        order: words::trash_order,
        report: words::trash_report,
        icon: "M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 13h9.4l.8-13M10.2 10.5v5.5M13.8 10.5v5.5",
        keys: &["#", "Delete"],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn risk(&self, total: u64) -> Option<Risk> {
        let (level, reason) = if total > limits::TYPE_COUNT_ABOVE {
            (RiskLevel::High, words::trash_risk_many())
        } else {
            (RiskLevel::Medium, words::trash_risk())
        };
        Some(Risk {
            level,
            reasons: vec![reason.to_owned()],
        })
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::Into(Role::Trash)))
    }
}
