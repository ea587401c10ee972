//! Translates a parsed query into a condition in SQL. Text only ever travels as a parameter.

use std::fmt::Write;

use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Looked, Query, Term};
use jiff::Timestamp;
use rusqlite::types::Value;

use super::number as mail_number;
use super::places::{FolderRow, SEPARATOR};
use super::schema::UNTOLD;
use super::words::HOLDS;

/// A condition on `mail m`, and on `search s` if it reads texts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Condition {
    pub(super) sql: String,
    pub(super) parameters: Vec<Value>,
    reads_texts: bool,
}

impl Condition {
    /// What to select from.
    pub(super) fn tables(&self) -> &'static str {
        if self.reads_texts {
            "mail m CROSS JOIN search s ON s.id = m.id"
        } else {
            "mail m"
        }
    }

    /// The condition for mails of one folder whose number the caller binds itself; none if nothing
    /// there can match.
    pub(super) fn in_folder(query: &Query, folder: &FolderRow, now: Timestamp) -> Option<Self> {
        let inside = query.in_folder(&folder.name, folder.role)?;
        let mut condition = Self::default();
        condition.add(&inside, now);
        Some(condition)
    }

    /// The condition for mails of all folders together.
    pub(super) fn anywhere(query: &Query, folders: &[FolderRow], now: Timestamp) -> Self {
        // Most folders read the query the same way; each such way is written once.
        let mut ways: Vec<(Query, Vec<i64>)> = Vec::new();
        for folder in folders {
            if let Some(inside) = query.in_folder(&folder.name, folder.role) {
                match ways.iter_mut().find(|(way, _)| *way == inside) {
                    Some((_, ids)) => ids.push(folder.id),
                    None => ways.push((inside, vec![folder.id])),
                }
            }
        }
        let mut condition = Self::default();
        condition.join(&ways, " OR ", "0", |condition, (way, ids)| {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            // The plus keeps SQLite from sorting what the index on dates gives in order.
            condition.push(&format!("+m.folder IN ({}) AND ", ids.join(",")));
            condition.add(way, now);
        });
        condition
    }

    /// Narrows it to what comes after this mail where the newest comes first.
    pub(super) fn come_after(&mut self, received: i64, id: i64) {
        let received = self.bind(Value::Integer(received));
        let id = self.bind(Value::Integer(id));
        self.sql = format!("(m.received, m.id) < (?{received}, ?{id}) AND {}", self.sql);
    }

    fn add(&mut self, query: &Query, now: Timestamp) {
        match query {
            Query::All(queries) => {
                self.join(queries, " AND ", "1", |all, query| all.add(query, now));
            }
            Query::Any(queries) => {
                self.join(queries, " OR ", "0", |any, query| any.add(query, now));
            }
            Query::Not(query) => {
                self.push("NOT ");
                self.add(query, now);
            }
            Query::Term(term) => self.term(term, now),
        }
    }

    fn term(&mut self, term: &Term, now: Timestamp) {
        match term {
            Term::Text(text) => {
                self.text(text, &["subject", "sender", "recipients", "body"]);
            }
            Term::From(text) => self.text(text, &["sender"]),
            Term::To(text) => self.text(text, &["recipients"]),
            Term::Subject(text) => self.text(text, &["subject"]),
            // Settled folder by folder before; nothing is left to match.
            Term::In(_) => self.push("0"),
            Term::Label(label) => {
                let whole = format!("{SEPARATOR}{}{SEPARATOR}", label.to_lowercase());
                let number = self.bind(Value::Text(whole));
                self.push(&format!(
                    "m.flags IN (SELECT id FROM flagset WHERE instr(labels, ?{number}))"
                ));
            }
            Term::Unread => self.push("m.flags IN (SELECT id FROM flagset WHERE unread)"),
            Term::Starred => self.push("m.flags IN (SELECT id FROM flagset WHERE starred)"),
            Term::ListMail => self.push("m.id IN (SELECT id FROM list_mail)"),
            Term::List(text) => {
                let number = self.bind(Value::Text(text.to_lowercase()));
                self.push(&format!(
                    "m.id IN (SELECT id FROM list_mail WHERE instr(list, ?{number}))"
                ));
            }
            // What cannot be told is NULL, which holds neither by itself nor behind a NOT.
            Term::HasAttachment => self.push(&format!("nullif(m.attachment, {UNTOLD})")),
            Term::Class(class, looked) => self.class(*class, looked),
            Term::Larger(bytes) => self.compare("m.size >", number(*bytes)),
            Term::Smaller(bytes) => self.compare("m.size <", number(*bytes)),
            Term::Before(moment) => {
                self.compare("m.received <", moment.resolve(now).as_millisecond());
            }
            Term::After(moment) => {
                self.compare("m.received >=", moment.resolve(now).as_millisecond());
            }
        }
    }

    /// What nobody has looked at is NULL, as above.
    fn class(&mut self, wanted: Option<Class>, looked: &Looked) {
        let known = self.not_looked_at(looked);
        let Some(class) = wanted else {
            return self.push(&known);
        };
        let these = looked.mails().filter(|(_, known)| *known == class);
        let these = self.among(these.map(|(id, _)| id));
        self.push(&format!(
            "CASE WHEN {these} THEN 1 WHEN NOT {known} THEN 0 END"
        ));
    }

    /// The condition for mails that nobody has looked at.
    pub(super) fn not_looked_at(&mut self, looked: &Looked) -> String {
        let known = self.among(looked.mails().map(|(id, _)| id));
        format!("(NOT {known})")
    }

    /// The condition for these mails. They travel as one parameter, however many they are.
    fn among<'a>(&mut self, ids: impl Iterator<Item = &'a ItemId>) -> String {
        let mut numbers: Vec<i64> = ids.filter_map(mail_number).collect();
        numbers.sort_unstable();
        let written: Vec<String> = numbers.iter().map(i64::to_string).collect();
        let list = Value::Text(format!("[{}]", written.join(",")));
        let bound = self.parameters.iter().position(|known| *known == list);
        let number = bound.map_or_else(|| self.bind(list), |place| place + 1);
        format!("(m.id IN (SELECT value FROM json_each(?{number})))")
    }

    fn text(&mut self, text: &str, columns: &[&str]) {
        self.reads_texts = true;
        let number = self.bind(Value::Text(text.to_lowercase()));
        let columns: Vec<String> = columns.iter().map(|column| format!("s.{column}")).collect();
        self.push(&format!("{HOLDS}(?{number}, {})", columns.join(", ")));
    }

    fn compare(&mut self, what: &str, value: i64) {
        let number = self.bind(Value::Integer(value));
        self.push(&format!("{what} ?{number}"));
    }

    fn join<T>(&mut self, parts: &[T], by: &str, none: &str, add: impl Fn(&mut Self, &T)) {
        self.push("(");
        if parts.is_empty() {
            self.push(none);
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(by);
            }
            self.push("(");
            add(self, part);
            self.push(")");
        }
        self.push(")");
    }

    /// Adds a parameter and says its number.
    pub(super) fn bind(&mut self, value: Value) -> usize {
        self.parameters.push(value);
        self.parameters.len()
    }

    fn push(&mut self, sql: &str) {
        // Writing to a string cannot fail.
        let _ = self.sql.write_str(sql);
    }
}

/// No mail is larger than SQLite's numbers.
fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
