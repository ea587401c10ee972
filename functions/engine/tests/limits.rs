//! What one person may use: requests in a minute, jobs that are open at once, and keys of requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control, draft};
use bulkhead_engine::limits::requests::{Admission, RequestBudget, admit};
use bulkhead_engine::ports::{Fact, Limit};
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use futures::executor::block_on;
use futures::future::join_all;

fn stage(mails: u64) -> Stage {
    block_on(Stage::new(MemoryMailbox::new(mails))).unwrap()
}

// Requests

fn ask(stage: &Stage, user: &UserId, process: &RequestBudget) -> Admission {
    block_on(admit(&stage.ports, user, process)).unwrap()
}

/// How many of so many requests are admitted, each by the next process in turn.
fn admitted(stage: &Stage, processes: &[&RequestBudget], requests: u32) -> u32 {
    let turns = processes.iter().cycle().take(requests as usize);
    let answers = turns.filter(|process| ask(stage, &stage.user, process) == Admission::Allowed);
    u32::try_from(answers.count()).unwrap()
}

#[test]
fn one_process_admits_exactly_the_limit_and_says_when_to_come_again() {
    for most in [1, 2, 3, 19, 20, 300, 1_000] {
        let stage = stage(0);
        let process = RequestBudget::new(most);
        let minute = stage.ports.clock.now() + jiff::SignedDuration::from_secs(60);
        assert_eq!(admitted(&stage, &[&process], most + 50), most);
        stage.clock.advance(Duration::from_millis(59_900));
        assert_eq!(
            ask(&stage, &stage.user, &process),
            Admission::NotBefore(minute)
        );
        stage.clock.set(minute);
        assert_eq!(admitted(&stage, &[&process], most + 50), most);
    }
}

#[test]
fn nobody_uses_up_what_is_anothers() {
    let stage = stage(0);
    let process = RequestBudget::new(3);
    assert_eq!(admitted(&stage, &[&process], 9), 3);
    let bob = "bob".parse().unwrap();
    assert_eq!(ask(&stage, &bob, &process), Admission::Allowed);
}

#[test]
fn processes_share_the_limit_and_never_exceed_it() {
    for others in 1..=20 {
        let stage = stage(0);
        let processes: Vec<_> = (0..=others).map(|_| RequestBudget::new(300)).collect();
        let processes: Vec<_> = processes.iter().collect();
        let admitted = admitted(&stage, &processes, 1_000);
        assert!(
            (150..=300).contains(&admitted),
            "{admitted} with {} processes",
            others + 1
        );
    }
}

#[test]
fn processes_that_ask_at_once_never_exceed_the_limit() {
    let mut stage = stage(0);
    let turns: Arc<dyn Interceptor> = Arc::new(TakesTurns);
    stage.ports.table = intercept::table(stage.table.clone(), &turns);
    let (ports, user) = (&stage.ports, &stage.user);
    let processes = (0..8).map(|_| async move {
        let process = RequestBudget::new(300);
        let mut admitted = 0;
        for _ in 0..200 {
            let admission = admit(ports, user, &process).await.unwrap();
            admitted += u32::from(admission == Admission::Allowed);
        }
        admitted
    });
    let admitted: u32 = block_on(join_all(processes)).into_iter().sum();
    assert!((150..=300).contains(&admitted), "{admitted}");
}

/// Comes back once everybody else had a turn.
async fn turn() {
    let mut passed = false;
    poll_fn(|context| {
        if std::mem::replace(&mut passed, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Lets everybody else go on between a read and what follows from it.
struct TakesTurns;

#[async_trait]
impl Interceptor for TakesTurns {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        if let (Moment::AfterEffect, Call::Get(_)) = (moment, call) {
            turn().await;
        }
        Ok(())
    }
}

#[test]
fn a_write_pays_for_many_requests_and_a_refusal_costs_nothing() {
    let fuse = Fuse::new();
    let stage = block_on(Stage::with_fuse(MemoryMailbox::new(0), Some(fuse.clone()))).unwrap();
    let process = RequestBudget::new(300);
    // The fuse counts each write twice: before and after it takes effect.
    fuse.blow_at(u32::MAX);
    assert_eq!(admitted(&stage, &[&process], 60), 60);
    assert_eq!(fuse.steps() / 2, 8, "once a second for a minute");
    assert_eq!(admitted(&stage, &[&process], 240), 240);
    assert_eq!(fuse.steps() / 2, 24, "the whole limit");
    assert_eq!(admitted(&stage, &[&process], 1_000), 0);
    assert_eq!(fuse.steps() / 2, 24, "refused a thousand times");
}

#[test]
fn a_clock_that_was_wrong_locks_nobody_out_for_long() {
    let stage = stage(0);
    let right = stage.ports.clock.now();
    stage.clock.advance(Duration::from_secs(3_600));
    let process = RequestBudget::new(5);
    assert_eq!(admitted(&stage, &[&process], 9), 5);
    stage.clock.set(right);
    assert_eq!(admitted(&stage, &[&process], 9), 5);
    // A clock that is a little behind opens no minute of its own.
    stage.clock.set(right - jiff::SignedDuration::from_secs(10));
    let behind = RequestBudget::new(5);
    assert_eq!(admitted(&stage, &[&behind], 9), 0);
}

#[test]
fn what_was_not_used_ends_with_its_minute() {
    let stage = stage(0);
    let process = RequestBudget::new(40);
    // A lot of two was taken for the third request, and one is left of it.
    assert_eq!(admitted(&stage, &[&process], 3), 3);
    stage.clock.advance(Duration::from_secs(60));
    assert_eq!(admitted(&stage, &[&process], 100), 40);
}

#[test]
fn refused_requests_are_noted() {
    let stage = stage(0);
    let process = RequestBudget::new(2);
    admitted(&stage, &[&process], 5);
    let refused = Fact::RequestRefused {
        limit: Limit::Requests,
    };
    assert_eq!(stage.meter.facts(), [refused; 3]);
}

#[test]
fn a_table_that_does_not_answer_is_said_to_pass() {
    let fuse = Fuse::new();
    let stage = block_on(Stage::with_fuse(MemoryMailbox::new(0), Some(fuse.clone()))).unwrap();
    fuse.blow_at(0);
    let process = RequestBudget::new(2);
    let error = block_on(admit(&stage.ports, &stage.user, &process)).unwrap_err();
    assert!(error.is_passing());
}

// Open jobs

async fn draft(stage: &Stage, key: Option<&str>, most: u32) -> Result<JobId, Error> {
    let request = stage.request(
        Operation::MarkRead(MarkRead {}),
        Stage::inbox(),
        JobOptions::default(),
    );
    draft::create(&stage.ports, &stage.user, key, request, most).await
}

fn is_refused(result: &Result<JobId, Error>, limit: u32) -> bool {
    matches!(result, Err(Error::TooManyOpen { most }) if *most == limit)
}

#[test]
fn drafts_beyond_the_limit_are_refused_until_one_has_ended() {
    let stage = stage(8);
    block_on(async {
        let first = draft(&stage, Some("first"), 3).await.unwrap();
        for _ in 0..2 {
            draft(&stage, None, 3).await.unwrap();
        }
        for _ in 0..2 {
            assert!(is_refused(&draft(&stage, None, 3).await, 3));
        }
        // The answer to a request that was answered before needs no room.
        assert_eq!(draft(&stage, Some("first"), 3).await.unwrap(), first);
        control::cancel(&stage.ports, &stage.user, &first)
            .await
            .unwrap();
        let fourth = draft(&stage, None, 3).await.unwrap();
        assert!(is_refused(&draft(&stage, None, 3).await, 3));
        let noted = stage.meter.facts();
        let limit = Limit::OpenJobs;
        let refused = noted
            .iter()
            .filter(|f| **f == Fact::RequestRefused { limit });
        assert_eq!(refused.count(), 3);
        // What is confirmed makes room among the drafts, and is counted as work.
        stage.run().await.unwrap();
        stage.confirm(&fourth).await.unwrap();
        draft(&stage, None, 3).await.unwrap();
        assert!(is_refused(&draft(&stage, None, 3).await, 3));
    });
}

#[test]
fn drafts_keep_no_work_from_being_done_and_work_keeps_to_its_own_limit() {
    let stage = stage(8);
    block_on(async {
        let mut confirmed = Vec::new();
        for _ in 0..2 {
            let id = draft(&stage, None, 2).await.unwrap();
            stage.run().await.unwrap();
            stage.confirm(&id).await.unwrap();
            control::pause(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            confirmed.push(id);
        }
        // No draft is there, and as much work as may be.
        assert!(is_refused(&draft(&stage, None, 2).await, 2));
        control::cancel(&stage.ports, &stage.user, &confirmed[0])
            .await
            .unwrap();
        for _ in 0..2 {
            draft(&stage, None, 2).await.unwrap();
        }
        assert!(is_refused(&draft(&stage, None, 2).await, 2));
    });
}

#[test]
fn a_draft_whose_time_has_passed_holds_no_place() {
    let stage = stage(8);
    block_on(async {
        draft(&stage, None, 1).await.unwrap();
        assert!(is_refused(&draft(&stage, None, 1).await, 1));
        // Before any sweep has looked at it (invariant 7).
        stage.clock.advance(Duration::from_secs(24 * 3_600));
        draft(&stage, None, 1).await.unwrap();
    });
}

#[test]
fn nothing_is_frozen_for_a_draft_without_room() {
    let stage = stage(8);
    block_on(async {
        draft(&stage, None, 1).await.unwrap();
        let (rows, calls) = (stage.table.rows(), stage.mailbox.calls());
        let selection = stage.these([1, 2]);
        let request = stage.request(
            Operation::MarkRead(MarkRead {}),
            selection,
            JobOptions::default(),
        );
        let refused = draft::create(&stage.ports, &stage.user, None, request, 1).await;
        assert!(is_refused(&refused, 1));
        assert_eq!((stage.table.rows(), stage.mailbox.calls()), (rows, calls));
    });
}

#[test]
fn drafts_that_arrive_together_never_exceed_the_limit() {
    for _ in 0..20 {
        let stage = Arc::new(stage(8));
        let made: Vec<_> = (0..12)
            .map(|_| {
                let stage = stage.clone();
                std::thread::spawn(move || block_on(draft(&stage, None, 5)).is_ok())
            })
            .collect();
        let made = made.into_iter().filter_map(|made| made.join().ok());
        assert_eq!(made.filter(|made| *made).count(), 5);
    }
}

#[test]
fn the_same_request_many_times_at_once_is_one_job() {
    for _ in 0..20 {
        let stage = Arc::new(stage(8));
        let made: Vec<_> = (0..8)
            .map(|_| {
                let stage = stage.clone();
                std::thread::spawn(move || block_on(draft(&stage, Some("key"), 3)).unwrap())
            })
            .collect();
        let mut made: Vec<_> = made.into_iter().map(|made| made.join().unwrap()).collect();
        made.dedup();
        assert_eq!(made.len(), 1);
    }
}

#[test]
fn an_undo_is_counted_and_never_refused() {
    let stage = stage(8);
    block_on(async {
        stage
            .mailbox
            .trouble(|trouble| trouble.refuse = std::collections::BTreeSet::from([3]));
        let full = limits::OPEN_JOBS;
        let job = stage.archived(JobOptions::default()).await.unwrap();
        for _ in 0..full {
            draft(&stage, None, full).await.unwrap();
        }
        let retry = children::retry(&stage.ports, &stage.user, &job.id, full).await;
        assert!(is_refused(&retry, full));
        let undo = stage.undo(&job.id).await.unwrap();
        assert_eq!((undo.state, undo.counts.succeeded), (State::Completed, 7));
        assert!(is_refused(&draft(&stage, None, full).await, full));
        // The undo has ended, so with one more place there is room for a retry; it is counted.
        children::retry(&stage.ports, &stage.user, &job.id, full + 1)
            .await
            .unwrap();
        assert!(is_refused(&draft(&stage, None, full + 1).await, full + 1));
    });
}

#[test]
fn selections_of_ids_are_counted_too() {
    let stage = stage(8);
    block_on(async {
        let picked = || Selection::Ids {
            ids: vec![stage.mailbox.id_of(1).unwrap()],
        };
        let request = || {
            stage.request(
                Operation::MarkRead(MarkRead {}),
                picked(),
                JobOptions::default(),
            )
        };
        let (ports, user) = (&stage.ports, &stage.user);
        draft::create(ports, user, None, request(), 1)
            .await
            .unwrap();
        let refused = draft::create(ports, user, None, request(), 1).await;
        assert!(is_refused(&refused, 1));
    });
}

// Idempotency keys

#[test]
fn a_key_is_remembered_for_a_day_and_is_good_for_one_request() {
    let stage = stage(8);
    block_on(async {
        let forgotten = stage.ports.clock.now() + jiff::SignedDuration::from_hours(24);
        let first = draft(&stage, Some("key"), 9).await.unwrap();
        let other = stage.request(
            Operation::MarkRead(MarkRead {}),
            stage.these([1]),
            JobOptions::default(),
        );
        let (ports, user) = (&stage.ports, &stage.user);
        let reused = draft::create(ports, user, Some("key"), other.clone(), 9).await;
        assert!(matches!(reused, Err(Error::KeyReused)), "{reused:?}");
        // Written in other letters it is another one.
        assert_ne!(draft(&stage, Some("Key"), 9).await.unwrap(), first);
        stage
            .clock
            .set(forgotten - jiff::SignedDuration::from_nanos(1));
        assert_eq!(draft(&stage, Some("key"), 9).await.unwrap(), first);
        stage.clock.set(forgotten);
        let second = draft::create(ports, user, Some("key"), other, 9).await;
        assert_ne!(second.unwrap(), first);
        let reused = draft(&stage, Some("key"), 9).await;
        assert!(matches!(reused, Err(Error::KeyReused)), "{reused:?}");
    });
}

#[test]
fn a_key_has_as_many_characters_as_it_may_and_at_least_one() {
    let stage = stage(8);
    block_on(async {
        let most = limits::IDEMPOTENCY_KEY_CHARS;
        for (chars, is_one) in [(0, false), (1, true), (most, true), (most + 1, false)] {
            let key = "ü".repeat(chars);
            let made = draft(&stage, Some(&key), 9).await;
            assert_eq!(made.is_ok(), is_one, "{chars} characters");
            let field = made.err().map(|error| match error {
                Error::Invalid(invalid) => invalid.field,
                other => panic!("{other:?}"),
            });
            assert!(field.is_none_or(|field| field == "Idempotency-Key"));
        }
    });
}
