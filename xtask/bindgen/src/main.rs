//! What only building the app needs, as a program of its own, because it is most of what the developer
//! commands would be compiled from.
//!
//! `bind IN.wasm FOLDER` writes `app.js` and `app_bg.wasm` from what the compiler made of the app;
//! `compress FOLDER` puts a `.br` and a `.gz` beside each of the app's scripts, styles and modules.

mod compress;

use std::env::args_os;
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
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("app")
        .typescript(false);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true);
    // The path is given by boot.js, because the file's name carries a hash.
    bindgen.omit_default_module_path(true).web(true)?;
    bindgen.generate(folder)
}
