//! All mails below one root: whatever each file turns out to hold is read as that, and every file that
//! holds none is told.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Chain, Cursor, ErrorKind, Read};
use std::path::Path;

use super::files::{Archive, Content, Entry, Files, One, Tree};
use super::foreign;
use super::maildir::{self, Keywords};
use super::mbox::Mbox;
use super::paths::{
    directory_around, holds_no_mail, mbox_folder, name_of, parts, plain_folder, split,
};
use super::recognised::{Form, Recognised};
use super::single::{self, Holds};
use super::{Fault, Imported, MESSAGE_BYTES_MOST, Place, Problem, Reader};

/// Bytes of a file that tell what it is.
const BEGINNING: usize = 16 * 1024;

/// The mails of a directory, a Maildir or an archive.
pub struct Mails {
    files: Box<dyn Files>,
    next: usize,
    /// The directory that everything is in and that says nothing, with its `/`.
    around: String,
    /// Names of keywords, by directory.
    keywords: BTreeMap<String, Keywords>,
    open: Option<Open>,
    recognised: Recognised,
}

/// An mbox file that is being read.
struct Open {
    mbox: Mbox<Chain<Cursor<Vec<u8>>, Content>>,
    path: String,
    folder: Option<String>,
}

impl Mails {
    /// Lists the mails below a directory: Maildir folders, mbox files, files of single messages.
    pub fn in_directory(path: &Path) -> std::io::Result<Self> {
        Ok(Self::new(Box::new(Tree::open(path)?)))
    }

    /// The same for a Maildir; refused if it is none.
    pub fn in_maildir(path: &Path) -> std::io::Result<Self> {
        for part in ["cur", "new"] {
            std::fs::read_dir(path.join(part))?;
        }
        Self::in_directory(path)
    }

    /// Lists the mails in a zip archive.
    pub fn in_archive(file: File) -> std::io::Result<Self> {
        let files = Archive::open(file)?;
        let around = directory_around(files.entries());
        Ok(Self {
            around,
            ..Self::new(Box::new(files))
        })
    }

    /// The one message of a file.
    pub(super) fn of_one(file: File) -> Self {
        Self::new(Box::new(One::new(file)))
    }

    fn new(mut files: Box<dyn Files>) -> Self {
        let mut keywords = BTreeMap::new();
        for index in 0..files.entries().len() {
            let path = files.entries().get(index).map(|entry| entry.path.clone());
            let Some(path) = path else { continue };
            let (directory, name) = split(&path);
            if name == "dovecot-keywords"
                && let Ok(mut content) = files.open(index)
            {
                let mut text = String::new();
                let is_read = content.by_ref().take(64 * 1024).read_to_string(&mut text);
                if is_read.is_ok() {
                    keywords.insert(directory.to_owned(), Keywords::read(&text));
                }
            }
        }
        Self {
            files,
            next: 0,
            around: String::new(),
            keywords,
            open: None,
            recognised: Recognised::default(),
        }
    }

    fn file(&mut self, index: usize, entry: &Entry) -> Option<Result<Imported, Problem>> {
        let place = Place::File(entry.path.clone());
        let path = entry
            .path
            .strip_prefix(&self.around)
            .unwrap_or(&entry.path)
            .to_owned();
        let (directory, name) = split(&path);
        let in_maildir = matches!(split(directory).1, "cur" | "new" | "tmp");
        // Elsewhere a folder of mails may have such a name all the same.
        let is_beside = holds_no_mail(name);
        if is_beside && in_maildir {
            self.recognised.see(Form::NoMail, &place);
            return None;
        }
        let read = match (&entry.fault, split(directory)) {
            (Some(fault), _) => Err(*fault),
            (None, (folder, part @ ("cur" | "new"))) => {
                self.in_maildir_folder(index, entry, folder, part, name)
            }
            (None, (_, "tmp")) => Err(Fault::Unfinished),
            _ => match self.whatever(index, entry, &path) {
                Ok(None) => return None,
                Ok(Some(mail)) => Ok(mail),
                Err(Fault::NoMail | Fault::Empty) if is_beside => {
                    self.recognised.see(Form::NoMail, &place);
                    return None;
                }
                Err(fault) => Err(fault),
            },
        };
        Some(read.map_err(|fault| Problem { place, fault }))
    }

    /// A message of a Maildir.
    fn in_maildir_folder(
        &mut self,
        index: usize,
        entry: &Entry,
        folder: &str,
        part: &str,
        name: &str,
    ) -> Result<Imported, Fault> {
        let place = Place::File(entry.path.clone());
        let told = maildir::told(name);
        let raw = self.message(index, &place)?;
        self.recognised.see(Form::Maildir, &place);
        let mut mail = Imported {
            received: entry.modified.or_else(|| maildir::delivered(name)),
            folder: name_of(maildir::folder(&parts(folder))),
            state_told: told.is_some() || part == "new",
            ..Imported::new(place.clone(), raw)
        };
        let Some(told) = told else { return Ok(mail) };
        self.recognised.see(Form::MaildirStates, &place);
        if told.deleted {
            return Err(Fault::Deleted);
        }
        mail.flags = told.flags;
        let directory = split(split(&entry.path).0).0;
        let names = self.keywords.get(directory);
        for letter in told.keywords {
            match names.and_then(|names| names.name(letter)) {
                Some(name) => {
                    self.recognised.see(Form::DovecotKeywords, &place);
                    mail.keywords.push(name.to_owned());
                }
                None => self.recognised.see(Form::UnnamedLetters, &place),
            }
        }
        Ok(mail)
    }

    /// A file anywhere else: judged by how it begins. None: it is an mbox file, and open now.
    fn whatever(
        &mut self,
        index: usize,
        entry: &Entry,
        path: &str,
    ) -> Result<Option<Imported>, Fault> {
        let place = Place::File(entry.path.clone());
        let mut content = self.files.open(index).map_err(unreadable)?;
        let beginning = read_most(&mut content, BEGINNING)?;
        if beginning.is_empty() {
            return Err(Fault::Empty);
        }
        if foreign::is_zip(&beginning) {
            return Err(Fault::ArchiveInArchive);
        }
        if let Some(fault) = foreign::fault(&beginning, path) {
            return Err(fault);
        }
        let holds = single::holds(&beginning, path);
        let content = Cursor::new(beginning).chain(content);
        match holds {
            Holds::Other => Err(Fault::NoMail),
            Holds::Mbox => {
                self.open = Some(Open {
                    mbox: Mbox::new(content),
                    path: entry.path.clone(),
                    folder: match single::is_named(path) {
                        // A single message with a separator before it.
                        true => name_of(plain_folder(&parts(split(path).0))),
                        false => name_of(mbox_folder(path)),
                    },
                });
                Ok(None)
            }
            Holds::Mail => {
                let raw = single::from_its_header(self.one(content, &place)?);
                self.recognised.see(Form::MailFile, &place);
                let (directory, _) = split(path);
                Ok(Some(Imported {
                    folder: name_of(plain_folder(&parts(directory))),
                    ..Imported::new(place, raw)
                }))
            }
            Holds::AppleMail => {
                let apple = single::apple(&self.one(content, &place)?)?;
                self.recognised.see(Form::AppleMailFile, &place);
                if apple.apart {
                    self.recognised.see(Form::AppleApart, &place);
                }
                if apple.deleted {
                    return Err(Fault::Deleted);
                }
                let (directory, _) = split(path);
                let mailboxes = parts(directory)
                    .into_iter()
                    .filter(|part| part.ends_with(".mbox"));
                Ok(Some(Imported {
                    folder: name_of(plain_folder(&mailboxes.collect::<Vec<_>>())),
                    flags: apple.flags,
                    state_told: true,
                    ..Imported::new(place, apple.raw)
                }))
            }
        }
    }

    fn message(&mut self, index: usize, place: &Place) -> Result<Vec<u8>, Fault> {
        let content = self.files.open(index).map_err(unreadable)?;
        self.one(content, place)
    }

    /// A whole file of one message.
    fn one(&mut self, mut content: impl Read, place: &Place) -> Result<Vec<u8>, Fault> {
        let raw = read_most(&mut content, MESSAGE_BYTES_MOST + 1)?;
        if raw.len() > MESSAGE_BYTES_MOST {
            return Err(Fault::TooLarge);
        }
        if raw.iter().all(u8::is_ascii_whitespace) {
            return Err(Fault::Empty);
        }
        let ends = single::line_ends(&raw);
        self.recognised.see(ends, place);
        Ok(match ends {
            Form::CarriageReturns => single::with_line_feeds(&raw),
            _ => raw,
        })
    }

    /// The next message of the mbox file that is open.
    fn of_mbox(&mut self) -> Option<Result<Imported, Problem>> {
        let open = self.open.as_mut()?;
        let within = |place: Place| place.within(&open.path);
        match open.mbox.next() {
            Some(Ok(mail)) => Some(Ok(Imported {
                place: within(mail.place.clone()),
                folder: open.folder.clone(),
                ..mail
            })),
            Some(Err(Problem { place, fault })) => Some(Err(Problem {
                place: within(place),
                fault,
            })),
            None => {
                self.recognised
                    .add_within(&open.mbox.recognised(), &open.path);
                self.open = None;
                None
            }
        }
    }
}

impl Iterator for Mails {
    type Item = Result<Imported, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(mail) = self.of_mbox() {
                return Some(mail);
            }
            let index = self.next;
            let entry = self.files.entries().get(index)?.clone();
            self.next += 1;
            if let Some(mail) = self.file(index, &entry) {
                return Some(mail);
            }
        }
    }
}

impl Reader for Mails {
    fn recognised(&self) -> Recognised {
        let mut recognised = self.recognised.clone();
        if let Some(open) = &self.open {
            recognised.add_within(&open.mbox.recognised(), &open.path);
        }
        recognised
    }
}

/// An archive says "too large" for what it may not become, and "unsupported" for how something is packed.
fn unreadable(error: std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::FileTooLarge => Fault::Bomb,
        ErrorKind::Unsupported => Fault::OddlyPacked,
        kind => Fault::Unreadable(kind),
    }
}

fn read_most(content: &mut impl Read, most: usize) -> Result<Vec<u8>, Fault> {
    let mut read = Vec::new();
    content
        .take(most as u64)
        .read_to_end(&mut read)
        .map_err(unreadable)?;
    Ok(read)
}
