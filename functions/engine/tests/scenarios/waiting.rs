//! Jobs that wait: held or stopped by a person, by the provider, for a sign-in, between batches.

use std::ops::RangeInclusive;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control, results, sign_in};
use bulkhead_engine::ports::{Expect, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Connection, NewAccount};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{options, stage};

#[test]
fn a_paused_job_does_nothing_and_goes_on_where_it_was() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage.archiving(options()).await.unwrap();
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
            (State::Paused, Some(StateReason::ByUser))
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
        let id = stage.archiving(options()).await.unwrap();
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
fn invariant_8_being_throttled_uses_no_attempt_and_holds_every_worker() {
    block_on(async {
        let stage = stage(40).await;
        let until = stage.ports.clock.now() + SignedDuration::from_secs(120);
        let id = stage
            .archiving(JobOptions {
                max_retries: Some(0),
                ..options()
            })
            .await
            .unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, until)));
        stage.step().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        assert_eq!(
            (held.state, held.reason),
            (
                State::Paused,
                Some(StateReason::WaitingForProvider { until })
            )
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
fn what_a_stopped_job_did_not_come_to_is_done_by_a_child() {
    block_on(async {
        let stage = stage(40).await;
        let id = stage.archiving(options()).await.unwrap();
        for _ in 0..3 {
            stage.step().await.unwrap();
        }
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let stopped = stage.job(&id).await.unwrap();
        assert!(stopped.counts.succeeded > 0 && stopped.counts.cancelled > 0);
        let rest = children::rest(&stage.ports, &stage.user, &id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(
            stage.job(&rest).await.unwrap().total,
            stopped.counts.cancelled
        );
        stage.confirm(&rest).await.unwrap();
        stage.run().await.unwrap();
        let done = stage.job(&rest).await.unwrap();
        assert_eq!(done.counts.succeeded, stopped.counts.cancelled);
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 1));
        let again = children::rest(&stage.ports, &stage.user, &rest, limits::OPEN_JOBS).await;
        assert!(matches!(again, Err(Error::NotPossible(_))), "{again:?}");
    });
}

#[test]
fn a_wait_beyond_all_measure_is_asked_about_again_after_a_day() {
    block_on(async {
        let stage = stage(8).await;
        let began = stage.ports.clock.now();
        let decades = began + SignedDuration::from_hours(24 * 365 * 30);
        let id = stage.archiving(options()).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((1, decades)));
        stage.step().await.unwrap();
        let day = began + SignedDuration::from_hours(24);
        assert_eq!(
            stage.job(&id).await.unwrap().reason,
            Some(StateReason::WaitingForProvider { until: day })
        );
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 8);
        assert_eq!(stage.ports.clock.now(), day);
    });
}

#[test]
fn a_provider_that_asks_to_wait_for_ever_is_waited_for_as_long_as_a_pause_may_last() {
    block_on(async {
        let stage = stage(8).await;
        let began = stage.ports.clock.now();
        let decades = began + SignedDuration::from_hours(24 * 365 * 30);
        let id = stage.archiving(options()).await.unwrap();
        // The answer of the first chunk is lost, so something may be done when the waiting begins.
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        stage.step().await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| trouble.throttle = Some((u32::MAX, decades)));
        stage.run().await.unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!(
            (job.state, job.reason),
            (State::Cancelled, Some(StateReason::PausedTooLong))
        );
        assert_eq!((job.counts.uncertain, job.counts.cancelled), (4, 4));
        let days = stage.ports.clock.now().duration_since(began).as_hours() / 24;
        // The chunks of a job are asked about in turn, a day each.
        assert!((7..=9).contains(&days), "{days} days");
    });
}

#[test]
fn invariant_8_an_allowance_is_kept_by_waiting() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(40).limited_to(10, 60))
            .await
            .unwrap();
        let began = stage.ports.clock.now();
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 40));
        let took = stage.ports.clock.now().duration_since(began);
        assert!(took.as_secs() >= 180, "40 items at 10 a minute took {took}");
    });
}

#[test]
fn a_refused_sign_in_holds_the_job_until_somebody_goes_on() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        let held = stage.job(&id).await.unwrap();
        assert_eq!(
            (held.state, held.reason),
            (State::Paused, Some(StateReason::SignInNeeded))
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
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        let again = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        assert_eq!(
            sign_in::connect(&stage.ports, &stage.user, again)
                .await
                .unwrap()
                .id,
            stage.account
        );
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 12);
    });
}

/// Confirmed jobs, each of which archives some mails, before anybody works on them.
async fn archiving(stage: &Stage, jobs: &[RangeInclusive<u64>]) -> Vec<JobId> {
    let mut ids = Vec::new();
    for mails in jobs {
        let archive = Operation::Archive(Archive {});
        let mails = stage.these(mails.clone());
        let id = stage.draft(archive, mails, options()).await;
        ids.push(id.unwrap());
    }
    for id in &ids {
        stage.confirm(id).await.unwrap();
    }
    ids
}

#[test]
fn a_sign_in_goes_on_with_what_waited_for_it_and_with_nothing_else() {
    block_on(async {
        let stage = stage(12).await;
        let ids = archiving(&stage, &[1..=4, 5..=8]).await;
        control::pause(&stage.ports, &stage.user, &ids[0])
            .await
            .unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        let stands = async |id| {
            let job = stage.job(id).await.unwrap();
            (job.state, job.reason)
        };
        let by_user = (State::Paused, Some(StateReason::ByUser));
        let refused = (State::Paused, Some(StateReason::SignInNeeded));
        // Of another account.
        let other = AccountId::new(stage.ports.clock.now(), 7);
        sign_in::go_on(&stage.ports, &stage.user, &other)
            .await
            .unwrap();
        assert_eq!(stands(&ids[1]).await, refused);
        sign_in::go_on(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stands(&ids[0]).await, by_user);
        assert_eq!(stands(&ids[1]).await, (State::Completed, None));
    });
}

#[test]
fn nothing_of_a_job_that_runs_was_cancelled_however_long_it_is() {
    block_on(async {
        // More chunks than one request reads.
        let stage = stage(220).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.step().await.unwrap();
        let (ports, user) = (&stage.ports, &stage.user);
        let cancelled = Some(Outcome::Cancelled);
        let running = results::items(ports, user, &id, cancelled, None, 500).await;
        let running = running.unwrap();
        assert_eq!((running.items.len(), running.next_cursor), (0, None));
        control::cancel(ports, user, &id).await.unwrap();
        stage.run().await.unwrap();
        let page = results::items(ports, user, &id, cancelled, None, 500).await;
        let page = page.unwrap();
        assert_eq!(
            (page.items.len(), page.next_cursor),
            (200, Some("51.0".to_owned()))
        );
        let rest = results::items(ports, user, &id, cancelled, Some("51.0"), 500).await;
        let rest = rest.unwrap();
        assert_eq!((rest.items.len(), rest.next_cursor), (16, None));
    });
}

/// An index of the table lags behind it: what was held a moment ago may not be in it yet.
#[test]
fn what_waited_for_a_sign_in_is_found_without_an_index() {
    block_on(async {
        let mut stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        let lags = intercept::by(|_, call| match call {
            Call::Index => Err(Failure::Unavailable),
            _ => Ok(()),
        });
        stage.ports = intercept::ports(&stage.ports, &lags);
        sign_in::go_on(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 12);
    });
}

#[test]
fn one_job_that_cannot_go_on_after_a_sign_in_keeps_no_other() {
    block_on(async {
        let stage = stage(12).await;
        let ids = archiving(&stage, &[1..=4, 5..=8, 9..=12]).await;
        stage.mailbox.trouble(|trouble| trouble.signed_out = true);
        stage.run().await.unwrap();
        stage.mailbox.trouble(|trouble| trouble.signed_out = false);
        // The one in the middle cannot be read.
        let key = names::job(&ids[1]);
        let whole = stage.table.get(&key).await.unwrap().unwrap();
        let mut row = whole.clone();
        row.body.truncate(10);
        let put = |row| vec![Write::Put(row, Expect::Anything)];
        stage.table.write(put(row)).await.unwrap();
        let again = NewAccount {
            name: None,
            connection: Connection::Sandbox {},
        };
        sign_in::connect(&stage.ports, &stage.user, again)
            .await
            .unwrap();
        stage.run().await.unwrap();
        for id in [&ids[0], &ids[2]] {
            assert_eq!(stage.job(id).await.unwrap().state, State::Completed);
        }
        stage.table.write(put(whole)).await.unwrap();
        assert_eq!(stage.job(&ids[1]).await.unwrap().state, State::Paused);
    });
}

#[test]
fn a_job_held_too_long_is_stopped() {
    block_on(async {
        let stage = stage(12).await;
        let id = stage.archiving(options()).await.unwrap();
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
        let job = stage.archived(slow).await.unwrap();
        assert_eq!(job.counts.succeeded, 16);
        assert_eq!(stage.ports.clock.now().duration_since(began).as_secs(), 30);
    });
}
