//! Saying something in the language that is spoken.

use crate::pattern::{Arg, fill};
use crate::spoken::{Messages, message};

/// A message that is nothing but text, by its place among its crate's.
#[inline(never)]
pub fn say(of: Messages, place: usize, english: &'static str) -> &'static str {
    message(of, place).unwrap_or(english)
}

/// A message with its places filled.
#[inline(never)]
pub fn say_with(of: Messages, place: usize, english: &'static str, args: &[Arg<'_>]) -> String {
    fill(say(of, place, english), args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::packed::Unfit;
    use crate::spoken::{language, locale, speak};

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
