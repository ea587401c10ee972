//! A row's cells as a template's names see them, and which of them were missed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use bulkhead_shared::operations::recipient::Recipient;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

/// The cells of one row.
#[derive(Debug)]
pub(super) struct RowValues {
    /// By the name that a template calls them.
    cells: BTreeMap<String, Cell>,
    /// Whether a name that no column has is taken for one that has something.
    forgives: bool,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Cell {
    column: String,
    text: String,
    is_fallback: bool,
}

/// Stands in an empty cell while the others are looked at.
const FILLING: &str = "?";

/// What a template asked for.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    /// Names that no column has.
    pub(super) unknown: BTreeSet<String>,
    /// The column whose empty cell was asked for last.
    pub(super) empty: Option<String>,
    /// Whether a fallback stood in for an empty cell.
    pub(super) used_fallback: bool,
}

impl RowValues {
    /// The row's cells. Those of these columns are taken as if something stood in them; if it `forgives`, so is
    /// every name that no column has.
    pub(super) fn new(
        recipient: &Recipient,
        fallbacks: &BTreeMap<String, String>,
        taken_as_full: &BTreeSet<String>,
        forgives: bool,
    ) -> Arc<Self> {
        let mut cells = BTreeMap::new();
        for (column, text) in recipient.cells() {
            let is_full = taken_as_full.contains(column);
            let text = if is_full { FILLING } else { text.trim() };
            let fallback = fallbacks.get(column).filter(|_| text.is_empty());
            let cell = Cell {
                column: column.clone(),
                text: fallback.map_or(text, String::as_str).to_owned(),
                is_fallback: fallback.is_some(),
            };
            cells.insert(name_of(column), cell);
        }
        Arc::new(Self {
            cells,
            forgives,
            seen: Mutex::default(),
        })
    }

    /// What was asked for.
    pub(super) fn seen(&self) -> Seen {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

impl Object for RowValues {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cell) = self.cells.get(&name_of(name)) else {
            seen.unknown.insert(name.to_owned());
            return self.forgives.then(|| Value::from(FILLING));
        };
        if cell.text.is_empty() {
            // Nothing there is as good as not there: a template can ask whether it is.
            seen.empty = Some(cell.column.clone());
            return None;
        }
        seen.used_fallback |= cell.is_fallback;
        Some(Value::from(cell.text.as_str()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }
}

/// What a template calls a column: in lower case, with an underline for whatever a name cannot have, so
/// `First name` is `first_name`.
pub(super) fn name_of(column: &str) -> String {
    let mut name = String::with_capacity(column.len());
    for c in column.trim().chars() {
        match c.is_alphanumeric() {
            true => name.extend(c.to_lowercase()),
            false => name.push('_'),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_called_by_what_a_template_can_write() {
        for (column, name) in [
            ("First name", "first_name"),
            (" E-Mail ", "e_mail"),
            ("ÄRZTE 2", "ärzte_2"),
            ("a_b", "a_b"),
            ("", ""),
        ] {
            assert_eq!(name_of(column), name);
        }
    }
}
