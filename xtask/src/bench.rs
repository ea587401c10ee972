//! `cargo xtask bench`: how far the system is from what limits it.

use anyhow::Result;

use crate::cargo::{cargo, command, run, target};
use crate::install::{self, Tool};

/// What `bench` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
    /// Sizes of the sandbox jobs, in items
    #[arg(long, value_name = "N,N,…", default_value = "1000,10000,50000,100000")]
    items: String,
    /// Leave out what needs this tool
    #[arg(long, value_enum, value_name = "TOOL")]
    without: Vec<Tool>,
}

/// Builds server and benchmark for release, in one go, and measures.
pub(crate) fn bench(options: Options) -> Result<()> {
    if !options.without.contains(&Tool::Dovecot) {
        install::ensure(Tool::Dovecot)?;
    }
    let packages = [
        "--package",
        "bulkhead",
        "--package",
        "bulkhead-tests",
        "--bins",
    ];
    run(cargo(&["build", "--release"]).args(packages))?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    bench.args(["--items", &options.items]);
    bench.args(options.json.then_some("--json"));
    bench.args(
        options
            .without
            .iter()
            .flat_map(|tool| ["--without", tool.name()]),
    );
    run(&mut bench)
}
