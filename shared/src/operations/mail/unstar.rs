//! Its star taken off.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::FLAGGED;
use crate::operations::{About, Aspect, MailTarget, OperationSpec, Target, Task};
use crate::words;

/// Its star taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unstar {}

impl OperationSpec for Unstar {
    const ABOUT: About = About {
        name: "unstar",
        prefix: "uns",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Marks,
        label: Says(words::unstar_label),
        order: words::unstar_order,
        report: words::unstar_report,
        icon: "M12 4l2.5 5.2 5.6.8-4 4 .9 5.7L12 17l-5 2.7.9-5.7-4-4 5.6-.8zM4 4l16 16",
        keys: &["S"],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::unflag(FLAGGED)))
    }
}
