//! Puts mails into the sandbox: generated ones, and a person's own from files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bulkhead_shared::api;
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, Transaction};

use super::error::SandboxError;
use super::places::Places;
use super::schema::UNTOLD;
use super::{Inner, Sandbox, list_mail, next_version};
use crate::headers::{Sender, sender};
use crate::import::{Envelope, Fault, Imported, Labels, Problem, Reader, Recognised};

/// Characters of a text that search looks at. Enough to find a mail by what it is about, and small
/// enough to search a hundred thousand in a moment.
const SEARCH_CHARS: usize = 2_000;
/// Characters of recipients that a listing shows.
const RECIPIENTS_CHARS: usize = 500;
/// Characters of a listing's first words.
const SNIPPET_CHARS: usize = 120;
/// Mails and bytes stored in one transaction of an import.
const BATCH_MAILS: usize = 500;
const BATCH_BYTES: usize = 32 * 1024 * 1024;
/// Problems that a report lists.
const PROBLEMS_LISTED: usize = 100;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Mails that are in the sandbox now.
    pub imported: u64,
    /// Mails left out, for whatever reason.
    pub skipped: u64,
    /// How many were left out for which reason.
    pub left_out: BTreeMap<Fault, u64>,
    /// What and where, for the first hundred.
    pub problems: Vec<Problem>,
    /// What the source turned out to be.
    pub recognised: Recognised,
    /// Labels as they were and as they had to be kept, where that differs.
    pub labels: Vec<(String, String)>,
}

impl ImportReport {
    /// All of it in words, a line for each thing: what was recognised, which labels were changed, what
    /// was left out and where.
    pub fn lines(&self) -> Vec<String> {
        let words = api::ImportReport::from(self);
        let all = [words.recognised, words.changed, words.problems];
        all.into_iter().flatten().collect()
    }

    fn problem_lines(&self) -> Vec<String> {
        let counts = self
            .left_out
            .iter()
            .map(|(fault, count)| format!("Left out {count}: {fault}."));
        let problems = self
            .problems
            .iter()
            .map(|problem| format!("Left out {problem}."));
        let untold = self.skipped.saturating_sub(self.problems.len() as u64);
        let more = (untold > 0).then(|| format!("Left out {untold} more, counted above."));
        counts.chain(problems).chain(more).collect()
    }

    fn leave_out(&mut self, problem: Problem) {
        self.skipped += 1;
        *self.left_out.entry(problem.fault).or_insert(0) += 1;
        if self.problems.len() < PROBLEMS_LISTED {
            self.problems.push(problem);
        }
    }
}

impl From<&ImportReport> for api::ImportReport {
    fn from(report: &ImportReport) -> Self {
        let recognised = report.recognised.lines();
        let changed = report.labels.iter();
        Self {
            imported: report.imported,
            left_out: report.skipped,
            recognised: recognised
                .map(|line| format!("Recognised {line}."))
                .collect(),
            changed: changed
                .map(|(label, kept)| format!("The label “{label}” is kept as “{kept}”."))
                .collect(),
            problems: report.problem_lines(),
        }
    }
}

/// Messages of which nothing is known but themselves.
struct Plain<I>(I);

impl<I: Iterator> Iterator for Plain<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl<I: Iterator<Item = Result<Imported, Problem>> + Send> Reader for Plain<I> {
    fn recognised(&self) -> Recognised {
        Recognised::default()
    }
}

impl Sandbox {
    /// Stores messages as they come, a few hundred at a time, and calls `progress` after each batch
    /// with the counts so far. A broken message is reported and skipped.
    pub async fn import<I>(
        &self,
        messages: I,
        progress: impl FnMut(&ImportReport) + Send + 'static,
    ) -> Result<ImportReport, SandboxError>
    where
        I: Iterator<Item = Result<Imported, Problem>> + Send + 'static,
    {
        self.import_from(Plain(messages), progress).await
    }

    /// The same, and reports what the source turned out to be. Folders that are missing are made.
    pub async fn import_from(
        &self,
        mut reader: impl Reader + 'static,
        mut progress: impl FnMut(&ImportReport) + Send + 'static,
    ) -> Result<ImportReport, SandboxError> {
        let inner = std::sync::Arc::clone(&self.inner);
        let work = move || {
            let mut import = Import::default();
            loop {
                let batch = import.next_batch(&mut reader);
                if batch.is_empty() {
                    return Ok(import.ended(&reader));
                }
                inner.pool.write(|transaction| {
                    let mut loader = Loader::new(&inner, transaction)?;
                    batch
                        .into_iter()
                        .try_for_each(|entry| loader.add(&entry).map(|_| ()))
                })?;
                inner
                    .pool
                    .read(|connection| inner.places.refresh(connection))?;
                progress(&import.report);
            }
        };
        tokio::task::spawn_blocking(work).await?
    }
}

/// An import on its way.
#[derive(Default)]
struct Import {
    report: ImportReport,
    labels: Labels,
    /// In which forms states and labels were kept.
    recognised: Recognised,
    ended: bool,
}

impl Import {
    /// The next mails that can be read; counts them, and the others as problems.
    fn next_batch(&mut self, reader: &mut impl Reader) -> Vec<Entry> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_MAILS && bytes < BATCH_BYTES && !self.ended {
            match reader.next() {
                Some(message) => match message.and_then(|message| self.entry(message)) {
                    Ok(entry) => {
                        bytes += entry.raw.as_ref().map_or(0, |raw| raw.message.len());
                        batch.push(entry);
                        self.report.imported += 1;
                    }
                    Err(problem) => self.report.leave_out(problem),
                },
                None => self.ended = true,
            }
        }
        batch
    }

    fn entry(&mut self, message: Imported) -> Result<Entry, Problem> {
        let envelope = message.envelope()?;
        for form in &envelope.forms {
            self.recognised.see(*form, &message.place);
        }
        let labels = envelope.labels.iter().map(|label| self.labels.keep(label));
        let flags = labels.chain(envelope.flags.iter().cloned()).collect();
        Ok(entry(message, envelope, flags))
    }

    fn ended(mut self, reader: &impl Reader) -> ImportReport {
        let changed = self.labels.changed();
        self.report.labels = changed
            .map(|(label, kept)| (label.to_owned(), kept.to_owned()))
            .collect();
        self.report.recognised = reader.recognised();
        self.report.recognised.add(&self.recognised);
        self.report
    }
}

/// A message by itself, about to be stored.
pub(super) fn entry_of(message: Imported) -> Result<Entry, Problem> {
    Import::default().entry(message)
}

fn entry(message: Imported, envelope: Envelope, flags: BTreeSet<String>) -> Entry {
    Entry {
        id: None,
        folder: envelope.folder,
        flags,
        received: message
            .received
            .or(envelope.sent)
            .unwrap_or(Timestamp::UNIX_EPOCH),
        size: message.raw.len() as u64,
        attachment: envelope.has_attachment,
        sender: envelope.sender,
        recipients: envelope.recipients,
        subject: envelope.subject,
        snippet: snippet(&envelope.text),
        text: envelope.text,
        told: sender(&message.raw),
        raw: Some(Raw {
            address: envelope.address,
            message: message.raw,
        }),
    }
}

/// A mail about to be stored.
pub(super) struct Entry {
    pub(super) id: Option<i64>,
    pub(super) folder: String,
    pub(super) flags: BTreeSet<String>,
    pub(super) received: Timestamp,
    pub(super) size: u64,
    /// None: it cannot be told.
    pub(super) attachment: Option<bool>,
    pub(super) sender: String,
    pub(super) recipients: String,
    pub(super) subject: String,
    pub(super) snippet: String,
    pub(super) text: String,
    /// What it says of its sender and its list.
    pub(super) told: Sender,
    /// None: can be generated.
    pub(super) raw: Option<Raw>,
}

/// A message's bytes, with its sender's bare address.
pub(super) struct Raw {
    pub(super) address: String,
    pub(super) message: Vec<u8>,
}

/// Stores mails in one transaction.
pub(super) struct Loader<'a> {
    inner: &'a Inner,
    connection: &'a Connection,
    version: i64,
    mail: CachedStatement<'a>,
    envelope: CachedStatement<'a>,
    search: CachedStatement<'a>,
    raw: CachedStatement<'a>,
    /// Sets of flags and folders met in this transaction.
    sets: HashMap<BTreeSet<String>, i64>,
    folders: HashMap<String, i64>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(
        inner: &'a Inner,
        transaction: &'a Transaction<'_>,
    ) -> Result<Self, SandboxError> {
        let connection: &Connection = transaction;
        Ok(Self {
            inner,
            connection,
            version: next_version(transaction)?,
            mail: connection.prepare_cached(
                "INSERT INTO mail (id, folder, flags, version, received, size, attachment)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            envelope: connection.prepare_cached(
                "INSERT INTO envelope (id, sender, recipients, subject, snippet)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            search: connection.prepare_cached(
                "INSERT INTO search (id, sender, recipients, subject, body)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            raw: connection
                .prepare_cached("INSERT INTO raw (id, address, message) VALUES (?1, ?2, ?3)")?,
            sets: HashMap::new(),
            folders: HashMap::new(),
        })
    }

    /// Stores a mail; its number.
    pub(super) fn add(&mut self, entry: &Entry) -> Result<i64, SandboxError> {
        let folder = match self.folders.get(&entry.folder) {
            Some(&id) => id,
            None => {
                let places = &self.inner.places;
                let id = places.store_folder(self.connection, &entry.folder)?;
                self.folders.insert(entry.folder.clone(), id);
                id
            }
        };
        let flags = match self.sets.get(&entry.flags) {
            Some(&id) => id,
            None => {
                let id = Places::store_set(self.connection, &entry.flags)?;
                self.sets.insert(entry.flags.clone(), id);
                id
            }
        };
        let received = entry.received.as_millisecond();
        let row = (
            entry.id,
            folder,
            flags,
            self.version,
            received,
            entry.size,
            entry.attachment.map_or(UNTOLD, u8::from),
        );
        self.mail.execute(row)?;
        let id = self.connection.last_insert_rowid();
        self.envelope.execute((
            id,
            &entry.sender,
            beginning(&entry.recipients, RECIPIENTS_CHARS),
            &entry.subject,
            &entry.snippet,
        ))?;
        self.search.execute((
            id,
            entry.sender.to_lowercase(),
            entry.recipients.to_lowercase(),
            entry.subject.to_lowercase(),
            beginning(&entry.text, SEARCH_CHARS).to_lowercase(),
        ))?;
        list_mail::add(self.connection, id, &entry.told)?;
        if let Some(raw) = &entry.raw {
            self.raw.execute((id, &raw.address, &raw.message))?;
        }
        Ok(id)
    }
}

/// The first words of a text on one line.
pub(super) fn snippet(text: &str) -> String {
    beginning(text, SNIPPET_CHARS)
}

/// The beginning of a text with its white space made single spaces, so that words found side by
/// side on the screen are found by search.
fn beginning(text: &str, characters: usize) -> String {
    let mut short = String::new();
    let mut left = characters;
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        for c in word.chars().take(left) {
            short.push(c);
            left -= 1;
        }
        left = left.saturating_sub(1);
        if left == 0 {
            break;
        }
    }
    short
}
