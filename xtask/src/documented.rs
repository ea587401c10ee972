//! Every public item of a library says in a comment what it is or why. Fields and variants need none where
//! their name says it all, which rustc's own lint (`missing_docs`) does not tell apart.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::cargo::root;
use crate::headers::collect;

/// Folders of libraries that others use.
const FOLDERS: [&str; 3] = ["shared/src", "functions", "tests/cloud/src"];
/// What begins a public item, after `pub` or in a public trait.
const ITEMS: [&str; 10] = [
    "fn ",
    "async fn ",
    "const fn ",
    "struct ",
    "enum ",
    "trait ",
    "type ",
    "const ",
    "static ",
    "macro ",
];

/// Looks at every source file; the error names each item without a comment.
pub(crate) fn check() -> Result<()> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root().join(folder), &mut files)?;
    }
    let mut bare = Vec::new();
    for file in files.iter().filter(is_source) {
        let shown = file.strip_prefix(root()).unwrap_or(file).display();
        let lines = bare_items(&fs::read_to_string(file)?);
        bare.extend(lines.into_iter().map(|line| format!("{shown}:{line}")));
    }
    if !bare.is_empty() {
        bail!("public items without a comment:\n  {}", bare.join("\n  "));
    }
    Ok(())
}

fn is_source(file: &&PathBuf) -> bool {
    let in_tests = |part: &std::ffi::OsStr| part == "tests" || part == "tests.rs";
    let inside = file.strip_prefix(root()).unwrap_or(file);
    // The crate of the stand-in for AWS lies in a folder of that name.
    !inside.iter().skip(1).any(in_tests)
}

/// The numbers of the lines with public items that no comment is before.
fn bare_items(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let mut bare = Vec::new();
    let mut in_trait = false;
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with("mod tests {") {
            break;
        }
        if line.starts_with("pub trait ") {
            in_trait = !line.ends_with('}');
        } else if line.starts_with('}') {
            in_trait = false;
        }
        let inside = line.trim_start();
        let item = match inside.strip_prefix("pub ") {
            None if in_trait && line.starts_with("    ") && !line.starts_with("     ") => inside,
            Some(item) => item,
            None => continue,
        };
        let is_item = ITEMS.iter().any(|begin| item.starts_with(begin));
        if is_item && !is_documented(&lines[..index]) {
            bare.push(index + 1);
        }
    }
    bare
}

/// Whether a comment stands before what comes next, attributes left aside.
fn is_documented(before: &[&str]) -> bool {
    let mut lines = before.iter().rev().map(|line| line.trim());
    while let Some(line) = lines.next() {
        if line.starts_with("#[") {
            continue;
        }
        if line.ends_with(")]") {
            // The end of an attribute of several lines.
            lines.by_ref().find(|line| line.starts_with("#["));
            continue;
        }
        // A macro hands over the comments that it was given.
        return ["///", "#[doc", "$(#["]
            .iter()
            .any(|begin| line.starts_with(begin));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_need_a_comment_and_fields_need_none() {
        let text = "\
/// What it is.
#[derive(
    Debug,
)]
pub struct A {
    pub name: String,
}
pub enum B {
    One,
}
/// Does it.
pub trait C {
    /// Does it.
    async fn one(&self);
    fn two(&self);
}
impl C for A {
    fn two(&self) {}
}
pub(crate) fn inside() {}
mod tests {
    pub fn three() {}
}
";
        assert_eq!(bare_items(text), [8, 15]);
    }
}
