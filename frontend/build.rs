//! Makes the functions that say the app's texts, one for each message of `words/en.ftl`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use bulkhead_words::compile::{Pair, functions};

/// The app says its texts after the shared crate.
const PLACE: usize = 1;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=words");
    let pair = Pair::in_folder(Path::new("words"));
    let written = Path::new(&env::var("OUT_DIR")?).join("words.rs");
    fs::write(written, functions(&pair, PLACE)?)?;
    Ok(())
}
