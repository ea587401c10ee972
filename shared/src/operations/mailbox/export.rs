//! A file made of what the directory knows of mailboxes. Nothing is touched.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{
    About, Aspect, Choice, Field, FileFormat, Input, MailboxFormat, OperationSpec, Task,
};
use crate::words;

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
        label: Says(words::export_label),
        order: words::export_order,
        report: words::export_report,
        icon: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        keys: &[],
        fields: &[Field {
            name: "format",
            label: Says(words::export_format),
            hint: Some(Says(words::export_mailboxes_hint)),
            input: Input::Choice(&[
                Choice {
                    value: "csv",
                    label: Says(|| "CSV"),
                    text: Says(words::export_mailboxes_csv),
                },
                Choice {
                    value: "json",
                    label: Says(|| "JSON"),
                    text: Says(words::export_mailboxes_json),
                },
            ]),
        }],
    };

    fn order(&self, items: &str) -> String {
        words::export_mailboxes_order(items, self.format.label())
    }

    fn format(&self) -> Option<FileFormat> {
        Some(FileFormat::Mailboxes(self.format))
    }
}
