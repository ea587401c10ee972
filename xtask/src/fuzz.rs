//! `cargo xtask fuzz`: made-up input for every reader of what others send, each for a while. What is found
//! is left in `fuzz/artifacts`; in `fuzz/corpus` it becomes a test.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::cargo::{alone, cargo, command, output, root, run, target};
use crate::install::{self, Tool};
use crate::python;
use crate::report::Report;

/// The compiler that can mark where an input leads.
const NIGHTLY: &str = "nightly";
/// Longer than this for one input, in seconds, is a finding: nobody waits for a header.
const SLOW_SECONDS: u32 = 10;
/// And so are so many megabytes.
const LARGE_MB: u32 = 1_024;

/// What `fuzz` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Seconds for each target
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u32,

    /// Targets; without any, all of them
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

/// Runs every target, also after one failed.
pub(crate) fn fuzz(options: &Options) -> Result<()> {
    install::ensure_programs(Tool::Python)?;
    python::ensure_for_cargo()?;
    ensure_nightly()?;
    let report = Report::default();
    for name in chosen(options)? {
        report.part(&format!("fuzz: {name}"), || run_target(&name, options));
    }
    report.finish()
}

/// The targets are a workspace of their own: whatever changes what ours needs changes its lock as well.
pub(crate) fn locked() -> Result<()> {
    let manifest = root().join("fuzz/Cargo.toml");
    let manifest = manifest.to_string_lossy();
    let ask = ["metadata", "--locked", "--format-version", "1"];
    output(cargo(&ask).args(["--manifest-path", &manifest]))
        .map(drop)
        .context("fuzz/Cargo.lock is not what fuzz/Cargo.toml needs: cargo metadata --manifest-path fuzz/Cargo.toml")
}

/// All targets, or those that were named.
fn chosen(options: &Options) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for file in fs::read_dir(root().join("fuzz/targets"))? {
        let file = file?.path();
        let name = file.file_stem().context("a target without a name")?;
        all.push(name.to_string_lossy().into_owned());
    }
    all.sort();
    if let Some(unknown) = options.targets.iter().find(|name| !all.contains(name)) {
        bail!("{unknown} is no target; there are {}", all.join(", "));
    }
    Ok(match options.targets.as_slice() {
        [] => all,
        named => named.to_vec(),
    })
}

fn run_target(name: &str, options: &Options) -> Result<()> {
    // What is made up goes there; the repository's own is read only.
    let made_up = target().join("fuzz").join(name);
    fs::create_dir_all(&made_up)?;
    let program = python::for_cargo("cargo-fuzz");
    let mut fuzz = command(&program.to_string_lossy());
    fuzz.env("RUSTUP_TOOLCHAIN", NIGHTLY)
        // Nothing of ours is `unsafe`, so there is nothing for a sanitizer to see.
        .args(["run", "--dev", "--sanitizer", "none", name])
        .arg(&made_up)
        .arg(root().join("fuzz/corpus").join(name))
        .arg("--")
        .arg(format!("-max_total_time={}", options.seconds))
        .arg(format!("-timeout={SLOW_SECONDS}"))
        .arg(format!("-rss_limit_mb={LARGE_MB}"));
    run(&mut fuzz)
}

/// Adds the nightly compiler if it is not there yet.
fn ensure_nightly() -> Result<()> {
    let _alone = alone("install")?;
    let there = output(command("rustup").args(["toolchain", "list"]))?;
    if there.lines().any(|line| line.starts_with(NIGHTLY)) {
        return Ok(());
    }
    let install = ["toolchain", "install", NIGHTLY, "--profile", "minimal"];
    run(command("rustup").args(install))
        .context("The nightly compiler is missing and could not be added; it needs rustup")
}
