//! What can be done to mails, with its parameters.

use serde::{Deserialize, Serialize};

use crate::ids::JobId;
use crate::limits;
use crate::problem::Invalid;

/// One operation with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Operation {
    /// Out of the inbox, into the account's archive.
    Archive {},
    /// Into the account's trash. Nothing is destroyed.
    Trash {},
    /// Labels put on and taken off; on servers without labels these are IMAP keywords.
    Label {
        /// Labels to put on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<String>,
        /// Labels to take off.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<String>,
    },
    /// Marked as read.
    MarkRead {},
    /// Marked as unread.
    MarkUnread {},
    /// Into another folder.
    Move {
        /// The folder's full name, as `folders` lists it.
        folder: String,
    },
    /// A file made of the mails. The mailbox is not touched.
    Export {
        /// What the file holds.
        format: ExportFormat,
    },
    /// What another job did, taken back. Made by `POST /jobs/{job}/undo` only.
    Undo {
        /// The job that is taken back.
        job: JobId,
    },
}

/// What an export's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExportFormat {
    /// Whole messages in mbox form (RFC 4155, `>From` quoted).
    Mbox,
    /// One row of headers for each mail.
    Csv,
    /// One object of headers for each mail, in an array.
    Json,
}

impl ExportFormat {
    /// The media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mbox => "application/mbox",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The file's extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// An operation without its parameters: what abilities, metrics and job ids speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "each is described at Operation")]
pub enum OperationKind {
    Archive,
    Trash,
    Label,
    MarkRead,
    MarkUnread,
    Move,
    Export,
    Undo,
}

impl OperationKind {
    /// The kinds a person may ask for directly (undo is made from a job).
    pub const OFFERED: [OperationKind; 7] = [
        Self::Archive,
        Self::Trash,
        Self::Label,
        Self::MarkRead,
        Self::MarkUnread,
        Self::Move,
        Self::Export,
    ];

    /// The three letters that open a job's id. Stored and shown: never change one.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Archive => "arc",
            Self::Trash => "trs",
            Self::Label => "lbl",
            Self::MarkRead => "mrd",
            Self::MarkUnread => "mru",
            Self::Move => "mov",
            Self::Export => "exp",
            Self::Undo => "und",
        }
    }

    /// The name on the wire, in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Trash => "trash",
            Self::Label => "label",
            Self::MarkRead => "mark_read",
            Self::MarkUnread => "mark_unread",
            Self::Move => "move",
            Self::Export => "export",
            Self::Undo => "undo",
        }
    }
}

impl Operation {
    /// The operation without its parameters.
    pub fn kind(&self) -> OperationKind {
        match self {
            Self::Archive {} => OperationKind::Archive,
            Self::Trash {} => OperationKind::Trash,
            Self::Label { .. } => OperationKind::Label,
            Self::MarkRead {} => OperationKind::MarkRead,
            Self::MarkUnread {} => OperationKind::MarkUnread,
            Self::Move { .. } => OperationKind::Move,
            Self::Export { .. } => OperationKind::Export,
            Self::Undo { .. } => OperationKind::Undo,
        }
    }

    /// Whether the mailbox is changed at all.
    pub fn changes_items(&self) -> bool {
        !matches!(self, Self::Export { .. })
    }

    /// Checks the parameters: browser and server both call this.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Label { add, remove } => {
                if add.is_empty() && remove.is_empty() {
                    return Err(Invalid::new(
                        "operation.add",
                        "Name at least one label to add or remove.",
                    ));
                }
                if add.len() + remove.len() > limits::LABELS_PER_JOB {
                    return Err(Invalid::new(
                        "operation.add",
                        format!("At most {} labels in one job.", limits::LABELS_PER_JOB),
                    ));
                }
                for label in add {
                    check_label("operation.add", label)?;
                    if remove.contains(label) {
                        return Err(Invalid::new(
                            "operation.remove",
                            format!("“{label}” is both added and removed."),
                        ));
                    }
                }
                remove
                    .iter()
                    .try_for_each(|label| check_label("operation.remove", label))
            }
            Self::Move { folder } => {
                if folder.is_empty() || folder.len() > limits::FOLDER_NAME_BYTES {
                    return Err(Invalid::new(
                        "operation.folder",
                        format!(
                            "A folder's name has 1 to {} bytes.",
                            limits::FOLDER_NAME_BYTES
                        ),
                    ));
                }
                if folder.chars().any(char::is_control) {
                    return Err(Invalid::new(
                        "operation.folder",
                        "A folder's name has no control characters.",
                    ));
                }
                Ok(())
            }
            Self::Undo { .. } => Err(Invalid::new(
                "operation.type",
                "Undo is made from a job: POST /api/v1/jobs/{job}/undo.",
            )),
            Self::Archive {}
            | Self::Trash {}
            | Self::MarkRead {}
            | Self::MarkUnread {}
            | Self::Export { .. } => Ok(()),
        }
    }
}

/// A label fits IMAP's keyword grammar (RFC 9051 `flag-keyword`, an atom): the narrowest of the
/// systems we speak to, so that a label means the same everywhere.
fn check_label(field: &'static str, label: &str) -> Result<(), Invalid> {
    if label.is_empty() || label.len() > limits::LABEL_BYTES {
        return Err(Invalid::new(
            field,
            format!("A label has 1 to {} characters.", limits::LABEL_BYTES),
        ));
    }
    if label.starts_with(['\\', '$']) {
        return Err(Invalid::new(
            field,
            format!("“{label}”: a label does not start with \\ or $."),
        ));
    }
    let bad = |c: char| !c.is_ascii_graphic() || "(){%*\"\\]".contains(c);
    match label.chars().find(|&c| bad(c)) {
        Some(c) => Err(Invalid::new(
            field,
            format!(
                "“{label}”: the character {c:?} cannot be part of a label; letters, digits, - _ . / can."
            ),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_wire_are_the_kinds_names() {
        let operations = [
            Operation::Archive {},
            Operation::Trash {},
            Operation::MarkRead {},
            Operation::MarkUnread {},
            Operation::Label {
                add: vec!["a".into()],
                remove: vec![],
            },
            Operation::Move {
                folder: "Work".into(),
            },
            Operation::Export {
                format: ExportFormat::Mbox,
            },
        ];
        for operation in operations {
            let json = serde_json::to_value(&operation).unwrap();
            assert_eq!(json["type"], operation.kind().name());
            assert_eq!(
                serde_json::from_value::<Operation>(json).unwrap(),
                operation
            );
            assert_eq!(operation.validate(), Ok(()));
        }
    }

    #[test]
    fn refuses_labels_no_server_would_take() {
        for label in [
            "",
            "two words",
            "a*b",
            "\\Seen",
            "(x)",
            "é",
            &"x".repeat(300),
        ] {
            let operation = Operation::Label {
                add: vec![label.into()],
                remove: vec![],
            };
            assert_eq!(
                operation.validate().unwrap_err().field,
                "operation.add",
                "{label}"
            );
        }
        let both = Operation::Label {
            add: vec!["x".into()],
            remove: vec!["x".into()],
        };
        assert!(both.validate().is_err());
        assert!(
            Operation::Label {
                add: vec![],
                remove: vec![]
            }
            .validate()
            .is_err()
        );
        assert!(
            Operation::Move {
                folder: "a\nb".into()
            }
            .validate()
            .is_err()
        );
    }

    #[test]
    fn refuses_parameters_that_do_not_belong() {
        let text = r#"{"type":"archive","folder":"x"}"#;
        assert!(serde_json::from_str::<Operation>(text).is_err());
    }
}
