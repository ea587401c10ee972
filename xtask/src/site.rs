//! Where the built app lies, and what it is cut into.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cargo::target;

/// The folder that the app is built into.
pub(crate) fn folder() -> PathBuf {
    target().join("site")
}

/// What the generator writes into.
pub(crate) fn bound() -> PathBuf {
    target().join("bindgen")
}

/// The parts of the app that are fetched later, and the modules of each.
pub(crate) type Parts = BTreeMap<String, Vec<String>>;

/// The parts of the app that was built.
pub(crate) fn parts() -> Result<Parts> {
    let parts = fs::read(bound().join("parts.json"));
    let parts = parts.context("the app is not built: cargo xtask app")?;
    Ok(serde_json::from_slice(&parts)?)
}
