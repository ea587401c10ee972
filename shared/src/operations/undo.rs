//! What another job did, taken back.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use super::{About, Aspect, OperationSpec, Target, Task};
use crate::ids::JobId;
use crate::problem::Invalid;
use crate::words;

/// What another job did, taken back. Made by `POST /jobs/{job}/undo` only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Undo {
    /// The job that is taken back.
    pub job: JobId,
}

impl OperationSpec for Undo {
    const ABOUT: About = About {
        name: "undo",
        prefix: "und",
        kind: None,
        task: Task::Change,
        aspect: Aspect::Everything,
        label: Says(words::undo_label),
        order: words::undo_order,
        report: words::undo_report,
        icon: "M4 9.5h10a5.5 5.5 0 0 1 0 11H9M8 5.5l-4 4 4 4",
        keys: &[],
        fields: &[],
    };

    fn validate(&self) -> Result<(), Invalid> {
        Err(Invalid::new("operation.type", words::undo_of_a_job()))
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Back)
    }
}
