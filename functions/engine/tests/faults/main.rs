//! Dies at every moment: for each operation and for its undo, the process ends before and after
//! each single write, send and provider call; messages come twice; everything queued is lost. After
//! each death a new process goes on, and the invariants are checked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_engine::jobs::{children, control};
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::ports::Fact;
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::{Stage, changing_operations};
use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Export, ExportFormat, MarkRead, MarkUnread, Operation};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;

mod deliver;
mod drafting;
mod told;

const MAILS: u64 = 14;

/// What goes wrong besides the death of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Queueing {
    /// Nothing: what was not acknowledged comes again.
    Kept,
    /// Each message comes twice.
    Doubled,
    /// Whatever was queued is lost with the process.
    Lost,
}

fn operations() -> Vec<Operation> {
    let mut operations = changing_operations();
    operations.push(Operation::MarkUnread(MarkUnread {}));
    operations.push(Operation::Export(Export {
        format: ExportFormat::Mbox,
    }));
    operations
}

/// A stage with a draft of this operation, ready to be confirmed.
async fn ready(operation: &Operation, queueing: Queueing) -> (Stage, Arc<Fuse>, JobId) {
    ready_with(operation, queueing, JobOptions::default()).await
}

/// The same with other options.
async fn ready_with(
    operation: &Operation,
    queueing: Queueing,
    options: JobOptions,
) -> (Stage, Arc<Fuse>, JobId) {
    let fuse = Fuse::new();
    let mailbox = MemoryMailbox::new(MAILS);
    if matches!(operation, Operation::MarkUnread(MarkUnread {})) {
        (1..=MAILS).for_each(|identity| {
            mailbox.act(identity, |place| {
                place.flags.insert("\\Seen".into());
            });
        });
    }
    if let Operation::Unsubscribe(_) = operation {
        deliver::write_lists(&mailbox);
    }
    let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await.unwrap();
    let id = stage
        .draft(operation.clone(), Stage::inbox(), options)
        .await
        .unwrap();
    if queueing == Queueing::Doubled {
        stage.queue.duplicate(1);
    }
    (stage, fuse, id)
}

/// Confirms and works until the fuse blows or the job has ended, then goes on as a new process.
async fn live_and_die(
    stage: &Stage,
    fuse: &Fuse,
    id: &JobId,
    step: u32,
    queueing: Queueing,
) -> (Job, bool) {
    let before = touched(stage);
    fuse.blow_at(step);
    let _ = stage.confirm(id).await;
    let _ = stage.run().await;
    let died = fuse.is_blown();
    fuse.replace();
    told::check(stage, id, &format!("died at step {step}"));
    if died && queueing == Queueing::Lost {
        stage.queue.clear();
    }
    let job = stage.run_to_end(id).await;
    told::check(stage, id, &format!("went on after it died at step {step}"));
    if job.state != State::Draft {
        return (job, died);
    }
    // It died before the confirmation was stored: nothing was touched, and the yes is said again.
    assert_eq!(touched(stage), before);
    stage.confirm(id).await.unwrap();
    (stage.run_to_end(id).await, died)
}

/// How often each mail was changed so far.
fn touched(stage: &Stage) -> Vec<u32> {
    let mails = stage.mailbox.mails().into_iter();
    mails.map(|mail| mail.touched).collect()
}

/// Walks the fuse through a whole job: one life for each step that a life without death takes.
fn walk(operation: &Operation, queueing: Queueing) {
    walk_with(operation, queueing, &JobOptions::default());
}

/// The same with other options.
fn walk_with(operation: &Operation, queueing: Queueing, options: &JobOptions) {
    let steps = steps_of(operation, queueing, options);
    assert!(steps > 20, "{operation:?} took only {steps} steps");
    for step in 0..steps {
        block_on(async {
            let (stage, fuse, id) = ready_with(operation, queueing, options.clone()).await;
            let before = stage.mailbox.places();
            let (job, died) = live_and_die(&stage, &fuse, &id, step, queueing).await;
            let context = format!("{operation:?}, {queueing:?}, died at step {step}: {job:?}");
            assert!(died, "{context}");
            let whole = [
                "job_drafted",
                "job_frozen",
                "job_confirmed",
                "job_started",
                "job_ended",
            ];
            assert_eq!(told::events(&stage, &id), whole, "{context}");
            check_done(&stage, operation, &job, &before, &context);
        });
    }
}

/// How many steps a life without death takes.
fn steps_of(operation: &Operation, queueing: Queueing, options: &JobOptions) -> u32 {
    block_on(async {
        let (stage, fuse, id) = ready_with(operation, queueing, options.clone()).await;
        fuse.blow_at(u32::MAX - 1);
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        fuse.steps()
    })
}

fn check_done(
    stage: &Stage,
    operation: &Operation,
    job: &Job,
    before: &BTreeMap<u64, Place>,
    context: &str,
) {
    assert_eq!(job.state, State::Completed, "invariant 4: {context}");
    assert_eq!(job.counts.succeeded, MAILS, "invariant 3: {context}");
    check_figures(stage, job, context);
    let touches = u32::from(operation.target().is_some());
    for mail in stage.mailbox.mails() {
        assert_eq!(
            mail.touched, touches,
            "invariant 3, mail {}: {context}",
            mail.identity
        );
        let was = &before[&mail.identity];
        assert_eq!(mail.place == *was, touches == 0, "invariant 5: {context}");
    }
}

/// Whatever died, the end is noted, and twice at the most: by who died right after it had noted it, and by
/// who came next.
fn check_figures(stage: &Stage, job: &Job, context: &str) {
    let (mut ends, mut items) = (0, 0);
    for fact in stage.meter.facts() {
        match fact {
            Fact::JobEnded { counts, .. } => {
                ends += 1;
                assert_eq!(counts, job.counts, "{context}");
            }
            Fact::ItemsEnded { counts, .. } => items += counts.ended(),
            _ => {}
        }
    }
    assert!((1..=2).contains(&ends), "{ends} ends: {context}");
    assert!(items <= job.total, "{items} items: {context}");
}

/// Undoes a job, dying at this step. Says whether the undo lived long enough to die there.
fn undo_after(operation: &Operation, queueing: Queueing, step: u32) -> bool {
    block_on(async {
        let (stage, fuse, id) = ready(operation, Queueing::Kept).await;
        let before = stage.mailbox.places();
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        // Somebody changes one of them: that change stays (invariant 9).
        stage.mailbox.act(1, |place| {
            place.flags.insert("theirs".into());
        });
        let theirs = stage.mailbox.places()[&1].clone();
        let undo = children::undo(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        if queueing == Queueing::Doubled {
            stage.queue.duplicate(1);
        }
        let (job, died) = live_and_die(&stage, &fuse, &undo, step, queueing).await;
        let context = format!("undo of {operation:?}, {queueing:?}, died at step {step}: {job:?}");
        assert_eq!(
            (job.state, job.counts.succeeded, job.counts.skipped),
            (State::Completed, MAILS - 1, 1),
            "{context}"
        );
        for mail in stage.mailbox.mails() {
            let (expected, touches) = if mail.identity == 1 {
                (&theirs, 1)
            } else {
                (&before[&mail.identity], 2)
            };
            assert_eq!(&mail.place, expected, "invariant 9: {context}");
            assert_eq!(mail.touched, touches, "invariant 3: {context}");
        }
        died
    })
}

#[test]
fn invariants_1_to_5_hold_wherever_a_job_dies() {
    for operation in operations() {
        walk(&operation, Queueing::Kept);
    }
}

#[test]
fn invariants_1_to_5_hold_wherever_a_job_of_several_batches_a_chunk_dies() {
    let batches = |size, pause| JobOptions {
        batch_size: Some(size),
        delay_between_batches: Some(pause),
        ..JobOptions::default()
    };
    for options in [batches(1, 0.0), batches(2, 5.0)] {
        for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
            for operation in [
                Operation::Archive(Archive {}),
                Operation::MarkRead(MarkRead {}),
            ] {
                walk_with(&operation, queueing, &options);
            }
        }
    }
    let export = Operation::Export(Export {
        format: ExportFormat::Mbox,
    });
    walk_with(&export, Queueing::Kept, &batches(2, 5.0));
}

#[test]
fn invariants_1_to_5_hold_when_messages_come_twice_besides() {
    for operation in [
        Operation::Archive(Archive {}),
        Operation::MarkRead(MarkRead {}),
    ] {
        walk(&operation, Queueing::Doubled);
    }
}

#[test]
fn invariants_1_to_5_hold_when_the_queue_is_lost_besides() {
    for operation in [
        Operation::Archive(Archive {}),
        Operation::MarkRead(MarkRead {}),
    ] {
        walk(&operation, Queueing::Lost);
    }
}

#[test]
fn invariants_2_3_4_and_9_hold_wherever_an_undo_dies() {
    for operation in operations()
        .into_iter()
        .filter(|operation| operation.target().is_some())
    {
        for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
            let mut step = 0;
            while undo_after(&operation, queueing, step) {
                step += 1;
            }
            assert!(
                step > 20,
                "the undo of {operation:?} took only {step} steps"
            );
        }
    }
}

#[test]
fn invariant_2_nothing_is_touched_before_its_undo_record_is_stored() {
    for operation in operations()
        .into_iter()
        .filter(|operation| operation.target().is_some())
    {
        for step in 0..steps_of(&operation, Queueing::Kept, &JobOptions::default()) {
            block_on(async {
                let (stage, fuse, id) = ready(&operation, Queueing::Kept).await;
                fuse.blow_at(step);
                let _ = stage.confirm(&id).await;
                let _ = stage.run().await;
                assert!(fuse.is_blown(), "it did not die at step {step}");
                let rows = stage.table.rows();
                let recorded = |chunk: usize| {
                    rows.iter().any(|row| {
                        row.key.partition == id.as_str()
                            && row.key.sort == format!("UNDO#{chunk:06}#BEFORE")
                    })
                };
                // Chunks of four in the order of the mails.
                for mail in stage.mailbox.mails().iter().filter(|mail| mail.touched > 0) {
                    let chunk = usize::try_from((mail.identity - 1) / 4).unwrap();
                    assert!(recorded(chunk), "invariant 2: {operation:?} at step {step}");
                }
            });
        }
    }
}

#[test]
fn a_cancelled_job_ends_wherever_it_dies_and_what_was_done_can_be_undone() {
    let mut step = 0;
    while cancelled_at(step) {
        step += 1;
    }
    assert!(step > 10, "a chunk and a stop took only {step} steps");
}

/// Stops a job whose process dies at this step. Says whether it lived long enough to die there.
fn cancelled_at(step: u32) -> bool {
    block_on(async {
        let (stage, fuse, id) = ready(&Operation::Archive(Archive {}), Queueing::Kept).await;
        let before = stage.mailbox.places();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        fuse.blow_at(step);
        let _ = stage.step().await;
        let _ = control::cancel(&stage.ports, &stage.user, &id).await;
        let _ = stage.run().await;
        let died = fuse.is_blown();
        fuse.replace();
        let _ = control::cancel(&stage.ports, &stage.user, &id).await;
        let job = stage.run_to_end(&id).await;
        let moved = stage
            .mailbox
            .mails()
            .iter()
            .filter(|mail| mail.touched > 0)
            .count() as u64;
        assert_eq!(job.counts.succeeded, moved, "died at step {step}: {job:?}");
        if moved > 0 {
            stage.undo(&id).await.unwrap();
        }
        assert_eq!(stage.mailbox.places(), before, "died at step {step}");
        died
    })
}
