//! A source file as words and signs, without comments, text and what is compiled for tests alone.

/// The words, each `::`, and each other sign that is not a blank.
pub(super) fn tokens(text: &str) -> Vec<String> {
    without_tests(words(text))
}

fn words(text: &str) -> Vec<String> {
    let all: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&now) = all.get(at) {
        let next = all.get(at + 1).copied();
        let from = at;
        if now == '/' && next == Some('/') {
            at += all[at..].iter().take_while(|c| **c != '\n').count();
        } else if now == '/' && next == Some('*') {
            at = after_comment(&all, at);
        } else if let Some(hashes) = raw_text(&all, at) {
            at = after_raw_text(&all, at, hashes);
        } else if now == '"' {
            at = after_text(&all, at);
            let inside: String = all[from + 1..at.saturating_sub(1).max(from + 1)]
                .iter()
                .collect();
            // A path that an attribute names, as in `serde(with = "super::name")`.
            if inside.starts_with("crate::") || inside.starts_with("super::") {
                found.extend(words(&inside));
            }
        } else if now == '\'' {
            at = after_quote(&all, at);
        } else if now.is_alphanumeric() || now == '_' {
            at += all[at..]
                .iter()
                .take_while(|c| c.is_alphanumeric() || **c == '_')
                .count();
            found.push(all[from..at].iter().collect());
        } else if now == ':' && next == Some(':') {
            at += 2;
            found.push("::".to_owned());
        } else {
            at += 1;
            if !now.is_whitespace() {
                found.push(now.to_string());
            }
        }
    }
    found
}

fn after_comment(all: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at < all.len() {
        match (all[at], all.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The number of `#` of a raw text that begins here.
fn raw_text(all: &[char], at: usize) -> Option<usize> {
    let rest = match &all[at..] {
        ['b', 'r', rest @ ..] | ['r', rest @ ..] => rest,
        _ => return None,
    };
    let in_word = at > 0 && (all[at - 1].is_alphanumeric() || all[at - 1] == '_');
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    (!in_word && rest.get(hashes) == Some(&'"')).then_some(hashes)
}

fn after_raw_text(all: &[char], from: usize, hashes: usize) -> usize {
    let begin = from + all[from..].iter().take_while(|c| **c != '"').count() + 1;
    (begin..all.len())
        .find(|at| {
            all[*at] == '"'
                && all[at + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|c| **c == '#')
                    .count()
                    == hashes
        })
        .map_or(all.len(), |at| at + 1 + hashes)
}

fn after_text(all: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < all.len() && all[at] != '"' {
        at += if all[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(all.len())
}

/// After a character, or after the quote of a lifetime.
fn after_quote(all: &[char], from: usize) -> usize {
    match &all[from + 1..] {
        ['\\', _, rest @ ..] => from + 4 + rest.iter().take_while(|c| **c != '\'').count(),
        [_, '\'', ..] => from + 3,
        _ => from + 1,
    }
}

fn without_tests(words: Vec<String>) -> Vec<String> {
    const ATTRIBUTES: [&[&str]; 2] = [
        &["#", "[", "cfg", "(", "test"],
        &["#", "[", "cfg", "(", "all", "(", "test"],
    ];
    let mut left = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let for_tests = ATTRIBUTES
            .iter()
            .any(|begin| words[at..].iter().take(begin.len()).eq(*begin));
        if for_tests {
            at = after_item(&words, at);
        } else {
            left.push(words[at].clone());
            at += 1;
        }
    }
    left
}

/// After the item that an attribute stands before: its `;`, or the end of its braces.
fn after_item(words: &[String], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut imports = false;
    for (index, word) in words.iter().enumerate().skip(from) {
        match word.as_str() {
            "use" if depth == 0 => imports = true,
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && word == "}" && !imports {
                    return index + 1;
                }
            }
            ";" | "," if depth == 0 => return index + 1,
            _ => {}
        }
    }
    words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_comments_text_and_tests_out() {
        let text = r##"
            // crate::a
            /* crate::b /* crate::c */ */
            const A: &str = "one \" crate::d"; const B: char = '"'; const C: char = '\'';
            fn d<'x>() { r#"crate::e"#; crate::f() }
            #[cfg(test)] use crate::{g};
            #[cfg(test)] mod tests { use crate::h; }
            #[serde(with = "super::i")] struct J;
        "##;
        let words = tokens(text).join(" ");
        assert_eq!(words.matches("crate").count(), 1, "{words}");
        assert!(words.contains("{ ; crate :: f ( ) }"), "{words}");
        assert!(
            words.ends_with("( with = super :: i ) ] struct J ;"),
            "{words}"
        );
    }
}
