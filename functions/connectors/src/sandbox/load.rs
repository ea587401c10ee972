//! Puts mails into the sandbox: generated ones, and a person's own from files.

use std::collections::BTreeSet;

use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, Transaction};

use super::error::SandboxError;
use super::places::Places;
use super::schema::UNTOLD;
use super::{Inner, Sandbox, next_version};
use crate::import::{Envelope, Imported, Problem};

/// Characters of a text that search looks at. Enough to find a mail by what it is about, and small
/// enough to search a hundred thousand in a moment.
const SEARCH_CHARS: usize = 2_000;
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
    /// Mails left out because something is wrong with them.
    pub skipped: u64,
    /// What and where, for the first hundred.
    pub problems: Vec<Problem>,
}

impl Sandbox {
    /// Stores messages as they come, a few hundred at a time, and calls `progress` after each batch
    /// with the counts so far. A broken message is reported and skipped.
    pub async fn import<I>(
        &self,
        messages: I,
        mut progress: impl FnMut(&ImportReport) + Send + 'static,
    ) -> Result<ImportReport, SandboxError>
    where
        I: Iterator<Item = Result<Imported, Problem>> + Send + 'static,
    {
        let inner = std::sync::Arc::clone(&self.inner);
        let work = move || {
            let mut messages = messages.fuse();
            let mut report = ImportReport::default();
            loop {
                let batch = next_batch(&mut messages, &mut report);
                if batch.is_empty() {
                    progress(&report);
                    return Ok(report);
                }
                inner.pool.write(|transaction| {
                    let mut loader = Loader::new(&inner, transaction)?;
                    batch.into_iter().try_for_each(|entry| loader.add(&entry))
                })?;
                progress(&report);
            }
        };
        tokio::task::spawn_blocking(work).await?
    }
}

/// The next mails that can be read; counts them, and the others as problems.
fn next_batch(
    messages: &mut impl Iterator<Item = Result<Imported, Problem>>,
    report: &mut ImportReport,
) -> Vec<Entry<'static>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_MAILS && bytes < BATCH_BYTES {
        let read = match messages.next() {
            Some(message) => message.and_then(|message| {
                let envelope = message.envelope()?;
                Ok(entry(message, envelope))
            }),
            None => break,
        };
        match read {
            Ok(entry) => {
                bytes += entry.raw.as_ref().map_or(0, |raw| raw.message.len());
                batch.push(entry);
                report.imported += 1;
            }
            Err(problem) => {
                report.skipped += 1;
                if report.problems.len() < PROBLEMS_LISTED {
                    report.problems.push(problem);
                }
            }
        }
    }
    batch
}

fn entry(message: Imported, envelope: Envelope) -> Entry<'static> {
    let mut flags = envelope.labels;
    for (is_set, flag) in [(envelope.seen, SEEN), (envelope.starred, FLAGGED)] {
        if is_set {
            flags.insert(flag.to_owned());
        }
    }
    flags.extend(message.flags);
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
        raw: Some(Raw {
            address: envelope.address,
            message: message.raw,
        }),
    }
}

/// A mail about to be stored.
pub(super) struct Entry<'a> {
    pub(super) id: Option<i64>,
    pub(super) folder: &'a str,
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
    /// Sets of flags met in this transaction.
    sets: std::collections::HashMap<BTreeSet<String>, i64>,
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
            sets: std::collections::HashMap::new(),
        })
    }

    pub(super) fn add(&mut self, entry: &Entry<'_>) -> Result<(), SandboxError> {
        let places = &self.inner.places;
        let folder = places
            .folder_named(entry.folder)
            .ok_or(SandboxError::NoSuchFolder)?;
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
            folder.id,
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
            &entry.recipients,
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
        if let Some(raw) = &entry.raw {
            self.raw.execute((id, &raw.address, &raw.message))?;
        }
        Ok(())
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
