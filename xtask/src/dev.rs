//! `cargo xtask dev`: from a fresh clone to a running Bulkhead.

use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::cargo::{cargo, run, target};
use crate::kept::{Kept, xtask};
use crate::selections::SERVER;
use crate::{app, site};

/// What `dev` takes: everything is the server's.
#[derive(clap::Args)]
#[command(after_help = "All of the server's options: cargo xtask dev -- --help")]
pub(crate) struct Options {
    /// Options of the server, such as --port 9000, --data DIR, --imap imaps://user@host,
    /// --mail PATH
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    server: Vec<String>,
}

/// Builds the app and the server side by side, then becomes the server.
pub(crate) fn run_server(options: Options) -> Result<()> {
    app::build_generator()?;
    thread::scope(|scope| {
        let app = scope.spawn(build_app);
        run(cargo(&["build", "--bin", "bulkhead"]).args(SERVER))?;
        eprintln!("The server is built; the app follows …");
        let app = app.join();
        app.unwrap_or_else(|_| Err(anyhow!("the app's thread ended early")))
    })?;
    let mut server = Command::new(target().join("debug").join("bulkhead"));
    server.arg("--app").arg(site::folder()).args(options.server);
    become_server(server)
}

/// Builds the app without a word, unless it fails.
fn build_app() -> Result<()> {
    let mut kept = Kept::default();
    let built = kept.run(&mut xtask(&["app"])?);
    if built.is_err() {
        eprint!("{kept}");
    }
    built
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
