//! Batches inside a chunk: what goes into one call, what a pause lies between, and what comes of it when
//! something goes wrong in the middle.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::jobs::{control, progress};
use bulkhead_engine::ports::{Expect, Table, Write};
use bulkhead_engine::records::store::{JobWithChunks, Stored, load_job};
use bulkhead_engine::records::{ChunkRecord, Hold, names};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Batches;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Export, ExportFormat, MarkRead, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{Counts, ItemReason};
use futures::executor::block_on;
use jiff::SignedDuration;

/// All mails in one chunk, and a provider that takes any number of them in a call.
async fn stage(mails: u32) -> Stage {
    let mailbox = MemoryMailbox::new(mails.into()).in_chunks_of(mails);
    Stage::new(mailbox.with(|abilities| abilities.call_items = 1_000))
        .await
        .unwrap()
}

/// One lane of batches of so many.
fn batches_of(size: u32) -> JobOptions {
    JobOptions {
        batch_size: Some(size),
        parallel_chunks: Some(1),
        ..JobOptions::default()
    }
}

/// The same, with a pause between them.
fn apart(size: u32, seconds: f64) -> JobOptions {
    JobOptions {
        delay_between_batches: Some(seconds),
        ..batches_of(size)
    }
}

fn touched(stage: &Stage) -> usize {
    let mails = stage.mailbox.mails();
    assert!(mails.iter().all(|mail| mail.touched <= 1));
    mails.iter().filter(|mail| mail.touched == 1).count()
}

#[test]
fn a_batch_is_one_call_and_a_chunk_is_many() {
    block_on(async {
        let mut calls = Vec::new();
        for size in [20, 5, 1] {
            let stage = stage(20).await;
            let id = stage.archiving(batches_of(size)).await.unwrap();
            let before = stage.mailbox.calls();
            stage.run().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.counts.succeeded, job.chunks.total), (20, 1));
            assert_eq!(job.batches.total, u64::from(20 / size));
            calls.push(stage.mailbox.calls() - before);
        }
        assert_eq!((calls[1] - calls[0], calls[2] - calls[0]), (3, 19));
    });
}

#[test]
fn few_items_are_shared_among_the_lanes() {
    block_on(async {
        let mailbox = MemoryMailbox::new(50).in_chunks_of(1_000);
        let stage = Stage::new(mailbox).await.unwrap();
        let two_lanes = JobOptions {
            batch_size: Some(10),
            parallel_chunks: Some(2),
            delay_between_batches: Some(10.0),
            ..JobOptions::default()
        };
        let began = stage.ports.clock.now();
        let job = stage.archived(two_lanes).await.unwrap();
        assert_eq!((job.chunks.total, job.batches.total), (2, 5));
        assert_eq!(job.counts.succeeded, 50);
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 20, "three batches in the longer lane");
    });
}

#[test]
fn items_that_fill_more_than_one_chunk_and_not_one_for_each_lane_are_shared_as_well() {
    block_on(async {
        let mailbox = MemoryMailbox::new(15).in_chunks_of(10);
        let stage = Stage::new(mailbox).await.unwrap();
        let two_lanes = JobOptions {
            parallel_chunks: Some(2),
            ..batches_of(1)
        };
        let id = stage.archiving(two_lanes).await.unwrap();
        stage.step().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 8);
        stage.step().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.chunks.total), (15, 2));
    });
}

#[test]
fn the_batch_under_way_is_told_by_what_has_ended() {
    block_on(async {
        let stage = stage(50).await;
        let id = stage.archiving(batches_of(10)).await.unwrap();
        let shown = stage.job(&id).await.unwrap().batches;
        assert_eq!((shown.current, shown.total), (0, 5));
        let job = load_job(stage.table.as_ref(), &id).await.unwrap().unwrap();
        let now = stage.ports.clock.now();
        let mut chunk = ChunkRecord::new(0, 50, now);
        chunk.hold = Hold::Leased {
            until: now + SignedDuration::from_secs(9),
        };
        let at = |chunk: &ChunkRecord| {
            let chunks = vec![Stored {
                record: chunk.clone(),
                version: 1,
            }];
            let state = JobWithChunks {
                job: job.clone(),
                chunks,
            };
            progress::view(&state, now).batches.current
        };
        assert_eq!(at(&chunk), 1);
        (chunk.counts.succeeded, chunk.counts.failed) = (23, 2);
        assert_eq!(at(&chunk), 3, "batch 3 of 5");
        chunk.counts.succeeded = 48;
        assert_eq!(at(&chunk), 5);
        chunk.hold = Hold::Free;
        (chunk.counts.succeeded, chunk.counts.failed) = (20, 0);
        assert_eq!(at(&chunk), 2, "the third was not begun");
    });
}

#[test]
fn a_pause_lies_between_two_batches_of_a_chunk_and_nobody_holds_it_meanwhile() {
    block_on(async {
        let stage = stage(20).await;
        let id = stage.archiving(apart(5, 10.0)).await.unwrap();
        let began = stage.ports.clock.now();
        for batch in 1..=4 {
            stage.step().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.running), (batch * 5, 0));
            let shown = Batches {
                current: batch,
                total: 4,
            };
            assert_eq!(job.batches, shown);
            assert!(!stage.step().await.unwrap(), "nothing before the time");
            // A sweep asks for nothing that waits on purpose, and disturbs nothing.
            if let Some(at) = stage.queue.next_at() {
                stage.clock.set(at);
            }
        }
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 20));
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took, SignedDuration::from_secs(30));
        assert_eq!(touched(&stage), 20);
    });
}

#[test]
fn a_pause_may_be_short_or_long() {
    for (pause, batches) in [(0.1, 8), (300.0, 4)] {
        block_on(async {
            let stage = stage(8).await;
            let began = stage.ports.clock.now();
            let job = stage.archived(apart(8 / batches, pause)).await.unwrap();
            assert_eq!(job.counts.succeeded, 8);
            let took = stage.ports.clock.now().duration_since(began);
            let pauses = f64::from(batches - 1) * pause;
            assert!((took.as_secs_f64() - pauses).abs() < 1e-6, "{took}");
        });
    }
}

#[test]
fn the_sweep_asks_for_nothing_that_waits_on_purpose() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage.archiving(apart(1, 300.0)).await.unwrap();
        stage.step().await.unwrap();
        stage.queue.clear();
        for _ in 0..4 {
            stage.sweep().await.unwrap();
        }
        assert!(stage.queue.next_at().is_none(), "300 seconds are not over");
        // The message was lost, so somebody has to ask in the end.
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, 4);
        assert_eq!(touched(&stage), 4);
    });
}

#[test]
fn mails_that_need_nothing_cost_no_pause() {
    block_on(async {
        let stage = stage(10).await;
        for identity in 1..=9 {
            stage.mailbox.act(identity, |place| {
                place.flags.insert("\\Seen".into());
            });
        }
        let id = stage
            .draft(
                Operation::MarkRead(MarkRead {}),
                Stage::inbox(),
                apart(1, 60.0),
            )
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let began = stage.ports.clock.now();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.skipped, job.counts.succeeded), (9, 1));
        assert_eq!(stage.ports.clock.now(), began);
    });
}

#[test]
fn stop_on_error_stops_in_the_middle_of_a_chunk() {
    for (size, done, failed) in [(5, 9, 1), (1, 6, 1), (20, 9, 1)] {
        for pause in [0.0, 2.0] {
            block_on(async {
                let stage = stage(20).await;
                stage
                    .mailbox
                    .trouble(|trouble| trouble.refuse = BTreeSet::from([7]));
                let careful = JobOptions {
                    stop_on_error: Some(true),
                    ..apart(size, pause)
                };
                let job = stage.archived(careful).await.unwrap();
                let why = (job.state, job.reason);
                assert_eq!(why, (State::Failed, Some(StateReason::StopOnError)));
                assert_eq!((job.counts.succeeded, job.counts.failed), (done, failed));
                assert_eq!(touched(&stage) as u64, done);
            });
        }
    }
}

#[test]
fn the_brake_is_asked_after_each_batch() {
    for pause in [0.0, 2.0] {
        block_on(async {
            let stage = stage(60).await;
            stage
                .mailbox
                .trouble(|trouble| trouble.refuse = (1..=60).collect());
            let brake = Some(Brake {
                after: 8,
                ..Brake::default()
            });
            let options = JobOptions {
                brake,
                ..apart(1, pause)
            };
            let job = stage.archived(options).await.unwrap();
            assert_eq!(job.reason, Some(StateReason::Brake));
            assert_eq!((job.counts.failed, job.counts.cancelled), (8, 52));
        });
    }
}

#[test]
fn a_passing_failure_is_retried_after_all_others_had_their_turn() {
    for pause in [0.0, 2.0] {
        block_on(async {
            let stage = stage(12).await;
            stage.mailbox.trouble(|trouble| {
                trouble.flaky.insert(1, 2);
                trouble.flaky.insert(5, 99);
            });
            let job = stage.archived(apart(1, pause)).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.failed), (11, 1));
            assert_eq!(job.reasons[0].reason, ItemReason::Unavailable);
            assert_eq!(touched(&stage), 11);
        });
    }
}

#[test]
fn a_call_that_breaks_off_costs_nothing_but_its_own_items() {
    for pause in [0.0, 2.0] {
        block_on(async {
            let stage = stage(30).await;
            stage.mailbox.trouble(|trouble| trouble.break_off = 1);
            let once = JobOptions {
                retry_failed: Some(false),
                ..apart(1, pause)
            };
            let job = stage.archived(once).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.failed), (29, 1));
            assert_eq!(touched(&stage), 29);
        });
    }
}

#[test]
fn calls_that_break_off_now_and_then_end_no_chunk() {
    block_on(async {
        let stage = Arc::new(stage(30).await);
        let id = stage.archiving(apart(1, 2.0)).await.unwrap();
        // More often than an item has attempts, and each time another item.
        for _ in 0..10 {
            stage.mailbox.trouble(|trouble| trouble.break_off = 1);
            for _ in 0..4 {
                stage.step().await.unwrap();
                if let Some(at) = stage.queue.next_at() {
                    stage.clock.set(at.max(stage.ports.clock.now()));
                }
            }
        }
        stage.mailbox.trouble(|trouble| trouble.break_off = 0);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 30));
        assert_eq!(touched(&stage), 30);
    });
}

#[test]
fn a_provider_that_is_gone_is_given_up_before_every_item_was_tried() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| trouble.break_off = 1_000);
        let before = stage.mailbox.calls();
        let job = stage.archived(batches_of(1)).await.unwrap();
        assert_eq!((job.state, job.counts.failed), (State::Failed, 30));
        assert!(stage.mailbox.calls() - before < 30);
        assert_eq!(touched(&stage), 0);
    });
}

#[test]
fn a_job_can_be_stopped_between_two_batches_and_undone() {
    block_on(async {
        let stage = stage(20).await;
        let before = stage.mailbox.places();
        let id = stage.archiving(apart(5, 60.0)).await.unwrap();
        stage.step().await.unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            job.state,
            State::Cancelled,
            "at once: nobody holds anything"
        );
        assert_eq!((job.counts.succeeded, job.counts.cancelled), (5, 15));
        assert_eq!((job.batches.current, job.batches.total), (1, 4));
        stage.run().await.unwrap();
        assert_eq!(touched(&stage), 5);
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 5);
        assert_eq!(stage.mailbox.places(), before);
    });
}

/// A job whose fourth change takes a while, in which somebody does this to the job.
async fn meanwhile(act: impl AsyncFnOnce(&Stage, &JobId) + Send + 'static) -> (Arc<Stage>, JobId) {
    let stage = Arc::new(stage(20).await);
    let id = stage.archiving(batches_of(1)).await.unwrap();
    let (other, job) = (stage.clone(), id.clone());
    stage.mailbox.interrupt(3, Moment::AfterEffect, move || {
        let acts = move || {
            block_on(async {
                other.clock.advance(Duration::from_millis(100));
                act(&other, &job).await;
            });
        };
        std::thread::spawn(acts).join().unwrap();
    });
    stage.step().await.unwrap();
    (stage, id)
}

#[test]
fn a_worker_in_the_middle_of_a_chunk_sees_that_the_job_was_stopped() {
    block_on(async {
        let (stage, id) = meanwhile(async |stage, id| {
            control::cancel(&stage.ports, &stage.user, id)
                .await
                .unwrap();
        })
        .await;
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Cancelled, 4));
        assert_eq!(touched(&stage), 4);
    });
}

#[test]
fn a_worker_in_the_middle_of_a_chunk_sees_that_the_job_was_paused() {
    block_on(async {
        let (stage, id) = meanwhile(async |stage, id| {
            control::pause(&stage.ports, &stage.user, id).await.unwrap();
        })
        .await;
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Paused, 4));
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 20);
        assert_eq!(touched(&stage), 20);
    });
}

#[test]
fn a_job_in_batches_of_one_is_undone_in_batches_of_one() {
    for pause in [0.0, 1.0] {
        block_on(async {
            let stage = stage(20).await;
            let before = stage.mailbox.places();
            let job = stage.archived(apart(1, pause)).await.unwrap();
            assert_eq!(job.counts.succeeded, 20);
            let undo = stage.undo(&job.id).await.unwrap();
            assert_eq!((undo.counts.succeeded, undo.batches.total), (20, 20));
            assert_eq!(stage.mailbox.places(), before);
        });
    }
}

#[test]
fn a_pause_keeps_an_export_in_order_too() {
    block_on(async {
        let stage = stage(12).await;
        let export = Operation::Export(Export {
            format: ExportFormat::Csv,
        });
        let began = stage.ports.clock.now();
        let job = stage
            .complete(export, Stage::inbox(), apart(5, 10.0))
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 12);
        assert_eq!(stage.parts.names(&job.id).len(), 3);
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 20);
    });
}

#[test]
fn an_allowance_smaller_than_a_batch_is_kept() {
    block_on(async {
        let mailbox = MemoryMailbox::new(20).in_chunks_of(20).limited_to(3, 60);
        let stage = Stage::new(mailbox).await.unwrap();
        let began = stage.ports.clock.now();
        let job = stage.archived(batches_of(10)).await.unwrap();
        assert_eq!(job.counts.succeeded, 20);
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 360, "20 at 3 a minute");
    });
}

#[test]
fn a_row_of_a_chunk_is_small_and_older_ones_stay_readable() {
    let now = "2026-05-04T03:02:01.123456789Z".parse().unwrap();
    let mut chunk = ChunkRecord::new(999, 1_000, now);
    chunk.hold = Hold::Done;
    chunk.counts.succeeded = 1_000;
    chunk.outcomes_hash = Some("0".repeat(64));
    let small = serde_json::to_string(&chunk).unwrap();
    assert!(small.len() < 300, "{} bytes: {small}", small.len());
    assert_eq!(serde_json::from_str::<ChunkRecord>(&small).unwrap(), chunk);

    let before = r#"{"number":7,"size":3,"hold":{"is":"done"},"in_flight":false,"attempts":1,"looks":2,
        "lapses":0,"counts":{"pending":0,"running":0,"succeeded":1,"failed":2,"skipped":0,"cancelled":0,
        "uncertain":0},"reasons":[{"outcome":"failed","reason":"refused","count":2}],
        "started_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:06Z","outcomes_hash":null,
        "parts":[]}"#;
    let before: ChunkRecord = serde_json::from_str(before).unwrap();
    let counts = Counts {
        succeeded: 1,
        failed: 2,
        ..Counts::default()
    };
    assert_eq!(
        (before.counts, before.attempts, before.turn),
        (counts, 1, 0)
    );
    assert_eq!((before.reconciles, before.reasons.len()), (2, 1));
}

#[test]
fn a_job_of_before_batches_were_told_from_chunks_goes_on_in_its_own() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(12).in_chunks_of(3))
            .await
            .unwrap();
        let before = stage.mailbox.places();
        let id = stage
            .draft(
                Operation::Archive(Archive {}),
                Stage::inbox(),
                batches_of(3),
            )
            .await
            .unwrap();
        let mut row = stage.table.get(&names::job(&id)).await.unwrap().unwrap();
        let mut job: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
        job.as_object_mut().unwrap().remove("chunk_items").unwrap();
        row.body = serde_json::to_vec(&job).unwrap();
        let older = vec![Write::Put(row, Expect::Anything)];
        stage.table.write(older).await.unwrap();
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.chunks.total), (12, 4));
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 12);
        assert_eq!(stage.mailbox.places(), before);
    });
}
