//! Marked as unread.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::SEEN;
use crate::operations::{About, Aspect, MailTarget, OperationSpec, Target, Task};
use crate::words;

/// Marked as unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkUnread {}

impl OperationSpec for MarkUnread {
    const ABOUT: About = About {
        name: "mark_unread",
        prefix: "mru",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Marks,
        label: Says(words::mark_unread_label),
        order: words::mark_unread_order,
        report: words::mark_unread_report,
        icon: "M3.5 5.5h17v13h-17zM3.5 6.5 12 13l8.5-6.5",
        keys: &["U"],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::unflag(SEEN)))
    }
}
