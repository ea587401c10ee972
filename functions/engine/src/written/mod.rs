//! The text of a reply as a model somewhere else writes it: what it is told to write, and what of its answer may become
//! a draft.
//!
//! The mail was written by a stranger and may give orders; a model may follow them, or make things up. So nothing that
//! a model writes says to whom a reply goes, and no link or address gets into a draft that stands neither in the mail
//! nor in what the person said. What is meant by a text nobody but the person can judge, who reads it before sending.

mod places;

use bulkhead_shared::limits::WRITTEN_BYTES;
use bulkhead_shared::operations::ReplyLanguage;

use places::{named_in, places};

/// Names of headers with which models begin a mail, in small letters.
const HEADERS: [&str; 12] = [
    "subject", "betreff", "from", "von", "to", "an", "cc", "bcc", "date", "datum", "reply-to", "re",
];
/// Characters that nobody sees, or that turn around what is read: they hide words and ends of links.
const UNSEEN: [std::ops::RangeInclusive<char>; 6] = [
    '\u{ad}'..='\u{ad}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{e0000}'..='\u{e007f}',
];

/// What a model is told to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What the person wants to be said.
    pub instruction: String,
    /// In which language.
    pub language: ReplyLanguage,
    /// What is sent of the mail that is answered.
    pub mail: String,
}

/// A text that may become a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written(String);

impl Written {
    /// On lines that end with a line feed, without blanks around it.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Why a text may not become a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There is none, or it is not in the form that was asked for.
    Misshapen,
    /// It is empty.
    Empty,
    /// It is too long.
    TooLong,
    /// It has markup, or characters that nobody sees.
    NotPlain,
    /// It begins with a header.
    Header,
    /// Something is left for somebody to fill in.
    Placeholder,
    /// It names a link or an address that nobody named before.
    Place,
}

impl Unfit {
    /// What the model is told of it.
    pub fn says(self) -> &'static str {
        match self {
            Self::Misshapen => "was not that JSON object",
            Self::Empty => "had no text",
            Self::TooLong => "was too long",
            Self::NotPlain => "was not plain text",
            Self::Header => "began with a header",
            Self::Placeholder => "had a placeholder",
            Self::Place => {
                "named a link, a file or an address that stands neither in the mail nor in what is to be said"
            }
        }
    }
}

impl Order {
    /// The text that a model wrote, if it may become a draft.
    pub fn accept(&self, said: &str) -> Result<Written, Unfit> {
        let said = said.replace("\r\n", "\n");
        let said = said.trim();
        if said.is_empty() {
            return Err(Unfit::Empty);
        }
        if said.len() > WRITTEN_BYTES {
            return Err(Unfit::TooLong);
        }
        if !is_plain(said) {
            return Err(Unfit::NotPlain);
        }
        if begins_with_a_header(said) {
            return Err(Unfit::Header);
        }
        let known = [self.mail.as_str(), self.instruction.as_str()].map(named_in);
        let is_known = |place: &String| known.iter().any(|known| known.contains(place));
        if !places(said).iter().all(is_known) {
            return Err(Unfit::Place);
        }
        match self.leaves_something_open(said) {
            true => Err(Unfit::Placeholder),
            false => Ok(Written(said.to_owned())),
        }
    }

    /// Whether something stands in brackets or braces for somebody to fill in: `[Your name]`. What the mail or the person
    /// has in brackets is no such thing.
    fn leaves_something_open(&self, said: &str) -> bool {
        let in_brackets = said.split('[').skip(1).any(|after| {
            let inside = after.split_once(']').map(|(inside, _)| inside);
            inside.is_some_and(|inside| {
                let whole = format!("[{inside}]");
                inside.contains(char::is_alphabetic)
                    && !self.mail.contains(&whole)
                    && !self.instruction.contains(&whole)
            })
        });
        in_brackets || said.contains("{{")
    }
}

fn is_plain(said: &str) -> bool {
    let is_unseen = |char: char| {
        char.is_control() && char != '\n' && char != '\t'
            || UNSEEN.iter().any(|unseen| unseen.contains(&char))
    };
    !said.contains(is_unseen) && !said.contains("```") && !has_a_tag(said)
}

/// Whether it has a tag of HTML. An address in angle brackets is none.
fn has_a_tag(said: &str) -> bool {
    said.split('<').skip(1).any(|after| {
        let inside = after.split_once('>').map(|(inside, _)| inside);
        inside.is_some_and(|inside| {
            let begins = inside
                .starts_with(|first: char| first.is_ascii_alphabetic() || "/!".contains(first));
            let is_address = inside.contains('@') && !inside.contains([' ', '=', '/']);
            begins && !is_address && !inside.contains("://")
        })
    })
}

fn begins_with_a_header(said: &str) -> bool {
    let first = said.lines().next().unwrap_or_default();
    let name = first.split_once(':').map(|(name, _)| name);
    // Models like to print it in bold.
    let name = name.map(|name| name.trim_matches(['*', ' ', '#']).to_lowercase());
    name.is_some_and(|name| HEADERS.contains(&name.as_str()))
}

#[cfg(test)]
mod tests;
