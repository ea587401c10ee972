//! A file made of the mails. The mailbox is not touched.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::export::{about, format_field};
use crate::operations::{About, Choice, ExportFormat, Field, FileFormat, OperationSpec};

/// A file made of the mails. The mailbox is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// What the file holds.
    pub format: ExportFormat,
}

const FIELDS: &[Field] = &[format_field(
    "The mailbox is not touched. The file is downloaded from the job.",
    &[
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
    ],
)];

impl OperationSpec for Export {
    const ABOUT: About = about("export", "exp", Kind::Mail, FIELDS);

    fn order(&self, items: &str) -> String {
        format!("Export {items} as {}", self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Mails(self.format))
    }
}
