//! A mail to many while it is written: whom it goes to, its templates, and what is asked of the server.

use std::collections::BTreeMap;

use bulkhead_shared::address;
use bulkhead_shared::api::{KeptTemplate, LookAtLetters, NewJob, Template};
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::limits::{BODY_BYTES, ROWS_PER_REQUEST};
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::selection::Selection;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::completion::{name_of, renamed};

/// What is written so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compose {
    /// What the template is called; empty: it has no name.
    pub template: String,
    pub from: String,
    pub recipients: Recipients,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub with_html: bool,
    /// What stands in for an empty cell, by column.
    pub fallbacks: BTreeMap<String, String>,
    /// Where somebody says that they want no more of these.
    pub unsubscribe: String,
    /// Seconds in which all of it can still be stopped.
    pub hold: u32,
    /// What a draft had that the page has no field for: it stays.
    pub reply_to: Option<String>,
    pub not_before: Option<Timestamp>,
}

/// Whom it goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// What the file is called; none where they were pasted.
    pub file: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The places of the columns with the address and with the name.
    pub address: Option<usize>,
    pub name: Option<usize>,
}

/// Columns that are usually the address, in lower case.
const ADDRESSES: [&str; 8] = [
    "email",
    "e-mail",
    "mail",
    "to",
    "address",
    "e-mail address",
    "email address",
    "adresse",
];
/// Columns that are usually the whole name.
const NAMES: [&str; 4] = ["name", "full name", "fullname", "display name"];

impl Recipients {
    /// Those of a file, whatever a spreadsheet saved it as.
    pub fn of_file(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let grid =
            Grid::read(bytes, Limits::default()).map_err(|why| sentence(&why.to_string()))?;
        let rows: Vec<Vec<String>> = grid.rows.into_iter().map(|row| row.cells).collect();
        Ok(Self {
            file: Some(name.to_owned()),
            ..Self::of_table(grid.headers, rows)
        })
    }

    fn of_table(columns: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        let named = |names: &[&str]| {
            let is_it = |column: &String| names.contains(&column.trim().to_lowercase().as_str());
            columns.iter().position(is_it)
        };
        let with_at = |place: usize| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            cells.filter(|cell| cell.contains('@')).count() * 2 > rows.len()
        };
        let address = named(&ADDRESSES).filter(|place| with_at(*place));
        Self {
            file: None,
            address: address.or_else(|| (0..columns.len()).find(|place| with_at(*place))),
            name: named(&NAMES),
            columns,
            rows,
        }
    }

    /// Those that were pasted: a table of a spreadsheet, or addresses with or without names.
    pub fn of_text(text: &str) -> Self {
        if let Ok(grid) = Grid::of_text(text, Limits::default())
            && grid.headers.len() > 1
            && !grid.headers.iter().any(|header| header.contains('@'))
        {
            let rows = grid.rows.into_iter().map(|row| row.cells);
            return Self::of_table(grid.headers.clone(), rows.collect());
        }
        let read = address::list(text)
            .into_iter()
            .map(|(words, mailbox)| match mailbox {
                Ok(mailbox) => vec![mailbox.address.to_string(), mailbox.name],
                // The server's check says what is wrong with it.
                Err(_) => vec![words, String::new()],
            });
        Self {
            file: None,
            columns: vec!["email".to_owned(), "name".to_owned()],
            rows: read.collect(),
            address: Some(0),
            name: Some(1),
        }
    }

    /// What stands in a cell; none where there is no such cell. Rows are counted from 1.
    pub fn cell(&self, row: u32, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|known| known == column)?;
        let cells = self.rows.get((row as usize).checked_sub(1)?)?;
        Some(cells.get(place).map_or("", String::as_str))
    }

    /// Writes something else into a cell.
    pub fn set_cell(&mut self, row: u32, column: &str, text: String) {
        let place = self.columns.iter().position(|known| known == column);
        let index = (row as usize).checked_sub(1);
        if let Some((cells, place)) = index.and_then(|at| self.rows.get_mut(at)).zip(place) {
            if cells.len() <= place {
                cells.resize(place + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(place) {
                *cell = text;
            }
        }
    }

    /// Leaves somebody out.
    pub fn leave_out(&mut self, row: u32) {
        let index = (row as usize).wrapping_sub(1);
        if index < self.rows.len() {
            self.rows.remove(index);
        }
    }

    fn values(&self) -> Vec<Value> {
        let row = |cells: &Vec<String>| {
            let cells = cells
                .iter()
                .map(String::as_str)
                .chain(std::iter::repeat(""));
            let cells = self.columns.iter().zip(cells);
            let cells = cells.map(|(column, cell)| (column.clone(), cell.into()));
            Value::Object(cells.collect::<Map<String, Value>>())
        };
        self.rows.iter().map(row).collect()
    }
}

impl Compose {
    /// An empty one, with ten seconds to think again.
    pub fn new() -> Self {
        Self {
            hold: 10,
            ..Self::default()
        }
    }

    /// What a draft was made of; none if it sends no mails.
    pub fn of(operation: &Operation, rows: &[Value]) -> Option<Self> {
        let Operation::BulkSend(send) = operation else {
            return None;
        };
        let mut columns: Vec<String> = Vec::new();
        for row in rows.iter().filter_map(Value::as_object) {
            for column in row
                .keys()
                .filter(|column| !columns.contains(column))
                .collect::<Vec<_>>()
            {
                columns.push(column.clone());
            }
        }
        let cell =
            |row: &Value, column: &String| row[column].as_str().unwrap_or_default().to_owned();
        let cells = |row: &Value| columns.iter().map(|column| cell(row, column)).collect();
        let place = |name: &str| columns.iter().position(|column| column == name);
        Some(Self {
            template: send.template.clone().unwrap_or_default(),
            from: send.from.clone(),
            recipients: Recipients {
                file: None,
                rows: rows.iter().map(cells).collect(),
                address: place(send.address_column()),
                name: send.name_column.as_deref().and_then(place),
                columns,
            },
            subject: send.subject.clone(),
            text: send.text.clone().unwrap_or_default(),
            html: send.html.clone().unwrap_or_default(),
            with_html: send.html.is_some(),
            fallbacks: send.fallbacks.clone(),
            unsubscribe: send.unsubscribe.clone().unwrap_or_default(),
            hold: send.hold_seconds.unwrap_or(10),
            reply_to: send.reply_to.clone(),
            not_before: send.not_before,
        })
    }

    /// The template alone.
    pub fn parts(&self) -> Template {
        Template {
            subject: self.subject.clone(),
            text: self.text.clone(),
            html: match self.with_html {
                true => self.html.clone(),
                false => String::new(),
            },
            fallbacks: self.given_fallbacks(),
        }
    }

    /// The same with another template: recipients and all that is said of sending stay.
    pub fn with_template(&self, taken: KeptTemplate) -> Self {
        let Template {
            subject,
            text,
            html,
            fallbacks,
        } = taken.template;
        Self {
            template: taken.kept.name,
            with_html: !html.is_empty(),
            subject,
            text,
            html,
            fallbacks,
            ..self.clone()
        }
    }

    /// A column as a template has it.
    pub fn chip(column: &str) -> String {
        format!("{{{{ {} }}}}", name_of(column))
    }

    /// Says another column's name wherever the templates say one that there is not.
    pub fn rename(&mut self, wrong: &str, column: &str) {
        let name = name_of(column);
        for part in [&mut self.subject, &mut self.text, &mut self.html] {
            *part = renamed(part, wrong, &name);
        }
    }

    /// What is missing or wrong before anything can be looked at; none if nothing is.
    pub fn missing(&self) -> Option<String> {
        match self.look(None) {
            Err(missing) => Some(missing.to_owned()),
            Ok(look) => look.validate().err().map(|invalid| {
                let field = invalid.field.trim_start_matches("operation.");
                format!(
                    "{}: {}",
                    sentence(&field.replace('_', " ")).trim_end_matches('.'),
                    invalid.message
                )
            }),
        }
    }

    /// The operation, or what is missing before anything can be looked at.
    pub fn operation(&self) -> Result<BulkSend, &'static str> {
        if self.recipients.rows.is_empty() {
            return Err("Say who gets the mail.");
        }
        let address = self
            .recipients
            .address
            .and_then(|place| self.recipients.columns.get(place));
        let address = address.ok_or("Choose the column with the addresses.")?;
        if self.from.trim().is_empty() {
            return Err("Say who sends it.");
        }
        if self.subject.trim().is_empty() {
            return Err("Write a subject.");
        }
        let with_html = self.with_html && !self.html.trim().is_empty();
        if self.text.trim().is_empty() && !with_html {
            return Err("Write a text.");
        }
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let name = self
            .recipients
            .name
            .and_then(|place| self.recipients.columns.get(place));
        Ok(BulkSend {
            from: self.from.trim().to_owned(),
            reply_to: self.reply_to.clone(),
            subject: self.subject.clone(),
            text: given(&self.text).map(|_| self.text.clone()),
            html: with_html.then(|| self.html.clone()),
            address_column: Some(address.clone()),
            name_column: name.cloned(),
            fallbacks: self.given_fallbacks(),
            template: given(&self.template),
            unsubscribe: given(&self.unsubscribe),
            hold_seconds: Some(self.hold),
            not_before: self.not_before,
        })
    }

    fn given_fallbacks(&self) -> BTreeMap<String, String> {
        let given = self
            .fallbacks
            .iter()
            .filter(|(_, text)| !text.trim().is_empty());
        given
            .map(|(column, text)| (column.clone(), text.clone()))
            .collect()
    }

    /// What is asked of the server while somebody writes.
    pub fn look(&self, show: Option<u32>) -> Result<LookAtLetters, &'static str> {
        Ok(LookAtLetters {
            operation: self.operation()?,
            rows: self.recipients.values(),
            account: None,
            show: show.map(|row| vec![row]),
        })
    }

    /// The job that sends one recipient's mail to whoever sends it instead, at once; or why there can be none.
    pub fn test(&self, account: &AccountId, row: u32) -> Result<NewJob, String> {
        let operation = self.operation()?;
        let values = self.recipients.values();
        let index = (row as usize).saturating_sub(1);
        let mut row = values.into_iter().nth(index).unwrap_or_default();
        row[operation.address_column()] = operation.from.as_str().into();
        Ok(NewJob {
            account: account.clone(),
            operation: Operation::BulkSend(BulkSend {
                name_column: None,
                hold_seconds: Some(0),
                not_before: None,
                ..operation
            }),
            selection: Selection::Rows { rows: vec![row] },
            options: Default::default(),
            confirm: None,
        })
    }

    /// The job that sends it, or why there can be none.
    pub fn job(&self, account: &AccountId) -> Result<NewJob, String> {
        let operation = self.operation()?;
        let rows = self.recipients.values();
        let bytes: usize = rows.iter().map(|row| row.to_string().len() + 2).sum();
        if rows.len() > ROWS_PER_REQUEST || bytes > BODY_BYTES {
            return Err("This is too much for one job, which takes 10,000 recipients and 2 MB: divide the file.".to_owned());
        }
        Ok(NewJob {
            account: account.clone(),
            operation: Operation::BulkSend(operation),
            selection: Selection::Rows { rows },
            options: Default::default(),
            confirm: None,
        })
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    format!("{}.", first.chain(chars).collect::<String>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_shows_its_columns_and_which_has_the_addresses() {
        let file = b"Name;Ort;E-Mail\nAnn;Ulm;ann@example.org\nBo;;bo@example.org\n";
        let read = Recipients::of_file("people.csv", file).unwrap();
        assert_eq!(
            (read.address, read.name, read.rows.len()),
            (Some(2), Some(0), 2)
        );
        let odd = Recipients::of_file("x.csv", b"a,b\n1,x@example.org\n2,y@example.org\n").unwrap();
        assert_eq!((odd.address, odd.name), (Some(1), None));
        assert!(Recipients::of_file("x.csv", b"").is_err());
    }

    #[test]
    fn what_is_pasted_is_addresses_or_a_table() {
        let pasted = Recipients::of_text("Lee, Ann <ann@example.org>; bo@example.org\nnobody");
        let rows: Vec<_> = pasted.rows.iter().map(|row| row.join("|")).collect();
        assert_eq!(
            rows,
            ["ann@example.org|Lee, Ann", "bo@example.org|", "nobody|"]
        );
        let table = Recipients::of_text("email\tcity\nann@example.org\tUlm\n");
        assert_eq!(
            (table.columns.len(), table.rows.len(), table.address),
            (2, 1, Some(0))
        );
    }

    #[test]
    fn what_is_missing_is_said_and_what_is_there_is_sent() {
        let mut compose = Compose::new();
        assert_eq!(compose.operation(), Err("Say who gets the mail."));
        compose.recipients = Recipients::of_text("ann@example.org");
        assert_eq!(compose.operation(), Err("Say who sends it."));
        compose.from = "me@example.org".to_owned();
        compose.subject = "Hi".to_owned();
        assert_eq!(compose.operation(), Err("Write a text."));
        compose.text = "Hello {{ name }}".to_owned();
        compose
            .fallbacks
            .insert("name".to_owned(), " friend".to_owned());
        let look = compose.look(None).unwrap();
        assert_eq!(look.validate(), Ok(()));
        assert_eq!(look.rows[0]["email"], "ann@example.org");
        assert_eq!(look.operation.fallbacks.len(), 1);
        let again = Compose::of(&Operation::BulkSend(look.operation), &look.rows).unwrap();
        assert_eq!(again, compose, "a draft is written anew as it was");
        let account = "acc_01m8ashh8qtpa6hnw7rvx9x8rq".parse().unwrap();
        let test = compose.test(&account, 1).unwrap();
        let Selection::Rows { rows } = test.selection else {
            unreachable!();
        };
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["email"], "me@example.org", "a test is a job of one");
        assert_eq!(Compose::chip("First name"), "{{ first_name }}");
        compose.rename("name", "First name");
        assert_eq!(compose.text, "Hello {{ first_name }}");
    }

    #[test]
    fn a_cell_is_mended_and_a_row_is_left_out() {
        let mut read = Recipients::of_text("email\tcity\nann@example.org\nbo@example.org\tUlm\n");
        assert_eq!(
            (read.cell(1, "city"), read.cell(3, "city")),
            (Some(""), None)
        );
        read.set_cell(1, "city", "Bonn".to_owned());
        read.set_cell(9, "city", "nowhere".to_owned());
        assert_eq!(
            (read.cell(1, "city"), read.cell(1, "town")),
            (Some("Bonn"), None)
        );
        read.leave_out(1);
        read.leave_out(0);
        assert_eq!((read.rows.len(), read.cell(1, "city")), (1, Some("Ulm")));
    }
}
