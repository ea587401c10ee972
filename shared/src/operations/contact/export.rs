//! A file made of the contacts. The address book is not touched.

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{
    About, Aspect, Choice, ContactFormat, Field, FileFormat, Input, OperationSpec, Task,
};

/// A file made of the contacts. The address book is not touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportContacts {
    /// What the file holds.
    pub format: ContactFormat,
}

impl OperationSpec for ExportContacts {
    const ABOUT: About = About {
        name: "export_contacts",
        prefix: "exc",
        kind: Some(Kind::Contact),
        task: Task::Export,
        aspect: Aspect::Nothing,
        label: "Export",
        past: "exported",
        icon: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        keys: &[],
        fields: &[Field {
            name: "format",
            label: "Format",
            hint: "The address book is not touched. The file is downloaded from the job.",
            input: Input::Choice(&[
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
            ]),
        }],
    };

    fn order(&self, items: &str) -> String {
        format!("Export {items} as {}", self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Contacts(self.format))
    }
}
