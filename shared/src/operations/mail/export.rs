//! A file made of the mails. The mailbox is not touched.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{
    About, Aspect, Choice, ExportFormat, Field, FileFormat, Input, OperationSpec, Task,
};

/// A file made of the mails. The mailbox is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// What the file holds.
    pub format: ExportFormat,
}

impl OperationSpec for Export {
    const ABOUT: About = About {
        name: "export",
        prefix: "exp",
        kind: Some(Kind::Mail),
        task: Task::Export,
        aspect: Aspect::Nothing,
        label: "Export",
        past: "exported",
        icon: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        keys: &[],
        fields: &[Field {
            name: "format",
            label: "Format",
            hint: "The mailbox is not touched. The file is downloaded from the job.",
            input: Input::Choice(&[
                Choice {
                    value: "mbox",
                    label: "mbox",
                    text: "Whole messages with attachments, for mail programs",
                },
                Choice {
                    value: "csv",
                    label: "CSV",
                    text: "One row of headers for each mail, for spreadsheets",
                },
                Choice {
                    value: "json",
                    label: "JSON",
                    text: "The same as objects, for programs",
                },
            ]),
        }],
    };

    fn order(&self, items: &str) -> String {
        format!("Export {items} as {}", self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Mails(self.format))
    }
}
