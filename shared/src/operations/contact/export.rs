//! A file made of the contacts. The address book is not touched.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::export::{about, format_field};
use crate::operations::{About, Choice, ContactFormat, Field, FileFormat, OperationSpec};

/// A file made of the contacts. The address book is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportContacts {
    /// What the file holds.
    pub format: ContactFormat,
}

const FIELDS: &[Field] = &[format_field(
    "The address book is not touched. The file is downloaded from the job.",
    &[
        Choice {
            value: "vcard4",
            label: "vCard 4.0",
            text: "Whole cards, for programs of today",
        },
        Choice {
            value: "vcard3",
            label: "vCard 3.0",
            text: "Whole cards, for telephones and older programs",
        },
        Choice {
            value: "csv",
            label: "CSV",
            text: "One row for each contact, for spreadsheets",
        },
    ],
)];

impl OperationSpec for ExportContacts {
    const ABOUT: About = about("export_contacts", "exc", Kind::Contact, FIELDS);

    fn order(&self, items: &str) -> String {
        format!("Export {items} as {}", self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Contacts(self.format))
    }
}
