//! What was ever stored stays readable. `golden/v1` is what the first release wrote, byte for byte;
//! each later schema has a folder of its own. None of these files is ever changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod limits;
mod packed;
mod table;
mod texts;

use std::path::PathBuf;

/// A golden file.
fn golden(schema: u8, name: &str) -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    tests.join(format!("golden/v{schema}")).join(name)
}

fn read(schema: u8, name: &str) -> Vec<u8> {
    let file = golden(schema, name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
