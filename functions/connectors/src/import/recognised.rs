//! What a reader recognised a source to be: told to whoever asked for the import, so that a form taken
//! for another is seen at once.

use std::collections::BTreeMap;
use std::fmt;

use super::Place;

/// A form that mail files have, or a way in which a writer keeps something in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Messages of an mbox file.
    Mbox,
    /// Messages of a Maildir.
    Maildir,
    /// A file for a single message (`.eml`).
    MailFile,
    /// The same with a length before and a property list after it (`.emlx`, Apple Mail).
    AppleMailFile,
    /// Lines end in LF.
    LineFeeds,
    /// Lines end in CRLF.
    CarriageReturnLineFeeds,
    /// Lines end in CR alone.
    CarriageReturns,
    /// The file begins with a byte order mark of UTF-8.
    ByteOrderMark,
    /// Separators of a sender and a date.
    DatedSeparator,
    /// Separators of one word, or of `From` alone.
    WordSeparator,
    /// Separators without an empty line before.
    TightSeparator,
    /// Lines of a text that begin with `From ` and are not quoted.
    FromInText,
    /// Lines quoted with `>`.
    Quoted,
    /// Messages as long as their `Content-Length` says.
    ContentLength,
    /// A `Content-Length` that does not lead to a separator or to the end.
    WrongContentLength,
    /// Messages without any header, kept as text.
    NoHeader,
    /// `X-Mozilla-Status` and `X-Mozilla-Keys`.
    ThunderbirdStates,
    /// `Status` and `X-Status` of mutt, Pine, Dovecot and many more.
    StatusStates,
    /// `X-Status` with the letters of KMail.
    KmailStates,
    /// `X-Evolution`.
    EvolutionStates,
    /// Flags in names of a Maildir.
    MaildirStates,
    /// Messages of Apple Mail whose attachments lie in files of their own (`.partial.emlx`).
    AppleApart,
    /// Flags in the property list of an `.emlx` file.
    AppleStates,
    /// `X-Gmail-Labels` of Google Takeout.
    GmailLabels,
    /// `X-Keywords` or `X-Label`.
    KeywordLabels,
    /// Letters in names of a Maildir that `dovecot-keywords` names.
    DovecotKeywords,
    /// Letters in names of a Maildir that nothing names.
    UnnamedLetters,
    /// Files that programs and systems keep beside mails.
    NoMail,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mbox => "messages of an mbox file",
            Self::Maildir => "messages of a Maildir",
            Self::MailFile => "files of a single message",
            Self::AppleMailFile => "files of a single message by Apple Mail",
            Self::LineFeeds => "files with lines that end in LF",
            Self::CarriageReturnLineFeeds => "files with lines that end in CRLF",
            Self::CarriageReturns => "files with lines that end in CR alone, read as LF",
            Self::ByteOrderMark => "files with a byte order mark, left out",
            Self::DatedSeparator => "separators of a sender and a date",
            Self::WordSeparator => "separators of one word alone",
            Self::TightSeparator => "separators without an empty line before them",
            Self::FromInText => "lines that begin with “From ” and were taken for text",
            Self::Quoted => "lines quoted with >, and that sign taken off",
            Self::ContentLength => "messages as long as their Content-Length says",
            Self::WrongContentLength => "messages whose Content-Length is wrong, and was not used",
            Self::NoHeader => "messages without a header, kept as text",
            Self::ThunderbirdStates => "states as Thunderbird keeps them",
            Self::StatusStates => "states in Status and X-Status",
            Self::KmailStates => "states as KMail keeps them",
            Self::EvolutionStates => "states as Evolution keeps them",
            Self::MaildirStates => "states in names of files",
            Self::AppleApart => {
                "messages whose attachments Apple Mail keeps apart, and that came in without them"
            }
            Self::AppleStates => "states as Apple Mail keeps them",
            Self::GmailLabels => "labels of Gmail",
            Self::KeywordLabels => "labels in X-Keywords or X-Label",
            Self::DovecotKeywords => "labels as Dovecot keeps them",
            Self::UnnamedLetters => "letters for labels whose names are missing, left out",
            Self::NoMail => "files that programs keep beside mails, passed over",
        })
    }
}

impl Form {
    /// The words for a form that was met once.
    fn of_one(self) -> String {
        let many = self.to_string();
        // Each begins with what there are many of.
        let mut words = many.split(' ');
        let first = match words.next().unwrap_or_default() {
            "lines" => "line",
            "separators" => "separator",
            "messages" => "message",
            "files" => "file",
            "states" => "state",
            "labels" => "label",
            "letters" => "letter",
            other => other,
        };
        let rest: Vec<&str> = words.collect();
        [first, &rest.join(" ")].join(" ").trim_end().to_owned()
    }
}

/// How often a form was met, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Place,
}

/// All that was recognised so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Recognised {
    forms: BTreeMap<Form, Tally>,
}

impl Recognised {
    /// Counts a form that was met here.
    pub(crate) fn see(&mut self, form: Form, place: &Place) {
        self.see_many(form, 1, place);
    }

    /// Counts a form that was met so often, here first.
    pub(crate) fn see_many(&mut self, form: Form, count: u64, place: &Place) {
        if count > 0 {
            let tally = self.forms.entry(form).or_insert_with(|| Tally {
                count: 0,
                first: place.clone(),
            });
            tally.count += count;
        }
    }

    /// Adds what somebody else recognised.
    pub(crate) fn add(&mut self, other: &Self) {
        for (form, tally) in &other.forms {
            self.see_many(*form, tally.count, &tally.first);
        }
    }

    /// Adds what was recognised in one file of many.
    pub(crate) fn add_within(&mut self, other: &Self, file: &str) {
        for (form, tally) in &other.forms {
            let first = tally.first.clone().within(file);
            self.see_many(*form, tally.count, &first);
        }
    }

    /// How often a form was met.
    pub fn count(&self, form: Form) -> u64 {
        self.forms.get(&form).map_or(0, |tally| tally.count)
    }

    /// A line for each form: how often it was met, and where first.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.forms.iter().map(|(form, tally)| {
            let Tally { count, first } = tally;
            match count {
                1 if *first == Place::Whole => format!("1 {}", form.of_one()),
                1 => format!("1 {}, in {first}", form.of_one()),
                _ => format!("{count} {form}, first in {first}"),
            }
        })
    }
}
