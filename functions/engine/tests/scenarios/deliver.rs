//! What is handed over is handed over once, or not at all, and what nobody can tell is never handed over
//! again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, control, draft, results};
use bulkhead_engine::testing::intercept::Call;
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Connection, DavConnection, NewAccount, NewJob};
use bulkhead_shared::hash::sha256;
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation, TestDeliver};
use bulkhead_shared::options::{Brake, JobOptions};
use bulkhead_shared::outcome::Outcome;
use futures::executor::block_on;
use jiff::SignedDuration;

use super::by_hand::meanwhile;

const MAILS: u64 = 6;

fn deliver() -> Operation {
    Operation::TestDeliver(TestDeliver {})
}

fn options() -> JobOptions {
    JobOptions {
        parallel_chunks: Some(1),
        brake: Some(Brake {
            enabled: false,
            ..Brake::default()
        }),
        ..JobOptions::default()
    }
}

async fn stage() -> Stage {
    Stage::new(MemoryMailbox::new(MAILS)).await.unwrap()
}

async fn confirmed(stage: &Stage) -> JobId {
    let draft = stage.draft(deliver(), Stage::inbox(), options());
    let id = draft.await.unwrap();
    stage.confirm(&id).await.unwrap();
    id
}

/// How often each letter was handed over.
fn letters(stage: &Stage) -> BTreeMap<ItemId, usize> {
    let mut letters = BTreeMap::new();
    for letter in stage.mailbox.delivered() {
        *letters.entry(letter.id).or_default() += 1;
    }
    letters
}

fn check_each_once(stage: &Stage) {
    let letters = letters(stage);
    assert!(letters.values().all(|times| *times == 1), "{letters:?}");
}

async fn retry(stage: &Stage, id: &JobId) -> Result<JobId, Error> {
    children::retry(&stage.ports, &stage.user, id, limits::OPEN_JOBS).await
}

#[test]
fn each_goes_out_once_under_an_id_that_follows_from_job_and_item() {
    block_on(async {
        let stage = stage().await;
        let id = confirmed(&stage).await;
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, MAILS));
        check_each_once(&stage);
        let expected = (0..MAILS).map(|place| format!("{id}.{place}@bulkhead"));
        let mut expected: Vec<ItemId> = expected.map(|id| id.parse().unwrap()).collect();
        expected.sort();
        let sent: Vec<ItemId> = letters(&stage).into_keys().collect();
        assert_eq!(sent, expected);
        let undone = children::undo(&stage.ports, &stage.user, &id).await;
        assert!(matches!(undone, Err(Error::NotPossible(_))), "{undone:?}");
    });
}

#[test]
fn a_pause_lies_between_batches_and_not_between_their_calls() {
    // All in one chunk, in calls of two, which a batch of three is no multiple of.
    for batch in [3, 4] {
        block_on(async {
            let mailbox = MemoryMailbox::new(MAILS).in_chunks_of(6);
            let stage = Stage::new(mailbox).await.unwrap();
            let apart = JobOptions {
                batch_size: Some(batch),
                delay_between_batches: Some(10.0),
                ..options()
            };
            let draft = stage.draft(deliver(), Stage::inbox(), apart);
            let id = draft.await.unwrap();
            stage.confirm(&id).await.unwrap();
            let began = stage.ports.clock.now();
            for sent in [batch.into(), MAILS] {
                stage.step().await.unwrap();
                let job = stage.job(&id).await.unwrap();
                assert_eq!((job.counts.succeeded, job.counts.running), (sent, 0));
                assert!(!stage.step().await.unwrap(), "nothing before the time");
                if let Some(at) = stage.queue.next_at() {
                    stage.clock.set(at);
                }
            }
            assert_eq!(stage.job(&id).await.unwrap().state, State::Completed);
            let took = stage.ports.clock.now().duration_since(began);
            assert_eq!(took, SignedDuration::from_secs(10));
            check_each_once(&stage);
        });
    }
}

#[test]
fn a_lost_answer_is_looked_for_and_what_is_found_is_done() {
    block_on(async {
        let stage = stage().await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 2);
        let id = confirmed(&stage).await;
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, MAILS));
        check_each_once(&stage);
    });
}

#[test]
fn what_looking_does_not_tell_is_uncertain_and_nothing_delivers_it_again() {
    block_on(async {
        let stage = stage().await;
        stage.mailbox.trouble(|trouble| {
            trouble.half_way = 1;
            trouble.blind = true;
        });
        let id = confirmed(&stage).await;
        // Every message comes twice, the job is held and goes on, the sweep looks for what was lost.
        stage.queue.duplicate(3);
        stage.step().await.unwrap();
        control::pause(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let counts = (
            job.counts.succeeded,
            job.counts.uncertain,
            job.counts.failed,
        );
        assert_eq!(counts, (MAILS - 2, 2, 0));
        check_each_once(&stage);
        // One of the two arrived, and nobody can know.
        assert_eq!(stage.mailbox.delivered().len() as u64, MAILS - 1);
        let again = retry(&stage, &id).await;
        assert!(matches!(again, Err(Error::NotPossible(_))), "{again:?}");
    });
}

#[test]
fn what_was_prepared_beside_something_unclear_and_not_handed_over_is_handed_over_later() {
    block_on(async {
        let mailbox = MemoryMailbox::new(MAILS).in_chunks_of(6);
        let mut stage = Stage::new(mailbox).await.unwrap();
        stage
            .mailbox
            .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
        let id = confirmed(&stage).await;
        stage.step().await.unwrap();
        // What became of the first two is not told; the next two are prepared, and then the job is held.
        let (clock, user, held) = (stage.clock.clone(), stage.user.clone(), id.clone());
        let prepares = |call: &Call<'_>| {
            let writes = call.writes();
            writes.iter().any(|sort| sort.ends_with("#BEFORE"))
        };
        let whole = stage.ports.clone();
        stage.ports = meanwhile(&stage, prepares, move |ports| {
            clock.advance(Duration::from_millis(100));
            block_on(control::pause(ports, &user, &held)).unwrap();
        });
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.delivered().len(), 2);
        assert_eq!(stage.job(&id).await.unwrap().state, State::Paused);
        stage.ports = whole;
        control::resume(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 2));
        check_each_once(&stage);
    });
}

#[test]
fn a_retry_delivers_what_was_refused_and_nothing_that_may_have_arrived() {
    block_on(async {
        let stage = stage().await;
        stage.mailbox.trouble(|trouble| {
            trouble.refuse = [6].into();
            trouble.lose_answers = 1;
            trouble.blind = true;
        });
        let id = confirmed(&stage).await;
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.uncertain, job.counts.failed), (2, 1));
        stage.mailbox.trouble(|trouble| trouble.refuse.clear());
        let again = retry(&stage, &id).await.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&again).await.unwrap();
        stage.run().await.unwrap();
        let child = stage.job(&again).await.unwrap();
        assert_eq!((child.total, child.counts.succeeded), (1, 1));
        let mut items: Vec<Vec<u8>> = stage
            .mailbox
            .delivered()
            .into_iter()
            .map(|letter| letter.bytes)
            .map(|bytes| bytes.split(|byte| *byte == b'\n').nth(1).unwrap().to_vec())
            .collect();
        items.sort();
        items.dedup();
        assert_eq!(items.len() as u64, MAILS, "each mail once");
        assert_eq!(stage.mailbox.delivered().len() as u64, MAILS);
    });
}

#[test]
fn what_passes_is_tried_again_under_the_same_id() {
    block_on(async {
        let stage = stage().await;
        stage
            .mailbox
            .trouble(|trouble| trouble.flaky = [(1, 1), (4, 2)].into());
        let id = confirmed(&stage).await;
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!(job.counts.succeeded, MAILS);
        check_each_once(&stage);
    });
}

/// A worker sleeps at this moment of its delivery, longer than its lease, and another one takes over.
async fn overtaken(moment: Moment) -> (Arc<Stage>, JobId) {
    let stage = Arc::new(stage().await);
    let id = confirmed(&stage).await;
    let other = stage.clone();
    let job = id.clone();
    let meanwhile = move || {
        block_on(async {
            other.clock.advance(Duration::from_secs(120));
            other.run_to_end(&job).await;
        });
    };
    stage.mailbox.interrupt(0, moment, move || {
        std::thread::spawn(meanwhile).join().unwrap();
    });
    while stage.step().await.unwrap() {}
    stage.run_to_end(&id).await;
    (stage, id)
}

#[test]
fn of_two_workers_one_delivers() {
    for moment in [Moment::BeforeEffect, Moment::AfterEffect] {
        block_on(async {
            let (stage, id) = overtaken(moment).await;
            check_each_once(&stage);
            let job = stage.job(&id).await.unwrap();
            assert_eq!(job.counts.succeeded + job.counts.uncertain, MAILS);
        });
    }
}

#[test]
fn identity_and_hash_are_stored_before_the_call() {
    block_on(async {
        let stage = Arc::new(stage().await);
        let id = confirmed(&stage).await;
        let seen = Arc::new(Mutex::new(false));
        let (watched, told) = (stage.table.clone(), seen.clone());
        let partition = id.to_string();
        stage.mailbox.interrupt(0, Moment::BeforeEffect, move || {
            let rows = watched.rows().into_iter();
            let mut prior = rows.filter(|row| row.key.partition == partition);
            *told.lock().unwrap() = prior.any(|row| row.key.sort == "UNDO#000000#BEFORE");
        });
        stage.run().await.unwrap();
        assert!(*seen.lock().unwrap());
        let letter = &stage.mailbox.delivered()[0];
        assert_eq!(sha256(&letter.bytes).len(), 32);
        let page = results::items(&stage.ports, &stage.user, &id, None, None, 50).await;
        let items = page.unwrap().items;
        assert!(
            items
                .iter()
                .all(|item| item.outcome == Some(Outcome::Succeeded))
        );
    });
}

/// Another account of the same person, with the same mails.
async fn another_account(stage: &Stage) -> AccountId {
    let connection = Connection::Dav(DavConnection {
        url: "https://x.example".to_owned(),
        user: "ann".to_owned(),
        password: "secret".to_owned(),
    });
    let new = NewAccount {
        name: None,
        connection,
    };
    let account = accounts::create(&stage.ports, &stage.user, new).await;
    account.unwrap().id
}

/// Two a minute: of an account alone, or of all accounts whose letters go out by the same way.
#[test]
fn invariant_8_what_goes_out_by_one_way_is_as_much_as_that_takes_from_all_accounts_together() {
    let archive = || Operation::Archive(Archive {});
    for (operation, outlet, expected) in [
        (deliver(), None, [2, 2]),
        (deliver(), Some("relay"), [2, 0]),
        (archive(), None, [2, 2]),
        (archive(), Some("relay"), [2, 2]),
    ] {
        block_on(async {
            let mailbox = MemoryMailbox::new(MAILS).limited_to(2, 60);
            let mut mailbox = mailbox.sending_at_most(2, 60);
            if let Some(outlet) = outlet {
                mailbox = mailbox.sending_by(outlet);
            }
            let stage = Stage::new(mailbox).await.unwrap();
            let other = another_account(&stage).await;
            let mut jobs = Vec::new();
            for (account, mails) in [(&stage.account, 1..=3), (&other, 4..=6)] {
                let wanted = NewJob {
                    account: account.clone(),
                    ..stage.request(operation.clone(), stage.these(mails), options())
                };
                let drafting =
                    draft::create(&stage.ports, &stage.user, None, wanted, limits::OPEN_JOBS);
                jobs.push(drafting.await.unwrap());
            }
            stage.run().await.unwrap();
            let mut at_once = Vec::new();
            for id in &jobs {
                stage.confirm(id).await.unwrap();
                while stage.step().await.unwrap() {}
                at_once.push(stage.job(id).await.unwrap().counts.succeeded);
            }
            let context = format!("{:?} by {outlet:?}", operation.name());
            assert_eq!(at_once, expected, "{context}");
            for id in &jobs {
                let job = stage.run_to_end(id).await;
                assert_eq!(job.counts.succeeded, 3, "{context}");
            }
            check_each_once(&stage);
        });
    }
}

#[test]
fn what_the_server_wants_to_be_asked_again_about_is_handed_over_then_and_not_before() {
    block_on(async {
        let stage = stage().await;
        let wait = SignedDuration::from_mins(10);
        stage
            .mailbox
            .trouble(|trouble| trouble.defer = [(2, wait)].into_iter().collect());
        let id = confirmed(&stage).await;
        let began = stage.ports.clock.now();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.mailbox.delivered().len() as u64, MAILS - 1);
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, MAILS);
        check_each_once(&stage);
        assert!(stage.ports.clock.now() >= began + wait);
    });
}
