//! Into another folder.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::kinds::mail::folder_name;
use crate::limits;
use crate::operations::{About, Aspect, Field, Input, MailTarget, OperationSpec, Target, Task};
use crate::problem::Invalid;
use crate::words;

/// Into another folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Move {
    /// The folder's full name, as `folders` lists it.
    pub folder: String,
    /// The folder is made, if there is none of this name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub make: bool,
}

impl Move {
    /// Into a folder that is there.
    pub fn into_folder(folder: impl Into<String>) -> Self {
        Self {
            folder: folder.into(),
            make: false,
        }
    }
}

impl OperationSpec for Move {
    const ABOUT: About = About {
        name: "move",
        prefix: "mov",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Folder,
        label: Says(words::move_label),
        order: words::move_order,
        report: words::move_report,
        icon: "M3.5 6.5a1 1 0 0 1 1-1h5l2 2.5h8a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1zM8.5 13.5h6.5M12.5 11l2.5 2.5-2.5 2.5",
        keys: &["v"],
        fields: &[Field {
            name: "folder",
            label: Says(words::move_folder),
            hint: None,
            input: Input::Folder,
        }],
    };

    fn validate(&self) -> Result<(), Invalid> {
        if self.folder.is_empty() || self.folder.len() > limits::FOLDER_NAME_BYTES {
            return Err(Invalid::new(
                "operation.folder",
                words::move_folder_length(&limits::FOLDER_NAME_BYTES.to_string()),
            ));
        }
        if self.folder.chars().any(char::is_control) {
            return Err(Invalid::new(
                "operation.folder",
                words::move_folder_control(),
            ));
        }
        Ok(())
    }

    fn order(&self, items: &str) -> String {
        words::move_order_to(items, folder_name(&self.folder))
    }

    fn report(&self, items: &str) -> String {
        words::move_report_to(items, folder_name(&self.folder))
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::IntoFolder {
            name: self.folder.clone(),
            make: self.make,
        }))
    }
}
