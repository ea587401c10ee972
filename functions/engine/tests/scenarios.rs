//! Whole jobs on ports in memory with a clock in the hand: what goes right, and what goes wrong
//! without a process dying (that is `faults.rs`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::mail::{FLAGGED, SEEN};
use bulkhead_engine::ports::{Expect, Message, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::store::load_job;
use bulkhead_engine::sweep::{Holders, sweep};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::MemoryParts;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::{
    accounts, audit, children, control, download, draft, preview, progress, results, work,
};
use bulkhead_shared::api::{Confirm, Connection, Gate, NewAccount};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::{State, Why};
use bulkhead_shared::limits;
use bulkhead_shared::operation::{ExportFormat, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::{Outcome, Reason};
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;
use jiff::SignedDuration;

fn options() -> JobOptions {
    JobOptions::default()
}

fn changing_operations() -> Vec<Operation> {
    vec![
        Operation::Archive {},
        Operation::Trash {},
        Operation::Label {
            add: vec!["old".into()],
            remove: vec![],
        },
        Operation::MarkRead {},
        Operation::Move {
            folder: "Work".into(),
        },
    ]
}

async fn stage(mails: u64) -> Stage {
    Stage::new(MemoryMailbox::new(mails)).await.unwrap()
}

#[test]
fn every_operation_is_done_and_taken_back_and_that_is_taken_back_too() {
    for operation in changing_operations() {
        block_on(async {
            let stage = stage(21).await;
            let before = stage.mailbox.places();
            let job = stage
                .complete(operation.clone(), Stage::inbox(), options())
                .await
                .unwrap();
            assert_eq!(
                (job.state, job.counts.succeeded),
                (State::Completed, 21),
                "{operation:?}"
            );
            let done = stage.mailbox.places();
            assert_ne!(before, done);
            let undo = stage.undo(&job.id).await.unwrap();
            assert_eq!(
                (undo.state, undo.counts.succeeded),
                (State::Completed, 21),
                "{operation:?}"
            );
            assert_eq!(stage.mailbox.places(), before, "{operation:?}");
            let redo = stage.undo(&undo.id).await.unwrap();
            assert_eq!(redo.counts.succeeded, 21);
            assert_eq!(stage.mailbox.places(), done, "{operation:?}");
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 3));
        });
    }
}

#[test]
fn a_family_can_be_taken_back_last_first() {
    block_on(async {
        let stage = stage(9).await;
        let before = stage.mailbox.places();
        let read = stage
            .complete(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        let archive = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!(stage.undo(&archive.id).await.unwrap().counts.succeeded, 9);
        // Ids are others by now, because the mails moved there and back: those of the first job are
        // found gone, and nothing is done to them by guessing.
        let undo = stage.undo(&read.id).await.unwrap();
        assert_eq!(undo.counts.total(), 9);
        assert_eq!(undo.counts.succeeded + undo.counts.skipped, 9);
        if undo.counts.succeeded == 9 {
            assert_eq!(stage.mailbox.places(), before);
        }
    });
}

#[test]
fn invariant_1_counts_add_up_after_every_message() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([2, 9]);
            trouble.flaky.insert(5, 1);
            trouble.lose_answers = 1;
        });
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let mut ended = 0;
        loop {
            let more = stage.step().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert!(job.counts.ended() >= ended);
            ended = job.counts.ended();
            match (more, stage.queue.next_at()) {
                (true, _) => {}
                (false, Some(at)) => stage.clock.set(at),
                (false, None) => break,
            }
        }
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (28, 2));
        assert_eq!(job.chunks.done, job.chunks.total);
    });
}

#[test]
fn a_selection_of_ids_is_frozen_at_once_and_unknown_ones_are_refused() {
    block_on(async {
        let stage = stage(9).await;
        let request = stage.request(Operation::Archive {}, stage.these([1, 5, 7]), options());
        let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Draft, 3));
        let gone = Selection::Ids {
            ids: vec!["INBOX.1".parse().unwrap(), "INBOX.99".parse().unwrap()],
        };
        let request = stage.request(Operation::Archive {}, gone, options());
        let refused =
            draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS).await;
        assert!(
            matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "selection.ids[1]")
        );
    });
}

#[test]
fn exceptions_of_a_query_are_left_alone() {
    block_on(async {
        let stage = stage(12).await;
        let except = vec![
            stage.mailbox.id_of(3).unwrap(),
            stage.mailbox.id_of(4).unwrap(),
        ];
        let all_but = Selection::Query {
            query: "in:inbox".into(),
            except,
        };
        let job = stage
            .complete(Operation::Trash {}, all_but, options())
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 10);
        let inbox = stage
            .mailbox
            .places()
            .into_iter()
            .filter(|(_, place)| place.folder == "INBOX");
        assert_eq!(
            inbox.map(|(identity, _)| identity).collect::<Vec<_>>(),
            [3, 4]
        );
    });
}

#[test]
fn what_is_already_so_is_skipped_and_nothing_is_sent_for_it() {
    block_on(async {
        let stage = stage(8).await;
        stage.mailbox.act(3, |place| {
            place.flags.insert(SEEN.into());
        });
        let job = stage
            .complete(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (7, 1));
        assert_eq!(job.reasons[0].reason, Reason::AlreadyDone);
        let again = stage
            .complete(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((again.state, again.counts.skipped), (State::Completed, 8));
        assert!(
            again.undo_until.is_none(),
            "nothing was changed, so nothing can be undone"
        );
    });
}

#[test]
fn an_empty_selection_completes_at_once() {
    block_on(async {
        let stage = stage(3).await;
        let none = Selection::Query {
            query: "in:trash".into(),
            except: vec![],
        };
        let job = stage
            .complete(Operation::Archive {}, none, options())
            .await
            .unwrap();
        assert_eq!((job.state, job.total), (State::Completed, 0));
    });
}

#[test]
fn the_same_key_gives_the_same_job_and_another_body_is_refused() {
    block_on(async {
        let stage = stage(3).await;
        let request = |operation| stage.request(operation, Stage::inbox(), options());
        let create = |operation| {
            draft::create(
                &stage.ports,
                &stage.user,
                Some("key"),
                request(operation),
                limits::OPEN_JOBS,
            )
        };
        let first = create(Operation::Archive {}).await.unwrap();
        assert_eq!(create(Operation::Archive {}).await.unwrap(), first);
        assert!(matches!(
            create(Operation::Trash {}).await,
            Err(Error::KeyReused)
        ));
        stage.clock.advance(Duration::from_secs(25 * 3600));
        assert_ne!(create(Operation::Trash {}).await.unwrap(), first);
    });
}

#[test]
fn invariant_5_only_the_hash_that_was_previewed_confirms() {
    block_on(async {
        let stage = stage(5).await;
        let one = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        let other = stage
            .draft(Operation::Trash {}, Stage::inbox(), options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &other)
            .await
            .unwrap();
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        let refused = control::confirm(&stage.ports, &stage.user, &one, &yes).await;
        assert!(matches!(refused, Err(Error::HashMismatch)));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn invariant_5_drift_is_shown_and_has_to_be_seen() {
    block_on(async {
        let stage = stage(9).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert!(preview.drift.is_none());
        stage.mailbox.act(2, |place| place.folder = "Work".into());
        stage.mailbox.act(3, |place| {
            place.flags.insert(SEEN.into());
        });
        let blind = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        let Err(Error::Drifted(drift)) =
            control::confirm(&stage.ports, &stage.user, &id, &blind).await
        else {
            panic!("a drifted draft was confirmed");
        };
        assert_eq!((drift.left, drift.changed, drift.joined), (1, 1, 0));
        let seen = Confirm {
            drift_hash: Some(drift.hash),
            ..blind
        };
        control::confirm(&stage.ports, &stage.user, &id, &seen)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        // What left is not swept along.
        assert_eq!((job.counts.succeeded, job.counts.skipped), (8, 1));
        assert_eq!(stage.mailbox.places()[&2].folder, "Work");
    });
}

#[test]
fn invariant_5_what_no_longer_matches_is_left_alone_although_its_id_is_the_same() {
    block_on(async {
        let stage = stage(9).await;
        let starred = Selection::Query {
            query: "is:starred".into(),
            except: vec![],
        };
        let id = stage
            .draft(Operation::MarkRead {}, starred, options())
            .await
            .unwrap();
        assert_eq!(stage.job(&id).await.unwrap().total, 3);
        stage.mailbox.act(6, |place| {
            place.flags.remove(FLAGGED);
        });
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (2, 1));
        assert!(!stage.mailbox.places()[&6].flags.contains(SEEN));
        assert_eq!(job.reasons[0].reason, Reason::Missing);
    });
}

#[test]
fn invariant_5_what_joins_later_is_shown_and_not_swept_along() {
    block_on(async {
        let stage = stage(6).await;
        stage.mailbox.act(6, |place| place.folder = "Work".into());
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.mailbox.act(6, |place| place.folder = "INBOX".into());
        let preview = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(preview.drift.as_ref().unwrap().joined, 1);
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        control::confirm(&stage.ports, &stage.user, &id, &yes)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 5);
        assert_eq!(stage.mailbox.places()[&6].folder, "INBOX");
    });
}

#[test]
fn passing_failures_are_retried_and_lasting_ones_get_a_child_job() {
    block_on(async {
        let stage = stage(10).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(2, 2);
            trouble.flaky.insert(3, 9);
        });
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 9, 1)
        );
        assert_eq!(job.reasons[0].reason, Reason::Unavailable);
        stage.mailbox.trouble(|trouble| trouble.flaky.clear());
        let child = children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(
            children::retry(&stage.ports, &stage.user, &job.id, limits::OPEN_JOBS)
                .await
                .unwrap(),
            child,
            "one open retry at a time"
        );
        stage.confirm(&child).await.unwrap();
        stage.run().await.unwrap();
        let retried = stage.job(&child).await.unwrap();
        assert_eq!((retried.total, retried.counts.succeeded), (1, 1));
        assert_eq!(retried.parent.as_ref(), Some(&job.id));
        assert_eq!(stage.job(&job.id).await.unwrap().children, [child]);
    });
}

#[test]
fn retrying_by_itself_can_be_turned_off() {
    block_on(async {
        let stage = stage(4).await;
        stage.mailbox.trouble(|trouble| {
            trouble.flaky.insert(1, 1);
        });
        let once = JobOptions {
            retry_failed: Some(false),
            ..options()
        };
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), once)
            .await
            .unwrap();
        assert_eq!((job.counts.succeeded, job.counts.failed), (3, 1));
    });
}

#[test]
fn the_brake_stops_mass_failure_and_names_itself() {
    block_on(async {
        let stage = stage(60).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = (1..=60).collect());
        let brake = Some(Brake {
            after: 8,
            ..Brake::default()
        });
        let job = stage
            .complete(
                Operation::Archive {},
                Stage::inbox(),
                JobOptions { brake, ..options() },
            )
            .await
            .unwrap();
        assert_eq!((job.state, job.reason), (State::Failed, Some(Why::Brake)));
        assert!(
            job.counts.failed >= 8 && job.counts.failed <= 16,
            "{:?}",
            job.counts
        );
        assert_eq!(job.counts.failed + job.counts.cancelled, 60);
        let off = JobOptions {
            brake: Some(Brake {
                enabled: false,
                ..Brake::default()
            }),
            ..options()
        };
        let all = stage
            .complete(Operation::Archive {}, Stage::inbox(), off)
            .await
            .unwrap();
        assert_eq!(
            (all.counts.failed, all.reason),
            (60, Some(Why::NothingSucceeded))
        );
    });
}

#[test]
fn stop_on_error_stops_at_the_first() {
    block_on(async {
        let stage = stage(40).await;
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = BTreeSet::from([1]));
        let careful = JobOptions {
            stop_on_error: Some(true),
            parallel_chunks: Some(1),
            ..options()
        };
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), careful)
            .await
            .unwrap();
        assert_eq!(
            (job.state, job.reason),
            (State::Failed, Some(Why::StopOnError))
        );
        assert_eq!((job.counts.failed, job.counts.cancelled), (1, 36));
        assert!(job.undo_until.is_some(), "what was done can be undone");
    });
}

#[test]
fn a_paused_job_does_nothing_and_goes_on_where_it_was() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        for _ in 0..3 {
            stage.step().await.unwrap();
        }
        control::pause(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        assert_eq!(
            (held.state, held.reason),
            (State::Paused, Some(Why::ByUser))
        );
        assert!(held.counts.pending > 0 && held.counts.running == 0);
        let calls = stage.mailbox.calls();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.calls(), calls, "a paused job calls nobody");
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn a_cancelled_job_keeps_what_was_done_and_can_be_undone() {
    block_on(async {
        let stage = stage(40).await;
        let before = stage.mailbox.places();
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        for _ in 0..3 {
            stage.step().await.unwrap();
        }
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.cancelled),
            (State::Cancelled, 12, 28)
        );
        let items = results::items(
            &stage.ports,
            &stage.user,
            &id,
            Some(Outcome::Cancelled),
            None,
            100,
        )
        .await
        .unwrap();
        assert_eq!(items.items.len(), 28);
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 12);
        assert_eq!(stage.mailbox.places(), before);
    });
}

#[test]
fn a_draft_can_be_thrown_away() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
        assert!(matches!(
            stage.confirm(&id).await,
            Err(Error::WrongState(_))
        ));
    });
}

#[test]
fn invariant_8_being_throttled_uses_no_attempt_and_holds_every_worker() {
    block_on(async {
        let stage = stage(40).await;
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        let id = stage
            .draft(
                Operation::Archive {},
                Stage::inbox(),
                JobOptions {
                    max_retries: Some(0),
                    ..options()
                },
            )
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.step().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        assert_eq!(
            (held.state, held.reason),
            (State::Paused, Some(Why::WaitingForProvider { until }))
        );
        let calls = stage.mailbox.calls();
        while stage.step().await.unwrap() {}
        assert_eq!(
            stage.mailbox.calls(),
            calls,
            "the wait is shared by all workers"
        );
        stage.run().await.unwrap();
        assert!(stage.ports.clock.now() >= until);
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
    });
}

#[test]
fn invariant_8_an_allowance_is_kept_by_waiting() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(40).limited_to(10, 60))
            .await
            .unwrap();
        let began = stage.ports.clock.now();
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        let took = stage.ports.clock.now().duration_since(began);
        assert!(took.as_secs() >= 180, "40 items at 10 a minute took {took}");
    });
}

#[test]
fn invariant_3_a_lost_answer_is_looked_up_and_not_repeated() {
    block_on(async {
        for (lose, half, broken) in [(2, 0, 0), (0, 2, 0), (0, 0, 2), (1, 1, 1)] {
            let stage = stage(20).await;
            let before = stage.mailbox.places();
            stage.mailbox.trouble(|trouble| {
                (trouble.lose_answers, trouble.half_way, trouble.break_off) = (lose, half, broken);
            });
            let patient = JobOptions {
                max_retries: Some(5),
                ..options()
            };
            let job = stage
                .complete(Operation::Archive {}, Stage::inbox(), patient)
                .await
                .unwrap();
            assert_eq!(
                (job.state, job.counts.succeeded),
                (State::Completed, 20),
                "{lose} {half} {broken}"
            );
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
            assert_eq!(stage.undo(&job.id).await.unwrap().counts.succeeded, 20);
            assert_eq!(stage.mailbox.places(), before);
        }
    });
}

#[test]
fn invariant_3_what_looking_does_not_tell_is_uncertain_and_never_repeated() {
    block_on(async {
        let stage = stage(8).await;
        stage
            .mailbox
            .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 4));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn invariant_3_duplicate_messages_repeat_nothing() {
    block_on(async {
        let stage = stage(40).await;
        stage.queue.duplicate(2);
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 40);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
    });
}

#[test]
fn invariant_3_a_worker_that_slept_past_its_lease_repeats_and_overwrites_nothing() {
    for operation in changing_operations() {
        for (after, moment) in [
            (0, Moment::BeforeEffect),
            (1, Moment::BeforeEffect),
            (0, Moment::AfterEffect),
            (1, Moment::AfterEffect),
        ] {
            block_on(sleeps(&operation, after, moment));
        }
    }
}

/// One worker sleeps at this moment until others have taken over, ended the job and undone it.
async fn sleeps(operation: &Operation, after: u32, moment: Moment) {
    let context = format!("{operation:?}, slept at change {after}, {moment:?}");
    let stage = Arc::new(stage(8).await);
    let before = stage.mailbox.places();
    let id = stage
        .draft(operation.clone(), Stage::inbox(), options())
        .await
        .unwrap();
    stage.confirm(&id).await.unwrap();
    let (others, job) = (stage.clone(), id.clone());
    let meanwhile = move || {
        block_on(async {
            others.clock.advance(Duration::from_secs(120));
            assert_eq!(others.run_to_end(&job).await.counts.succeeded, 8);
            assert_eq!(others.undo(&job).await.unwrap().counts.succeeded, 8);
        });
    };
    stage.mailbox.interrupt(after, moment, move || {
        std::thread::spawn(meanwhile).join().unwrap();
    });
    while stage.step().await.unwrap() {}
    stage.run().await.unwrap();
    assert_eq!(
        stage.job(&id).await.unwrap().counts.succeeded,
        8,
        "{context}"
    );
    assert_eq!(stage.mailbox.places(), before, "{context}");
    assert!(
        stage.mailbox.mails().iter().all(|mail| mail.touched == 2),
        "{context}"
    );
    // What the others stored is not overwritten by what the sleeper believes.
    let succeeded = Some(Outcome::Succeeded);
    let items = results::items(&stage.ports, &stage.user, &id, succeeded, None, 10)
        .await
        .unwrap();
    assert_eq!(items.items.len(), 8, "{context}");
}

#[test]
fn invariant_4_what_the_queue_loses_the_sweep_asks_for_again() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 40);
    });
}

#[test]
fn invariant_4_a_redelivered_message_of_a_finished_chunk_passes_the_lane_on() {
    block_on(async {
        let stage = stage(16).await;
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), one_lane)
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        // The worker died after it had stored its result and before it asked for the next chunk.
        stage.queue.clear();
        let deadline = stage.ports.clock.now() + SignedDuration::from_secs(30);
        let again = Message::Chunk {
            job: id.clone(),
            chunk: 0,
        };
        work::handle(&stage.ports, &again, deadline).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 16);
    });
}

#[test]
fn invariant_4_after_a_restart_nobody_waits_for_the_leases_of_the_dead() {
    block_on(async {
        let fuse = Fuse::new();
        let stage = Stage::with_fuse(MemoryMailbox::new(16), Some(fuse.clone()))
            .await
            .unwrap();
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        // Dies with the chunk claimed and its items changed.
        fuse.blow_at(7);
        let _ = stage.step().await;
        assert!(fuse.is_blown());
        fuse.replace();
        stage.queue.clear();
        let began = stage.ports.clock.now();
        sweep(&stage.ports, Holders::Gone).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 16);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        assert_eq!(stage.ports.clock.now(), began);
    });
}

/// A process died with a chunk claimed and its items changed.
async fn died_in_flight() -> (Stage, JobId) {
    let fuse = Fuse::new();
    let mailbox = MemoryMailbox::new(16);
    let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await.unwrap();
    let id = stage
        .draft(Operation::Archive {}, Stage::inbox(), options())
        .await
        .unwrap();
    stage.confirm(&id).await.unwrap();
    fuse.blow_at(7);
    let _ = stage.step().await;
    fuse.replace();
    assert!(stage.mailbox.mails().iter().any(|mail| mail.touched == 1));
    stage.clock.advance(Duration::from_secs(120));
    (stage, id)
}

#[test]
fn invariant_3_what_was_in_flight_stays_so_while_the_account_cannot_be_opened() {
    block_on(async {
        let (stage, id) = died_in_flight().await;
        let before = stage.mailbox.mails().len();
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        while stage.step().await.unwrap() {}
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        stage.run().await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, before as u64, "{job:?}");
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 16);
    });
}

#[test]
fn invariant_4_what_was_in_flight_ends_as_uncertain_when_nobody_answers_any_more() {
    block_on(async {
        let (stage, id) = died_in_flight().await;
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        let job = stage.run_to_end(&id).await;
        assert_eq!(
            (job.counts.uncertain, job.counts.failed),
            (4, 12),
            "{job:?}"
        );
    });
}

#[test]
fn invariant_4_a_poison_message_ends_as_a_failed_chunk_with_a_reason() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let poison = stage.queue.take().unwrap();
        work::bury(&stage.ports, &poison).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 4, 4)
        );
        assert_eq!(job.reasons[0].reason, Reason::Internal);
    });
}

#[test]
fn invariant_4_a_chunk_that_cannot_be_read_ends_with_a_reason() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let poison = stage.queue.take().unwrap();
        let Message::Chunk { chunk, .. } = poison else {
            panic!("{poison:?}")
        };
        let generation = load_job(stage.ports.table.as_ref(), &id).await;
        let generation = generation.unwrap().unwrap().record.generation;
        let manifest = names::manifest(&id, generation, chunk);
        let gone = vec![Write::Delete(manifest, Expect::Anything)];
        stage.ports.table.write(gone).await.unwrap();
        let work_ends = stage.ports.clock.now() + SignedDuration::from_secs(60);
        assert!(
            work::handle(&stage.ports, &poison, work_ends)
                .await
                .is_err()
        );
        stage.clock.advance(Duration::from_secs(120));
        work::bury(&stage.ports, &poison).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.failed),
            (State::Completed, 4, 4)
        );
        let outcomes = results::items(&stage.ports, &stage.user, &id, None, None, 50).await;
        assert_eq!(outcomes.unwrap().items.len(), 4, "the others are listed");
    });
}

#[test]
fn invariant_4_a_chunk_that_kills_every_worker_ends_with_a_reason() {
    block_on(async {
        let fuse = Fuse::new();
        let stage = Stage::with_fuse(MemoryMailbox::new(4), Some(fuse.clone()))
            .await
            .unwrap();
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        for death in 1..=5 {
            assert!(!stage.job(&id).await.unwrap().state.is_ended(), "{death}");
            // Dies with the chunk claimed (at first the job begins too); its message comes too late to
            // count for anything.
            fuse.blow_at(if death == 1 { 4 } else { 2 });
            let _ = stage.step().await;
            assert!(fuse.is_blown());
            fuse.replace();
            stage.queue.clear();
            stage.sweep().await.unwrap();
        }
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.failed), (State::Failed, 4));
        assert_eq!(job.reasons[0].reason, Reason::Internal);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn invariant_6_others_jobs_do_not_exist() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        let eve: UserId = "eve".parse().unwrap();
        let (ports, unknown) = (
            &stage.ports,
            "arc_01arz3ndektsv4rrffq69g5fav".parse::<JobId>().unwrap(),
        );
        let yes = Confirm {
            manifest_hash: stage.job(&id).await.unwrap().manifest_hash.unwrap(),
            drift_hash: None,
        };
        for job in [&id, &unknown] {
            let text = |result: Result<(), Error>| result.unwrap_err().to_string();
            let refusals = [
                text(progress::job(ports, &eve, job).await.map(drop)),
                text(preview::preview(ports, &eve, job).await.map(drop)),
                text(control::confirm(ports, &eve, job, &yes).await),
                text(control::pause(ports, &eve, job).await),
                text(control::cancel(ports, &eve, job).await),
                text(children::undo(ports, &eve, job).await.map(drop)),
                text(
                    results::items(ports, &eve, job, None, None, 10)
                        .await
                        .map(drop),
                ),
            ];
            assert!(
                refusals.iter().all(|refusal| refusal == "not found"),
                "{refusals:?}"
            );
        }
        let request = stage.request(Operation::Archive {}, Stage::inbox(), options());
        assert!(matches!(
            draft::create(ports, &eve, None, request, limits::OPEN_JOBS).await,
            Err(Error::NotFound)
        ));
        assert!(
            progress::history(ports, &eve, None, None, 10)
                .await
                .unwrap()
                .jobs
                .is_empty()
        );
    });
}

#[test]
fn invariant_7_what_has_expired_is_gone_although_the_rows_are_there() {
    block_on(async {
        let stage = stage(4).await;
        let late = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        let job = stage
            .complete(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(25 * 3600));
        assert!(matches!(
            stage.confirm(&late).await,
            Err(Error::WrongState(_))
        ));
        assert_eq!(stage.job(&late).await.unwrap().state, State::Expired);
        let items = results::items(&stage.ports, &stage.user, &job.id, None, None, 10).await;
        assert!(matches!(items, Err(Error::Gone)));
        assert_eq!(
            stage.undo(&job.id).await.unwrap().counts.succeeded,
            4,
            "the undo window is longer"
        );
        let other = stage
            .complete(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(8 * 24 * 3600));
        assert!(matches!(
            stage.undo(&other.id).await,
            Err(Error::NotPossible(_))
        ));
    });
}

#[test]
fn invariant_9_undo_leaves_alone_what_somebody_changed_since_and_lists_it() {
    block_on(async {
        let stage = stage(12).await;
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.mailbox.act(1, |place| {
            place.flags.insert(FLAGGED.into());
        });
        stage.mailbox.act(2, |place| place.folder = "Work".into());
        stage.mailbox.delete(3);
        let undo = children::undo(&stage.ports, &stage.user, &job.id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let found = preview::preview(&stage.ports, &stage.user, &undo)
            .await
            .unwrap()
            .undo
            .unwrap();
        assert_eq!(
            (found.can_go_back, found.changed_since, found.gone),
            (9, 1, 2)
        );
        stage.confirm(&undo).await.unwrap();
        // And one more after the preview was confirmed.
        stage.mailbox.act(4, |place| {
            place.flags.insert(SEEN.into());
        });
        stage.run().await.unwrap();
        let undone = stage.job(&undo).await.unwrap();
        assert_eq!((undone.counts.succeeded, undone.counts.skipped), (8, 4));
        let places = stage.mailbox.places();
        assert!(places[&1].folder == "Archive" && places[&1].flags.contains(FLAGGED));
        assert_eq!(places[&2].folder, "Work");
        assert!(places[&4].folder == "Archive" && places[&4].flags.contains(SEEN));
        let listed = results::items(
            &stage.ports,
            &stage.user,
            &undo,
            Some(Outcome::Skipped),
            None,
            10,
        )
        .await
        .unwrap();
        let changed = listed
            .items
            .iter()
            .filter(|item| item.reason == Some(Reason::ChangedSince))
            .count();
        assert_eq!(changed, 2);
    });
}

#[test]
fn a_refused_sign_in_holds_the_job_until_somebody_goes_on() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        assert_eq!(
            (held.state, held.reason),
            (State::Paused, Some(Why::SignInNeeded))
        );
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 12);
    });
}

#[test]
fn connecting_an_account_again_goes_on_with_what_waited_for_it() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        let again = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        assert_eq!(
            accounts::create(&stage.ports, &stage.user, again)
                .await
                .unwrap()
                .id,
            stage.account
        );
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 12);
    });
}

#[test]
fn a_folder_that_does_not_exist_is_refused_before_anything_is_frozen() {
    block_on(async {
        let stage = stage(3).await;
        let nowhere = Operation::Move {
            folder: "Nowhere".into(),
        };
        let refused = stage.draft(nowhere, Stage::inbox(), options()).await;
        assert!(
            matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "operation.folder")
        );
    });
}

#[test]
fn a_job_held_too_long_is_stopped() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        control::pause(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(8 * 24 * 3600));
        stage.sweep().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
    });
}

#[test]
fn a_pause_between_batches_is_kept() {
    block_on(async {
        let stage = stage(16).await;
        let slow = JobOptions {
            delay_between_batches: Some(10.0),
            parallel_chunks: Some(1),
            ..options()
        };
        let began = stage.ports.clock.now();
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), slow)
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 16);
        assert_eq!(stage.ports.clock.now().duration_since(began).as_secs(), 30);
    });
}

#[test]
fn exports_hold_every_mail_once_and_touch_nothing() {
    block_on(async {
        let stage = stage(11).await;
        for (format, needle) in [
            (ExportFormat::Mbox, "\n>From the"),
            (ExportFormat::Csv, "'=Subject"),
            (ExportFormat::Json, "\"subject\""),
        ] {
            let job = stage
                .complete(Operation::Export { format }, Stage::inbox(), options())
                .await
                .unwrap();
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 11));
            assert!(job.undo_until.is_none());
            let mut download = download::export(&stage.ports, &stage.user, &job.id)
                .await
                .unwrap();
            let text = String::from_utf8(whole(&mut download).await).unwrap();
            assert_eq!(text.matches(needle).count(), 11, "{format:?}:\n{text}");
            if format == ExportFormat::Json {
                assert_eq!(
                    serde_json::from_str::<Vec<serde_json::Value>>(&text)
                        .unwrap()
                        .len(),
                    11
                );
            }
        }
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn files_are_handed_out_where_they_can_be_and_by_the_same_rules() {
    block_on(async {
        let mut stage = stage(11).await;
        let format = ExportFormat::Csv;
        let job = stage
            .complete(Operation::Export { format }, Stage::inbox(), options())
            .await
            .unwrap();
        let (ann, eve) = (stage.user.clone(), "eve".parse().unwrap());
        let plain = download::export(&stage.ports, &ann, &job.id).await;
        let mut plain = plain.unwrap();
        assert_eq!(plain.hand_out().await.unwrap(), None, "it is streamed");
        let streamed = whole(&mut plain).await;

        let parts = MemoryParts::clone(&stage.parts).handing_out(stage.clock.clone());
        stage.ports.parts = Arc::new(parts.clone());
        let ports = &stage.ports;
        for (mut file, expected) in [
            (
                download::export(ports, &ann, &job.id).await.unwrap(),
                Some(&streamed),
            ),
            (
                download::outcomes_csv(ports, &ann, &job.id).await.unwrap(),
                None,
            ),
        ] {
            let out = file.hand_out().await.unwrap().unwrap();
            assert!(out.url.ends_with(&file.file_name));
            let got = parts.at(&out.url).unwrap();
            let lines = got.split(|byte| *byte == b'\n').count();
            assert_eq!(lines, 1 + 11 + 1, "a head, a row each, and the end");
            assert!(expected.is_none_or(|expected| got == *expected));
        }
        let others = download::export(ports, &eve, &job.id).await;
        assert!(matches!(others, Err(Error::NotFound)));
        // No address outlives what it leads to (invariant 7).
        let end = job.results_until.unwrap();
        stage.clock.set(end - SignedDuration::from_secs(1));
        let mut last = download::export(ports, &ann, &job.id).await.unwrap();
        let out = last.hand_out().await.unwrap().unwrap();
        assert_eq!(out.until, end);
        stage.clock.set(end);
        assert_eq!(parts.at(&out.url), None);
        let gone = download::export(ports, &ann, &job.id).await;
        assert!(matches!(gone, Err(Error::Gone)));
    });
}

#[test]
fn what_is_handed_out_is_what_is_streamed_in_every_format() {
    block_on(async {
        let stage = stage(11).await;
        let parts = MemoryParts::clone(&stage.parts).handing_out(stage.clock.clone());
        for format in [ExportFormat::Mbox, ExportFormat::Csv, ExportFormat::Json] {
            let small = JobOptions {
                batch_size: Some(4),
                ..options()
            };
            let export = Operation::Export { format };
            let job = stage.complete(export, Stage::inbox(), small).await.unwrap();
            assert_eq!(parts.names(&job.id).len(), 3);
            let file = async |ports| download::export(ports, &stage.user, &job.id).await;
            let streamed = whole(&mut file(&stage.ports).await.unwrap()).await;
            let mut ports = stage.ports.clone();
            ports.parts = Arc::new(parts.clone());
            let out = file(&ports).await.unwrap().hand_out().await.unwrap();
            assert!(
                parts.at(&out.unwrap().url).unwrap() == streamed,
                "{format:?}"
            );

            let mut begun = file(&ports).await.unwrap();
            let first = begun.next().await.unwrap().unwrap();
            let rest = begun.hand_out().await.unwrap().unwrap();
            let rest = parts.at(&rest.url).unwrap();
            assert!([first, rest].concat() == streamed, "{format:?}: the rest");
        }
    });
}

#[test]
fn a_chunk_without_any_mail_left_leaves_nothing_in_an_export() {
    block_on(async {
        let stage = stage(12).await;
        let small = JobOptions {
            batch_size: Some(4),
            ..options()
        };
        let format = ExportFormat::Json;
        let export = Operation::Export { format };
        let id = stage.draft(export, Stage::inbox(), small).await.unwrap();
        stage.confirm(&id).await.unwrap();
        let ids: Vec<u64> = stage.mailbox.mails().iter().map(|it| it.identity).collect();
        for identity in &ids[..8] {
            stage.mailbox.delete(*identity);
        }
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (4, 8));
        let file = download::export(&stage.ports, &stage.user, &id).await;
        let file = whole(&mut file.unwrap()).await;
        let items: Vec<serde_json::Value> = serde_json::from_slice(&file).unwrap();
        assert_eq!(items.len(), 4);
    });
}

async fn whole(download: &mut download::Download) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        file.extend(piece);
    }
    file
}

#[test]
fn every_message_is_sent_in_its_owners_group() {
    block_on(async {
        let stage = stage(30).await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = BTreeSet::from([3]);
            trouble.flaky.insert(5, 1);
        });
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        let until = stage.ports.clock.now() + SignedDuration::from_secs(90);
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.run().await.unwrap();
        children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.undo(&id).await.unwrap();
        let planned = stage.request(Operation::MarkRead {}, Stage::inbox(), options());
        let (ports, user) = (&stage.ports, &stage.user);
        draft::create(ports, user, None, planned, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.queue.clear();
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.queue.groups(), BTreeSet::from(["ann".to_owned()]));
    });
}

#[test]
fn the_audit_trail_is_a_chain_and_holds_no_content() {
    block_on(async {
        let stage = stage(8).await;
        let job = stage
            .complete(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.undo(&job.id).await.unwrap();
        let events = audit::list(&stage.ports, &stage.user, None, 100)
            .await
            .unwrap()
            .events;
        let names: Vec<&str> = events
            .iter()
            .rev()
            .map(|event| event.event.as_str())
            .collect();
        let job_events = ["job_drafted", "job_confirmed", "job_ended"];
        assert_eq!(
            names,
            [&["account_connected"][..], &job_events, &job_events].concat()
        );
        for pair in events.windows(2) {
            assert_eq!(pair[0].previous, pair[1].hash);
        }
        assert!(
            events
                .iter()
                .all(|event| audit::digest(event).unwrap() == event.hash)
        );
        let page = audit::list(&stage.ports, &stage.user, None, 3)
            .await
            .unwrap();
        let rest = audit::list(&stage.ports, &stage.user, page.next_cursor.as_deref(), 100)
            .await
            .unwrap();
        assert_eq!(page.events.len() + rest.events.len(), events.len());
    });
}

#[test]
fn invariant_10_messages_carry_ids_only() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage
            .draft(Operation::Archive {}, Stage::inbox(), options())
            .await
            .unwrap();
        stage.confirm(&id).await.unwrap();
        let message = stage.queue.take().unwrap();
        assert_eq!(message, Message::Chunk { job: id, chunk: 0 });
    });
}

#[test]
fn risk_asks_for_the_count_when_much_is_at_stake() {
    block_on(async {
        let stage = stage(12).await;
        let small = stage
            .draft(Operation::MarkRead {}, Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!(
            preview::preview(&stage.ports, &stage.user, &small)
                .await
                .unwrap()
                .gate,
            Gate::Confirm
        );
        let everything = Selection::Query {
            query: String::new(),
            except: vec![],
        };
        let all = stage
            .draft(Operation::Trash {}, everything, options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &all)
            .await
            .unwrap();
        assert_eq!(preview.gate, Gate::TypeCount);
        assert_eq!((preview.total, preview.sample.len()), (12, 8));
    });
}

#[test]
fn the_history_is_newest_first_and_paged() {
    block_on(async {
        let stage = stage(4).await;
        let mut ids = Vec::new();
        // Kinds whose names sort otherwise than their times.
        for operation in changing_operations() {
            stage.clock.advance(Duration::from_secs(1));
            ids.push(
                stage
                    .draft(operation, Stage::inbox(), options())
                    .await
                    .unwrap(),
            );
        }
        ids.reverse();
        let first = progress::history(&stage.ports, &stage.user, None, None, 3)
            .await
            .unwrap();
        let rest = progress::history(
            &stage.ports,
            &stage.user,
            None,
            first.next_cursor.as_deref(),
            3,
        )
        .await
        .unwrap();
        let listed: Vec<JobId> = first
            .jobs
            .into_iter()
            .chain(rest.jobs)
            .map(|job| job.id)
            .collect();
        assert_eq!(listed, ids);
        let none = progress::history(&stage.ports, &stage.user, Some(State::Failed), None, 3)
            .await
            .unwrap();
        assert!(none.jobs.is_empty());
    });
}
