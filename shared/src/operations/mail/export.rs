//! A file made of the mails. The mailbox is not touched.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::export::{about, format_field};
use crate::operations::{About, Choice, ExportFormat, Field, FileFormat, OperationSpec};
use crate::words;

/// A file made of the mails. The mailbox is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Export {
    /// What the file holds.
    pub format: ExportFormat,
}

const FIELDS: &[Field] = &[format_field(
    Says(words::export_mails_hint),
    &[
        Choice {
            value: "mbox",
            label: Says(|| "mbox"),
            text: Says(words::export_mails_mbox),
        },
        Choice {
            value: "csv",
            label: Says(|| "CSV"),
            text: Says(words::export_mails_csv),
        },
        Choice {
            value: "json",
            label: Says(|| "JSON"),
            text: Says(words::export_mails_json),
        },
    ],
)];

impl OperationSpec for Export {
    const ABOUT: About = about("export", "exp", Kind::Mail, FIELDS);

    fn order(&self, items: &str) -> String {
        words::export_order_as(items, self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Mails(self.format))
    }
}
