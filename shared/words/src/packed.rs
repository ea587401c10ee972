//! A language other than English, as it travels: one text for all crates that say something.
//!
//! The messages of each crate stand in the order of its English file, between [`MESSAGE`]s, behind a fingerprint of
//! the names of all of them; [`CRATE`] stands between crates. A file that was made for another build does not fit and
//! is refused, instead of saying one thing for another.

pub(crate) const CRATE: char = '\u{1d}';
pub(crate) const MESSAGE: char = '\u{1e}';

/// The messages of one crate in one language.
#[derive(Debug, PartialEq)]
pub(crate) struct Catalogue {
    pub(crate) fingerprint: u32,
    pub(crate) messages: Vec<&'static str>,
}

/// The file is not one, or was made for another build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

/// Reads the file of a language. The text stays for as long as the app runs, so it is given away for good.
pub(crate) fn unpack(text: String) -> Result<Vec<Catalogue>, Unfit> {
    let text: &'static str = Box::leak(text.into_boxed_str());
    text.split(CRATE).map(catalogue).collect()
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

/// Packs crates, each with the fingerprint of its names and its messages.
#[cfg(feature = "compile")]
pub(crate) fn pack(crates: &[(u32, Vec<String>)]) -> String {
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
    packed
}
