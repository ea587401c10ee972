//! A directory, with all that is below it.

use std::fs::{self, File};
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Content, Entry, Files};
use crate::import::Fault;

/// The files below a directory.
pub(in crate::import) struct Tree {
    entries: Vec<Entry>,
    /// Where each is: a path as it is shown may not be one that opens.
    files: Vec<PathBuf>,
}

impl Tree {
    /// Lists all files: a hundred bytes for each. A directory below that cannot be read is an entry of
    /// its own with the reason; links to directories are not followed.
    pub(in crate::import) fn open(root: &Path) -> Result<Self> {
        let mut found = Vec::new();
        let mut waiting = vec![(String::new(), root.to_owned())];
        while let Some((directory, path)) = waiting.pop() {
            match fs::read_dir(&path) {
                Err(error) if directory.is_empty() => return Err(error),
                Err(error) => found.push((broken(directory, &error), path)),
                Ok(listed) => {
                    for file in listed {
                        let file = file?;
                        let name = below(&directory, &file.file_name().to_string_lossy());
                        if file.file_type()?.is_dir() {
                            waiting.push((name, file.path()));
                        } else {
                            found.push((entry(name, &file.path()), file.path()));
                        }
                    }
                }
            }
        }
        found.sort_by(|(one, _), (next, _)| one.path.cmp(&next.path));
        let (entries, files) = found.into_iter().unzip();
        Ok(Self { entries, files })
    }
}

fn below(directory: &str, name: &str) -> String {
    match directory {
        "" => name.to_owned(),
        _ => format!("{directory}/{name}"),
    }
}

fn broken(path: String, error: &Error) -> Entry {
    Entry {
        path,
        modified: None,
        fault: Some(Fault::Unreadable(error.kind())),
    }
}

fn entry(path: String, file: &Path) -> Entry {
    match fs::metadata(file) {
        Err(error) => broken(path, &error),
        Ok(metadata) => Entry {
            path,
            modified: metadata
                .modified()
                .ok()
                .and_then(|time| Timestamp::try_from(time).ok()),
            fault: (!metadata.is_file()).then_some(Fault::NoMail),
        },
    }
}

impl Files for Tree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn open(&mut self, index: usize) -> Result<Content> {
        let path = self.files.get(index).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Box::new(File::open(path)?))
    }
}
