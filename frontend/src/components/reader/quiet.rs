//! Styles and event handlers in attributes, under other names. Under the app's policy a browser refuses each of them,
//! and complains, as soon as it reads them, wherever that is. Nothing but its silence depends on this: what is odd HTML
//! is left as it is.

/// What a `style` attribute is called instead.
pub const STYLE: &str = "data-style";

/// The same HTML with `data-` before each such attribute's name.
pub fn quiet(html: &str) -> String {
    let mut renamed = String::with_capacity(html.len() + html.len() / 16);
    let mut place = Place::Text;
    let mut kept = 0;
    let letters = html.as_bytes();
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied().unwrap_or(b' ');
        place = match (place, letter) {
            (Place::Text, b'<') if next.is_ascii_alphabetic() => Place::Tag,
            (Place::Tag, b'>') => Place::Text,
            (Place::Tag, b'"' | b'\'') => Place::Quoted(*letter),
            (Place::Quoted(quote), letter) if quote == *letter => Place::Tag,
            (place, _) => place,
        };
        let may_end = letter.is_ascii_whitespace() || matches!(letter, b'/' | b'"' | b'\'');
        let behind = html
            .get(at + 1..)
            .filter(|_| place == Place::Tag && may_end);
        if behind.is_some_and(begins_such) {
            renamed.push_str(&html[kept..=at]);
            renamed.push_str("data-");
            kept = at + 1;
        }
    }
    renamed.push_str(&html[kept..]);
    renamed
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag,
    /// A value in a tag, up to this sign.
    Quoted(u8),
}

fn begins_such(html: &str) -> bool {
    let name = html.split(|letter: char| !letter.is_ascii_alphabetic());
    let name = name.into_iter().next().unwrap_or_default();
    let handles = name
        .get(..2)
        .is_some_and(|on| on.eq_ignore_ascii_case("on"));
    (handles || name.eq_ignore_ascii_case("style"))
        && html[name.len()..].trim_start().starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_renamed_and_words_are_not() {
        for (before, after) in [
            (
                "<p style=\"a\">style=x</p>",
                "<p data-style=\"a\">style=x</p>",
            ),
            ("<p\nSTYLE = 'a'>", "<p\ndata-STYLE = 'a'>"),
            (
                "<p class=\"a\"style=b/style=c>",
                "<p class=\"a\"data-style=b/data-style=c>",
            ),
            ("<a title=\" style=1\">", "<a title=\" style=1\">"),
            ("1 < 2 style=3 ü", "1 < 2 style=3 ü"),
            ("<style>p {}</style>", "<style>p {}</style>"),
            ("<p ü style=x", "<p ü data-style=x"),
            ("<p style", "<p style"),
            ("<img src=a OnError=b>", "<img src=a data-OnError=b>"),
            ("<p one two=on three>", "<p one two=on three>"),
        ] {
            assert_eq!(quiet(before), after);
        }
    }
}
