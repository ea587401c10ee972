//! Out of the inbox, into the account's archive.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::Role;
use crate::operations::{About, Aspect, MailTarget, OperationSpec, Target, Task};
use crate::words;

/// Out of the inbox, into the account's archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Archive {}

impl OperationSpec for Archive {
    const ABOUT: About = About {
        name: "archive",
        prefix: "arc",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Folder,
        label: Says(words::archive_label),
        order: words::archive_order,
        report: words::archive_report,
        icon: "M3.5 4.5h17v4h-17zM5 8.5v11h14v-11M10 12.5h4",
        keys: &["e"],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::Into(Role::Archive)))
    }
}
