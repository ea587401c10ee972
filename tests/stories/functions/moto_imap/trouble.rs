//! Everything that may go wrong on AWS, at once: workers die and freeze in the midst of a chunk,
//! messages come twice and in any order, table and queue are throttled. The counts add up at every
//! look (the driver checks that), every mail is moved once, and nothing ends among the dead letters.

use std::collections::BTreeSet;
use std::time::Duration;

use bulkhead_cloud::aws::Trouble;
use bulkhead_cloud::lambda::Function;
use bulkhead_cloud::often::Often;
use bulkhead_cloud::sqs::Faults;
use bulkhead_shared::api::Job;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};

use super::{World, all_succeeded};

const MAILS: usize = 480;
/// Longer than the queue hides a message (the template's six minutes).
const HIDDEN: Duration = Duration::from_secs(361);

/// Bad weather: every tenth call is throttled, every fifth message comes twice, order is lost.
fn misbehave(cloud: &Cloud) {
    cloud.aws.sqs().misbehave(Faults {
        duplicates: Often::Share(0.2),
        disorder: Often::Share(0.5),
        short_receives: Often::Share(0.2),
        throttled: Often::Share(0.1),
        lost_answers: Often::Share(0.05),
        ..Faults::default()
    });
    for who in ["worker", "sweep"] {
        let trouble = Trouble {
            actions: "dynamodb:*".to_owned(),
            // Long enough that there is a middle to die in.
            delay: Duration::from_millis(60),
            throttled: Often::Share(0.1),
            lost_answers: Often::Share(0.02),
            ..Trouble::default()
        };
        cloud.aws.trouble(who, trouble);
    }
}

fn calm(cloud: &Cloud) {
    cloud.aws.calm();
    cloud.aws.sqs().misbehave(Faults::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn invariants_1_to_9_hold_through_deaths_frost_doubles_and_throttling() {
    let mut world = World::with_mails(MAILS, Wishes::default()).await;
    let before = world.mailbox();
    let api = &world.api;
    let options = JobOptions {
        batch_size: Some(30),
        parallel_chunks: Some(3),
        // So that there is a middle.
        delay_between_batches: Some(0.5),
        ..JobOptions::default()
    };
    let draft = api
        .draft_query(
            &world.account,
            Operation::Archive(Archive {}),
            "in:inbox",
            options,
        )
        .await;
    misbehave(&world.cloud);
    api.confirm(&draft.id).await;

    let workers = world.cloud.function("Worker");
    let some = |job: &Job| job.counts.succeeded >= 60;
    api.wait_until(&draft.id, "under way", some).await;
    kill(workers).await;
    let job = api.job(&draft.id).await;
    let more = job.counts.succeeded + 60;
    let further = |job: &Job| job.counts.succeeded >= more;
    let job = api.wait_until(&draft.id, "further on", further).await;
    assert!(!job.state.is_ended(), "over before anybody could freeze");
    let frozen = freeze(workers).await;
    // Others finish what the frozen ones hold, once their leases have ended.
    let job = api.wait_for_end(&draft.id).await;
    frozen.thaw();
    all_succeeded(&job);
    calm(&world.cloud);

    // What lay hidden in the hands of the dead comes again, and finds nothing to do.
    world.cloud.aws.clock().advance(HIDDEN);
    world.cloud.rest().await;
    assert_eq!(api.job(&draft.id).await.counts, job.counts);
    let after = world.mailbox();
    assert_eq!(after[0].1, []);
    assert_eq!(after[1].1, before[0].1, "each mail once, as it was");
    assert_eq!(world.cloud.function("DeadLetter").invocations(), 0);

    undo_leaves_what_somebody_changed(&mut world, &job, MAILS).await;
    let expected = Expected {
        deaths: true,
        // What a worker says that was frozen for longer than it may run.
        errors: &["A message took longer than this function may run."],
    };
    world.stop(expected).await;
}

/// SIGKILL for workers in the midst of their work. Who was at work a moment ago may have ended it, here and below.
async fn kill(workers: &Function) {
    loop {
        wait_for_work(workers).await;
        if workers.kill_busy() > 0 {
            return;
        }
    }
}

async fn freeze(workers: &Function) -> bulkhead_cloud::lambda::Frozen {
    loop {
        wait_for_work(workers).await;
        let frozen = workers.freeze_busy();
        if frozen.count() > 0 {
            return frozen;
        }
    }
}

async fn wait_for_work(workers: &Function) {
    let begin = std::time::Instant::now();
    while workers.busy() == 0 {
        assert!(begin.elapsed() < PATIENCE, "no worker works");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Invariant 9.
async fn undo_leaves_what_somebody_changed(world: &mut World, job: &Job, mails: usize) {
    world.client.select("Archive");
    world.client.command("UID STORE 1:7 +FLAGS (\\Flagged)");
    let subjects = |seen: &[bulkhead_tests::servers::imap_client::Seen]| {
        seen.iter()
            .map(|it| it.subject.clone())
            .collect::<BTreeSet<_>>()
    };
    let mut starred = world.client.contents("Archive");
    starred.retain(|seen| seen.flags.iter().any(|flag| flag == "\\Flagged"));
    let starred = subjects(&starred);
    assert_eq!(starred.len(), 7);
    let undo = world.api.undo(&job.id).await;
    assert_eq!(undo.state, State::Completed, "{undo:#?}");
    let changed = (undo.counts.succeeded, undo.counts.skipped);
    assert_eq!(changed, (mails as u64 - 7, 7));
    let left = world.mailbox();
    assert_eq!(subjects(&left[1].1), starred);
    assert_eq!(left[0].1.len(), mails - 7);
}
