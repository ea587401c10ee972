//! Files and folders that nobody but their owner can look into, where the system knows such a thing.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

/// What the owner may do with a folder, and with a file.
#[cfg(unix)]
const MODES: (u32, u32) = (0o700, 0o600);

/// How to open a file for writing that is made if it is missing.
pub(crate) fn file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, MODES.1);
    options
}

/// Makes a folder, with those that it lies in, unless it is there.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, MODES.0);
    builder.recursive(true).create(folder)
}

/// Whether nobody else can look into what is there.
#[cfg(unix)]
pub(crate) fn is(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 == 0)
}

/// Closes it to everybody else.
#[cfg(unix)]
pub(crate) fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let (folder, file) = MODES;
    let mode = if path.is_dir() { folder } else { file };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn is(_path: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
pub(crate) fn close(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Closes all that is below a folder. Links are not followed: they lead to what is not ours.
pub(crate) fn close_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_symlink() {
            continue;
        }
        if !is(&path)? {
            close(&path)?;
        }
        if kind.is_dir() {
            close_all(&path)?;
        }
    }
    Ok(())
}
