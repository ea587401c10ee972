//! What only building the app needs, as a program of its own, because it is most of what the developer
//! commands would be compiled from.
//!
//! `bind IN.wasm FOLDER` cuts what the compiler made of the app into parts, and writes `app.js`, `app_bg.wasm`,
//! and for the parts that are loaded later `parts.js` (loads them), their modules, and `parts.json` (which
//! modules each needs); `compress FOLDER` puts a `.br` and a `.gz` beside each of the app's scripts, styles and
//! modules.

mod bundles;
mod compress;
mod cut;
mod join;
mod script;

use std::env::args_os;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = args_os().skip(1);
    let command = arguments.next().context("which command?")?;
    let mut paths = arguments.map(PathBuf::from);
    let mut path = move || paths.next().context("which path?");
    match command.to_str() {
        Some("bind") => bind(&path()?, &path()?),
        Some("compress") => compress::folder(&path()?),
        _ => bail!("there is no such command"),
    }
}

fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let first = folder.join("first.wasm");
    cut::cut(compiled, folder, &first)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&first).out_name("app").typescript(false);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts that come later find there what they share with the first.
        .keep_lld_exports(true);
    // The path is given by boot.js, because the file's name carries a hash.
    bindgen.omit_default_module_path(true).web(true)?;
    let mut output = bindgen.generate_output()?;
    let script = script::shortened(&mut output)?;
    output.emit(folder)?;
    fs::write(folder.join("app.js"), script)?;
    fs::remove_file(first)?;
    Ok(())
}
