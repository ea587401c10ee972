//! Fills an empty mailbox with generated mail.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use super::error::SandboxError;
use super::generate::{Mail, Recipe};
use super::load::{Entry, Loader};
use super::{Inner, Sandbox};

const RECIPE: &str = "recipe";

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
    let text = format!(
        "{} {} {}",
        recipe.seed,
        recipe.mails,
        recipe.now.as_millisecond()
    );
    transaction.execute(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
        (RECIPE, text),
    )?;
    let mut loader = Loader::new(inner, transaction)?;
    for index in 0..recipe.mails {
        loader.add(&entry(&recipe.mail(index)))?;
    }
    Ok(())
}

/// What the generated mails were made from; none if there are none.
pub(super) fn recipe(connection: &Connection) -> Result<Option<Recipe>, SandboxError> {
    use rusqlite::OptionalExtension;
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([RECIPE], |row| row.get(0))
        .optional()?;
    Ok(text.as_deref().and_then(read))
}

fn read(text: &str) -> Option<Recipe> {
    let mut parts = text.split(' ');
    Some(Recipe {
        seed: parts.next()?.parse().ok()?,
        mails: parts.next()?.parse().ok()?,
        now: Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?,
    })
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
        raw: None,
    }
}
