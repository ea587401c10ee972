//! The data folder: what is in it, and that one process at a time uses it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bulkhead_connectors::discover::Programs;
use bulkhead_engine::ports::Random;

use crate::private;

/// The file that is locked.
const LOCK: &str = "lock";

/// The folder, locked for as long as this value lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, and locks it. Only its owner can look inside, also if it was
    /// there before.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let cannot = || format!("The data folder {} cannot be used.", path.display());
        private::make(path).with_context(cannot)?;
        if !private::is(path).with_context(cannot)? {
            // What others keep in it would be out of their reach.
            if !is_empty_or_ours(path).with_context(cannot)? {
                bail!(
                    "The folder {} holds other things, and others can look inside; choose another one \
                     with --data.",
                    path.display()
                );
            }
            private::close(path).with_context(cannot)?;
        }
        let lock = private::file()
            .truncate(false)
            .open(path.join(LOCK))
            .with_context(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "The data folder {} is in use by another bulkhead; stop that one, or choose \
                 another folder with --data.",
                path.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
        }
        let folder = Self {
            path: path.canonicalize().with_context(cannot)?,
            _lock: lock,
        };
        // Before anything is written into them: a database keeps the mode that its file has.
        for file in [folder.database(), folder.sandbox(), folder.loaded()] {
            private::file()
                .truncate(false)
                .open(file)
                .with_context(cannot)?;
        }
        private::close_all(&folder.path).with_context(cannot)?;
        Ok(folder)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Rows: the embedded database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("bulkhead.db")
    }

    /// The sandbox mailbox.
    pub(crate) fn sandbox(&self) -> PathBuf {
        self.path.join("sandbox.db")
    }

    /// Which files were loaded into the sandbox.
    pub(crate) fn loaded(&self) -> PathBuf {
        self.path.join("loaded")
    }

    /// The key that seals credentials.
    pub(crate) fn key(&self) -> PathBuf {
        self.path.join("key")
    }

    /// Parts of exports.
    pub(crate) fn exports(&self) -> PathBuf {
        self.path.join("exports")
    }

    /// Notes of what is about to leave: beside the database, so that an older database can be put back without them.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.path.join("ledger")
    }

    /// As what programs this server is known to providers: the file `consents.json`; none without it.
    pub(crate) fn programs(&self) -> Result<Programs> {
        let path = self.path.join("consents.json");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Programs::default()),
            read => read.with_context(|| format!("{} cannot be read.", path.display()))?,
        };
        Programs::read(&text).with_context(|| format!("{} cannot be used.", path.display()))
    }

    /// The access token; made on the first start, or if a new one is wanted.
    pub(crate) fn token(&self, random: &dyn Random, is_new: bool) -> Result<String> {
        let path = self.path.join("token");
        match fs::read_to_string(&path) {
            _ if is_new => {}
            Ok(token) if token.trim().len() >= 32 => return Ok(token.trim().to_owned()),
            Ok(_) => bail!(
                "The access token in {} is damaged; delete the file to get a new one.",
                path.display()
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read.", path.display()));
            }
        }
        let token = format!("{:032x}{:032x}", random.bits(), random.bits());
        write_private(&path, token.as_bytes())
            .with_context(|| format!("{} cannot be written.", path.display()))?;
        Ok(token)
    }
}

/// Whether nothing is in the folder but what this program once put there.
fn is_empty_or_ours(path: &Path) -> io::Result<bool> {
    Ok(path.join(LOCK).is_file() || fs::read_dir(path)?.next().is_none())
}

/// Under another name first, so that a token cut off half-way is never taken for one.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = private::file().truncate(true).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::testing::memory::SeededRandom;

    #[test]
    fn one_process_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("new/data");
        let folder = Folder::open(&path).unwrap();
        let refused = Folder::open(&path).err().unwrap().to_string();
        assert!(refused.contains("in use"), "{refused}");
        drop(folder);
        Folder::open(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn the_token_is_long_private_and_stays_the_same() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(&parent.path().join("data")).unwrap();
        let token = folder.token(&SeededRandom::new(1), false).unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(folder.token(&SeededRandom::new(2), false).unwrap(), token);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("token")), 0o600);
        assert_eq!(mode(folder.path()), 0o700);
    }

    #[test]
    fn a_new_token_takes_the_place_of_the_old_one() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(&parent.path().join("data")).unwrap();
        let old = folder.token(&SeededRandom::new(1), false).unwrap();
        let new = folder.token(&SeededRandom::new(2), true).unwrap();
        assert_ne!(new, old);
        assert_eq!(folder.token(&SeededRandom::new(3), false).unwrap(), new);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_was_there_is_made_private_with_all_that_is_in_it() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let open_to_all = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::create_dir(&path).unwrap();
        open_to_all(&path, 0o777);
        drop(Folder::open(&path).unwrap());
        // As an earlier version left them, on a system that lets everybody read.
        fs::create_dir_all(path.join("exports/exp_1")).unwrap();
        fs::write(path.join("exports/exp_1/1"), "mail").unwrap();
        fs::write(path.join("bulkhead.db-wal"), "rows").unwrap();
        for (name, mode) in [
            ("", 0o755),
            ("bulkhead.db", 0o644),
            ("bulkhead.db-wal", 0o644),
            ("exports", 0o755),
            ("exports/exp_1", 0o755),
            ("exports/exp_1/1", 0o644),
        ] {
            open_to_all(&path.join(name), mode);
        }
        let folder = Folder::open(&path).unwrap();
        folder.token(&SeededRandom::new(1), false).unwrap();
        let mut waiting = vec![path];
        let mut seen = 0;
        while let Some(path) = waiting.pop() {
            let metadata = fs::metadata(&path).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o077, 0, "{path:?}");
            seen += 1;
            if metadata.is_dir() {
                waiting.extend(fs::read_dir(path).unwrap().map(|file| file.unwrap().path()));
            }
        }
        assert!(seen >= 9, "{seen}");
    }

    #[cfg(unix)]
    #[test]
    fn what_others_keep_is_not_taken_from_them() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("theirs"), "x").unwrap();
        fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let refused = Folder::open(parent.path()).err().unwrap().to_string();
        assert!(refused.contains("--data"), "{refused}");
        let mode = fs::metadata(parent.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
    }
}
