//! What the generated mails were made from, as it is kept in the file.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::error::SandboxError;
use super::generate::Recipe;

const KEY: &str = "recipe";

/// Keeps what the mails are made from.
pub(super) fn keep(connection: &Connection, recipe: &Recipe) -> Result<(), SandboxError> {
    let text = format!(
        "{} {} {}",
        recipe.seed,
        recipe.mails,
        recipe.now.as_millisecond()
    );
    connection.execute(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
        (KEY, text),
    )?;
    Ok(())
}

/// What the generated mails were made from; none if there are none.
pub(super) fn load(connection: &Connection) -> Result<Option<Recipe>, SandboxError> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([KEY], |row| row.get(0))
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
