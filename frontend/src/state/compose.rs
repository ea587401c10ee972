//! A mail to many while it is written: whom it goes to, its templates, and what is asked of the server.

use std::collections::BTreeMap;

use bulkhead_shared::api::{KeptTemplate, LookAtLetters, NewJob, Template};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::limits::{BODY_BYTES, ROWS_PER_REQUEST};
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::selection::Selection;
use jiff::Timestamp;
use serde_json::Value;

use super::attaching::Attaching;
use super::completion::{name_of, renamed};
use super::recipients::Recipients;
use crate::copy::capital;
use crate::words;

/// What is written so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compose {
    /// What the template is called; empty: it has no name.
    pub template: String,
    pub from: String,
    pub recipients: Recipients,
    /// The files that go along.
    pub attaching: Attaching,
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
        let attaching = Attaching {
            all: send.attachments.clone(),
            named: send.files.clone(),
            archive: None,
            column: send.file_column.as_deref().and_then(place),
        };
        Some(Self {
            attaching,
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

    /// The same for others.
    pub fn with_recipients(&self, recipients: Recipients) -> Self {
        let mut next = self.clone();
        next.attaching.guess(&recipients);
        next.recipients = recipients;
        next
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
            Ok(look) => look
                .validate()
                .err()
                .map(|wrong| words::compose_wrong(&called(&wrong.field), &wrong.message)),
        }
    }

    /// The operation, or what is missing before anything can be looked at.
    pub fn operation(&self) -> Result<BulkSend, &'static str> {
        if self.recipients.rows.is_empty() {
            return Err(words::compose_no_recipients());
        }
        let address = self
            .recipients
            .address
            .and_then(|place| self.recipients.columns.get(place));
        let address = address.ok_or_else(words::compose_no_address)?;
        if self.from.trim().is_empty() {
            return Err(words::compose_no_sender());
        }
        if self.subject.trim().is_empty() {
            return Err(words::compose_no_subject());
        }
        let columns = &self.recipients.columns;
        let file_column = self.attaching.column.and_then(|place| columns.get(place));
        if !self.attaching.named.is_empty() && file_column.is_none() {
            return Err(words::compose_no_file_column());
        }
        let with_html = self.with_html && !self.html.trim().is_empty();
        if self.text.trim().is_empty() && !with_html {
            return Err(words::compose_no_text());
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
            attachments: self.attaching.all.clone(),
            file_column: file_column.cloned(),
            files: self.attaching.named.clone(),
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
            return Err(words::compose_too_much().to_owned());
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

/// What the page calls a field of the request.
fn called(field: &str) -> String {
    let field = field.trim_start_matches("operation.");
    let name = match field {
        "from" => words::compose_field_from(),
        "reply_to" => words::compose_field_reply_to(),
        "subject" => words::compose_field_subject(),
        "text" => words::compose_field_text(),
        "html" => words::compose_field_html(),
        "attachments" => words::compose_field_attachments(),
        "files" => words::compose_field_files(),
        "unsubscribe" => words::compose_field_unsubscribe(),
        "hold_seconds" => words::compose_field_hold(),
        "rows" => words::compose_field_rows(),
        other => return capital(&other.replace('_', " ")),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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
        let file = |name: &str| bulkhead_shared::attached_file::AttachedFile {
            name: name.to_owned(),
            bytes: 1,
            sha256: "0".repeat(64),
        };
        compose.attaching.all = vec![file("terms.pdf")];
        compose.attaching.named = vec![file("ann.pdf")];
        assert_eq!(
            compose.operation(),
            Err("Choose the column that names the files.")
        );
        compose.attaching.column = Some(1);
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
}
