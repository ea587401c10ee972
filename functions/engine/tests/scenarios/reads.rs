//! How much is read for an answer: as little as a large job allows.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bulkhead_engine::jobs::history::{self, Listed};
use bulkhead_engine::jobs::progress;
use bulkhead_engine::jobs::results;
use bulkhead_engine::ports::Ports;
use bulkhead_engine::records::names;
use bulkhead_engine::testing::intercept::{self, Call};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::ItemOutcomes;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;

use super::{options, stage};

/// The sort keys that were read; of a range, where it begins.
type Reads = Arc<Mutex<Vec<String>>>;

/// The stage's ports with a table that notes what is read.
fn noting(stage: &Stage) -> (Ports, Reads) {
    let reads = Reads::default();
    let noted = reads.clone();
    let meet = intercept::by(move |moment, call| {
        let key = match call {
            Call::Get(key) => &key.sort,
            Call::Range(span) => &span.from,
            _ => return Ok(()),
        };
        if moment == Moment::BeforeEffect {
            noted.lock().unwrap().push(key.clone());
        }
        Ok(())
    });
    let table = intercept::table(stage.table.clone(), &meet);
    let ports = Ports {
        table,
        ..stage.ports.clone()
    };
    (ports, reads)
}

fn taken(reads: &Reads) -> Vec<String> {
    std::mem::take(&mut reads.lock().unwrap())
}

fn begins(reads: &[String], prefix: &str) -> usize {
    reads.iter().filter(|key| key.starts_with(prefix)).count()
}

fn without_brake() -> JobOptions {
    let brake = Some(Brake {
        enabled: false,
        ..Brake::default()
    });
    JobOptions { brake, ..options() }
}

#[test]
fn the_status_of_an_ended_job_is_one_row() {
    block_on(async {
        let stage = stage(400).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse.insert(7);
        });
        let job = stage.archived(options()).await.unwrap();
        assert!(job.state == State::Completed && job.chunks.total >= 100);
        assert_eq!((job.chunks.done, job.chunks.current), (100, 100));
        assert_eq!((job.counts.succeeded, job.counts.failed), (399, 1));
        let (ports, reads) = noting(&stage);
        let shown = progress::job(&ports, &stage.user, &job.id).await.unwrap();
        assert_eq!(taken(&reads), [names::JOB]);
        let listed = history::page(&ports, &stage.user, Listed::default(), None, 10).await;
        assert_eq!(listed.unwrap().jobs, [shown]);
        assert!(taken(&reads).is_empty());
    });
}

#[test]
fn a_list_of_drafts_reads_no_history() {
    block_on(async {
        let stage = stage(8).await;
        for _ in 0..3 {
            stage.archived(options()).await.unwrap();
        }
        let archive = Operation::Archive(Archive {});
        let draft = stage.draft(archive, Stage::inbox(), options()).await;
        let draft = draft.unwrap();
        let index = Arc::new(AtomicU32::new(0));
        let counter = index.clone();
        let by = intercept::by(move |_, call| {
            counter.fetch_add(u32::from(matches!(call, Call::Index)), Ordering::Relaxed);
            Ok(())
        });
        let ports = intercept::ports(&stage.ports, &by);
        let which = Listed {
            drafts: Some(true),
            ..Listed::default()
        };
        let page = history::page(&ports, &stage.user, which, None, 50).await;
        let jobs = page.unwrap().jobs.into_iter();
        assert_eq!(jobs.map(|job| job.id).collect::<Vec<_>>(), [draft]);
        assert_eq!(index.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn a_chunk_with_failures_reads_the_others_once() {
    block_on(async {
        let mut stage = stage(80).await;
        let failing = (1..=80).filter(|mail| mail % 4 == 1);
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = failing.collect());
        let id = stage.archiving(options()).await.unwrap();
        let (ports, reads) = noting(&stage);
        stage.ports = ports;
        stage.run().await.unwrap();
        let all = taken(&reads);
        let all = all.iter().filter(|key| *key == names::CHUNKS_FROM).count();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.failed, job.chunks.total), (20, 20));
        let settled = job.settings.parallel_chunks as usize;
        assert!(all >= 20, "the brake looks at the whole job: {all}");
        assert!(all <= 20 + settled, "{all}");
    });
}

async fn filtered(
    ports: &Ports,
    stage: &Stage,
    id: &JobId,
    outcome: Outcome,
    cursor: Option<&str>,
    limit: u32,
) -> ItemOutcomes {
    let user = &stage.user;
    let page = results::items(ports, user, id, Some(outcome), cursor, limit).await;
    page.unwrap()
}

#[test]
fn chunks_without_what_is_asked_for_are_not_read() {
    block_on(async {
        let stage = stage(400).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = [3, 200, 201, 399].into());
        let job = stage.archived(without_brake()).await.unwrap();
        let (ports, reads) = noting(&stage);
        let failed = Outcome::Failed;
        let first = filtered(&ports, &stage, &job.id, failed, None, 3).await;
        let cursor = first.next_cursor.as_deref();
        assert!(first.items.len() == 3 && cursor.is_some());
        let last = filtered(&ports, &stage, &job.id, failed, cursor, 3).await;
        assert_eq!((last.items.len(), last.next_cursor), (1, None));
        let all = taken(&reads);
        assert!(begins(&all, "MANIFEST") <= 5, "{all:?}");
        assert_eq!(begins(&all, names::CHUNKS_FROM), 2);
        // None at all: the job's own row says so.
        let none = filtered(&ports, &stage, &job.id, Outcome::Uncertain, None, 3).await;
        assert!(none.items.is_empty() && none.next_cursor.is_none());
        assert_eq!(begins(&taken(&reads), "MANIFEST"), 0);
    });
}

#[test]
fn what_never_started_is_found_by_its_outcome() {
    block_on(async {
        let stage = stage(60).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = (1..=60).collect());
        let brake = Some(Brake {
            after: 8,
            ..Brake::default()
        });
        let job = stage.archived(JobOptions { brake, ..options() }).await;
        let job = job.unwrap();
        for outcome in [Outcome::Failed, Outcome::Cancelled, Outcome::Succeeded] {
            let found = filtered(&stage.ports, &stage, &job.id, outcome, None, 100).await;
            assert_eq!(found.items.len() as u64, job.counts.of(outcome));
            assert_eq!(found.next_cursor, None);
        }
    });
}

#[test]
fn a_request_reads_so_many_chunks_and_no_more() {
    block_on(async {
        let stage = stage(400).await;
        let job = stage.archived(options()).await.unwrap();
        let (ports, reads) = noting(&stage);
        let mut cursor = None;
        let mut sizes = Vec::new();
        loop {
            let at = cursor.as_deref();
            let page = results::items(&ports, &stage.user, &job.id, None, at, 500).await;
            let page = page.unwrap();
            assert_eq!(begins(&taken(&reads), "OUTCOMES"), 50);
            sizes.push(page.items.len());
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [200, 200]);
    });
}
