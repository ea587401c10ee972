//! Marked as read.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::SEEN;
use crate::operations::{About, Aspect, MailTarget, OperationSpec, Target, Task};
use crate::words;

/// Marked as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkRead {}

impl OperationSpec for MarkRead {
    const ABOUT: About = About {
        name: "mark_read",
        prefix: "mrd",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Marks,
        label: Says(words::mark_read_label),
        order: words::mark_read_order,
        report: words::mark_read_report,
        icon: "M3.5 9.5 12 3.5l8.5 6v10h-17zM3.5 10l8.5 6 8.5-6",
        keys: &["I"],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::flag(SEEN)))
    }
}
