//! Which mails came by a list, by what their headers say.

use rusqlite::Connection;

use super::error::SandboxError;
use super::recipe;
use crate::headers::{self, Sender};

/// Mails that came by a list. Files made before there was such a table get it when they are opened.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS list_mail (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    unsubscribe INTEGER NOT NULL,
    automatic INTEGER NOT NULL
) STRICT;
";
/// What says that the table is filled.
const FILLED: &str = "list_mail";

/// Makes the table, and fills it for the mails that are there.
pub(super) fn prepare(connection: &Connection) -> Result<(), SandboxError> {
    connection.execute_batch(TABLE)?;
    let filled = "INSERT OR IGNORE INTO meta VALUES (?1, 1)";
    if connection.execute(filled, [FILLED])? == 0 {
        return Ok(());
    }
    if let Some(recipe) = recipe::load(connection)? {
        for index in 0..recipe.mails {
            add(connection, i64::from(index) + 1, &recipe.mail(index).told())?;
        }
    }
    let mut raw = connection.prepare("SELECT id, message FROM raw")?;
    let mut rows = raw.query([])?;
    while let Some(row) = rows.next()? {
        let message: Vec<u8> = row.get(1)?;
        add(connection, row.get(0)?, &headers::sender(&message))?;
    }
    Ok(())
}

/// Keeps what a mail says of its list.
pub(super) fn add(connection: &Connection, id: i64, told: &Sender) -> Result<(), SandboxError> {
    if let Some(list) = &told.list {
        let sql =
            "INSERT INTO list_mail (id, list, unsubscribe, automatic) VALUES (?1, ?2, ?3, ?4)";
        let mut statement = connection.prepare_cached(sql)?;
        statement.execute((id, list, told.unsubscribe, told.automatic))?;
    }
    Ok(())
}
