//! Folders and sets of flags, each stored once and named by number in the mails' rows.
//!
//! Twenty thousand mails share a few dozen sets, so a change writes two small numbers and a search
//! by flag looks at the sets, not at the mails.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use bulkhead_engine::kinds::mail::{FLAGGED, Place, SEEN};
use bulkhead_shared::api::Role;
use rusqlite::{Connection, OptionalExtension};

use super::error::SandboxError;

/// Flags in text form are separated by this; no flag contains it.
pub(super) const SEPARATOR: char = '\n';

/// A folder.
#[derive(Debug, Clone)]
pub(super) struct FolderRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) role: Option<Role>,
}

/// A set of flags.
#[derive(Debug, Clone, Default)]
pub(super) struct FlagSet {
    pub(super) flags: BTreeSet<String>,
}

impl FlagSet {
    pub(super) fn unread(&self) -> bool {
        !self.flags.contains(SEEN)
    }

    pub(super) fn starred(&self) -> bool {
        self.flags.contains(FLAGGED)
    }

    pub(super) fn answered(&self) -> bool {
        self.flags.contains("\\Answered")
    }

    /// Flags that are not the system's.
    pub(super) fn labels(&self) -> impl Iterator<Item = &String> {
        self.flags.iter().filter(|flag| is_label(flag))
    }
}

fn is_label(flag: &str) -> bool {
    !flag.starts_with(['\\', '$'])
}

/// What this process has seen of both. Rows are only ever added, so nothing here goes stale.
pub(super) struct Places {
    folders: RwLock<Arc<Vec<FolderRow>>>,
    sets: RwLock<Sets>,
}

#[derive(Default)]
struct Sets {
    by_id: HashMap<i64, FlagSet>,
    ids: HashMap<BTreeSet<String>, i64>,
}

impl Places {
    pub(super) fn load(connection: &Connection) -> Result<Self, SandboxError> {
        Ok(Self {
            folders: RwLock::new(Arc::new(load_folders(connection)?)),
            sets: RwLock::default(),
        })
    }

    /// All folders in the order of their numbers.
    pub(super) fn folders(&self) -> Arc<Vec<FolderRow>> {
        let folders = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&folders)
    }

    /// Learns of folders that an import has made, in this process or in another.
    pub(super) fn refresh(&self, connection: &Connection) -> Result<(), SandboxError> {
        let count: usize = connection
            .prepare_cached("SELECT count(*) FROM folder")?
            .query_row([], |row| row.get(0))?;
        if count != self.folders().len() {
            let loaded = Arc::new(load_folders(connection)?);
            let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
            *folders = loaded;
        }
        Ok(())
    }

    pub(super) fn folder(&self, id: i64) -> Option<FolderRow> {
        let folders = self.folders();
        folders.iter().find(|folder| folder.id == id).cloned()
    }

    /// By full name. As on IMAP, only `INBOX` is written as one likes.
    pub(super) fn folder_named(&self, name: &str) -> Option<FolderRow> {
        let folders = self.folders();
        let found = folders.iter().find(|folder| {
            folder.name == name
                || (folder.role == Some(Role::Inbox) && name.eq_ignore_ascii_case(&folder.name))
        });
        found.cloned()
    }

    /// The number of the folder of this name, made if it is not there. Others learn of it by
    /// [`Places::refresh`] once the transaction is committed.
    pub(super) fn store_folder(
        &self,
        connection: &Connection,
        name: &str,
    ) -> Result<i64, SandboxError> {
        if let Some(folder) = self.folder_named(name) {
            return Ok(folder.id);
        }
        connection
            .prepare_cached("INSERT OR IGNORE INTO folder (name) VALUES (?1)")?
            .execute([name])?;
        Ok(connection
            .prepare_cached("SELECT id FROM folder WHERE name = ?1")?
            .query_row([name], |row| row.get(0))?)
    }

    /// The place that a row's numbers mean.
    pub(super) fn place(
        &self,
        connection: &Connection,
        folder: i64,
        flags: i64,
    ) -> Result<Place, SandboxError> {
        Ok(Place {
            folder: self.folder(folder).ok_or(SandboxError::NoSuchFolder)?.name,
            flags: self.with_set(connection, flags, |set| set.flags.clone())?,
        })
    }

    /// Looks at a set, reading it once from the file.
    pub(super) fn with_set<T>(
        &self,
        connection: &Connection,
        id: i64,
        look: impl FnOnce(&FlagSet) -> T,
    ) -> Result<T, SandboxError> {
        if let Some(set) = self.read().by_id.get(&id) {
            return Ok(look(set));
        }
        let text: String = connection
            .prepare_cached("SELECT flags FROM flagset WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let set = FlagSet {
            flags: text
                .split_terminator(SEPARATOR)
                .map(str::to_owned)
                .collect(),
        };
        let value = look(&set);
        self.remember(id, set);
        Ok(value)
    }

    /// The number of a set, if this process has met it.
    pub(super) fn known_set(&self, flags: &BTreeSet<String>) -> Option<i64> {
        self.read().ids.get(flags).copied()
    }

    /// The number of a set, stored if it is new. Needs a connection that may write, and must not be
    /// remembered before that transaction commits: see [`Places::remember`].
    pub(super) fn store_set(
        connection: &Connection,
        flags: &BTreeSet<String>,
    ) -> Result<i64, SandboxError> {
        let text = joined(flags.iter());
        let found = connection
            .prepare_cached("SELECT id FROM flagset WHERE flags = ?1")?
            .query_row([&text], |row| row.get(0))
            .optional()?;
        if let Some(id) = found {
            return Ok(id);
        }
        let set = FlagSet {
            flags: flags.clone(),
        };
        // Separators on both sides, so that a whole label can be looked for.
        let labels = format!("{SEPARATOR}{}", joined(set.labels())).to_lowercase();
        connection
            .prepare_cached(
                "INSERT INTO flagset (flags, labels, unread, starred) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((&text, labels, set.unread(), set.starred()))?;
        Ok(connection.last_insert_rowid())
    }

    /// Keeps a set that is in the file for good.
    pub(super) fn remember(&self, id: i64, set: FlagSet) {
        let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        sets.ids.insert(set.flags.clone(), id);
        sets.by_id.insert(id, set);
    }

    fn read(&self) -> RwLockReadGuard<'_, Sets> {
        self.sets.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each flag followed by the separator.
fn joined<'a>(flags: impl Iterator<Item = &'a String>) -> String {
    flags.fold(String::new(), |mut text, flag| {
        text.push_str(flag);
        text.push(SEPARATOR);
        text
    })
}

fn load_folders(connection: &Connection) -> Result<Vec<FolderRow>, SandboxError> {
    let mut statement =
        connection.prepare_cached("SELECT id, name, role FROM folder ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(FolderRow {
            id: row.get(0)?,
            name: row.get(1)?,
            role: row.get::<_, Option<String>>(2)?.as_deref().and_then(role),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "inbox" => Role::Inbox,
        "archive" => Role::Archive,
        "trash" => Role::Trash,
        "sent" => Role::Sent,
        "drafts" => Role::Drafts,
        "spam" => Role::Spam,
        _ => return None,
    })
}
