//! Labels put on and taken off; on servers without labels these are IMAP keywords.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{About, Aspect, Field, Input, MailTarget, OperationSpec, Target, Task};
use crate::problem::Invalid;
use crate::{labels, limits, words};

/// Labels put on and taken off; on servers without labels these are IMAP keywords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    /// Labels to put on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<String>,
    /// Labels to take off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

impl OperationSpec for Label {
    const ABOUT: About = About {
        name: "label",
        prefix: "lbl",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Labels,
        label: Says(words::label_label),
        order: words::label_order,
        report: words::label_report,
        icon: "M3.5 4.5v7.3l8.7 8.7 7.8-7.8L11.3 4H4zM8 8.4v.1",
        keys: &["l"],
        fields: &[Field {
            name: "add",
            label: Says(words::label_new),
            hint: None,
            input: Input::Labels { remove: "remove" },
        }],
    };

    fn validate(&self) -> Result<(), Invalid> {
        let Self { add, remove } = self;
        if add.is_empty() && remove.is_empty() {
            return Err(Invalid::new("operation.add", words::label_none()));
        }
        if add.len() + remove.len() > limits::LABELS_PER_JOB {
            return Err(Invalid::new(
                "operation.add",
                words::label_too_many(&limits::LABELS_PER_JOB.to_string()),
            ));
        }
        for label in add {
            check("operation.add", label)?;
            if remove.contains(label) {
                return Err(Invalid::new("operation.remove", words::label_both(label)));
            }
        }
        remove
            .iter()
            .try_for_each(|label| check("operation.remove", label))
    }

    fn order(&self, items: &str) -> String {
        match (self.add.as_slice(), self.remove.as_slice()) {
            (add, []) => words::label_order_add(items, &quoted(add)),
            ([], remove) => words::label_order_remove(&quoted(remove), items),
            (add, remove) => words::label_order_both(items, &quoted(add), &quoted(remove)),
        }
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::Flags {
            add: self.add.clone(),
            remove: self.remove.clone(),
        }))
    }
}

/// A label fits IMAP's keyword grammar (RFC 9051 `flag-keyword`, an atom): the narrowest of the
/// systems we speak to, so that a label means the same everywhere.
fn check(field: &'static str, label: &str) -> Result<(), Invalid> {
    if label.is_empty() || label.len() > limits::LABEL_BYTES {
        return Err(Invalid::new(
            field,
            words::label_length(&limits::LABEL_BYTES.to_string()),
        ));
    }
    if label.starts_with(['\\', '$']) {
        return Err(Invalid::new(field, words::label_start(label)));
    }
    let bad = |c: char| !c.is_ascii_graphic() || "(){%*\"\\]".contains(c);
    match label.chars().find(|&c| bad(c)) {
        Some(c) => Err(Invalid::new(
            field,
            words::label_character(label, &format!("{c:?}")),
        )),
        None => Ok(()),
    }
}

fn quoted(labels: &[String]) -> String {
    labels
        .iter()
        .map(|label| words::label_quoted(&labels::shown(label)))
        .collect::<Vec<_>>()
        .join(", ")
}
