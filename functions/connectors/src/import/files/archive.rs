//! A zip archive.

use std::fs::File;
use std::io::{Cursor, Read, Result, Seek, SeekFrom, Write, copy};

use zip::ZipArchive;

use super::{Content, Entry, Files};
use crate::import::{Fault, MESSAGE_BYTES_MOST};

/// Bytes that come out of an archive, most, for each byte in it: mail shrinks to a tenth at best, and
/// what grows a hundred times was made to fill somebody's disk.
const GROWS_MOST: u64 = 100;
/// Bytes that may come out of any archive, however small.
const BYTES_FREE: u64 = MESSAGE_BYTES_MOST as u64;

/// The files of an archive.
pub(in crate::import) struct Archive {
    zip: ZipArchive<File>,
    /// Paths, with their numbers in the archive.
    entries: Vec<Entry>,
    numbers: Vec<usize>,
    /// Bytes that may still come out.
    left: u64,
}

impl Archive {
    pub(in crate::import) fn open(mut file: File) -> Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        let mut zip = ZipArchive::new(file)?;
        let mut found = Vec::new();
        for number in 0..zip.len() {
            // By its number, because names may occur twice.
            let entry = zip.by_index_raw(number)?;
            if entry.is_dir() {
                continue;
            }
            let path = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
            found.push((path, entry.encrypted(), number));
        }
        found.sort();
        let entries = found.iter().map(|(path, encrypted, _)| Entry {
            path: path.trim_matches('/').to_owned(),
            modified: None,
            fault: encrypted.then_some(Fault::Encrypted),
        });
        Ok(Self {
            entries: entries.collect(),
            numbers: found.iter().map(|(_, _, number)| *number).collect(),
            zip,
            left: length.saturating_mul(GROWS_MOST).saturating_add(BYTES_FREE),
        })
    }
}

impl Files for Archive {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Small files are unpacked in memory, large ones in a file that nobody sees.
    fn open(&mut self, index: usize) -> Result<Content> {
        let number = self
            .numbers
            .get(index)
            .ok_or(std::io::ErrorKind::NotFound)?;
        let packed = self.zip.by_index(*number)?;
        let (content, unpacked) = unpack(packed.take(self.left.saturating_add(1)))?;
        self.left = self
            .left
            .checked_sub(unpacked)
            .ok_or(std::io::ErrorKind::FileTooLarge)?;
        Ok(content)
    }
}

/// What is in a packed file, and how many bytes that are.
fn unpack(mut packed: impl Read) -> Result<(Content, u64)> {
    let mut beginning = Vec::new();
    packed
        .by_ref()
        .take(MESSAGE_BYTES_MOST as u64)
        .read_to_end(&mut beginning)?;
    let length = beginning.len() as u64;
    if length < MESSAGE_BYTES_MOST as u64 {
        return Ok((Box::new(Cursor::new(beginning)), length));
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(&beginning)?;
    let length = length + copy(&mut packed, &mut file)?;
    file.rewind()?;
    Ok((Box::new(file), length))
}
