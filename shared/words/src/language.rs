//! The languages there are texts in.

/// A language that every text is there in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    /// All of them, each with its name in itself.
    pub const ALL: [(Self, &str); 2] = [(Self::English, "English"), (Self::German, "Deutsch")];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The first of a reader's locales (BCP 47, the dearest first) that there are texts in; English if there is none.
    pub fn of_reader<'a>(locales: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known = locales.into_iter().filter_map(Self::of);
        known.next().unwrap_or_default()
    }

    /// The language of a locale, whatever its region or script.
    pub fn of(locale: &str) -> Option<Self> {
        let first = locale.split(['-', '_']).next()?;
        let mut all = Self::ALL.iter().map(|(language, _)| *language);
        all.find(|language| first.eq_ignore_ascii_case(language.tag()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_known_is_taken() {
        assert_eq!(Language::of_reader(["de-AT", "en"]), Language::German);
        assert_eq!(
            Language::of_reader(["fr-FR", "DE_de", "en-GB"]),
            Language::German
        );
        assert_eq!(Language::of_reader(["fr", "den"]), Language::English);
        assert_eq!(Language::of_reader([]), Language::English);
    }
}
