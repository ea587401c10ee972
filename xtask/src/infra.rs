//! `cargo xtask infra`: the template, checked and translated, without an account.

use std::path::PathBuf;

use anyhow::Result;

use crate::cargo::target;
use crate::install::{self, Tool};
use crate::report::Report;

/// What `infra` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only install the programs into target/tools
    #[arg(long)]
    tools: bool,
}

/// The translated template.
pub(crate) fn template() -> PathBuf {
    target().join("infra").join("template.json")
}

/// Installs the programs, then runs every step, also after one failed.
pub(crate) fn infra(options: &Options) -> Result<()> {
    install::ensure(Tool::Python)?;
    if options.tools {
        return Ok(());
    }
    Report::default().finish()
}
