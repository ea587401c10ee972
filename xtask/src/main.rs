//! Developer commands: `cargo xtask <command>`. One file per command; none of them needs a tool
//! that cargo and rustup do not bring, except what `test` says it installs.

mod app;
mod cargo;
mod dev;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands for people who work on Bulkhead.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start it on this machine and print its address
    Dev(dev::Options),
    /// Build the browser app into target/site
    App,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Dev(options) => dev::run_server(options),
        Command::App => app::build().map(|_| ()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThis did not work: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}
