//! What the app says stands in its language files, and nowhere in its code.

use std::fs;

use anyhow::{Result, bail};

use crate::cargo::root;
use crate::headers::collect;

/// Looks at every source file of the app; the error names what is said in it.
pub(crate) fn check() -> Result<()> {
    let mut files = Vec::new();
    collect(&root().join("frontend/src"), &mut files)?;
    let mut said = Vec::new();
    for file in files {
        if file.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let name = file
            .strip_prefix(root())
            .unwrap_or(&file)
            .display()
            .to_string();
        for (line, text) in sentences(&fs::read_to_string(&file)?) {
            said.push(format!("{name}:{line}: {text}"));
        }
    }
    if !said.is_empty() {
        bail!(
            "texts that belong into frontend/words/en.ftl and de.ftl:\n  {}",
            said.join("\n  ")
        );
    }
    Ok(())
}

/// The texts of a source that somebody would read, each with its line; what only compilers and tests read is passed
/// over.
fn sentences(source: &str) -> Vec<(usize, String)> {
    let lines = source.lines().enumerate();
    let of_the_app = lines.take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    let read = of_the_app.filter(|(_, line)| {
        let line = line.trim();
        !line.starts_with("//") && !line.starts_with("reason = ")
    });
    let texts = read.flat_map(|(number, line)| {
        let texts = line.split('"').skip(1).step_by(2);
        texts.map(move |text| (number + 1, text.to_owned()))
    });
    texts.filter(|(_, text)| is_sentence(text)).collect()
}

/// Begins a sentence: a word with a capital letter, and one without behind it.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(2).any(|pair| {
        let mut first = pair[0].chars();
        let is_capital = first.next().is_some_and(char::is_uppercase);
        let goes_on = first.next().is_some_and(char::is_lowercase);
        let is_word = pair[1].len() > 1 && pair[1].starts_with(char::is_lowercase);
        is_capital && goes_on && is_word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_reads_is_found_and_nothing_else() {
        let source = r#"
//! "Nothing here is said."
let (class, said) = ("button primary", "Try again");
let name = format!("Bearer {token}");
const KEYS: &str = "Enter, e";
    reason = "The names say it",
html! { <p title="Move it">{ "x" }</p> }
#[cfg(test)]
mod tests { const A: &str = "Not looked at"; }
"#;
        let found = [(3, "Try again".to_owned()), (7, "Move it".to_owned())];
        assert_eq!(sentences(source), found);
    }
}
