//! Bulkhead as one process on one machine: the API, the browser app, the workers, the queue and the
//! database. It runs the code that runs on AWS, with adapters for a laptop.

mod connectors;
mod database;
mod folder;
mod ledger;
mod logs;
mod mailboxes;
mod options;
mod parts;
mod private;
mod queue;
mod site;
mod start;
mod stop;
mod sweeps;
mod terminal;
mod to_the_end;
mod usage;
mod workers;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::options::Options;

#[tokio::main]
async fn main() -> ExitCode {
    let mut options = Options::parse();
    if let Some(command) = options.command.take() {
        return terminal::run(command).await;
    }
    logs::start();
    match start::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence for a person, then why.
            let _ = writeln!(std::io::stderr(), "{}", logs::sentence(&error));
            ExitCode::FAILURE
        }
    }
}
