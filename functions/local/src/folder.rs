//! The data folder: what is in it, and that one process at a time uses it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bulkhead_engine::ports::Random;

/// The folder, locked for as long as this value lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, and locks it. Only its owner can look inside.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let cannot = || format!("The data folder {} cannot be used.", path.display());
        make_private(path).with_context(cannot)?;
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join("lock"))
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
        Ok(Self {
            path: path.canonicalize().with_context(cannot)?,
            _lock: lock,
        })
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

    /// The access token; made on the first start.
    pub(crate) fn token(&self, random: &dyn Random) -> Result<String> {
        let path = self.path.join("token");
        match fs::read_to_string(&path) {
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

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Under another name first, so that a token cut off half-way is never taken for one.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
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
        let token = folder.token(&SeededRandom::new(1)).unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(folder.token(&SeededRandom::new(2)).unwrap(), token);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("token")), 0o600);
        assert_eq!(mode(folder.path()), 0o700);
    }
}
