//! `cargo xtask bench`: how far the system is from what limits it; with `cold`, how long the functions
//! take to start; with `large`, what becomes of a job over a million mails that is killed twice; with `web`, how
//! quick the app is in a browser; with `mailboxes`, how quick whole mailboxes from a table are; with `letters`, how
//! quick mails to many are looked at and sent; with `advice`, how long suggestions for whole mailboxes take.

use anyhow::Result;

use crate::cargo::{cargo, command, run, target};
use crate::install::{self, Tool};
use crate::package::FUNCTIONS;
use crate::selections::NATIVE;
use crate::{app, infra, npm, python, site, train};

/// What `bench` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Something else than the whole system
    #[arg(value_enum)]
    part: Option<Part>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
    /// Sizes of the sandbox jobs, in items
    #[arg(long, value_name = "N,N,…", default_value = "1000,10000,50000,100000")]
    items: String,
    /// Size of the jobs of which one look is measured, in items; 0 leaves that out
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    status_items: u32,
    /// Leave out what needs this tool
    #[arg(long, value_enum, value_name = "TOOL")]
    without: Vec<Tool>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Part {
    /// Moves, labels and marks on Dovecot, beside the bare commands
    Imap,
    /// The start of each function on AWS, beside one that does nothing
    Cold,
    /// A job over a million mails in a mailbox that keeps receiving mail, killed twice and taken back
    Large,
    /// The app in a browser, over 100,000 mails, and by Lighthouse's measure
    Web,
    /// A table of 10,000 mailboxes read on this machine and in a browser; recoveries in the sandbox and on Cyrus
    Mailboxes,
    /// A thousand mails looked at before they are sent, and fifty sent through a local Exim
    Letters,
    /// How long suggestions for 100,000 mails of the sandbox take, and for 20,000 on Dovecot
    Advice,
    /// How often the model is right, how sure it may be, how fast it is; and how good suggestions are
    Model,
}

/// Measures.
pub(crate) fn bench(options: Options) -> Result<()> {
    match options.part {
        None | Some(Part::Large | Part::Imap) => bench_system(options),
        Some(Part::Cold) => bench_cold(&options),
        Some(Part::Web) => bench_web(&options),
        Some(Part::Mailboxes) => bench_mailboxes(&options),
        Some(Part::Letters) => bench_letters(&options),
        Some(Part::Advice) => bench_advice(&options),
        Some(Part::Model) => {
            train::measure()?;
            bench_suggestions()
        }
    }
}

/// Prints how good suggestions are on mailboxes whose owners' habits are known.
fn bench_suggestions() -> Result<()> {
    let mut test = cargo(&["test", "--quiet"]);
    let selection = NATIVE.iter().filter(|it| **it != "--all-targets");
    test.args(selection).args(["--test", "scenarios"]);
    run(test.args(["--", "advising_year", "--nocapture"]))
}

/// Builds the functions as they are shipped, but for this machine, and measures how they start.
fn bench_cold(options: &Options) -> Result<()> {
    install::ensure(Tool::Python)?;
    infra::make_template()?;
    let mut build = cargo(&[
        "build",
        "--profile",
        "function",
        "--package",
        "bulkhead-cloud",
    ]);
    build.args(["--bin", "minimal"]);
    build.args(
        FUNCTIONS
            .iter()
            .flat_map(|name| ["--package", name, "--bin", name]),
    );
    run(&mut build)?;
    run(&mut cargo(&[
        "build",
        "--package",
        "bulkhead-tests",
        "--bin",
        "bench",
    ]))?;
    let mut bench = command(&target().join("debug/bench").to_string_lossy());
    bench.env("BULKHEAD_FUNCTIONS", target().join("function"));
    bench.arg("cold").args(options.json.then_some("--json"));
    run(&mut bench)
}

/// Builds the app, and server and benchmark for release, and measures in a browser.
fn bench_web(options: &Options) -> Result<()> {
    install::ensure(Tool::Browser)?;
    app::build()?;
    build_release()?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    bench.env("BULKHEAD_APP", site::folder());
    if !options.without.contains(&Tool::Python) {
        install::ensure(Tool::Python)?;
        npm::LIGHTHOUSE.ensure()?;
        let program = "node_modules/lighthouse/cli/index.js";
        bench.env(
            "BULKHEAD_LIGHTHOUSE",
            npm::LIGHTHOUSE.folder().join(program),
        );
        bench.env("BULKHEAD_NODE", python::for_clients("node")?.get_program());
    }
    bench.arg("web").args(options.json.then_some("--json"));
    run(&mut bench)
}

/// Builds the same, and measures tables of mailboxes and recoveries.
fn bench_mailboxes(options: &Options) -> Result<()> {
    for tool in [Tool::Browser, Tool::Cyrus] {
        if !options.without.contains(&tool) {
            install::ensure(tool)?;
        }
    }
    if !options.without.contains(&Tool::Browser) {
        app::build()?;
    }
    build_release()?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    bench.env("BULKHEAD_APP", site::folder());
    bench
        .arg("mailboxes")
        .args(options.json.then_some("--json"));
    bench.args(leave_out(options));
    run(&mut bench)
}

/// Builds server and benchmark for release, and measures mails to many.
fn bench_letters(options: &Options) -> Result<()> {
    for tool in [Tool::Dovecot, Tool::Exim] {
        install::ensure(tool)?;
    }
    build_release()?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    bench.arg("letters").args(options.json.then_some("--json"));
    run(&mut bench)
}

/// Builds for release and has whole mailboxes weighed.
fn bench_advice(options: &Options) -> Result<()> {
    install::ensure(Tool::Dovecot)?;
    build_release()?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    bench.arg("advice").args(options.json.then_some("--json"));
    run(&mut bench)
}

/// What the benchmark is told to leave out.
fn leave_out(options: &Options) -> impl Iterator<Item = &'static str> {
    let tools = options.without.iter();
    tools.flat_map(|tool| ["--without", tool.name()])
}

/// Builds server and benchmark for release, in one go.
fn build_release() -> Result<()> {
    let packages = [
        "--package",
        "bulkhead",
        "--package",
        "bulkhead-tests",
        "--bin",
        "bulkhead",
        "--bin",
        "bench",
    ];
    run(cargo(&["build", "--release"]).args(packages))
}

/// Measures the whole system.
fn bench_system(options: Options) -> Result<()> {
    let needs_dovecot = !matches!(options.part, Some(Part::Large));
    if needs_dovecot && !options.without.contains(&Tool::Dovecot) {
        install::ensure(Tool::Dovecot)?;
    }
    build_release()?;
    let release = target().join("release");
    let mut bench = command(&release.join("bench").to_string_lossy());
    bench.env("BULKHEAD_BINARY", release.join("bulkhead"));
    let alone = match options.part {
        Some(Part::Large) => Some("large"),
        Some(Part::Imap) => Some("imap"),
        _ => None,
    };
    if let Some(part) = alone {
        bench.arg(part).args(options.json.then_some("--json"));
        return run(&mut bench);
    }
    bench.args(["--items", &options.items]);
    if options.status_items > 0 {
        bench.args(["--status-items", &options.status_items.to_string()]);
    }
    bench.args(options.json.then_some("--json"));
    bench.args(leave_out(&options));
    run(&mut bench)
}
