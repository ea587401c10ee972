//! Maildir folders: a file for each message in `cur` and `new`, flags at the end of its name.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Fault, Imported, MESSAGE_BYTES_MOST, Place, Problem};

/// The messages of a Maildir.
pub struct Maildir {
    /// Paths only: a hundred bytes for each message. Sorted, because a folder's own order changes.
    files: std::vec::IntoIter<PathBuf>,
}

impl Maildir {
    /// Lists the messages in `cur` and `new` below this folder.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for part in ["cur", "new"] {
            for entry in fs::read_dir(folder.join(part))? {
                let entry = entry?;
                let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                if !hidden && !entry.file_type()?.is_dir() {
                    files.push(entry.path());
                }
            }
        }
        files.sort();
        Ok(Self {
            files: files.into_iter(),
        })
    }

    /// Messages that are still to come.
    pub fn left(&self) -> usize {
        self.files.len()
    }
}

impl Iterator for Maildir {
    type Item = Result<Imported, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.files.next()?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let place = Place::File(name.to_string());
        Some(match read(&path) {
            Ok((raw, received)) => Ok(Imported {
                place,
                raw,
                received,
                flags: flags(&name),
            }),
            Err(fault) => Err(Problem { place, fault }),
        })
    }
}

fn read(path: &Path) -> Result<(Vec<u8>, Option<Timestamp>), Fault> {
    let unreadable = |error: std::io::Error| Fault::Unreadable(error.kind());
    let file = File::open(path).map_err(unreadable)?;
    // Servers keep the time of receipt as the file's own.
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    let received = modified
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok());
    let mut raw = Vec::new();
    file.take(MESSAGE_BYTES_MOST as u64 + 1)
        .read_to_end(&mut raw)
        .map_err(unreadable)?;
    match raw.len() {
        0 => Err(Fault::Empty),
        length if length > MESSAGE_BYTES_MOST => Err(Fault::TooLarge),
        _ => Ok((raw, received)),
    }
}

/// `:2,FRS` at the end of a name: flagged, replied, seen. Windows writes `;` or `!` for the colon.
fn flags(name: &str) -> Vec<String> {
    let Some((_, letters)) = name.rsplit_once("2,") else {
        return Vec::new();
    };
    letters
        .chars()
        .filter_map(|letter| match letter {
            'D' => Some("\\Draft"),
            'F' => Some("\\Flagged"),
            'R' => Some("\\Answered"),
            'S' => Some("\\Seen"),
            _ => None,
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn reads_both_parts_with_flags_and_reports_what_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["cur", "new", "tmp"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("cur/1.a.host:2,FS", "Subject: one\n\nbody\n");
        write("cur/2.a.host:2,", "");
        write("cur/.hidden", "x");
        write("new/3.a.host", "Subject: three\n\nbody\n");
        write("tmp/4.a.host", "Subject: half-written\n");

        let messages: Vec<_> = Maildir::open(folder.path()).unwrap().collect();
        assert_eq!(messages.len(), 3);
        let first = messages[0].as_ref().unwrap();
        assert_eq!(first.flags, ["\\Flagged", "\\Seen"]);
        assert!(first.received.is_some());
        let problem = messages[1].as_ref().unwrap_err();
        assert_eq!(problem.to_string(), "file 2.a.host:2,: is empty");
        assert_eq!(messages[2].as_ref().unwrap().flags, [""; 0]);
    }

    #[test]
    fn says_when_it_is_no_maildir() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Maildir::open(folder.path()).is_err());
    }
}
