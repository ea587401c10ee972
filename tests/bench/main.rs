//! The benchmark: how far the whole system is from what limits it. `cargo xtask bench` builds both
//! programs for release and runs this one.
//!
//! It measures over HTTP what a user waits for, asks the server what it cost (`GET /local/usage`), and
//! sets IMAP beside the bare commands in the same run. It prints a table, and JSON with `--json`.
//! `imap` does the latter alone, `cold` measures the start of the functions, `large` one job over a million mails
//! that is killed twice, `web` the app in a browser, `mailboxes` a table of
//! mailboxes and what is done with it, `letters` mails to many, and `advice` suggestions for whole mailboxes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a developer's program: it ends where something is wrong"
)]

mod advice;
mod cold;
mod imap;
mod letters;
mod lighthouse;
mod mailboxes;
mod recoveries;
mod report;
mod sandbox;
mod scroll;
mod status;
mod table;
mod web;

use std::fmt::Display;

use std::time::Duration;

use bulkhead_tests::large_job;

use report::Report;
use serde::Serialize;

/// Batch sizes that are compared with each other: the best one here, and what people ask for elsewhere.
const BATCH_SIZES: [u32; 3] = [1_000, 10, 1];
/// Items of each of those jobs.
const BATCHED_ITEMS: u32 = 20_000;

/// Mails of the large job.
const LARGE_ITEMS: u32 = 1_000_000;
/// None of its parts takes so long.
const LARGE_PATIENCE: Duration = Duration::from_secs(3_600);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let as_json = arguments.iter().any(|a| a == "--json");
    let without = |part: &str| arguments.windows(2).any(|pair| pair == ["--without", part]);
    match arguments.first().map(String::as_str) {
        Some("advice") => return print(&advice::measure().await, as_json),
        Some("cold") => return print(&cold::measure().await, as_json),
        Some("web") => return print(&web::measure().await, as_json),
        Some("imap") => return print(&imap::measure().await, as_json),
        Some("letters") => return print(&letters::measure().await, as_json),
        Some("mailboxes") => return print(&mailboxes::measure(without).await, as_json),
        _ => {}
    }
    if arguments.first().is_some_and(|a| a == "large") {
        let took = large_job::live_through(LARGE_ITEMS, LARGE_PATIENCE).await;
        match as_json {
            true => println!("{}", serde_json::to_string_pretty(&took).unwrap()),
            false => println!("{took}"),
        }
        return;
    }
    let sizes: Vec<u32> = match arguments.iter().position(|a| a == "--items") {
        Some(at) => arguments[at + 1]
            .split(',')
            .map(|n| n.parse().unwrap())
            .collect(),
        None => vec![1_000, 10_000, 50_000, 100_000],
    };
    let mut report = Report::default();
    for items in sizes {
        report.sandbox.push(sandbox::measure(items, None).await);
    }
    for batch_size in BATCH_SIZES {
        let run = sandbox::measure(BATCHED_ITEMS, Some(batch_size)).await;
        report.batches.push(run);
    }
    if let Some(at) = arguments.iter().position(|a| a == "--status-items") {
        let items = arguments[at + 1].parse().unwrap();
        report.status = status::measure(items).await;
    }
    if !without("dovecot") {
        report.imap = Some(imap::measure().await);
    }
    print(&report, as_json);
}

fn print(measured: &(impl Serialize + Display), as_json: bool) {
    match as_json {
        true => println!("{}", serde_json::to_string_pretty(measured).unwrap()),
        false => println!("{measured}"),
    }
}
