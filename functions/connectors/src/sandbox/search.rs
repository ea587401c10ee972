//! Translates a parsed query into a condition in SQL. Text only ever travels as a parameter.

use std::fmt::Write;

use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::query::{Looked, Query, Term};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::error::SandboxError;
use super::mail_set::{IS_IN, MailSet};
use super::places::{FolderRow, SEPARATOR};
use super::schema::UNTOLD;
use super::texts::{Place, Texts};
use super::{Inner, number as mail_number};

/// A condition on `mail m`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Condition {
    pub(super) sql: String,
    pub(super) parameters: Vec<Value>,
    /// Whether it asks for more of a mail than its number, its folder and its flags.
    asks_for_more: bool,
}

/// What a query is translated with.
#[derive(Clone, Copy)]
pub(super) struct Translation<'a> {
    texts: &'a Texts,
    connection: &'a Connection,
    now: Timestamp,
}

impl<'a> Translation<'a> {
    pub(super) fn new(inner: &'a Inner, connection: &'a Connection, now: Timestamp) -> Self {
        Self {
            texts: &inner.texts,
            connection,
            now,
        }
    }

    /// The number of the newest mail; 0 where there is none.
    fn newest(self) -> Result<i64, SandboxError> {
        let sql = "SELECT ifnull(max(id), 0) FROM mail";
        let mut newest = self.connection.prepare_cached(sql)?;
        Ok(newest.query_row([], |row| row.get(0))?)
    }

    /// The condition for mails of one folder whose number the caller binds itself; none if nothing
    /// there can match.
    pub(super) fn in_folder(
        self,
        query: &Query,
        folder: &FolderRow,
    ) -> Result<Option<Condition>, SandboxError> {
        let Some(inside) = query.in_folder(&folder.name, folder.role) else {
            return Ok(None);
        };
        let mut condition = Condition::default();
        condition.add(&inside, self)?;
        Ok(Some(condition))
    }

    /// The condition for mails of all folders together.
    pub(super) fn anywhere(
        self,
        query: &Query,
        folders: &[FolderRow],
    ) -> Result<Condition, SandboxError> {
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
        let mut condition = Condition::default();
        condition.join(&ways, " OR ", "0", |condition, (way, ids)| {
            condition.add(way, self)?;
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            // Behind the rest: it costs more than most and is true of most.
            condition.push(&format!(" AND m.folder IN ({})", ids.join(",")));
            Ok(())
        })?;
        Ok(condition)
    }
}

impl Condition {
    /// What to count these mails by: an index that has all it asks for, or else the mails as they lie there.
    pub(super) fn counted(&self) -> &'static str {
        match self.asks_for_more {
            false => "mail m INDEXED BY mail_folder_flags",
            true => "mail m NOT INDEXED",
        }
    }

    /// Narrows it to what comes after this mail where the newest comes first.
    pub(super) fn come_after(&mut self, received: i64, id: i64) {
        let received = self.bind(Value::Integer(received));
        let id = self.bind(Value::Integer(id));
        self.sql = format!("(m.received, m.id) < (?{received}, ?{id}) AND {}", self.sql);
    }

    fn add(&mut self, query: &Query, with: Translation<'_>) -> Result<(), SandboxError> {
        match query {
            Query::All(queries) => {
                self.join(queries, " AND ", "1", |all, query| all.add(query, with))
            }
            Query::Any(queries) => {
                self.join(queries, " OR ", "0", |any, query| any.add(query, with))
            }
            Query::Not(query) => {
                self.push("NOT ");
                self.add(query, with)
            }
            Query::Term(term) => self.term(term, with),
        }
    }

    fn term(&mut self, term: &Term, with: Translation<'_>) -> Result<(), SandboxError> {
        match term {
            Term::Text(word) => self.with_word(word, Place::Anywhere, with)?,
            Term::From(word) => self.with_word(word, Place::Sender, with)?,
            Term::To(word) => self.with_word(word, Place::Recipients, with)?,
            Term::Subject(word) => self.with_word(word, Place::Subject, with)?,
            Term::ListMail => self.with_word("", Place::List, with)?,
            Term::List(word) => self.with_word(word, Place::List, with)?,
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
            // What cannot be told is NULL, which holds neither by itself nor behind a NOT.
            Term::HasAttachment => {
                self.asks_for_more = true;
                self.push(&format!("nullif(m.attachment, {UNTOLD})"));
            }
            Term::Class(class, looked) => self.class(*class, looked, with)?,
            Term::Larger(bytes) => self.compare("m.size >", number(*bytes)),
            Term::Smaller(bytes) => self.compare("m.size <", number(*bytes)),
            Term::Before(moment) => {
                self.compare("m.received <", moment.resolve(with.now).as_millisecond());
            }
            Term::After(moment) => {
                self.compare("m.received >=", moment.resolve(with.now).as_millisecond());
            }
        }
        Ok(())
    }

    /// What nobody has looked at is NULL, as above.
    fn class(
        &mut self,
        wanted: Option<Class>,
        looked: &Looked,
        with: Translation<'_>,
    ) -> Result<(), SandboxError> {
        let known = self.not_looked_at(looked, with)?;
        let Some(class) = wanted else {
            self.push(&known);
            return Ok(());
        };
        let these = looked.mails().filter(|(_, known)| *known == class);
        let these = self.among(these.map(|(id, _)| id), with)?;
        self.push(&format!(
            "CASE WHEN {these} THEN 1 WHEN NOT {known} THEN 0 END"
        ));
        Ok(())
    }

    /// The condition for mails that nobody has looked at.
    pub(super) fn not_looked_at(
        &mut self,
        looked: &Looked,
        with: Translation<'_>,
    ) -> Result<String, SandboxError> {
        let known = self.among(looked.mails().map(|(id, _)| id), with)?;
        Ok(format!("(NOT {known})"))
    }

    /// The condition for these mails.
    fn among<'a>(
        &mut self,
        ids: impl Iterator<Item = &'a ItemId>,
        with: Translation<'_>,
    ) -> Result<String, SandboxError> {
        // An id may come from elsewhere, and name a number that no mail has yet.
        let newest = with.newest()?;
        let numbers = ids.filter_map(mail_number);
        let set: MailSet = numbers.filter(|number| *number <= newest).collect();
        Ok(self.is_in(set))
    }

    /// The condition for the mails of this set. It travels as one parameter, however many they are.
    fn is_in(&mut self, set: MailSet) -> String {
        let set = Value::from(set);
        let bound = self.parameters.iter().position(|known| *known == set);
        let number = bound.map_or_else(|| self.bind(set), |place| place + 1);
        format!("{IS_IN}(?{number}, m.id)")
    }

    fn with_word(
        &mut self,
        word: &str,
        place: Place,
        with: Translation<'_>,
    ) -> Result<(), SandboxError> {
        let word = word.to_lowercase();
        let found = with.texts.with_word(with.connection, &word, place)?;
        let these = self.is_in(found);
        self.push(&these);
        Ok(())
    }

    fn compare(&mut self, what: &str, value: i64) {
        self.asks_for_more = true;
        let number = self.bind(Value::Integer(value));
        self.push(&format!("{what} ?{number}"));
    }

    fn join<T>(
        &mut self,
        parts: &[T],
        by: &str,
        none: &str,
        add: impl Fn(&mut Self, &T) -> Result<(), SandboxError>,
    ) -> Result<(), SandboxError> {
        self.push("(");
        if parts.is_empty() {
            self.push(none);
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(by);
            }
            self.push("(");
            add(self, part)?;
            self.push(")");
        }
        self.push(")");
        Ok(())
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
