//! `cargo xtask screenshots`: pictures of every page and state of the app, to look at.

use std::path::PathBuf;

use anyhow::Result;

use crate::cargo::{cargo, command, run, target};
use crate::install::{self, Tool};
use crate::selections::SERVER;
use crate::{app, site};

/// What `screenshots` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where they go; without it, target/screenshots
    folder: Option<PathBuf>,
}

/// Builds everything and takes them.
pub(crate) fn take(options: Options) -> Result<()> {
    install::ensure(Tool::Browser)?;
    app::build()?;
    let programs = ["build", "--bin", "bulkhead", "--bin", "screenshots"];
    run(cargo(&programs).args(SERVER))?;
    let folder = match options.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => target().join("screenshots"),
    };
    let debug = target().join("debug");
    let mut program = command(&debug.join("screenshots").to_string_lossy());
    program.env("BULKHEAD_BINARY", debug.join("bulkhead"));
    program.env("BULKHEAD_APP", site::folder());
    run(program.arg(&folder))?;
    eprintln!("Pictures of all that there is: {}", folder.display());
    Ok(())
}
