//! A language other than English, as it travels: one text for all crates that say something.
//!
//! The messages of each crate stand in the order of its English file, between [`MESSAGE`]s, behind a fingerprint of
//! the names of all of them; [`CRATE`] stands between crates. Behind [`PHRASES`] stands how servers say something, and
//! how that is said in this language, in turns. A file that was made for another build does not fit and is refused,
//! instead of saying one thing for another.

pub(crate) const CRATE: char = '\u{1d}';
pub(crate) const MESSAGE: char = '\u{1e}';
pub(crate) const PHRASES: char = '\u{1c}';

/// The messages of one crate in one language.
#[derive(Debug, PartialEq)]
pub(crate) struct Catalogue {
    pub(crate) fingerprint: u32,
    pub(crate) messages: Vec<&'static str>,
}

/// How servers say something, and how it is said here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) english: &'static str,
    pub(crate) said: &'static str,
}

/// The file is not one, or was made for another build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

/// Reads the file of a language. The text stays for as long as the app runs, so it is given away for good.
pub(crate) fn unpack(text: String) -> Result<(Vec<Catalogue>, Vec<Phrase>), Unfit> {
    let text: &'static str = Box::leak(text.into_boxed_str());
    let (crates, phrases) = text.split_once(PHRASES).unwrap_or((text, ""));
    let catalogues = crates.split(CRATE).map(catalogue);
    let mut halves = phrases.split(MESSAGE);
    let phrases = std::iter::from_fn(|| {
        let (english, said) = (halves.next()?, halves.next()?);
        Some(Phrase { english, said })
    });
    Ok((catalogues.collect::<Result<_, _>>()?, phrases.collect()))
}

fn catalogue(text: &'static str) -> Result<Catalogue, Unfit> {
    let mut messages = text.split(MESSAGE);
    let fingerprint = messages
        .next()
        .and_then(|it| it.parse().ok())
        .ok_or(Unfit)?;
    Ok(Catalogue {
        fingerprint,
        messages: messages.collect(),
    })
}

/// Packs crates, each with the fingerprint of its names and its messages, and phrases, each in English and as it is
/// said.
#[cfg(feature = "compile")]
pub(crate) fn pack(crates: &[(u32, Vec<String>)], phrases: &[[String; 2]]) -> String {
    let mut packed = String::new();
    for (index, (fingerprint, messages)) in crates.iter().enumerate() {
        if index > 0 {
            packed.push(CRATE);
        }
        packed.push_str(&fingerprint.to_string());
        for message in messages {
            packed.push(MESSAGE);
            packed.push_str(message);
        }
    }
    for (index, phrase) in phrases.iter().enumerate() {
        packed.push(if index == 0 { PHRASES } else { MESSAGE });
        packed.push_str(&phrase.join(MESSAGE.encode_utf8(&mut [0; 4])));
    }
    packed
}
