//! Developer commands: `cargo xtask <command>`. One file per command; none of them needs a tool
//! that cargo and rustup do not bring, except what `test` says it installs.

mod app;
mod arrows;
mod aws;
mod bench;
mod cargo;
mod check;
mod clients;
mod deny;
mod deploy;
mod destroy;
mod dev;
mod documented;
mod features;
mod file_cycles;
mod fuzz;
mod headers;
mod infra;
mod install;
mod kept;
mod languages;
mod mails;
mod mutants;
mod npm;
mod package;
mod python;
mod report;
mod schemathesis;
mod screenshots;
mod selections;
mod server;
mod site;
mod size;
mod test;
mod texts;
mod train;
mod upload;

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
    /// Print what the mail page needs as it travels, and fail if that is too much
    Size,
    /// Check format, lints, module headers, dependencies and their arrows, and the WebAssembly build
    Check,
    /// Give made-up input to every reader of what others send, a minute each
    Fuzz(fuzz::Options),
    /// Check the template of the functions on AWS, and translate it to target/infra
    Infra,
    /// Install what tests need beside cargo, as far as it is missing; `test` does it by itself
    Install(install::Options),
    /// Run everything: checks, tests, stories with a real mail server and a real browser
    Test(test::Options),
    /// Run the tests against changed rules, and name each change that none of them notices; takes hours
    Mutants(mutants::Options),
    /// Train the model that tells what mails are about, and measure it
    Train,
    /// Take pictures of every page and state of the app
    Screenshots(screenshots::Options),
    /// Measure speed, cost and memory on a release build, beside the limits
    Bench(bench::Options),
    /// Build the functions for AWS into target/lambda, as archives
    Package(package::Options),
    /// Deploy a stage of it all into your AWS account, or show how
    Deploy(deploy::Options),
    /// Remove a stage from your AWS account, or show how
    Destroy(destroy::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Dev(options) => dev::run_server(options),
        Command::App => app::build(),
        Command::Size => size::check(),
        Command::Check => check::check(),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Infra => infra::infra(),
        Command::Install(options) => install::ensure_all(&options),
        Command::Test(options) => test::run_all(&options),
        Command::Mutants(options) => mutants::mutants(&options),
        Command::Train => train::train(),
        Command::Screenshots(options) => screenshots::take(options),
        Command::Bench(options) => bench::bench(options),
        Command::Package(options) => package::package(&options),
        Command::Deploy(options) => deploy::deploy(&options),
        Command::Destroy(options) => destroy::destroy(&options),
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
