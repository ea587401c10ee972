//! What mails are about, told by a model. They are left as they are.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{About, Aspect, OperationSpec, Task};
use crate::words;

/// What mails are about, told by a model from the beginning of each. They are left as they are; what was found of
/// each is among the job's items: its class, how sure that is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Classify {}

impl OperationSpec for Classify {
    const ABOUT: About = About {
        name: "classify",
        prefix: "cls",
        kind: Some(Kind::Mail),
        task: Task::Compute,
        aspect: Aspect::Nothing,
        label: Says(words::classify_label),
        order: words::classify_order,
        report: words::classify_report,
        icon: "M4 5h7v7H4zM13.5 5H20v4h-6.5zM13.5 12H20v7h-6.5zM4 15h7v4H4z",
        keys: &[],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});
}
