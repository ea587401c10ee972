//! The language that is spoken now.

use std::cell::RefCell;

use crate::language::Language;
use crate::packed::{Catalogue, Phrase, Unfit, unpack};

/// The messages of one crate: its place among the crates, and a fingerprint of their names.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    pub place: usize,
    pub fingerprint: u32,
}

#[derive(Default)]
struct Spoken {
    language: Language,
    locale: Option<&'static str>,
    catalogues: Vec<Catalogue>,
    /// Given away for good, as the text that they are pieces of.
    phrases: &'static [Phrase],
    /// What says again what servers said; none until it is known how.
    rephrases: Option<Rephrase>,
}

/// Says a text again in the language that is spoken.
type Rephrase = fn(&[Phrase], &str) -> String;

thread_local! {
    static SPOKEN: RefCell<Spoken> = RefCell::default();
}

/// Speaks a language from now on, and writes numbers and dates as it is done in `locale` (BCP 47). `packed` is the
/// language's file; English needs none. One that does not fit is told, and English is spoken.
pub fn speak(language: Language, locale: String, packed: Option<String>) -> Result<(), Unfit> {
    let (catalogues, phrases) = packed.map_or_else(|| Ok(Default::default()), unpack)?;
    if language != Language::English && catalogues.is_empty() {
        return Err(Unfit);
    }
    SPOKEN.with_borrow_mut(|spoken| {
        *spoken = Spoken {
            language,
            locale: Some(Box::leak(locale.into_boxed_str())),
            catalogues,
            phrases: Vec::leak(phrases),
            rephrases: None,
        }
    });
    Ok(())
}

/// The language that is spoken.
pub fn language() -> Language {
    SPOKEN.with_borrow(|spoken| spoken.language)
}

/// The locale that numbers and dates are written for.
pub fn locale() -> &'static str {
    SPOKEN.with_borrow(|spoken| spoken.locale.unwrap_or(spoken.language.tag()))
}

/// From now on, what servers said is said again like this.
pub(crate) fn rephrase_by(rephrase: Rephrase) {
    SPOKEN.with_borrow_mut(|spoken| spoken.rephrases = Some(rephrase));
}

/// A text of a server in the language that is spoken, if it is known how that is done; see [`crate::understand_servers`].
pub fn rephrase(text: String) -> String {
    let (phrases, rephrase) = SPOKEN.with_borrow(|spoken| (spoken.phrases, spoken.rephrases));
    match rephrase {
        Some(rephrase) if !text.is_empty() => rephrase(phrases, &text),
        _ => text,
    }
}

/// A message in the language that is spoken, by its place among its crate's; none if that is English.
pub(crate) fn message(of: Messages, place: usize) -> Option<&'static str> {
    SPOKEN.with_borrow(|spoken| {
        let catalogue = spoken.catalogues.get(of.place);
        let fitting = catalogue.filter(|it| it.fingerprint == of.fingerprint);
        fitting.and_then(|it| it.messages.get(place).copied())
    })
}
