//! Writing the names of fields into a template: which ones fit what was begun, and where they go.

use std::ops::Range;

/// What a template calls a column: as the server reads it.
pub fn name_of(column: &str) -> String {
    let letters = column.trim().chars().flat_map(char::to_lowercase);
    letters
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}

/// A name that somebody began to write, and the ones that it can become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Where the beginning stands, in bytes.
    begun: Range<usize>,
    /// The names, in the order of the columns.
    pub names: Vec<String>,
}

/// So many names are offered.
const OFFERED: usize = 6;

impl Completion {
    /// At this place of a text, in bytes; none where no name is being written, or it is whole.
    pub fn at(text: &str, place: usize, columns: &[String]) -> Option<Self> {
        let before = text.get(..place)?;
        let open = before.rfind("{{").max(before.rfind("{%"))?;
        let inside = &before[open + 2..];
        if inside.contains("}}") || inside.contains("%}") {
            return None;
        }
        let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let begun = inside.trim_end_matches(is_of_name).len();
        let word = inside[begun..].to_lowercase();
        let in_tag = before[open..].starts_with("{%");
        if word.is_empty() && (in_tag || inside.trim() != "") {
            return None;
        }
        let names = columns.iter().map(|column| name_of(column));
        let names = names.filter(|name| name.starts_with(&word) && *name != word);
        let names: Vec<String> = names.take(OFFERED).collect();
        let begun = open + 2 + begun..place;
        (!names.is_empty()).then_some(Self { begun, names })
    }

    /// The text with this name in the place of what was begun, and the place behind it. Braces that are not closed
    /// yet are.
    pub fn with(&self, text: &str, name: &str) -> (String, usize) {
        let (before, after) = (&text[..self.begun.start], &text[self.begun.end..]);
        let in_braces = before.rfind("{{") > before.rfind("{%");
        let blank = if before.ends_with("{{") { " " } else { "" };
        let is_closed = after.trim_start().starts_with("}}") || after.trim_start().starts_with('|');
        let close = if in_braces && !is_closed { " }}" } else { "" };
        let written = format!("{before}{blank}{name}{close}");
        let place = written.len();
        (written + after, place)
    }
}

/// The text with these words at a place, in bytes, and the place behind them.
pub fn insert(text: &str, place: usize, words: &str) -> (String, usize) {
    let place = (0..=place.min(text.len()))
        .rev()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0);
    let (before, after) = text.split_at(place);
    (format!("{before}{words}{after}"), place + words.len())
}

/// A place as the browser counts it (in units of UTF-16), in bytes.
pub fn bytes_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let stop = text.char_indices().find(|(_, c)| {
        let ends = left == 0;
        left = left.saturating_sub(c.len_utf16());
        ends
    });
    stop.map_or(text.len(), |(place, _)| place)
}

/// A place in bytes as the browser counts it.
pub fn units_of(text: &str, place: usize) -> u32 {
    let before = text.get(..place).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The template with every mention of a name replaced by another; what stands outside of braces stays.
pub fn renamed(template: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let inside = &rest[open + 2..];
        let end = inside.find("}}").into_iter().chain(inside.find("%}")).min();
        let end = end.unwrap_or(inside.len());
        out.push_str(&rest[..open + 2]);
        out.push_str(&renamed_inside(&inside[..end], old, new));
        rest = &inside[end..];
    }
    out + rest
}

fn renamed_inside(expression: &str, old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let mut quote = None;
    for c in expression.chars().chain(['\0']) {
        if quote.is_none() && (c.is_alphanumeric() || c == '_') {
            word.push(c);
            continue;
        }
        let is_it = !word.is_empty() && name_of(&word) == name_of(old);
        out.push_str(if is_it { new } else { &word });
        word.clear();
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn columns() -> Vec<String> {
        ["First name", "Amount", "Amt due", "Größe"]
            .map(str::to_owned)
            .to_vec()
    }

    fn offered(text: &str) -> Vec<String> {
        let found = Completion::at(text, text.len(), &columns());
        found.map_or_else(Vec::new, |found| found.names)
    }

    #[test]
    fn names_are_offered_where_one_is_written_and_nowhere_else() {
        assert_eq!(offered("Dear {{ am"), ["amount", "amt_due"]);
        assert_eq!(offered("Dear {{ AM"), ["amount", "amt_due"]);
        assert_eq!(offered("{% if gr"), ["größe"]);
        assert_eq!(offered("{{").len(), 4);
        assert_eq!(offered("{{ amount }} am"), [""; 0]);
        assert_eq!(offered("{{ amount"), [""; 0], "it is whole");
        assert_eq!(offered("am"), [""; 0]);
        assert_eq!(offered("{% "), [""; 0], "a tag comes first");
        assert_eq!(offered("{{ amount | "), [""; 0], "a filter comes next");
    }

    #[test]
    fn a_name_takes_the_place_of_what_was_begun_and_closes_its_braces() {
        let with = |text: &str, place: usize, name: &str| {
            Completion::at(text, place, &columns())
                .unwrap()
                .with(text, name)
        };
        assert_eq!(
            with("a {{ am", 7, "amount"),
            ("a {{ amount }}".to_owned(), 14)
        );
        assert_eq!(with("{{", 2, "amount").0, "{{ amount }}");
        assert_eq!(with("{{ am }}!", 5, "amount").0, "{{ amount }}!");
        assert_eq!(with("{% if am", 8, "amount").0, "{% if amount");
        assert_eq!(
            with("{{ am | upper }}", 5, "amount").0,
            "{{ amount | upper }}"
        );
    }

    #[test]
    fn places_are_counted_as_the_browser_does() {
        let text = "ä😀b";
        for (units, place) in [(0, 0), (1, 2), (3, 6), (4, 7), (99, 7)] {
            assert_eq!(bytes_of(text, units), place, "{units}");
        }
        assert_eq!((units_of(text, 6), units_of(text, 99)), (3, 4));
        assert_eq!(insert(text, 2, "-"), ("ä-😀b".to_owned(), 3));
        assert_eq!(insert(text, 3, "-").0, "ä-😀b", "never inside of a letter");
    }

    #[test]
    fn a_wrong_name_is_replaced_where_it_is_a_name() {
        let template = "ammount {{ ammount }} {% if Ammount == 'ammount' %}{{ my_ammount }}";
        assert_eq!(
            renamed(template, "ammount", "amount"),
            "ammount {{ amount }} {% if amount == 'ammount' %}{{ my_ammount }}"
        );
        assert_eq!(renamed("{{ open", "open", "shut"), "{{ shut");
    }
}
