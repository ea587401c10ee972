//! A zip archive.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Error, ErrorKind, Read, Result, Seek, SeekFrom, Write, copy};

use zip::ZipArchive;
use zip::read::read_zipfile_from_stream_with_compressed_size;
use zip::result::ZipError;

use super::directory::{self, Shadowed};
use super::{Content, Entry, Files};
use crate::import::{Fault, MESSAGE_BYTES_MOST};

/// Bytes that come out of an archive, most, for each byte in it: mail shrinks to a tenth at best, and
/// what grows a hundred times was made to fill somebody's disk.
const GROWS_MOST: u64 = 100;
/// And most from an archive of a size that a person would send: beyond it, mail alone counts, which shrinks
/// to a tenth.
const BYTES_MOST: u64 = 8 * 1024 * 1024 * 1024;
const MAIL_GROWS: u64 = 20;
/// Bytes that may come out of any archive, however small.
const BYTES_FREE: u64 = MESSAGE_BYTES_MOST as u64;

/// The files of an archive.
pub(in crate::import) struct Archive {
    zip: ZipArchive<File>,
    /// The same file, for what `zip` does not know of.
    file: File,
    /// Paths, with where each is.
    entries: Vec<Entry>,
    places: Vec<Packed>,
    /// Bytes that may still come out.
    left: u64,
}

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Packed {
    /// It has this number.
    Numbered(usize),
    /// Another one has its name, and it is here.
    Shadowed(Shadowed),
}

impl Archive {
    pub(in crate::import) fn open(mut file: File) -> Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        let mut zip = ZipArchive::new(file.try_clone()?)?;
        let mut found = Vec::new();
        for number in 0..zip.len() {
            let entry = zip.by_index_raw(number)?;
            if entry.is_dir() {
                continue;
            }
            // Many writers put UTF-8 down without saying so; what is none is in the code page of DOS.
            let name = match std::str::from_utf8(entry.name_raw()) {
                Ok(name) => Cow::Borrowed(name),
                Err(_) => entry.name()?,
            };
            let path = name.replace('\\', "/");
            let fault = entry.encrypted().then_some(Fault::Encrypted);
            found.push((path, fault, Packed::Numbered(number)));
        }
        // Of files of one name, `zip` knows the last.
        for hidden in directory::shadowed(&mut file, &zip)? {
            let path = String::from_utf8_lossy(&hidden.name).replace('\\', "/");
            found.push((path, hidden.fault, Packed::Shadowed(hidden.place)));
        }
        found.sort_by(|(one, _, place), (next, _, other)| (one, place).cmp(&(next, other)));
        let entries = found.iter().map(|(path, fault, _)| Entry {
            path: path.trim_matches('/').to_owned(),
            modified: None,
            fault: *fault,
        });
        Ok(Self {
            entries: entries.collect(),
            places: found.iter().map(|(_, _, place)| *place).collect(),
            zip,
            file,
            left: allowed(length),
        })
    }
}

impl Files for Archive {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Small files are unpacked in memory, large ones in a file that nobody sees.
    fn open(&mut self, index: usize) -> Result<Content> {
        let most = self.left.saturating_add(1);
        let place = self.places.get(index).ok_or(ErrorKind::NotFound)?;
        let (content, unpacked) = match place {
            Packed::Numbered(number) => {
                unpack(self.zip.by_index(*number).map_err(told)?.take(most))?
            }
            Packed::Shadowed(shadowed) => {
                self.file.seek(SeekFrom::Start(shadowed.offset))?;
                let size = shadowed.packed_bytes;
                let packed = read_zipfile_from_stream_with_compressed_size(&mut self.file, size);
                let packed = packed.map_err(told)?.ok_or(ErrorKind::InvalidData)?;
                unpack(packed.take(most))?
            }
        };
        match self.left.checked_sub(unpacked) {
            Some(left) => {
                self.left = left;
                Ok(content)
            }
            None => {
                // So that many of them do not each take as long as the first.
                self.left /= 2;
                Err(ErrorKind::FileTooLarge.into())
            }
        }
    }
}

/// Bytes that may come out of an archive of this length.
fn allowed(length: u64) -> u64 {
    let grown = length.saturating_mul(GROWS_MOST).saturating_add(BYTES_FREE);
    grown.min(BYTES_MOST.max(length.saturating_mul(MAIL_GROWS)))
}

/// What is packed in another way than zip archives mostly are is told apart from what is damaged.
fn told(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) => ErrorKind::Unsupported.into(),
        error => error.into(),
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
