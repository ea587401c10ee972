//! What stands in all mails and in the names of their lists, packed in memory: a word is found in a hundred thousand of
//! them within some milliseconds, where the file has to be asked for each. It takes as many bytes as there are letters
//! (35 MB for a hundred thousand made-up mails), soon after somebody has looked at a list.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use memchr::memmem::Finder;
use rusqlite::Connection;

use super::error::SandboxError;
use super::mail_set::MailSet;

/// What a word can be looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Sender,
    Recipients,
    Subject,
    /// Sender, recipients, subject and what is written below.
    Anywhere,
    /// The list by which a mail came, if it came by one.
    List,
}

impl Place {
    /// The columns of the table that has it.
    fn columns(self) -> Range<usize> {
        match self {
            Self::Sender | Self::List => 0..1,
            Self::Recipients => 1..2,
            Self::Subject => 2..3,
            Self::Anywhere => 0..4,
        }
    }
}

/// The texts that this process has read. A mail's texts never change, and a new mail's number is above all others.
pub(super) struct Texts {
    mails: Table<4>,
    lists: Table<1>,
    recent: Mutex<Vec<Found>>,
    begun: AtomicBool,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            mails: Table::new(
                "SELECT max(id) FROM search",
                "SELECT id, sender, recipients, subject, body FROM search WHERE id > ?1 ORDER BY id",
            ),
            lists: Table::new(
                "SELECT max(id) FROM list_mail",
                "SELECT id, list FROM list_mail WHERE id > ?1 ORDER BY id",
            ),
            recent: Mutex::default(),
            begun: AtomicBool::default(),
        }
    }
}

/// What was found a moment ago: the pages of one search look for the same.
struct Found {
    word: String,
    place: Place,
    /// The newest mail that was looked into.
    newest: i64,
    mails: MailSet,
}

/// So many of them are kept.
const RECENT: usize = 8;

impl Texts {
    /// Whether nobody has begun to read them before, which is said once: whoever is told so reads them beforehand.
    pub(super) fn begin(&self) -> bool {
        !self.begun.swap(true, Ordering::Relaxed)
    }

    /// Reads what has come since the last time.
    pub(super) fn read(&self, connection: &Connection) -> Result<(), SandboxError> {
        self.mails.read_new(connection)?;
        self.lists.read_new(connection)?;
        Ok(())
    }

    /// The mails in one of whose texts this word stands, written in lower case.
    pub(super) fn with_word(
        &self,
        connection: &Connection,
        word: &str,
        place: Place,
    ) -> Result<MailSet, SandboxError> {
        let newest = match place {
            Place::List => self.lists.read_new(connection)?,
            _ => self.mails.read_new(connection)?,
        };
        let is_it = |found: &Found| found.place == place && found.word == word;
        let mut recent = lock(&self.recent);
        let found = recent.iter().find(|found| is_it(found));
        if let Some(found) = found.filter(|found| found.newest == newest) {
            return Ok(found.mails.clone());
        }
        let mails = match place {
            Place::List => self.lists.with_word(word, place.columns()),
            _ => self.mails.with_word(word, place.columns()),
        };
        recent.retain(|found| !is_it(found));
        recent.truncate(RECENT - 1);
        let found = Found {
            word: word.to_owned(),
            place,
            newest,
            mails: mails.clone(),
        };
        recent.insert(0, found);
        Ok(mails)
    }
}

/// The texts of a table, each of its columns by itself.
struct Table<const COLUMNS: usize> {
    newest: &'static str,
    new: &'static str,
    packed: RwLock<Packed<COLUMNS>>,
}

struct Packed<const COLUMNS: usize> {
    numbers: Vec<i64>,
    columns: [Column; COLUMNS],
}

/// One text of each mail, all behind each other.
#[derive(Default)]
struct Column {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table whose newest number, and whose rows after a number, are asked for like this.
    fn new(newest: &'static str, new: &'static str) -> Self {
        Self {
            newest,
            new,
            packed: RwLock::new(Packed::new()),
        }
    }

    fn packed(&self) -> RwLockReadGuard<'_, Packed<COLUMNS>> {
        self.packed.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_word(&self, word: &str, columns: Range<usize>) -> MailSet {
        let packed = self.packed();
        let finder = Finder::new(word);
        let mut found = MailSet::default();
        for column in packed.columns.iter().take(columns.end).skip(columns.start) {
            column.mark(&finder, |row| {
                if let Some(number) = packed.numbers.get(row) {
                    found.insert(*number);
                }
            });
        }
        found
    }

    /// Reads what has come since the last time; the newest number.
    fn read_new(&self, connection: &Connection) -> Result<i64, SandboxError> {
        let mut newest = connection.prepare_cached(self.newest)?;
        let newest: Option<i64> = newest.query_row([], |row| row.get(0))?;
        let read = self.packed().newest();
        if newest.is_none_or(|newest| newest <= read) {
            return Ok(read);
        }
        let mut packed = self.packed.write().unwrap_or_else(PoisonError::into_inner);
        let mut statement = connection.prepare_cached(self.new)?;
        let mut rows = statement.query([packed.newest()])?;
        while let Some(row) = rows.next()? {
            let mut texts = [""; COLUMNS];
            for (place, text) in (1..).zip(&mut texts) {
                *text = row
                    .get_ref(place)?
                    .as_str()
                    .map_err(rusqlite::Error::from)?;
            }
            packed.add(row.get(0)?, texts);
        }
        Ok(packed.newest())
    }
}

impl<const COLUMNS: usize> Packed<COLUMNS> {
    fn new() -> Self {
        let columns = std::array::from_fn(|_| Column::default());
        Self {
            numbers: Vec::new(),
            columns,
        }
    }

    /// The newest number there is.
    fn newest(&self) -> i64 {
        self.numbers.last().copied().unwrap_or(0)
    }

    fn add(&mut self, number: i64, texts: [&str; COLUMNS]) {
        self.numbers.push(number);
        for (column, text) in self.columns.iter_mut().zip(texts) {
            column.bytes.extend_from_slice(text.as_bytes());
            column.bytes.push(BETWEEN);
            column.ends.push(column.bytes.len());
        }
    }
}

/// Stands between two texts and in none: UTF-8 has no such byte.
const BETWEEN: u8 = 0xFF;

impl Column {
    /// Tells each row that holds the word, once.
    fn mark(&self, finder: &Finder<'_>, mut tell: impl FnMut(usize)) {
        let mut row = 0;
        let mut from = 0;
        while let Some(place) = self.bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let place = from + place;
            row += self.ends.get(row..).map_or(0, |ends| before(ends, place));
            let Some(end) = self.ends.get(row) else {
                return;
            };
            tell(row);
            from = *end;
        }
    }
}

/// How many of these ends lie at or before a place. It is mostly near.
fn before(ends: &[usize], place: usize) -> usize {
    let mut near = 1;
    while ends.get(near - 1).is_some_and(|end| *end <= place) {
        near *= 2;
    }
    let near = ends.get(..near).unwrap_or(ends);
    near.partition_point(|end| *end <= place)
}

/// What a panic left behind is whole: each change is the last thing done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Rows of a column in which the word stands.
    fn rows(texts: &[&str], word: &str) -> Vec<usize> {
        let mut packed = Packed::<1>::new();
        for (number, text) in (1..).zip(texts) {
            packed.add(number, [text]);
        }
        let mut rows = Vec::new();
        let [column] = packed.columns;
        column.mark(&Finder::new(word), |row| rows.push(row));
        rows
    }

    #[test]
    fn a_word_is_found_where_it_stands_and_never_across_two_texts() {
        let texts = ["the quick", "", "bröwn föx", "quick quick", "k", "bro"];
        assert_eq!(rows(&texts, "quick"), [0, 3]);
        assert_eq!(rows(&texts, "k"), [0, 3, 4]);
        assert_eq!(rows(&texts, "öx"), [2]);
        assert_eq!(rows(&texts, "quickbr"), [0; 0]);
        assert_eq!(rows(&texts, "kb"), [0; 0], "of two mails");
        assert_eq!(rows(&texts, "Quick"), [0; 0]);
        assert_eq!(rows(&texts, ""), [0, 1, 2, 3, 4, 5]);
        assert_eq!(rows(&[], ""), [0; 0]);
    }

    #[test]
    fn rows_far_apart_are_told_apart() {
        let texts: Vec<String> = (0..5_000).map(|row| format!("<{row}>")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(rows(&texts, "<4096>"), [4_096]);
        let sevens = (0..5_000).filter(|row| row.to_string().contains("77"));
        assert_eq!(rows(&texts, "77"), sevens.collect::<Vec<usize>>());
    }

    fn file() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "
            CREATE TABLE search (id INTEGER PRIMARY KEY, sender, recipients, subject, body);
            CREATE TABLE list_mail (id INTEGER PRIMARY KEY, list)";
        connection.execute_batch(tables).unwrap();
        connection
    }

    fn put(connection: &Connection, number: i64, texts: [&str; 4]) {
        let [sender, recipients, subject, body] = texts;
        let row = (number, sender, recipients, subject, body);
        let insert = "INSERT INTO search VALUES (?1, ?2, ?3, ?4, ?5)";
        connection.execute(insert, row).unwrap();
    }

    #[test]
    fn each_text_is_looked_into_by_itself_and_new_mails_are_read() {
        let file = file();
        let texts = Texts::default();
        let find = |word: &str, place: Place| texts.with_word(&file, word, place).unwrap();
        let set = |numbers: &[i64]| numbers.iter().copied().collect::<MailSet>();
        assert_eq!(find("anna", Place::Anywhere), set(&[]), "no mail at all");
        put(&file, 3, ["anna", "ben", "carla", "dora"]);
        put(&file, 9, ["ben", "carla", "dora", "anna"]);
        file.execute("INSERT INTO list_mail VALUES (9, 'anna.list')", [])
            .unwrap();
        for _ in 0..2 {
            assert_eq!(find("anna", Place::Sender), set(&[3]));
            assert_eq!(find("anna", Place::Recipients), set(&[]));
            assert_eq!(find("carla", Place::Recipients), set(&[9]));
            assert_eq!(find("carla", Place::Subject), set(&[3]));
            assert_eq!(find("dora", Place::Anywhere), set(&[3, 9]));
            assert_eq!(find("anna", Place::Anywhere), set(&[3, 9]));
            assert_eq!(find("anna", Place::List), set(&[9]));
            assert_eq!(find("", Place::List), set(&[9]));
        }
        put(&file, 70, ["", "", "", "anna"]);
        assert_eq!(find("anna", Place::Anywhere), set(&[3, 9, 70]));
        assert_eq!(find("dora", Place::Anywhere), set(&[3, 9]), "none twice");
    }

    #[test]
    fn only_some_of_what_was_found_is_kept() {
        let file = file();
        put(&file, 1, ["anna", "ben", "carla", "dora"]);
        let texts = Texts::default();
        for word in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
            texts.with_word(&file, word, Place::Anywhere).unwrap();
        }
        let recent = lock(&texts.recent);
        let kept: Vec<&str> = recent.iter().map(|found| found.word.as_str()).collect();
        assert_eq!(kept, ["j", "i", "h", "g", "f", "e", "d", "c"]);
    }
}
