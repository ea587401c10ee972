//! Rows of the tables that mailboxes are recovered and restored by: their columns, and what a row says.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Address, Cleaned, ConflictRule, Guid, MailboxName, Profile};
use crate::csv::{CellFault, Cells, Column, Spec};
use crate::words;

/// An inactive mailbox that becomes an active one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The inactive mailbox.
    pub source: Guid,
    /// Whom it belongs to from then on.
    pub profile: Profile,
}

/// An inactive mailbox whose content goes into another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// The inactive mailbox.
    pub source: Guid,
    /// The active one.
    pub target: MailboxName,
    /// The folder of the target that everything goes into; none: each message into the folder that it was in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// What becomes of what is in both; none: what the operation says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ConflictRule>,
}

/// What a row says, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// What it says.
    pub row: T,
    /// What was put right in its GUIDs.
    pub cleaned: Vec<Cleaned>,
}

/// The column that numbers the rows of a table of results. Brought again, a row keeps its number.
pub const ROW_NUMBER: &str = "row_number";

const SOURCE: Column = Column {
    name: "source_guid",
    also: &["source_identity", "exchange_guid", "mailbox_guid"],
    required: true,
    about: Says(words::rows_about_source),
    example: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
};

/// The columns of a recovery.
pub const RECOVERY: Spec = Spec {
    columns: &[
        SOURCE,
        Column {
            name: "target_upn",
            also: &["target_identity", "upn", "user_principal_name"],
            required: true,
            about: Says(words::rows_about_upn),
            example: "ann.lee@example.com",
        },
        Column {
            name: "target_smtp",
            also: &["primary_smtp_address"],
            required: false,
            about: Says(words::rows_about_smtp),
            example: "ann.lee@example.com",
        },
        Column {
            name: "display_name",
            also: &[],
            required: true,
            about: Says(words::rows_about_display_name),
            example: "Ann Lee",
        },
        Column {
            name: "first_name",
            also: &["given_name"],
            required: false,
            about: Says(words::rows_about_first_name),
            example: "Ann",
        },
        Column {
            name: "last_name",
            also: &["surname"],
            required: false,
            about: Says(words::rows_about_last_name),
            example: "Lee",
        },
        Column {
            name: "department",
            also: &[],
            required: false,
            about: Says(words::rows_about_department),
            example: "IT",
        },
        Column {
            name: "company",
            also: &[],
            required: false,
            about: Says(words::rows_about_company),
            example: "Example Ltd",
        },
    ],
};

/// The columns of a restore.
pub const RESTORE: Spec = Spec {
    columns: &[
        SOURCE,
        Column {
            name: "target_mailbox",
            also: &["target_identity"],
            required: true,
            about: Says(words::rows_about_target),
            example: "bob.ray@example.com",
        },
        Column {
            name: "target_folder",
            also: &["target_root_folder"],
            required: false,
            about: Says(words::rows_about_folder),
            example: "Restored",
        },
        Column {
            name: "conflict_resolution",
            also: &["conflict_resolution_option"],
            required: false,
            about: Says(words::rows_about_conflict),
            example: "keep_target",
        },
    ],
};

/// Characters of a name, most: what Exchange takes of a display name.
const NAME_CHARS: usize = 256;
/// Characters of a folder's path, most.
const FOLDER_CHARS: usize = 500;

/// What a row says about a recovery; or all that is wrong with it.
pub fn recovery(cells: &Cells<'_>) -> Result<Read<Recovery>, Vec<CellFault>> {
    let mut faults = Vec::new();
    let mut cleaned = Vec::new();
    let source = guid(cells, &mut cleaned, &mut faults);
    let upn = address(cells, "target_upn", &mut faults);
    let smtp = match cells.get("target_smtp").is_empty() {
        true => upn.clone(),
        false => address(cells, "target_smtp", &mut faults),
    };
    let mut name = |column: &'static str| {
        let text = cells.get(column);
        let is_bad = |letter: char| letter.is_control();
        if text.chars().count() > NAME_CHARS {
            faults.push(cells.fault(column, words::rows_name_long()));
        } else if text.contains(is_bad) {
            faults.push(cells.fault(column, words::rows_control()));
        } else if is_sheet_error(text) {
            faults.push(cells.fault(column, words::rows_name_sheet_error()));
        }
        text.to_owned()
    };
    let display_name = name("display_name");
    let [first_name, last_name, department, company] =
        ["first_name", "last_name", "department", "company"].map(&mut name);
    if display_name.is_empty() {
        faults.push(cells.fault("display_name", words::rows_name_empty()));
    }
    match (source, upn, smtp) {
        (Some(source), Some(upn), Some(smtp)) if faults.is_empty() => Ok(Read {
            row: Recovery {
                source,
                profile: Profile {
                    upn,
                    smtp,
                    display_name,
                    first_name,
                    last_name,
                    department,
                    company,
                },
            },
            cleaned,
        }),
        _ => Err(faults),
    }
}

/// What a row says about a restore; or all that is wrong with it.
pub fn restore(cells: &Cells<'_>) -> Result<Read<Restore>, Vec<CellFault>> {
    let mut faults = Vec::new();
    let mut cleaned = Vec::new();
    let source = guid(cells, &mut cleaned, &mut faults);
    let target = match MailboxName::read(cells.get("target_mailbox")) {
        Ok(target) => Some(target),
        Err(error) => {
            let wrong = cells.get("target_mailbox");
            let message = match is_sheet_error(wrong) {
                true => words::rows_target_sheet_error().to_owned(),
                false => error.to_string(),
            };
            faults.push(cells.fault("target_mailbox", message));
            None
        }
    };
    let folder = cells.get("target_folder");
    if folder.chars().count() > FOLDER_CHARS {
        faults.push(cells.fault("target_folder", words::rows_folder_long()));
    } else if folder.contains(|letter: char| letter.is_control()) {
        faults.push(cells.fault("target_folder", words::rows_control()));
    } else if folder
        .split('/')
        .any(|part| part.is_empty() || part == "." || part == "..")
        && !folder.is_empty()
    {
        faults.push(cells.fault("target_folder", words::rows_folder_nameless()));
    }
    let rule = cells.get("conflict_resolution");
    let known = ConflictRule::read(rule);
    if known.is_none() && !rule.is_empty() {
        let message = words::rows_no_rule();
        faults.push(cells.fault("conflict_resolution", message));
    }
    if let (Some(source), Some(MailboxName::Guid(target))) = (&source, &target)
        && source == target
    {
        faults.push(cells.fault("target_mailbox", words::rows_source_itself()));
    }
    match (source, target) {
        (Some(source), Some(target)) if faults.is_empty() => Ok(Read {
            row: Restore {
                source,
                target,
                folder: (!folder.is_empty()).then(|| folder.to_owned()),
                rule: known,
            },
            cleaned,
        }),
        _ => Err(faults),
    }
}

fn guid(
    cells: &Cells<'_>,
    cleaned: &mut Vec<Cleaned>,
    faults: &mut Vec<CellFault>,
) -> Option<Guid> {
    let cell = cells.get(SOURCE.name);
    if cell.is_empty() {
        faults.push(cells.fault(SOURCE.name, words::rows_source_empty()));
        return None;
    }
    match Guid::read(cell) {
        Ok((guid, what)) => {
            cleaned.extend(what);
            Some(guid)
        }
        Err(error) => {
            faults.push(cells.fault(SOURCE.name, error));
            None
        }
    }
}

fn address(cells: &Cells<'_>, column: &'static str, faults: &mut Vec<CellFault>) -> Option<String> {
    let cell = cells.get(column);
    match Address::read(cell) {
        Ok(address) => Some(address.as_str().to_owned()),
        Err(_) if is_sheet_error(cell) => {
            faults.push(cells.fault(column, words::rows_address_sheet_error()));
            None
        }
        Err(error) => {
            faults.push(cells.fault(column, error));
            None
        }
    }
}

/// `#N/A`, `#REF!`, `#NAME?`, in English and in other languages.
fn is_sheet_error(cell: &str) -> bool {
    cell.starts_with('#') && !cell.contains(' ')
}

/// The cells of a row as a request brings it: a list in the order of `headers`, or an object by their names;
/// or what is wrong with it, as a sentence.
pub fn cells_of(row: &Value, headers: &[String]) -> Result<Vec<String>, String> {
    let text = |header: &str, cell: &Value| match cell {
        Value::String(text) => Ok(text.clone()),
        Value::Null => Ok(String::new()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(words::operation_is_text(header)),
    };
    match row {
        Value::Array(cells) if cells.len() > headers.len() => Err(words::rows_too_many_cells(
            &cells.len().to_string(),
            &headers.len().to_string(),
        )),
        Value::Array(cells) => {
            let read = headers
                .iter()
                .zip(cells)
                .map(|(header, cell)| text(header, cell));
            let mut read = read.collect::<Result<Vec<String>, String>>()?;
            read.resize(headers.len(), String::new());
            Ok(read)
        }
        Value::Object(cells) => {
            if let Some(unknown) = cells.keys().find(|name| !headers.contains(name)) {
                return Err(words::rows_unknown_column(unknown));
            }
            let read = headers.iter().map(|header| {
                let cell = cells.get(header).unwrap_or(&Value::Null);
                text(header, cell)
            });
            read.collect()
        }
        _ => Err(words::rows_no_row().to_owned()),
    }
}

#[cfg(test)]
mod tests;
