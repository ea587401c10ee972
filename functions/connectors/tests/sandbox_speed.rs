//! How fast the sandbox is. Not a test of right or wrong, so it runs only when asked for:
//! `cargo test -p bulkhead-connectors --test sandbox_speed -- --ignored --nocapture`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::sync::Arc;
use std::time::Instant;

use bulkhead_connectors::sandbox::Sandbox;
use bulkhead_engine::kinds::mail::Change;
use bulkhead_engine::ports::{Clock, MailStore};
use bulkhead_shared::query::Query;
use jiff::Timestamp;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

const MAILS: u32 = 100_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; run it by hand"]
async fn a_hundred_thousand_mails() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::open(folder.path().join("mail.sqlite"), Arc::new(Wall)).unwrap();
    let begin = Instant::now();
    sandbox.seed(1, MAILS).await.unwrap();
    println!("seed of {MAILS}: {:?}", begin.elapsed());
    let now = Timestamp::now();

    for text in [
        "",
        "in:inbox is:unread",
        "receipt",
        "from:circles older_than:1y",
        "nowhere-to-be-found",
        "larger:1M",
        "label:taxes",
        "subject:\"your order\" OR from:northwind -in:trash",
        "in:work/builds",
    ] {
        let query = Query::parse(text).unwrap();
        let begin = Instant::now();
        let first = sandbox.list(&query, now, None, 50).await.unwrap();
        let listed = begin.elapsed();
        let begin = Instant::now();
        if let Some(cursor) = &first.next_cursor {
            sandbox.list(&query, now, Some(cursor), 50).await.unwrap();
        }
        let second = begin.elapsed();
        let begin = Instant::now();
        let mut found = 0;
        let mut cursor = None;
        loop {
            let page = sandbox
                .matches(&query, now, cursor.as_deref(), 1_000)
                .await
                .unwrap();
            found += page.matches.len();
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        println!(
            "{text:50} {:>7} found; first page {listed:>9.2?}, second {second:>9.2?}, all matches {:>9.2?}",
            first.total.unwrap(),
            begin.elapsed()
        );
        assert_eq!(found as u64, first.total.unwrap());
    }
    let begin = Instant::now();
    sandbox.folders().await.unwrap();
    println!("folders: {:?}", begin.elapsed());

    let query = Query::parse("in:inbox").unwrap();
    let mut ids = Vec::new();
    let mut cursor = None;
    while ids.len() < 50_000 {
        let page = sandbox
            .matches(&query, now, cursor.as_deref(), 1_000)
            .await
            .unwrap();
        ids.extend(page.matches.into_iter().map(|found| found.id));
        cursor = page.next;
    }
    let (mut reading, mut writing) = (Vec::new(), Vec::new());
    let whole = Instant::now();
    for chunk in ids.chunks(1_000) {
        let begin = Instant::now();
        let states = sandbox.states(chunk).await.unwrap();
        reading.push(begin.elapsed());
        let changes: Vec<Change> = chunk
            .iter()
            .zip(states)
            .map(|(id, state)| {
                let from = state.unwrap();
                let mut to = from.state.clone();
                to.folder = "Archive".to_owned();
                Change {
                    id: id.clone(),
                    from,
                    to,
                }
            })
            .collect();
        let begin = Instant::now();
        sandbox.change(&changes, "speed").await.unwrap();
        writing.push(begin.elapsed());
    }
    println!("archived {} in {:?}", ids.len(), whole.elapsed());
    reading.sort();
    writing.sort();
    println!(
        "states of 1,000: median {:?}, most {:?}",
        reading[reading.len() / 2],
        reading.last()
    );
    println!(
        "change of 1,000: median {:?}, most {:?}",
        writing[writing.len() / 2],
        writing.last()
    );
}
