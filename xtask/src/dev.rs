//! `cargo xtask dev`: from a fresh clone to a running Bulkhead.

use std::process::Command;

use anyhow::Result;

use crate::app;
use crate::cargo::{cargo, run, target};

/// What `dev` takes: everything is the server's.
#[derive(clap::Args)]
#[command(after_help = "All of the server's options: cargo xtask dev -- --help")]
pub(crate) struct Options {
    /// Options of the server, such as --port 9000, --data DIR, --imap imaps://user@host,
    /// --mbox FILE, --maildir DIR
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    server: Vec<String>,
}

/// Builds the app and the server, then becomes the server.
pub(crate) fn run_server(options: Options) -> Result<()> {
    let site = app::build()?;
    run(&mut cargo(&["build", "--package", "bulkhead"]))?;
    let mut server = Command::new(target().join("debug").join("bulkhead"));
    server.arg("--app").arg(site).args(options.server);
    become_server(server)
}

/// Replaces this process, so that Ctrl-C and every other signal reach the server alone.
#[cfg(unix)]
fn become_server(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

#[cfg(not(unix))]
fn become_server(mut server: Command) -> Result<()> {
    run(&mut server)
}
