//! The language that is spoken now, and saying something in it.

use std::cell::RefCell;

use crate::language::Language;
use crate::packed::{Catalogue, Unfit, unpack};
use crate::pattern::{Arg, fill};

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
}

thread_local! {
    static SPOKEN: RefCell<Spoken> = RefCell::default();
}

/// Speaks a language from now on, and writes numbers and dates as it is done in `locale` (BCP 47). `packed` is the
/// language's file; English needs none. One that does not fit is told, and English is spoken.
pub fn speak(language: Language, locale: String, packed: Option<String>) -> Result<(), Unfit> {
    let catalogues = packed.map_or_else(|| Ok(Vec::new()), unpack)?;
    if language != Language::English && catalogues.is_empty() {
        return Err(Unfit);
    }
    SPOKEN.with_borrow_mut(|spoken| {
        *spoken = Spoken {
            language,
            locale: Some(Box::leak(locale.into_boxed_str())),
            catalogues,
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

/// A message that is nothing but text, by its place among its crate's.
#[inline(never)]
pub fn say(of: Messages, place: usize, english: &'static str) -> &'static str {
    SPOKEN.with_borrow(|spoken| {
        let catalogue = spoken.catalogues.get(of.place);
        let fitting = catalogue.filter(|it| it.fingerprint == of.fingerprint);
        let message = fitting.and_then(|it| it.messages.get(place).copied());
        message.unwrap_or(english)
    })
}

/// A message with its places filled.
#[inline(never)]
pub fn say_with(of: Messages, place: usize, english: &'static str, args: &[Arg<'_>]) -> String {
    fill(say(of, place, english), args)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Messages = Messages {
        place: 1,
        fingerprint: 7,
    };

    #[test]
    fn what_does_not_fit_is_said_in_english() {
        let packed = "5\u{1e}eins\u{1d}7\u{1e}zwei\u{1e}drei".to_owned();
        speak(Language::German, "de-AT".into(), Some(packed)).unwrap();
        assert_eq!(say(OURS, 1, "three"), "drei");
        assert_eq!(say(OURS, 2, "four"), "four");
        let other = Messages {
            fingerprint: 8,
            ..OURS
        };
        assert_eq!(say(other, 1, "three"), "three");
        assert_eq!((language(), locale()), (Language::German, "de-AT"));
        assert_eq!(crate::number(12_403), "12.403");
    }

    #[test]
    fn a_language_without_its_file_is_not_spoken() {
        assert_eq!(speak(Language::German, "de".into(), None), Err(Unfit));
        let broken = Some("<!doctype html>".to_owned());
        assert_eq!(speak(Language::German, "de".into(), broken), Err(Unfit));
        assert_eq!(language(), Language::English);
    }
}
