//! A file made of what the directory knows of mailboxes. Nothing is touched.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{
    About, Aspect, Choice, Field, FileFormat, Input, MailboxFormat, OperationSpec, Task,
};

/// A file made of what the directory knows of mailboxes: names, state, sizes, times, quota, hold. Nothing is
/// touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportMailboxes {
    /// What the file holds.
    pub format: MailboxFormat,
}

impl OperationSpec for ExportMailboxes {
    const ABOUT: About = About {
        name: "export_mailboxes",
        prefix: "exm",
        kind: Some(Kind::Mailbox),
        task: Task::Export,
        aspect: Aspect::Nothing,
        label: "Export",
        past: "exported",
        icon: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        keys: &[],
        fields: &[Field {
            name: "format",
            label: "Format",
            hint: "Nothing is touched. The file is downloaded from the job.",
            input: Input::Choice(&[
                Choice {
                    value: "csv",
                    label: "CSV",
                    text: "One row for each mailbox, for spreadsheets",
                },
                Choice {
                    value: "json",
                    label: "JSON",
                    text: "One object for each mailbox, for programs",
                },
            ]),
        }],
    };

    fn order(&self, items: &str) -> String {
        format!("Export details of {items} as {}", self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Mailboxes(self.format))
    }
}
