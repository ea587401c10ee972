//! A message with places to fill.
//!
//! A pattern is its text; what has to be filled in is marked by control characters, which no text has:
//! [`ARG`] and the argument's place for a value, and [`SELECT`], the argument's place, and variants for a choice.
//! A variant is its key, [`IS`], and its pattern; [`NEXT`] stands between variants and the last one, without a key,
//! is taken if no other fits; [`END`] ends the choice.

use crate::numbers::number;

pub(crate) const ARG: char = '\u{1}';
pub(crate) const SELECT: char = '\u{2}';
pub(crate) const IS: char = '\u{3}';
pub(crate) const NEXT: char = '\u{4}';
pub(crate) const END: char = '\u{5}';
/// Around what is to stand out.
pub(crate) const STRONG: char = '\u{6}';
pub(crate) const PLAIN: char = '\u{7}';
/// In a pattern that texts are fitted to: a value that is written as a number, one that is a phrase itself, and one that
/// is a phrase or another server's words.
pub(crate) const WRITTEN: char = '\u{8}';
pub(crate) const PROSE: char = '\u{b}';
pub(crate) const CAUSE: char = '\u{c}';
/// The place of an argument is a character too: this one for the first.
pub(crate) const FIRST_PLACE: u32 = 0x20;

/// Something to fill in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arg<'a> {
    /// Written as the reader writes numbers; it chooses plural forms.
    Number(u64),
    /// Written as it is; it chooses a variant of its name.
    Text(&'a str),
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl Arg<'_> {
    /// Whether it chooses the variant with this key. English and German have one form for 1 and one for all else
    /// (CLDR plural rules, cardinals: one where i = 1 and v = 0).
    fn is(self, key: &str) -> bool {
        match self {
            Self::Number(number) => match key {
                "one" => number == 1,
                key => key.parse() == Ok(number),
            },
            Self::Text(text) => text == key,
        }
    }
}

/// Fills a pattern. What is not there to fill in stays empty.
pub(crate) fn fill(pattern: &str, args: &[Arg<'_>]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 16);
    write(pattern, args, &mut filled);
    filled
}

fn write(pattern: &str, args: &[Arg<'_>], filled: &mut String) {
    let mut rest = pattern;
    while let Some(at) = rest.find([ARG, SELECT]) {
        let (before, marked) = rest.split_at(at);
        filled.push_str(before);
        let mut marks = marked.chars();
        let mark = marks.next();
        let arg = marks.next().and_then(|place| arg(place, args));
        rest = marks.as_str();
        if mark == Some(ARG) {
            match arg {
                Some(Arg::Number(value)) => filled.push_str(&number(value)),
                Some(Arg::Text(text)) => filled.extend(text.chars().filter(|it| !is_mark(*it))),
                None => {}
            }
        } else {
            let (variants, after) = at_depth(rest, END);
            write(chosen(variants, arg), args, filled);
            rest = after;
        }
    }
    filled.push_str(rest);
}

fn arg<'a>(place: char, args: &[Arg<'a>]) -> Option<Arg<'a>> {
    let index = u32::from(place).checked_sub(FIRST_PLACE)?;
    args.get(usize::try_from(index).ok()?).copied()
}

/// A value may hold anything; what would be taken for a mark is left out.
fn is_mark(letter: char) -> bool {
    (ARG..=PLAIN).contains(&letter)
}

fn chosen<'a>(variants: &'a str, arg: Option<Arg<'_>>) -> &'a str {
    let mut rest = variants;
    loop {
        let (variant, after) = at_depth(rest, NEXT);
        let (key, pattern) = variant.split_once(IS).unwrap_or_default();
        if key.is_empty() || arg.is_some_and(|arg| arg.is(key)) {
            return pattern;
        }
        if after.is_empty() {
            return "";
        }
        rest = after;
    }
}

/// What is before the first `mark` that belongs to no choice inside, and what is behind it.
pub(crate) fn at_depth(text: &str, mark: char) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if depth == 0 && letter == mark => {
                return (&text[..at], &text[at + mark.len_utf8()..]);
            }
            SELECT => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (text, "")
}

/// A text cut into pieces, each with whether it is to stand out.
pub fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let cut = text.split(STRONG).enumerate().flat_map(|(index, part)| {
        let (strong, plain) = match part.split_once(PLAIN) {
            Some(halves) if index > 0 => halves,
            _ => ("", part),
        };
        [(true, strong), (false, plain)]
    });
    cut.filter(|(_, piece)| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_may_hold_another() {
        let pattern = "\u{2}\u{20}0\u{3}none\u{4}one\u{3}one \u{2}\u{21}a\u{3}A\u{4}\u{3}B\u{5}!\u{4}\u{3}\u{1}\u{20} of them\u{5}.";
        let say = |count, name| fill(pattern, &[Arg::Number(count), Arg::Text(name)]);
        assert_eq!(say(0, "a"), "none.");
        assert_eq!(say(1, "a"), "one A!.");
        assert_eq!(say(1, "x"), "one B!.");
        assert_eq!(say(2_000, "x"), "2,000 of them.");
    }

    #[test]
    fn what_is_not_there_stays_empty_and_a_value_marks_nothing() {
        assert_eq!(fill("a \u{1}\u{25}b", &[]), "a b");
        assert_eq!(
            fill("“\u{1}\u{20}”", &[Arg::Text("x\u{6}y\u{1} z")]),
            "“xy z”"
        );
        assert_eq!(fill("\u{2}\u{20}", &[]), "");
        assert_eq!(fill("\u{1}", &[]), "");
    }

    #[test]
    fn pieces_know_what_stands_out() {
        let all: Vec<_> = pieces("You \u{6}must\u{7} go \u{6}now\u{7}").collect();
        assert_eq!(
            all,
            [
                (false, "You "),
                (true, "must"),
                (false, " go "),
                (true, "now")
            ]
        );
        assert_eq!(pieces("plain").collect::<Vec<_>>(), [(false, "plain")]);
    }
}
