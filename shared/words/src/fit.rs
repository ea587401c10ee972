//! Whether a text was made of a pattern, and of which values.

use crate::pattern::{
    ARG, Arg, CAUSE, END, FIRST_PLACE, IS, NEXT, PROSE, SELECT, WRITTEN, at_depth,
};

/// A value that a text was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    /// The text does not tell it.
    Untold,
    Number(u64),
    Text(String),
}

impl Bound {
    pub(crate) fn arg(&self) -> Arg<'_> {
        match self {
            Self::Untold => Arg::Text(""),
            Self::Number(number) => Arg::Number(*number),
            Self::Text(text) => Arg::Text(text),
        }
    }
}

/// Says a value that is a phrase itself, or may be another server's words.
pub(crate) type Say<'a> = &'a dyn Fn(&str, bool) -> Option<String>;

/// Letters of a pattern of which texts tell that they were made of it, whatever its values are.
const WORDY: usize = 6;

/// Whether a pattern has enough words of its own.
pub(crate) fn is_wordy(pattern: &str) -> bool {
    pattern
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .count()
        >= WORDY
}

/// The values that make this text of the pattern; none if it was made of another one.
pub(crate) fn fit(pattern: &str, text: &str, say: Say<'_>) -> Option<Vec<Bound>> {
    // Most are told apart by how they end.
    if !text.ends_with(end(pattern)) {
        return None;
    }
    let mut bound = Vec::new();
    go(pattern, text, &mut bound, say).then_some(bound)
}

/// What stands behind the last value or choice.
fn end(pattern: &str) -> &str {
    let Some(at) = pattern.rfind(char::is_control) else {
        return pattern;
    };
    let mut marks = pattern[at..].chars();
    if marks.next() != Some(END) {
        // The place of a value.
        marks.next();
    }
    marks.as_str()
}

/// Where a value may end: where what stands behind it begins.
fn ends(pattern: &str, text: &str) -> Vec<usize> {
    let literal = pattern
        .find(char::is_control)
        .map_or(pattern, |at| &pattern[..at]);
    match literal {
        "" if pattern.is_empty() => vec![text.len()],
        "" => text.char_indices().map(|(at, _)| at).collect(),
        literal => text.match_indices(literal).map(|(at, _)| at).collect(),
    }
}

fn go(pattern: &str, text: &str, bound: &mut Vec<Bound>, say: Say<'_>) -> bool {
    let Some(at) = pattern.find([ARG, WRITTEN, PROSE, CAUSE, SELECT]) else {
        return pattern == text;
    };
    let (before, marked) = pattern.split_at(at);
    let Some(text) = text.strip_prefix(before) else {
        return false;
    };
    let mut marks = marked.chars();
    let (Some(mark), Some(place)) = (marks.next(), marks.next().and_then(place)) else {
        return false;
    };
    if bound.len() <= place {
        bound.resize(place + 1, Bound::Untold);
    }
    match mark {
        SELECT => chosen(marks.as_str(), text, place, bound, say),
        mark => filled(mark, marks.as_str(), text, place, bound, say),
    }
}

fn place(letter: char) -> Option<usize> {
    usize::try_from(u32::from(letter).checked_sub(FIRST_PLACE)?).ok()
}

/// The first variant of a choice that fits, with all that stands behind the choice.
fn chosen(pattern: &str, text: &str, place: usize, bound: &mut Vec<Bound>, say: Say<'_>) -> bool {
    let (mut variants, after) = at_depth(pattern, END);
    while !variants.is_empty() {
        let (variant, rest) = at_depth(variants, NEXT);
        let (key, variant) = variant.split_once(IS).unwrap_or_default();
        let mut with = bound.clone();
        if go(&format!("{variant}{after}"), text, &mut with, say) && chooses(key, &mut with[place])
        {
            *bound = with;
            return true;
        }
        variants = rest;
    }
    false
}

/// Whether a value chooses the variant of this key; one that the text does not tell is told by it.
fn chooses(key: &str, value: &mut Bound) -> bool {
    let number = if key == "one" {
        Some(1)
    } else {
        key.parse().ok()
    };
    match (value.arg(), number) {
        _ if key.is_empty() => true,
        (Arg::Number(told), Some(number)) => told == number,
        (Arg::Text(""), Some(number)) => {
            *value = Bound::Number(number);
            true
        }
        (Arg::Text(""), None) => {
            *value = Bound::Text(key.to_owned());
            true
        }
        (Arg::Text(told), None) => told == key,
        _ => false,
    }
}

/// The shortest value that fits, with all that stands behind it.
fn filled(
    mark: char,
    pattern: &str,
    text: &str,
    place: usize,
    bound: &mut Vec<Bound>,
    say: Say<'_>,
) -> bool {
    let ends = ends(pattern, text).into_iter();
    for end in ends.filter(|end| *end > 0) {
        let (value, rest) = text.split_at(end);
        if mark == WRITTEN && !value.bytes().all(|it| it.is_ascii_digit() || it == b',') {
            return false;
        }
        let mut with = bound.clone();
        if !go(pattern, rest, &mut with, say) {
            continue;
        }
        let value = match mark {
            WRITTEN => value.replace(',', "").parse().ok().map(Bound::Number),
            PROSE | CAUSE => say(value, mark == CAUSE).map(Bound::Text),
            _ => Some(Bound::Text(value.to_owned())),
        };
        if let Some(value) = value {
            with[place] = value;
            *bound = with;
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pattern: &str, text: &str) -> Option<Vec<Bound>> {
        fit(pattern, text, &|_, _| None)
    }

    #[test]
    fn a_count_that_is_not_written_is_told_by_its_variant() {
        let pattern = "\u{2}\u{20}one\u{3}1 row is\u{4}\u{3}\u{8}\u{20} rows are\u{5} left out.";
        assert_eq!(
            values(pattern, "1 row is left out."),
            Some(vec![Bound::Number(1)])
        );
        assert_eq!(
            values(pattern, "1,200 rows are left out."),
            Some(vec![Bound::Number(1_200)])
        );
        assert_eq!(values(pattern, "no rows are left out."), None);
        assert_eq!(values(pattern, "1 row is left out"), None);
    }

    #[test]
    fn values_are_the_shortest_that_fit() {
        let pattern = "“\u{1}\u{20}” and “\u{1}\u{21}”.";
        let text = |text: &str| Bound::Text(text.to_owned());
        assert_eq!(
            values(pattern, "“a” and “b” and “c”."),
            Some(vec![text("a"), text("b” and “c")])
        );
        assert_eq!(values(pattern, "“” and “b”."), None);
        assert_eq!(values(pattern, "“ä”"), None);
    }
}
