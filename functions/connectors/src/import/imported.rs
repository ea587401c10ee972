//! What a file gives: messages, and what is left out of them.

use std::fmt;

use jiff::Timestamp;

use super::{Place, Recognised};

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
