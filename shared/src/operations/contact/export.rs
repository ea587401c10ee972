//! A file made of the contacts. The address book is not touched.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::export::{about, format_field};
use crate::operations::{About, Choice, ContactFormat, Field, FileFormat, OperationSpec};
use crate::words;

/// A file made of the contacts. The address book is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportContacts {
    /// What the file holds.
    pub format: ContactFormat,
}

const FIELDS: &[Field] = &[format_field(
    Says(words::export_contacts_hint),
    &[
        Choice {
            value: "vcard4",
            label: Says(|| "vCard 4.0"),
            text: Says(words::export_contacts_4),
        },
        Choice {
            value: "vcard3",
            label: Says(|| "vCard 3.0"),
            text: Says(words::export_contacts_3),
        },
        Choice {
            value: "csv",
            label: Says(|| "CSV"),
            text: Says(words::export_contacts_csv),
        },
    ],
)];

impl OperationSpec for ExportContacts {
    const ABOUT: About = about("export_contacts", "exc", Kind::Contact, FIELDS);

    fn order(&self, items: &str) -> String {
        words::export_order_as(items, self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Contacts(self.format))
    }
}
