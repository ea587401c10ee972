//! `bindgen IN.wasm FOLDER`: writes `app.js` and `app_bg.wasm` from what the compiler made of the app.
//!
//! A program of its own, because the generator is most of what the developer commands would be compiled
//! from, and only building the app needs it.

use std::env::args_os;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = args_os().skip(1).map(PathBuf::from);
    let compiled = arguments.next().context("which file?")?;
    let folder = arguments.next().context("into which folder?")?;
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
