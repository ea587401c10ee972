//! The benchmark: how far the whole system is from what limits it. `cargo xtask bench` builds both
//! programs for release and runs this one.
//!
//! It measures over HTTP what a user waits for, asks the server what it cost (`GET /local/usage`), and
//! sets IMAP beside the bare commands in the same run. It prints a table, and JSON with `--json`.
//! `cold` measures the start of the functions instead.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a developer's program: it ends where something is wrong"
)]

mod cold;
mod imap;
mod report;
mod sandbox;

use report::Report;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.iter().any(|a| a == "--json");
    if arguments.first().is_some_and(|a| a == "cold") {
        let cold = cold::measure().await;
        match as_json {
            true => println!("{}", serde_json::to_string_pretty(&cold).unwrap()),
            false => println!("{cold}"),
        }
        return;
    }
    let without = |part: &str| arguments.windows(2).any(|pair| pair == ["--without", part]);
    let sizes: Vec<u32> = match arguments.iter().position(|a| a == "--items") {
        Some(at) => arguments[at + 1]
            .split(',')
            .map(|n| n.parse().unwrap())
            .collect(),
        None => vec![1_000, 10_000, 50_000, 100_000],
    };
    let mut report = Report::default();
    for items in sizes {
        report.sandbox.push(sandbox::measure(items).await);
    }
    if !without("dovecot") {
        report.imap = Some(imap::measure().await);
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap());
    } else {
        println!("{report}");
    }
}
