//! A recipient as a row brings it: an address, and what is known of whoever has it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::address::Mailbox;
use crate::limits;
use crate::words;

/// Whom a mail goes to, and what is known of them by column. Stored with the job: fields may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Name and address, as [`Mailbox`] writes them.
    to: String,
    /// The row's cells.
    cells: BTreeMap<String, String>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.column.as_deref(), .message))]
pub struct CellFault {
    /// The cell's column; none where it is the whole row.
    pub column: Option<String>,
    /// What is wrong, as a sentence.
    pub message: String,
}

impl CellFault {
    fn of_row(message: &str) -> Self {
        Self {
            column: None,
            message: message.to_owned(),
        }
    }

    pub(super) fn at(column: &str, message: impl Into<String>) -> Self {
        Self {
            column: Some(column.to_owned()),
            message: message.into(),
        }
    }
}

impl Recipient {
    /// Reads an object of columns.
    pub(super) fn read(
        row: &Value,
        address_column: &str,
        name_column: Option<&str>,
    ) -> Result<Self, CellFault> {
        let Value::Object(row) = row else {
            return Err(CellFault::of_row(words::recipient_no_row()));
        };
        let mut cells = BTreeMap::new();
        for (column, cell) in row {
            cells.insert(column.clone(), text_of(column, cell)?);
        }
        let address = cells.get(address_column);
        let address = address
            .ok_or_else(|| CellFault::of_row(&words::recipient_no_column(address_column)))?;
        let mut mailbox =
            Mailbox::read(address).map_err(|why| CellFault::at(address_column, why.to_string()))?;
        if let Some(column) = name_column
            && let Some(name) = cells.get(column).map(|name| name.trim())
            && !name.is_empty()
        {
            check_name(column, name)?;
            mailbox.name = name.to_owned();
        }
        Ok(Self {
            to: mailbox.to_string(),
            cells,
        })
    }

    /// As it is stored.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, CellFault> {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        if bytes.len() > limits::RECIPIENT_BYTES {
            let most = limits::RECIPIENT_BYTES;
            return Err(CellFault::of_row(&words::recipient_row_bytes(
                &most.to_string(),
            )));
        }
        Ok(bytes)
    }

    /// Reads what was stored; none if it is something else.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Whom the mail goes to; none where a program stored it that takes other addresses.
    pub fn mailbox(&self) -> Option<Mailbox> {
        Mailbox::read(&self.to).ok()
    }

    /// The row that it was made of.
    pub fn row(&self) -> Value {
        let cells = self.cells.iter();
        let cells = cells.map(|(column, cell)| (column.clone(), Value::from(cell.as_str())));
        Value::Object(cells.collect())
    }

    /// What is known of them, by column.
    pub fn cells(&self) -> &BTreeMap<String, String> {
        &self.cells
    }
}

fn told(column: Option<&str>, message: &str) -> String {
    match column {
        Some(column) => words::recipient_cell_fault(column, message),
        None => message.to_owned(),
    }
}

fn text_of(column: &str, cell: &Value) -> Result<String, CellFault> {
    match cell {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(is) => Ok(is.to_string()),
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => {
            Err(CellFault::at(column, words::recipient_no_cell()))
        }
    }
}

fn check_name(column: &str, name: &str) -> Result<(), CellFault> {
    if name.chars().any(char::is_control) {
        let text = words::recipient_name_control();
        return Err(CellFault::at(column, text));
    }
    if name.len() > crate::address::NAME_BYTES {
        let text = words::recipient_name_long(&crate::address::NAME_BYTES.to_string());
        return Err(CellFault::at(column, text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_is_an_address_and_cells() {
        let row =
            json!({"to": "Ann <ann@example.org>", "amount": 12.5, "paid": false, "note": null});
        let read = Recipient::read(&row, "to", None).unwrap();
        let again = Recipient::of_bytes(&read.bytes().unwrap()).unwrap();
        assert_eq!(again, read);
        assert_eq!(again.mailbox().unwrap().name, "Ann");
        assert_eq!(again.cells()["amount"], "12.5");
        assert_eq!(again.cells()["note"], "");
        let row = json!({"Mail": "ann@example.org", "Name": "Lee, Ann"});
        let named = Recipient::read(&row, "Mail", Some("Name")).unwrap();
        assert_eq!(named.mailbox().unwrap().name, "Lee, Ann");
    }

    #[test]
    fn a_row_takes_16_kilobytes_and_a_name_300_bytes() {
        let stored = |bytes: usize| {
            let frame =
                json!({"to": "a@x.example", "cells": {"n": "", "to": "a@x.example"}}).to_string();
            let row = json!({"to": "a@x.example", "n": "x".repeat(bytes - frame.len())});
            let stored = Recipient::read(&row, "to", None).unwrap().bytes();
            stored
                .map(|bytes| bytes.len())
                .map_err(|fault| fault.to_string())
        };
        assert_eq!(stored(16_384), Ok(16_384));
        assert_eq!(
            stored(16_385),
            Err("A row has at most 16384 bytes.".to_owned())
        );
        let named = |name: &str| {
            let row = json!({"to": "Old <a@x.example>", "n": name});
            let read = Recipient::read(&row, "to", Some("n"));
            read.map(|read| read.mailbox().unwrap().name)
                .map_err(|fault| fault.to_string())
        };
        let long = "é".repeat(150);
        assert_eq!(named(&long), Ok(long.clone()));
        let too_long = "“n”: A name has at most 300 bytes.".to_owned();
        assert_eq!(named(&(long + "x")), Err(too_long));
        // An empty cell leaves the name that stands before the address.
        assert_eq!(named(" "), Ok("Old".to_owned()));
        assert_eq!(named(" New "), Ok("New".to_owned()));
    }

    #[test]
    fn a_row_is_told_again_as_texts() {
        let row = json!({"to": "a@x.example", "paid": true, "n": 7, "none": null});
        let read = Recipient::read(&row, "to", None).unwrap();
        let texts = json!({"to": "a@x.example", "paid": "true", "n": "7", "none": ""});
        assert_eq!(read.row(), texts);
        assert_eq!(Recipient::of_bytes(b"[]"), None);
        let odd = Recipient::of_bytes(br#"{"to":"nobody","cells":{}}"#).unwrap();
        assert_eq!(odd.mailbox(), None);
    }

    #[test]
    fn what_is_wrong_names_its_column() {
        for (row, told) in [
            (json!("x"), "A row is an object of columns."),
            (json!({"x": 1}), "There is no column “to” with an address."),
            (json!({"to": ""}), "“to”: There is no address."),
            (
                json!({"to": "a@b@c.example"}),
                "“to”: There is more than one @.",
            ),
            (
                json!({"to": "a@x.example", "n": []}),
                "“n”: A cell is a text or a number.",
            ),
            (
                json!({"to": "a@x.example", "n": "A\r\nBcc: b@x.example"}),
                "“n”: A name has no line breaks and no other control characters.",
            ),
        ] {
            let fault = Recipient::read(&row, "to", Some("n")).unwrap_err();
            assert_eq!(fault.to_string(), told);
        }
    }
}
