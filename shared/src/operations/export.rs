//! What the operations have in common that make a file of items.

use bulkhead_words::Says;

use crate::kinds::Kind;
use crate::operations::{About, Aspect, Choice, Field, Input, Task};
use crate::words;

/// What is known of an export before its own: its name, id prefix, kind and form.
pub(crate) const fn about(
    name: &'static str,
    prefix: &'static str,
    kind: Kind,
    fields: &'static [Field],
) -> About {
    About {
        name,
        prefix,
        kind: Some(kind),
        task: Task::Export,
        aspect: Aspect::Nothing,
        label: Says(words::export_label),
        order: words::export_order,
        report: words::export_report,
        icon: "M12 4v11M7.5 10.8 12 15.3l4.5-4.5M4.5 19.5h15",
        keys: &[],
        fields,
    }
}

/// The field that chooses what the file holds.
pub(crate) const fn format_field(hint: Says, formats: &'static [Choice]) -> Field {
    Field {
        name: "format",
        label: Says(words::export_format),
        hint: Some(hint),
        input: Input::Choice(formats),
    }
}
