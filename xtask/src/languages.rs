//! The languages of the app other than English, packed as its browser fetches them.

use std::fs;

use anyhow::{Result, bail};
use bulkhead_words::compile::{Pair, packed};

use crate::cargo::root;
use crate::headers::collect;

/// The file of German, before it has a hash in its name.
pub(crate) const GERMAN: &str = "de.txt";

/// What the app says in German: of the shared texts and of its own, in the order of their places, and what servers say:
/// their own texts before the shared ones, which name a word alone too.
pub(crate) fn german() -> Result<String> {
    let of = |folder: &str| Pair::in_folder(&root().join(folder));
    let (shared, app, servers) = (
        of("shared/words"),
        of("frontend/words"),
        of("functions/words"),
    );
    Ok(packed(&[shared.clone(), app], &[servers, shared])?)
}

/// Looks whether servers still say what their language file has them say; the error names each message that they do not.
pub(crate) fn check_servers() -> Result<()> {
    let mut files = Vec::new();
    for folder in ["functions", "shared/src"] {
        collect(&root().join(folder), &mut files)?;
    }
    let mut code =
        fs::read_to_string(root().join("functions/connectors/src/discover/providers.json"))?;
    let files = files.iter().filter(|file| {
        let mut folders = file.iter();
        folders.any(|it| it == "src") && file.file_name().is_none_or(|it| it != "tests.rs")
    });
    for file in files {
        code.push_str(&without_breaks(&fs::read_to_string(file)?));
    }
    let english = fs::read_to_string(root().join("functions/words/en.ftl"))?;
    let unsaid: Vec<&str> = english
        .lines()
        .filter(|line| !is_said(line, &code))
        .collect();
    if !unsaid.is_empty() {
        bail!(
            "no server says this any more (functions/words/en.ftl):\n  {}",
            unsaid.join("\n  ")
        );
    }
    Ok(())
}

/// A source whose texts stand on one line each.
fn without_breaks(source: &str) -> String {
    let mut lines = source.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |whole, line| whole + line.trim_start())
}

/// Whether the longest piece of a line between values stands in the code. A sentence may begin with a small letter there.
fn is_said(line: &str, code: &str) -> bool {
    let said = line.split_once(" = ").map_or(line, |(_, said)| said);
    let said = said
        .trim_start()
        .split_once("] ")
        .map_or(said, |(_, said)| said);
    let mut open = said.split('{');
    let first = open.next();
    let behind = open.map(|piece| piece.split_once('}').map_or("", |it| it.1));
    let pieces = first.into_iter().chain(behind);
    let longest = pieces
        .max_by_key(|piece| piece.len())
        .unwrap_or_default()
        .trim();
    let mut letters = longest.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    let small: String = first.chain(letters.as_str().chars()).collect();
    line.starts_with('#') || code.contains(longest) || code.contains(&small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_server_says_is_told() {
        let code = without_breaks("format!(\"it is {so}, and \\\n     stays\")");
        assert!(is_said("a = It is { $so }, and stays", &code));
        assert!(!is_said("a = It is { $so }, and goes", &code));
        assert!(is_said("### what stays", &code));
        assert!(is_said("   *[other] and stays", &code));
        assert!(is_said("a = it is { $count ->", &code));
    }
}
