//! What a look at a very large job costs, whatever its batches are.

use std::time::{Duration, Instant};

use bulkhead_shared::api::Job;
use bulkhead_shared::operations::{Label, Operation};
use bulkhead_tests::driver::Bulkhead;
use serde::Serialize;

use crate::sandbox::{in_batches, memory_mib, millis, usage};

/// Looks that the figures are taken from.
const LOOKS: usize = 40;
/// How often the job is looked at while it runs.
const PACE: Duration = Duration::from_millis(500);
/// Batch sizes that are compared: the largest and the smallest.
const BATCH_SIZES: [u32; 2] = [1_000, 1];

/// What one look took.
#[derive(Debug, Serialize)]
pub(crate) struct Look {
    pub(crate) items: u64,
    pub(crate) batch_size: u32,
    pub(crate) chunks: u64,
    /// From the request to the whole answer, on this machine: median, and the longest of all.
    pub(crate) median_ms: f64,
    pub(crate) most_ms: f64,
    pub(crate) read_units: f64,
    /// Of the server, after the job.
    pub(crate) memory_mib: f64,
}

/// Looks at jobs over a sandbox of this size. They find nothing to do, so that the smallest batches do
/// not take hours; their chunks' rows are none the smaller.
pub(crate) async fn measure(items: u32) -> Vec<Look> {
    let server = Bulkhead::with_mails(items).await;
    let mut looks = Vec::new();
    for batch_size in BATCH_SIZES {
        looks.push(look_at_job(&server, batch_size).await);
    }
    server.stop().await;
    looks
}

async fn look_at_job(server: &Bulkhead, batch_size: u32) -> Look {
    let account = server.api.sandbox().await;
    let operation = Operation::Label(Label {
        add: Vec::new(),
        remove: vec!["nobody-has-this".to_owned()],
    });
    let options = in_batches(Some(batch_size));
    let draft = server
        .api
        .draft_query(&account, operation, "in:anywhere", options)
        .await;
    server.api.confirm(&draft.id).await;
    let job = loop {
        let job = server.api.job(&draft.id).await;
        if job.state.is_ended() {
            break job;
        }
        tokio::time::sleep(PACE).await;
    };
    let before = usage(server).await;
    let mut took = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        let seen: Job = server.api.job(&draft.id).await;
        took.push(millis(began.elapsed()));
        assert_eq!(seen.counts.skipped, seen.total, "{seen:#?}");
    }
    took.sort_by(f64::total_cmp);
    Look {
        items: job.total,
        batch_size,
        chunks: job.chunks.total,
        median_ms: took[LOOKS / 2],
        most_ms: took[LOOKS - 1],
        read_units: (usage(server).await.read_units - before.read_units) / LOOKS as f64,
        memory_mib: memory_mib(server),
    }
}
