//! The template's files, and the scripts that work on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::cargo::{command, root, run, target};
use crate::python;

/// The template as it is written.
pub(crate) fn source() -> PathBuf {
    root().join("infra").join("template.yaml")
}

/// The translated template.
pub(crate) fn template() -> PathBuf {
    target().join("infra").join("template.json")
}

/// One of our scripts in `infra`, run by the environment's Python.
pub(super) fn script(name: &str) -> Command {
    let mut python = command(&python::program("python"));
    python.arg(root().join("infra").join(name));
    python
}

/// Translates each first path to the second.
pub(super) fn translate(pairs: &[(PathBuf, PathBuf)]) -> Result<()> {
    let paths = pairs.iter().flat_map(|(from, to)| [from, to]);
    run(script("translate.py").args(paths))
}

/// A translated template.
pub(super) fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(serde_json::from_slice(&text)?)
}
