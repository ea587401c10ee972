//! The sandbox's file: tables, folders, and how each connection is set up.

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::error::SandboxError;
use super::list_mail;
use super::mail_set;

/// Written into the file. A file in another form is refused rather than misread.
const FORM: i64 = 1;
/// In `mail.attachment` beside 0 and 1: encrypted, so it cannot be told whether a file is inside.
pub(super) const UNTOLD: u8 = 2;

/// `mail` holds what changes and what searches filter by, and is narrow: a thousand changes touch a
/// few dozen pages. Texts never change and live beside it, as shown in `envelope`, in lower case
/// in `search`. Raw messages are kept of imported mails only; generated ones are made anew from
/// seed and number.
///
/// `tag` and `tag_version` say who changed a mail last through the connector and which version that
/// made. Changes by somebody else leave them, so that our own effect can be recognised afterwards.
const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE folder (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT) STRICT;
CREATE TABLE flagset (
    id INTEGER PRIMARY KEY,
    flags TEXT NOT NULL UNIQUE,
    labels TEXT NOT NULL,
    unread INTEGER NOT NULL,
    starred INTEGER NOT NULL
) STRICT;
CREATE TABLE mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    version INTEGER NOT NULL,
    received INTEGER NOT NULL,
    size INTEGER NOT NULL,
    attachment INTEGER NOT NULL,
    touched INTEGER NOT NULL DEFAULT 0,
    tag_version INTEGER NOT NULL DEFAULT 0,
    tag TEXT
) STRICT;
CREATE INDEX mail_folder ON mail (folder);
CREATE INDEX mail_received ON mail (received);
CREATE TABLE envelope (
    id INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    snippet TEXT NOT NULL
) STRICT;
CREATE TABLE search (
    id INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE raw (id INTEGER PRIMARY KEY, address TEXT NOT NULL, message BLOB NOT NULL) STRICT;
CREATE TABLE flaky (id INTEGER PRIMARY KEY, attempts INTEGER NOT NULL) STRICT;
INSERT INTO meta VALUES ('modseq', 1);
";

/// How many mails lie where and are unread is told by this index alone, a tenth as long as by the mails. Files made before
/// there was one get it when they are opened.
const COUNTING: &str = "CREATE INDEX IF NOT EXISTS mail_folder_flags ON mail (folder, flags);";

/// `contact_change` outlives a contact: it says how often each was really changed. Files made before
/// there were contacts get the tables when they are opened.
const CONTACT_TABLES: &str = "
CREATE TABLE IF NOT EXISTS contact (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    card BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS contact_change (id TEXT PRIMARY KEY, touched INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO meta VALUES ('contact_version', 1);
";

/// The mail that a letter among the drafts is. Files made before there were drafts get the table when they are opened.
const DRAFT_TABLE: &str = "
CREATE TABLE IF NOT EXISTS draft (letter TEXT PRIMARY KEY, mail INTEGER NOT NULL) STRICT;
";

/// `directory_mailbox` has what a mailbox is found by beside all that is known of it; `directory_change` says how
/// often each item was really changed.
const DIRECTORY_TABLES: &str = "
CREATE TABLE IF NOT EXISTS directory_mailbox (
    guid TEXT PRIMARY KEY,
    active INTEGER NOT NULL,
    upn TEXT NOT NULL,
    smtp TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS directory_upn ON directory_mailbox (upn);
CREATE INDEX IF NOT EXISTS directory_smtp ON directory_mailbox (smtp);
CREATE TABLE IF NOT EXISTS directory_message (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox TEXT NOT NULL,
    folder TEXT NOT NULL,
    id TEXT NOT NULL,
    changed INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS directory_message_of ON directory_message (mailbox, id);
CREATE TABLE IF NOT EXISTS directory_restored (restoration TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS directory_change (id TEXT PRIMARY KEY, touched INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO meta VALUES ('directory_version', 1);
";

/// Every folder there is, with its role. Their order is the order of ids, and so that of `matches`.
const FOLDERS: [(&str, Option<&str>); 12] = [
    ("INBOX", Some("inbox")),
    ("Archive", Some("archive")),
    ("Drafts", Some("drafts")),
    ("Sent", Some("sent")),
    ("Spam", Some("spam")),
    ("Trash", Some("trash")),
    ("Newsletters", None),
    ("Receipts", None),
    ("Travel", None),
    ("Work", None),
    ("Work/Builds", None),
    ("Work/Projects", None),
];

/// Opens a connection to the file.
pub(super) fn connect(path: &std::path::Path) -> Result<Connection, SandboxError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    use_write_ahead_log(&connection)?;
    // A power cut may lose the last changes of a simulated mailbox; a crash of the process may not.
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 268435456;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    mail_set::look_into_sets(&connection)?;
    Ok(connection)
}

/// Switches a new file over, where several may do so at once: SQLite answers "busy" at once to all
/// but one of them, whatever the timeout, because waiting with a lock in hand would be a deadlock.
fn use_write_ahead_log(connection: &Connection) -> Result<(), SandboxError> {
    const TRIES: u32 = 1_000;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);
    for _ in 1..TRIES {
        match connection.execute_batch("PRAGMA journal_mode = WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(PAUSE);
            }
            done => return Ok(done?),
        }
    }
    Ok(connection.execute_batch("PRAGMA journal_mode = WAL")?)
}

/// Makes the tables in a new file. Two processes may do this at once.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), SandboxError> {
    let transaction = immediate(connection)?;
    match transaction.query_row("PRAGMA user_version", [], |row| row.get(0))? {
        FORM => {}
        0 => make(&transaction)?,
        other => return Err(SandboxError::Form(other)),
    }
    transaction.execute_batch(COUNTING)?;
    transaction.execute_batch(CONTACT_TABLES)?;
    transaction.execute_batch(DIRECTORY_TABLES)?;
    list_mail::prepare(&transaction)?;
    transaction.execute_batch(DRAFT_TABLE)?;
    transaction.commit()?;
    Ok(())
}

fn make(transaction: &rusqlite::Transaction<'_>) -> Result<(), SandboxError> {
    transaction.execute_batch(TABLES)?;
    for (name, role) in FOLDERS {
        transaction.execute(
            "INSERT INTO folder (name, role) VALUES (?1, ?2)",
            (name, role),
        )?;
    }
    transaction.execute_batch(&format!("PRAGMA user_version = {FORM}"))?;
    Ok(())
}

/// A transaction that waits for its turn to write at once, so that it never fails half-way because
/// another process wrote first.
pub(super) fn immediate(connection: &mut Connection) -> Result<Transaction<'_>, SandboxError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}
