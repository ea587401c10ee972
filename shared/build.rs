//! Makes the functions that say the shared texts, one for each message of `words/en.ftl`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use bulkhead_words::compile::{Pair, functions};

/// The shared crate is the first to say something.
const PLACE: usize = 0;

fn main() -> Result<(), Box<dyn Error>> {
    for file in ["words/en.ftl", "words/de.ftl"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let pair = Pair::in_folder(Path::new("words"));
    let written = Path::new(&env::var("OUT_DIR")?).join("words.rs");
    fs::write(written, functions(&pair, PLACE)?)?;
    Ok(())
}
