//! `cargo xtask mutants`: changes the rules one little thing at a time and runs the tests: what no test
//! notices survives, and is explained in `mutants.txt` or has to be killed by a test. It takes hours, so it
//! is no part of `test`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::cargo::{alone, cargo, command, root, run, target};

/// cargo-mutants (MIT), which finds the places and runs the tests.
const VERSION: &str = "27.1.0";
/// Where the rules are: all of the engine and of what both sides share, and where connectors change things.
const FILES: [&str; 6] = [
    "functions/engine/src/**",
    "shared/src/**",
    "functions/connectors/src/imap/{change,moves,reconcile,flags}.rs",
    "functions/connectors/src/sandbox/change.rs",
    "functions/connectors/src/sandbox/contacts/change.rs",
    "functions/connectors/src/dav/change.rs",
];
/// Helpers of the tests themselves.
const NOT: [&str; 2] = ["functions/engine/src/testing/**", "**/tests.rs"];
/// A test that goes in circles has not noticed.
const SECONDS: &str = "300";

/// What `mutants` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only in files that match this pattern, for example `functions/engine/src/chunk/*.rs`
    #[arg(long)]
    file: Vec<String>,
    /// Only a sample of them all, for example every twentieth: `3/20`
    #[arg(long)]
    shard: Option<String>,
    /// Only this test program of the crate that is changed, for example `scenarios`: quicker, and more survive
    #[arg(long)]
    test: Vec<String>,
}

/// Runs the tests against every mutant, and fails for survivors that nobody has explained.
pub(crate) fn mutants(options: &Options) -> Result<()> {
    let tool = install()?;
    let mut mutants = command(&tool);
    // All crates: by itself it looks at those alone that are built by default.
    mutants.args(["mutants", "--workspace", "--no-shuffle"]);
    mutants.args(["--timeout", SECONDS, "--sharding", "round-robin"]);
    mutants.arg("--output").arg(target());
    let files = FILES.iter().map(ToString::to_string);
    let files: Vec<String> = match options.file.is_empty() {
        true => files.collect(),
        false => options.file.clone(),
    };
    for file in files {
        mutants.args(["--file", &file]);
    }
    for file in NOT {
        mutants.args(["--exclude", file]);
    }
    if let Some(shard) = &options.shard {
        mutants.args(["--shard", shard]);
    }
    // What comes after two dashes would not count when the tests are built, and they would be built twice.
    mutants.arg("--all-features");
    for test in &options.test {
        mutants.arg(format!("--cargo-arg=--test={test}"));
    }
    // It ends with a code of its own for survivors; what they are is in its files.
    let status = mutants.status().context("cannot start cargo-mutants")?;
    let found = target().join("mutants.out");
    let missed = fs::read_to_string(found.join("missed.txt"));
    let missed = missed.with_context(|| format!("cargo-mutants ended with {status}"))?;
    let caught = fs::read_to_string(found.join("caught.txt")).unwrap_or_default();
    judge(&missed, caught.lines().count(), &explained()?)
}

/// The pinned version, in a folder of its own.
fn install() -> Result<String> {
    let _alone = alone("mutants-tool")?;
    let folder = target().join("tools").join(VERSION);
    let tool = folder.join("bin").join("cargo-mutants");
    if !tool.exists() {
        let mut install = cargo(&["install", "--locked", "cargo-mutants", "--version", VERSION]);
        run(install.arg("--root").arg(folder))?;
    }
    Ok(tool.display().to_string())
}

/// Survivors that cannot or need not be killed, each with why.
fn explained() -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(root().join("xtask/mutants.txt"))?;
    parse(&text)
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let explained = lines.map(|line| {
        let (mutant, why) = line
            .split_once(" -- ")
            .with_context(|| format!("no reason: {line}"))?;
        Ok((mutant.trim().to_owned(), why.trim().to_owned()))
    });
    explained.collect()
}

fn judge(missed: &str, caught: usize, explained: &BTreeMap<String, String>) -> Result<()> {
    let missed: Vec<&str> = missed.lines().collect();
    let all = missed.len() + caught;
    if all == 0 {
        bail!("no mutant was tried");
    }
    eprintln!("{} of {all} mutants survived.", missed.len());
    let is_new = |mutant: &&&str| !explained.contains_key(place_free(mutant).as_str());
    let new: Vec<&&str> = missed.iter().filter(is_new).collect();
    if new.is_empty() {
        return Ok(());
    }
    let new: Vec<String> = new.into_iter().map(ToString::to_string).collect();
    bail!(
        "survivors that nobody has explained:\n  {}",
        new.join("\n  ")
    );
}

/// A mutant without line and column, which change with everything above it:
/// `src/a.rs:12:5: replace f -> bool with true` is `src/a.rs: replace f -> bool with true`.
fn place_free(mutant: &str) -> String {
    let mut parts = mutant.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => mutant.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MISSED: &str = "src/a.rs:12:5: replace f -> bool with true\nsrc/b.rs:1:1: delete !";

    #[test]
    fn a_survivor_is_explained_wherever_it_has_moved_to() {
        let both = "# why\n\nsrc/a.rs: replace f -> bool with true -- the same\nsrc/b.rs: delete ! -- the same";
        judge(MISSED, 8, &parse(both).unwrap()).unwrap();
        let one = parse("src/b.rs: delete ! -- the same").unwrap();
        let error = judge(MISSED, 8, &one).unwrap_err().to_string();
        assert!(
            error.contains("src/a.rs:12:5") && !error.contains("src/b.rs"),
            "{error}"
        );
    }

    #[test]
    fn nothing_tried_is_nothing_shown() {
        assert!(judge("", 0, &BTreeMap::new()).is_err());
        judge("", 1, &BTreeMap::new()).unwrap();
    }

    #[test]
    fn the_list_gives_a_reason_for_each() {
        explained().unwrap();
        assert!(parse("src/a.rs: delete !").is_err());
    }
}
