//! A whole job on the sandbox: draft, freeze, confirm, run.

use std::time::{Duration, Instant};

use bulkhead_shared::api::Job;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Label, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;
use serde::{Deserialize, Serialize};

/// How often the job is looked at: often enough for milliseconds, seldom enough not to disturb.
const LOOK: Duration = Duration::from_millis(5);

/// What one job took.
#[derive(Debug, Serialize)]
pub(crate) struct Run {
    pub(crate) items: u64,
    pub(crate) batch_size: u32,
    /// From the request for a draft to its frozen selection.
    pub(crate) frozen_ms: f64,
    /// From the confirmation to the first outcome seen.
    pub(crate) first_progress_ms: f64,
    /// From the confirmation to the end.
    pub(crate) run_ms: f64,
    /// Items a second from the request for a draft to the end.
    pub(crate) items_per_second: f64,
    /// Items a second from the confirmation to the end.
    pub(crate) items_per_second_run: f64,
    pub(crate) write_units_per_item: f64,
    pub(crate) read_units_per_item: f64,
    pub(crate) messages_per_item: f64,
    pub(crate) table_calls: u64,
    /// The most memory of its own that the server held while the job ran: without the pages of
    /// database files that the system maps and drops as it likes.
    pub(crate) peak_memory_mib: f64,
    /// The same before the job.
    pub(crate) memory_before_mib: f64,
}

/// What the server has used so far.
#[derive(Debug, Deserialize)]
pub(crate) struct Usage {
    pub(crate) read_units: f64,
    write_units: f64,
    pub(crate) table_calls: u64,
    pub(crate) messages: u64,
}

/// Labels every mail of a sandbox of this size, in batches of this size or the best one.
pub(crate) async fn measure(items: u32, batch_size: Option<u32>) -> Run {
    let server = Bulkhead::with_mails(items).await;
    let account = server.api.sandbox().await;
    // Wakes everything up that is made at its first use.
    server.api.count(&account, "in:anywhere").await;
    let before = usage(&server).await;
    let memory_before_mib = memory_mib(&server);
    let mut peak_memory_mib = memory_before_mib;
    let began = Instant::now();
    let operation = Operation::Label(Label {
        add: vec!["bench".to_owned()],
        remove: Vec::new(),
    });
    let draft = server
        .api
        .draft_query(&account, operation, "in:anywhere", in_batches(batch_size))
        .await;
    let frozen = began.elapsed();
    let confirmed = Instant::now();
    server.api.confirm(&draft.id).await;
    let mut first = None;
    let job = loop {
        let job = server.api.job(&draft.id).await;
        peak_memory_mib = peak_memory_mib.max(memory_mib(&server));
        if job.counts.ended() > 0 {
            first.get_or_insert_with(|| confirmed.elapsed());
        }
        if job.state.is_ended() {
            break job;
        }
        tokio::time::sleep(LOOK).await;
    };
    let run = confirmed.elapsed();
    let whole = began.elapsed();
    check(&job, items);
    let after = usage(&server).await;
    let each = |used: f64| used / f64::from(items);
    let result = Run {
        items: job.total,
        batch_size: job.settings.batch_size,
        frozen_ms: millis(frozen),
        first_progress_ms: millis(first.unwrap_or(run)),
        run_ms: millis(run),
        items_per_second: f64::from(items) / whole.as_secs_f64(),
        items_per_second_run: f64::from(items) / run.as_secs_f64(),
        write_units_per_item: each(after.write_units - before.write_units),
        read_units_per_item: each(after.read_units - before.read_units),
        messages_per_item: each((after.messages - before.messages) as f64),
        table_calls: after.table_calls - before.table_calls,
        peak_memory_mib,
        memory_before_mib,
    };
    server.stop().await;
    result
}

/// Options with this batch size, or the best one.
pub(crate) fn in_batches(batch_size: Option<u32>) -> JobOptions {
    JobOptions {
        batch_size,
        ..JobOptions::default()
    }
}

fn check(job: &Job, items: u32) {
    assert_eq!(job.state, State::Completed, "{job:#?}");
    assert_eq!(job.counts.succeeded, u64::from(items), "{job:#?}");
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

pub(crate) async fn usage(server: &Bulkhead) -> Usage {
    server.usage().await.json()
}

/// Anonymous resident memory, as Linux tells it.
pub(crate) fn memory_mib(server: &Bulkhead) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process_id())).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))
        .unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1_024.0
}
