//! Fills an empty mailbox with generated mail.

use jiff::Timestamp;
use rusqlite::Transaction;

use super::error::SandboxError;
use super::generate::{Mail, Recipe};
use super::load::{Entry, Loader};
use super::{Inner, Sandbox, recipe};

/// The newest generated mail comes just before this unless a caller says otherwise.
const SEED_NOW: &str = "2026-11-01T12:00:00Z";

impl Sandbox {
    /// Fills the empty mailbox with `mails` generated mails that end at a fixed time, so that the same
    /// seed gives the same mailbox on any day.
    pub async fn seed(&self, seed: u64, mails: u32) -> Result<(), SandboxError> {
        let now = SEED_NOW.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        self.seed_at(seed, mails, now).await
    }

    /// The same with mails that end at `now`. The same seed, number and time make the same mailbox.
    pub async fn seed_at(&self, seed: u64, mails: u32, now: Timestamp) -> Result<(), SandboxError> {
        let recipe = Recipe { seed, mails, now };
        self.write(move |inner, transaction| fill(inner, transaction, recipe))
            .await
    }
}

fn fill(inner: &Inner, transaction: &Transaction<'_>, recipe: Recipe) -> Result<(), SandboxError> {
    let empty = "SELECT NOT EXISTS (SELECT 1 FROM mail)";
    if !transaction.query_row(empty, [], |row| row.get(0))? {
        return Err(SandboxError::NotEmpty);
    }
    recipe::keep(transaction, &recipe)?;
    let mut loader = Loader::new(inner, transaction)?;
    for index in 0..recipe.mails {
        loader.add(&entry(&recipe.mail(index)))?;
    }
    Ok(())
}

fn entry(mail: &Mail) -> Entry {
    let recipients: Vec<String> = mail.recipients.iter().map(|party| party.shown()).collect();
    Entry {
        // A recipe's mails come first in an empty mailbox: numbers from 1.
        id: Some(i64::from(mail.index) + 1),
        folder: mail.folder.to_owned(),
        flags: mail.flags.iter().map(|&flag| flag.to_owned()).collect(),
        received: mail.received,
        size: mail.message().size(),
        attachment: Some(!mail.attachments.is_empty()),
        sender: mail.sender.shown(),
        recipients: recipients.join(", "),
        subject: mail.subject.clone(),
        snippet: mail.snippet(),
        text: mail.text.clone(),
        told: mail.told(),
        raw: None,
    }
}
