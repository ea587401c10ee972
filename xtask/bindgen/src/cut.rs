//! Cuts the compiled app at its functions that are marked with `#[wasm_split]`: what only such a function
//! reaches becomes a module of its own, and what several reach but not the rest, one that those share.

use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// Writes the first part, which still has to be bound to JavaScript, and beside it the others, the script
/// that loads them, and which of them each page needs.
pub(crate) fn cut(compiled: &Path, folder: &Path, first: &Path) -> Result<()> {
    let module = fs::read(compiled)?;
    let mut options = Options::new(&module);
    options.output_dir = folder;
    options.main_out_path = first;
    options.link_name = "./parts.js";
    options.main_module = "./app.js";
    let parts = transform(options).map_err(|why| anyhow!("the app cannot be cut: {why:#}"))?;
    fs::write(
        folder.join("parts.json"),
        serde_json::to_vec(&parts.prefetch_map)?,
    )?;
    Ok(())
}
