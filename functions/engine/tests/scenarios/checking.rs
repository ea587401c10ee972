//! Between a yes and the first worker: what changed is looked at outside the request when there is much of it.

use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, preview};
use bulkhead_engine::kinds::mail::SEEN;
use bulkhead_engine::ports::{Clock, Message};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work::{self, Buried};
use bulkhead_shared::api::Confirm;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use super::options;

/// More than a request looks at by itself.
const MANY: u64 = control::CHECKED_INSIDE + 200;

/// Every look at it lets a tenth of a second pass, so that work takes time.
struct Slow(Arc<ManualClock>);

impl Clock for Slow {
    fn now(&self) -> Timestamp {
        self.0.advance(Duration::from_millis(100));
        self.0.now()
    }
}

/// A draft of everything in a large inbox, from which mails left and in which others changed and arrived.
async fn drifted(mails: u64, fuse: Option<Arc<Fuse>>) -> (Stage, JobId) {
    let stage = Stage::with_fuse(MemoryMailbox::new(mails), fuse)
        .await
        .unwrap();
    stage.mailbox.act(9, |place| place.folder = "Work".into());
    let archive = Operation::Archive(Archive {});
    let id = stage
        .draft(archive, Stage::inbox(), options())
        .await
        .unwrap();
    for left in [2, 3] {
        stage
            .mailbox
            .act(left, |place| place.folder = "Work".into());
    }
    stage.mailbox.act(4, |place| {
        place.flags.insert(SEEN.into());
    });
    stage.mailbox.act(9, |place| place.folder = "INBOX".into());
    (stage, id)
}

async fn say_yes(stage: &Stage, id: &JobId, seen: Option<String>) -> Result<(), Error> {
    let manifest_hash = stage.job(id).await.unwrap().manifest_hash.unwrap();
    let yes = Confirm {
        manifest_hash,
        drift_hash: seen,
    };
    control::confirm(&stage.ports, &stage.user, id, &yes).await
}

/// Handles messages about checks until there is none for now.
async fn checks(stage: &Stage) -> u32 {
    let mut checks = 0;
    while let Some(delivery) = stage.queue.receive() {
        assert!(matches!(delivery.message, Message::Check { .. }));
        checks += 1;
        let deadline = stage.clock.now() + SignedDuration::from_secs(10);
        work::handle(&stage.ports, &delivery.message, deadline)
            .await
            .unwrap();
        stage.queue.ack(delivery.receipt);
        if stage
            .job(&delivery_job(&delivery.message))
            .await
            .unwrap()
            .state
            != State::Checking
        {
            break;
        }
    }
    checks
}

fn delivery_job(message: &Message) -> JobId {
    message.job().unwrap().clone()
}

async fn what_drifted(stage: &Stage, id: &JobId) -> bulkhead_shared::api::Drift {
    let shown = preview::preview(&stage.ports, &stage.user, id).await;
    shown.unwrap().drift.unwrap()
}

#[test]
fn a_large_selection_is_checked_by_messages_and_shows_how_far_it_is() {
    block_on(async {
        let (mut stage, id) = drifted(MANY, None).await;
        let total = stage.job(&id).await.unwrap().total;
        stage.ports.clock = Arc::new(Slow(stage.clock.clone()));
        let before = stage.mailbox.calls();
        say_yes(&stage, &id, None).await.unwrap();
        // A call or two, however much there is: it answered at once.
        assert!(stage.mailbox.calls() - before <= 2);
        let job = stage.job(&id).await.unwrap();
        assert_eq!(job.state, State::Checking);
        assert_eq!(job.checking.unwrap().searched, 0);
        assert_eq!(job.confirmed_at, None);
        // The same yes again changes nothing.
        say_yes(&stage, &id, None).await.unwrap();
        let delivery = stage.queue.receive().unwrap();
        let deadline = stage.clock.now() + SignedDuration::from_secs(10);
        work::handle(&stage.ports, &delivery.message, deadline)
            .await
            .unwrap();
        stage.queue.ack(delivery.receipt);
        let job = stage.job(&id).await.unwrap();
        assert_eq!(job.state, State::Checking);
        let searched = job.checking.unwrap().searched;
        assert!(searched > 0 && searched < total, "{searched}");
        assert!(checks(&stage).await > 2);
        let job = stage.job(&id).await.unwrap();
        assert_eq!(
            (job.state, job.reason, job.checking),
            (State::Draft, None, None)
        );
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
        let drift = what_drifted(&stage, &id).await;
        assert_eq!((drift.left, drift.changed, drift.joined), (2, 1, 1));
        say_yes(&stage, &id, Some(drift.hash)).await.unwrap();
        checks(&stage).await;
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.skipped), (total - 2, 2));
        for stays in [2, 3] {
            assert_eq!(stage.mailbox.places()[&stays].folder, "Work");
        }
        assert_eq!(
            stage.mailbox.places()[&9].folder,
            "INBOX",
            "it joined later"
        );
    });
}

#[test]
fn a_mailbox_that_keeps_receiving_mail_can_be_confirmed_at_any_size() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(MANY)).await.unwrap();
        stage.mailbox.act(7, |place| place.folder = "Work".into());
        let archive = Operation::Archive(Archive {});
        let id = stage
            .draft(archive, Stage::inbox(), options())
            .await
            .unwrap();
        stage.mailbox.act(7, |place| place.folder = "INBOX".into());
        say_yes(&stage, &id, None).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Checking);
        let job = stage.run_to_end(&id).await;
        assert_eq!(
            (job.state, job.counts.succeeded),
            (State::Completed, MANY - 1)
        );
    });
}

#[test]
fn a_small_selection_is_answered_by_the_request_itself() {
    block_on(async {
        let (stage, id) = drifted(20, None).await;
        let Err(Error::Drifted(drift)) = say_yes(&stage, &id, None).await else {
            panic!("a drifted draft was confirmed");
        };
        assert_eq!(
            what_drifted(&stage, &id).await,
            *drift,
            "as the preview has it"
        );
        say_yes(&stage, &id, Some(drift.hash)).await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Queued);
    });
}

#[test]
fn invariant_8_a_check_waits_when_the_provider_asks_to_and_goes_on_where_it_was() {
    block_on(async {
        let (stage, id) = drifted(MANY, None).await;
        say_yes(&stage, &id, None).await.unwrap();
        let mut waits = 0;
        while stage.job(&id).await.unwrap().state == State::Checking {
            // More often than a check may fail.
            let until = stage.clock.now() + SignedDuration::from_secs(600);
            if waits < 8 {
                stage
                    .mailbox
                    .trouble(|trouble| trouble.throttle = Some((1, until)));
            }
            checks(&stage).await;
            if waits < 8 {
                let calls = stage.mailbox.calls();
                stage.sweep().await.unwrap();
                checks(&stage).await;
                assert_eq!(stage.mailbox.calls(), calls, "nobody asks before the time");
            }
            stage.clock.set(until.max(stage.clock.now()));
            waits += 1;
            assert!(waits < 30);
        }
        assert!(waits >= 8);
        assert_eq!(what_drifted(&stage, &id).await.left, 2);
    });
}

#[test]
fn what_cannot_be_checked_is_a_draft_again_and_says_why() {
    block_on(async {
        let (stage, id) = drifted(MANY, None).await;
        say_yes(&stage, &id, None).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        let _ = stage.run().await;
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::SignInNeeded);
        assert_eq!((job.state, job.reason), (State::Draft, why));
        // A person can also stop it in the middle.
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        stage.queue.clear();
        say_yes(&stage, &id, None).await.unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.state, State::Cancelled);
    });
}

#[test]
fn a_check_whose_message_came_too_often_ends_and_one_that_ended_stays_as_it_is() {
    block_on(async {
        let (stage, id) = drifted(MANY, None).await;
        let message = Message::Check { job: id.clone() };
        let dead = async |message| work::receive_dead(&stage.ports, message).await;
        assert_eq!(dead(&message).await, Buried::Nothing, "nobody has said yes");
        say_yes(&stage, &id, None).await.unwrap();
        assert_eq!(dead(&message).await, Buried::Ended);
        let job = stage.job(&id).await.unwrap();
        let why = Some(StateReason::CheckFailed);
        assert_eq!((job.state, job.reason), (State::Draft, why));
        assert_eq!(dead(&message).await, Buried::Nothing, "it is a draft again");
        let nobodys = Message::Check {
            job: JobId::new("arc", stage.clock.now(), 7),
        };
        assert_eq!(dead(&nobodys).await, Buried::Nothing);
    });
}

#[test]
fn invariant_4_wherever_a_check_dies_another_finds_the_same() {
    // The first steps are the request and the first message, the others pages and chunks in the middle.
    for step in [0, 1, 2, 3, 4, 5, 6, 7, 8, 60, 199, 344] {
        let fuse = Fuse::new();
        block_on(async {
            let (stage, id) = drifted(MANY, Some(fuse.clone())).await;
            fuse.blow_at(step);
            let _ = say_yes(&stage, &id, None).await;
            let _ = checks_until_dead(&stage).await;
            assert!(fuse.is_blown(), "{step}");
            fuse.replace();
            if step % 2 == 0 {
                stage.queue.clear();
            }
            let job = stage.run_to_end(&id).await;
            assert_eq!(job.state, State::Draft, "died at step {step}: {job:?}");
            let shown = preview::preview(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            if shown.drift.is_none() {
                // It died before the yes was stored, so it is said again.
                say_yes(&stage, &id, None).await.unwrap();
                stage.run_to_end(&id).await;
            }
            let drift = what_drifted(&stage, &id).await;
            let found = (drift.left, drift.changed, drift.joined);
            assert_eq!(found, (2, 1, 1), "died at step {step}");
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
        });
    }
}

async fn checks_until_dead(stage: &Stage) -> Result<(), Error> {
    while let Some(delivery) = stage.queue.receive() {
        let deadline = stage.clock.now() + SignedDuration::from_secs(10);
        work::handle(&stage.ports, &delivery.message, deadline).await?;
        stage.queue.ack(delivery.receipt);
    }
    Ok(())
}
