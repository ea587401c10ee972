//! Mails that wait for a person, at the edges: what is late, what cannot be read, what failed, and what is looked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::access;
use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Clock, Expect, Key, Message, Ports, Row, Table, TableError, Write};
use bulkhead_engine::records::store::load_text;
use bulkhead_engine::records::{AccountRecord, FilingRecord, names};
use bulkhead_engine::review::{self, Shown};
use bulkhead_engine::testing::intercept::{self, Call, Failure, Interceptor};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{ReviewFilter, ReviewPick, ReviewVerdict, Why};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::{OperationName, Then};
use bulkhead_shared::proposal::Proposal;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};

use crate::by_number::by_number;
use crate::others_are_faster::{busy, failing};
use crate::reviewing::{
    all, decide, ended, followed, mixed, newsletters, owned, process, queue, run, told_by_number,
};

/// How many mails wait each time after something was filed by workers that have so long.
async fn filed_within(stage: &Stage, time: SignedDuration) -> Vec<u64> {
    let mut totals = Vec::new();
    for _ in 0..50 {
        let Some(delivery) = stage.queue.receive() else {
            return totals;
        };
        let deadline = stage.clock.now() + time;
        work::handle(&stage.ports, &delivery.message, deadline)
            .await
            .unwrap();
        stage.queue.ack(delivery.receipt);
        if matches!(delivery.message, Message::Review { .. }) {
            totals.push(all(stage).await.total);
        }
    }
    panic!("it goes in circles: {totals:?}");
}

/// Five seconds are kept for storing. The classes come first, for all of them at once.
#[test]
fn who_is_late_files_one_chunk_and_asks_for_the_next() {
    block_on(async {
        let five = SignedDuration::from_secs(5);
        for (time, totals) in [
            (five, vec![8]),
            (five - SignedDuration::from_millis(1), vec![0, 3, 6, 8]),
        ] {
            let stage = told_by_number(12).await;
            let id = ended(&stage, process(Then::Wait)).await;
            assert_eq!(filed_within(&stage, time).await, totals);
            let review = all(&stage).await;
            assert_eq!((review.total, review.filing), (8, 0));
            let filing = names::filing(&stage.account, &id);
            let filing = load_text::<FilingRecord>(stage.table.as_ref(), &filing).await;
            let filing = filing.unwrap().unwrap().record;
            assert_eq!((filing.told, filing.next, filing.done), (3, 3, true));
        }
    });
}

/// Filing writes one row after the other.
#[test]
fn trouble_with_a_row_is_told_and_what_belongs_there_is_filed_later() {
    block_on(async {
        let classes = async |stage: &Stage| {
            let key = names::classes(&stage.account);
            stage.table.get(&key).await.unwrap().is_some()
        };
        for (row, waiting, are_kept) in [
            ("KEPT", 0, false),
            (names::FILINGS_FROM, 0, true),
            (names::WAITING_FROM, 0, true),
        ] {
            let mut stage = told_by_number(12).await;
            ended(&stage, process(Then::Wait)).await;
            (stage.ports, _) = failing(&stage, row, 1, busy);
            let told = stage.run().await;
            assert!(told.is_err_and(|error| error.is_passing()), "{row}");
            let review = all(&stage).await;
            assert_eq!((review.total, review.filing), (waiting, 1), "{row}");
            assert_eq!(classes(&stage).await, are_kept, "{row}");
            stage.sweep().await.unwrap();
            stage.run().await.unwrap();
            let review = all(&stage).await;
            assert_eq!((review.total, review.filing), (8, 0), "{row}");
            assert!(classes(&stage).await, "{row}");
        }
    });
}

#[test]
fn who_files_what_somebody_else_files_too_leaves_it_to_them() {
    block_on(async {
        let mut stage = told_by_number(12).await;
        ended(&stage, process(Then::Wait)).await;
        let row = names::FILINGS_FROM;
        (stage.ports, _) = failing(&stage, row, 1, || TableError::Conflict);
        stage.run().await.unwrap();
        let review = all(&stage).await;
        assert_eq!((review.total, review.filing), (0, 1));
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let review = all(&stage).await;
        assert_eq!((review.total, review.filing), (8, 0));
    });
}

#[test]
fn of_a_job_in_which_nothing_failed_nobody_asks_what_did() {
    block_on(async {
        let stage = told_by_number(12).await;
        run(&stage, process(Then::Wait)).await;
        let everything = ReviewPick::All {
            of: ReviewFilter::default(),
        };
        let decided = decide(&stage, everything, ReviewVerdict::Accept {}).await;
        let job = decided.unwrap().jobs.remove(0);
        let job = stage.run_to_end(&job.id).await;
        assert_eq!(job.counts.failed, 0);
        stage.table.busy_at(Some(names::outcomes(&job.id, 0)));
        let review = all(&stage).await;
        assert_eq!((review.total, review.decided), (0, 8));
    });
}

/// Lets a worker file what waits while somebody reads: before the read of this number.
struct FiledMeanwhile {
    ports: Ports,
    message: Message,
    reads: AtomicU32,
    at: u32,
}

#[async_trait]
impl Interceptor for FiledMeanwhile {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        let is_read =
            moment == Moment::BeforeEffect && matches!(call, Call::Get(_) | Call::Range(_));
        if is_read && self.reads.fetch_add(1, Ordering::SeqCst) == self.at {
            let filed = work::handle(&self.ports, &self.message, Timestamp::MAX).await;
            filed.unwrap();
        }
        Ok(())
    }
}

/// What `ask` answers of how many wait and how many jobs are still to be filed, while that is done before each read in
/// turn.
async fn told_meanwhile(ask: impl AsyncFn(&Ports, &access::Owned<AccountRecord>) -> (u64, u64)) {
    for at in 0.. {
        let stage = told_by_number(12).await;
        ended(&stage, process(Then::Wait)).await;
        let account = owned(&stage).await;
        let by = Arc::new(FiledMeanwhile {
            ports: stage.ports.clone(),
            message: stage.queue.receive().unwrap().message,
            reads: AtomicU32::new(0),
            at,
        });
        let mut ports = stage.ports.clone();
        ports.table = intercept::table(ports.table, &(by.clone() as Arc<dyn Interceptor>));
        let (total, filing) = ask(&ports, &account).await;
        if by.reads.load(Ordering::SeqCst) <= at {
            assert!(at > 1 && (total, filing) == (0, 1));
            return;
        }
        assert!(filing == 1 || total == 8, "read {at}: {total}");
    }
}

/// Whoever is told that all is filed asks no more, so what they were shown has to be all.
#[test]
fn what_is_filed_while_the_queue_is_read_is_not_told_as_all_there_is() {
    block_on(told_meanwhile(async |ports, account| {
        let filter = ReviewFilter::default();
        let review = review::review(ports, account, Shown::Waiting, &filter, None, 500).await;
        let review = review.unwrap();
        (review.total, review.filing)
    }));
    block_on(told_meanwhile(async |ports, account| {
        let size = review::size(ports, account).await.unwrap();
        (size.total, size.filing)
    }));
}

/// Whoever freezes what follows is away. It is looked for each second, and after half a minute only by the sweep.
#[test]
fn what_follows_and_is_not_frozen_is_waited_for_half_a_minute() {
    block_on(async {
        let stage = told_by_number(20).await;
        let id = ended(&stage, process(Then::Act)).await;
        let begun = stage.clock.now();
        let mut looked = 0;
        while let Some(at) = stage.queue.next_at() {
            stage.clock.set(at.max(stage.clock.now()));
            let message = stage.queue.take().unwrap();
            looked += u32::from(matches!(message, Message::Review { .. }));
            if !matches!(message, Message::Plan { .. }) {
                let deadline = stage.clock.now() + SignedDuration::from_secs(30);
                work::handle(&stage.ports, &message, deadline)
                    .await
                    .unwrap();
            }
        }
        assert_eq!(looked, 31);
        let took = stage.clock.now().duration_since(begun);
        assert_eq!(took, SignedDuration::from_secs(30));
        assert_eq!(all(&stage).await.filing, 1);
        for _ in 0..5 {
            stage.sweep().await.unwrap();
            stage.run().await.unwrap();
        }
        assert_eq!(followed(&stage, &id).await[0].counts.succeeded, 9);
        assert_eq!(all(&stage).await.filing, 0);
    });
}

#[test]
fn what_does_not_come_back_exactly_is_never_done_without_a_question() {
    block_on(async {
        let mailbox = MemoryMailbox::new(8).with(|abilities| {
            let archive = |ability: &&mut bulkhead_shared::abilities::Ability| {
                ability.operation == OperationName::Archive
            };
            let archive = abilities.operations.iter_mut().find(archive);
            archive.unwrap().undo = Reversibility::BestEffort;
        });
        let mut stage = Stage::new(mailbox).await.unwrap();
        stage.ports.model = by_number(newsletters);
        let id = run(&stage, process(Then::Act)).await;
        assert!(followed(&stage, &id).await.is_empty());
        let review = all(&stage).await;
        let why: Vec<Why> = review.mails.iter().map(|mail| mail.why).collect();
        // Of 1, 2, 4, 5, 7 and 8 those that can be divided by four are not sure.
        let unsure = why.iter().filter(|why| **why == Why::Unsure).count();
        let kept = why.iter().filter(|why| **why == Why::NotReversible).count();
        assert_eq!((unsure, kept, why.len()), (2, 4, 6));
    });
}

async fn damage(stage: &Stage, key: Key) {
    let mut row = stage.table.get(&key).await.unwrap().unwrap();
    row.body.truncate(row.body.len() / 2);
    let put = Write::Put(row, Expect::Anything);
    stage.table.write(vec![put]).await.unwrap();
}

#[test]
fn mails_of_which_nothing_can_be_read_any_more_wait_for_that_reason() {
    block_on(async {
        let stage = told_by_number(12).await;
        let id = ended(&stage, process(Then::Wait)).await;
        // What was found of four of them, and how four others ended.
        damage(&stage, names::results(&id, 0)).await;
        damage(&stage, names::outcomes(&id, 1)).await;
        stage.run().await.unwrap();
        let review = all(&stage).await;
        let text = "What was found of it cannot be read any more.";
        let unreadable = review.mails.iter().filter(|mail| mail.because == text);
        let mut ids: Vec<ItemId> = unreadable
            .map(|mail| {
                assert_eq!((mail.why, mail.proposal), (Why::Failed, Proposal::Review));
                assert_eq!((mail.class.as_ref(), mail.percent), (None, 0));
                mail.id.clone()
            })
            .collect();
        ids.sort();
        let expected = (1..=8).map(|number| stage.mailbox.id_of(number).unwrap());
        assert_eq!(ids, expected.collect::<Vec<_>>());
        assert_eq!(review.filing, 0);
    });
}

#[test]
fn a_decision_makes_nothing_of_the_queue_live_longer() {
    block_on(async {
        let stage = told_by_number(4).await;
        let id = run(&stage, process(Then::Wait)).await;
        let key = names::waiting_mails(&stage.account, &id, 0);
        let row = async || -> Row { stage.table.get(&key).await.unwrap().unwrap() };
        let before = row().await;
        assert!(before.expires.is_some_and(|at| at > stage.clock.now()));
        stage.clock.advance(Duration::from_secs(3_600));
        let all = ReviewPick::All {
            of: ReviewFilter::default(),
        };
        decide(&stage, all, ReviewVerdict::Dismiss {})
            .await
            .unwrap();
        let after = row().await;
        assert_eq!(
            (after.expires, after.version),
            (before.expires, before.version + 1)
        );
    });
}

#[test]
fn what_is_looked_for_is_all_of_what_was_said_and_no_more() {
    block_on(async {
        let mut stage = crate::stage(23).await;
        stage.ports.model = by_number(mixed);
        run(&stage, process(Then::Wait)).await;
        let whole = all(&stage).await.mails;
        let class = |name: &str| Some(name.to_owned());
        for filter in [
            ReviewFilter {
                proposal: Some(Proposal::Archive),
                ..ReviewFilter::default()
            },
            ReviewFilter {
                proposal: Some(Proposal::Keep),
                ..ReviewFilter::default()
            },
            ReviewFilter {
                why: Some(Why::Failed),
                ..ReviewFilter::default()
            },
            ReviewFilter {
                class: class("personal"),
                ..ReviewFilter::default()
            },
            ReviewFilter {
                class: class("newsletter"),
                proposal: Some(Proposal::Archive),
                why: Some(Why::Unsure),
            },
        ] {
            let found = queue(&stage, &filter, None, 500).await.mails;
            let fitting = whole.iter().filter(|mail| {
                (filter.class.is_none() || mail.class == filter.class)
                    && (filter.proposal.is_none() || Some(mail.proposal) == filter.proposal)
                    && (filter.why.is_none() || Some(mail.why) == filter.why)
            });
            let fitting: Vec<_> = fitting.cloned().collect();
            assert!(!fitting.is_empty() && fitting.len() < whole.len());
            assert_eq!(found, fitting, "{filter:?}");
        }
    });
}

/// Lessons are few by design: each of these mails is somebody else's.
#[test]
fn one_decision_teaches_something_of_twenty_senders_at_the_most() {
    block_on(async {
        let stage = told_by_number(60).await;
        run(&stage, process(Then::Wait)).await;
        let waits = ReviewPick::All {
            of: ReviewFilter {
                proposal: Some(Proposal::Archive),
                ..ReviewFilter::default()
            },
        };
        let decided = decide(&stage, waits, ReviewVerdict::Dismiss {}).await;
        assert!(decided.unwrap().mails > 20);
        let account = owned(&stage).await;
        let learned = advice::learned(&stage.ports, &account).await.unwrap();
        let lessons = learned.lessons.iter();
        let lessons = lessons.map(|lesson| (lesson.action, lesson.decision));
        assert!(lessons.eq([(Action::Archive, Decision::Dismissed); 20]));
    });
}

#[test]
fn a_page_goes_on_only_where_another_one_ended() {
    block_on(async {
        let stage = told_by_number(4).await;
        let account = owned(&stage).await;
        for cursor in ["", "x", "0", "0.a", "a.b.1", "256.b.1", "0.a.b"] {
            let all = ReviewFilter::default();
            let page = review::review(
                &stage.ports,
                &account,
                Shown::Waiting,
                &all,
                Some(cursor),
                4,
            );
            let page = page.await;
            let is_refused = matches!(page, Err(Error::Invalid(wrong)) if wrong.field == "cursor");
            assert!(is_refused, "{cursor}");
        }
    });
}
