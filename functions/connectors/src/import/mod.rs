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
mod labels;
mod maildir;
mod mails;
mod mbox;
mod names;
mod paths;
mod recognised;
mod single;
mod states;

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use jiff::Timestamp;

pub use envelope::Envelope;
pub(crate) use labels::Labels;
pub use mails::Mails;
pub use mbox::Mbox;
pub use recognised::{Form, Recognised, Tally};

/// Bytes of a message, most. Larger ones are no mail, or a damaged file.
pub const MESSAGE_BYTES_MOST: usize = 64 * 1024 * 1024;

/// Messages from somewhere, with what the source turned out to be.
pub trait Reader: Iterator<Item = Result<Imported, Problem>> + Send {
    /// What was recognised so far.
    fn recognised(&self) -> Recognised;
}

impl<R: Reader + ?Sized> Reader for Box<R> {
    fn recognised(&self) -> Recognised {
        (**self).recognised()
    }
}

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

/// A message from a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Imported {
    /// Where it was found.
    pub place: Place,
    /// Its bytes, with quoting of the file's format undone.
    pub raw: Vec<u8>,
    /// When it was received, where the file says.
    pub received: Option<Timestamp>,
    /// The folder it was in, where the files say; none is the inbox.
    pub folder: Option<String>,
    /// System flags that the file keeps beside the message.
    pub flags: Vec<String>,
    /// Keywords that it keeps beside the message, labels among them.
    pub keywords: Vec<String>,
    /// The message's state is told beside it, so that what its header says of it is older.
    pub state_told: bool,
}

impl Imported {
    /// A message of which nothing is known but its bytes.
    pub fn new(place: Place, raw: Vec<u8>) -> Self {
        Self {
            place,
            raw,
            received: None,
            folder: None,
            flags: Vec::new(),
            keywords: Vec::new(),
            state_told: false,
        }
    }
}

impl fmt::Debug for Imported {
    /// Says where, never what (invariant 10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imported")
            .field("place", &self.place)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// Where a message was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In an mbox file: the message's number, from 1, and where its first byte is.
    Mbox {
        /// Counted from 1.
        number: u64,
        /// Bytes before its separator line.
        offset: u64,
    },
    /// In a file of its own: the file's path below what was opened.
    File(String),
    /// In one of many mbox files.
    Within {
        /// The file's path below what was opened.
        file: String,
        /// Where in it.
        place: Box<Place>,
    },
}

impl Place {
    fn within(self, file: &str) -> Self {
        Self::Within {
            file: file.to_owned(),
            place: Box::new(self),
        }
    }

    /// Whether it is one of many in an mbox file.
    fn is_in_mbox(&self) -> bool {
        match self {
            Self::Mbox { .. } => true,
            Self::File(_) => false,
            Self::Within { place, .. } => place.is_in_mbox(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mbox { number, offset } => write!(f, "message {number} at byte {offset}"),
            Self::File(name) => write!(f, "file {name}"),
            Self::Within { file, place } => write!(f, "file {file}, {place}"),
        }
    }
}

/// A message that was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Why a message was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// Nothing in it reads like a header.
    #[error("has no header that can be read")]
    NoHeader,
    /// It is larger than [`MESSAGE_BYTES_MOST`], or unpacks to more than an archive may.
    #[error("is larger than 64 MB")]
    TooLarge,
    /// The file does not begin with a separator line.
    #[error("does not begin with a From line: this is no mbox file")]
    NoMbox,
    /// The file is none that mails are in.
    #[error("is no file of mails")]
    NoMail,
    /// Its owner deleted it, and the file was only not tidied up since.
    #[error("was deleted already, and only not tidied up")]
    Deleted,
    /// A note of a mail server to itself.
    #[error("is a note of the mail server to itself")]
    ServersOwn,
    /// It lies where mails lie while they are being delivered.
    #[error("was never delivered whole")]
    Unfinished,
    /// It ends before its end.
    #[error("is cut off")]
    CutOff,
    /// It is locked with a password.
    #[error("is locked with a password")]
    Encrypted,
    /// A file of Outlook.
    #[error("is a file of Outlook, which only Outlook reads; save it as mbox or .eml")]
    Outlook,
    /// An archive inside an archive.
    #[error("is an archive inside an archive; unpack it first")]
    ArchiveInArchive,
    /// An archive of another kind than zip.
    #[error("is an archive of another kind than zip; unpack it first")]
    OtherArchive,
    /// An archive that is damaged or not whole.
    #[error("is an archive that is damaged or not whole")]
    BrokenArchive,
    /// It unpacks to more than an archive of mail can hold.
    #[error("unpacks to more than any mail would; it may be made to fill the disk")]
    Bomb,
    /// Packed in a way that is not read here.
    #[error("is packed in a way that is not read here; pack it anew")]
    OddlyPacked,
    /// The file or folder cannot be read.
    #[error("cannot be read ({0})")]
    Unreadable(std::io::ErrorKind),
}
