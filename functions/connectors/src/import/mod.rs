//! Reads a person's own mail from files, one message at a time, so that a mailbox of any size
//! streams in flat memory. What cannot be read is reported by its place and skipped; nothing is
//! left out without a word.
//!
//! [`Mbox`] and [`Mails`] are [`Reader`]s, iterators of [`Imported`] messages; the sandbox stores them.
//! [`open`] finds out what somebody's path is.

mod envelope;
mod files;
pub(crate) mod foreign;
mod gmail;
mod imported;
mod labels;
mod maildir;
mod mails;
mod mbox;
mod message_state;
mod names;
mod paths;
mod place;
mod recognised;
mod single;
mod states;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

pub use envelope::Envelope;
pub use imported::{Fault, Imported, MESSAGE_BYTES_MOST, Problem, Reader};
pub(crate) use labels::Labels;
pub use mails::Mails;
pub use mbox::Mbox;
pub use place::Place;
pub use recognised::{Form, Recognised, Tally};

/// Opens whatever is there: an mbox file, a file of a single message, a zip archive, or a directory with
/// any of these or Maildir folders in it.
pub fn open(path: &Path) -> std::io::Result<Box<dyn Reader>> {
    if path.is_dir() {
        return Ok(Box::new(Mails::in_directory(path)?));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    open_named(File::open(path)?, &name)
}

/// The same for a file that is open, whatever it is called.
pub fn open_file(file: File) -> std::io::Result<Box<dyn Reader>> {
    open_named(file, "")
}

/// The same for a file that is open and has this name, which tells something where the beginning leaves a
/// doubt.
pub fn open_named(mut file: File, name: &str) -> std::io::Result<Box<dyn Reader>> {
    let mut beginning = Vec::new();
    file.rewind()?;
    (&file).take(16 * 1024).read_to_end(&mut beginning)?;
    file.rewind()?;
    if beginning.is_empty() {
        return Ok(Box::new(Refused::new(name, Fault::Empty)));
    }
    if foreign::is_zip(&beginning) && foreign::fault(&beginning, name) != Some(Fault::Outlook) {
        return Ok(match Mails::in_archive(file) {
            Ok(mails) => Box::new(mails),
            Err(error) => Box::new(Refused::new(name, broken_archive(&error))),
        });
    }
    if let Some(fault) = foreign::fault(&beginning, name) {
        return Ok(Box::new(Refused::new(name, fault)));
    }
    Ok(match single::holds(&beginning, name) {
        single::Holds::Mail | single::Holds::AppleMail => Box::new(Mails::of_one(file)),
        // What is nothing else is refused as an mbox file.
        single::Holds::Mbox | single::Holds::Other => Box::new(Mbox::new(BufReader::new(file))),
    })
}

/// What is wrong with a file that begins like an archive and is none.
fn broken_archive(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof
        | std::io::ErrorKind::InvalidData
        | std::io::ErrorKind::InvalidInput
        | std::io::ErrorKind::Other => Fault::BrokenArchive,
        kind => Fault::Unreadable(kind),
    }
}

/// A file in which there is nothing to read.
struct Refused(Option<Problem>);

impl Refused {
    fn new(name: &str, fault: Fault) -> Self {
        let place = Place::File(if name.is_empty() { "itself" } else { name }.to_owned());
        Self(Some(Problem { place, fault }))
    }
}

impl Iterator for Refused {
    type Item = Result<Imported, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Err)
    }
}

impl Reader for Refused {
    fn recognised(&self) -> Recognised {
        Recognised::default()
    }
}
