//! Every module says in its first line what it is for. `tests.rs` beside a module need not: its
//! place says it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cargo::root;

/// Folders with source of ours.
const FOLDERS: [&str; 5] = ["shared", "frontend", "functions", "tests", "xtask"];

/// Looks at every `.rs` file; the error names those that do not begin with `//!`.
pub(crate) fn check() -> Result<()> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root().join(folder), &mut files)?;
    }
    let mut bare = Vec::new();
    for file in files {
        let is_named_by_its_place = file.file_name().is_some_and(|name| name == "tests.rs");
        if !is_named_by_its_place && !fs::read_to_string(&file)?.starts_with("//!") {
            bare.push(
                file.strip_prefix(root())
                    .unwrap_or(&file)
                    .display()
                    .to_string(),
            );
        }
    }
    if !bare.is_empty() {
        bail!(
            "files that do not begin with a module header (//!):\n  {}",
            bare.join("\n  ")
        );
    }
    Ok(())
}

/// Every `.rs` file in a folder and those in it.
pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
