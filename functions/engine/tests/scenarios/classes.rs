//! What mails are about is kept for all mails that somebody looked at, and searches go by it: exactly, and saying of
//! how many nobody knows.

use std::time::Duration;

use bulkhead_engine::access;
use bulkhead_engine::classes::Kept;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, preview};
use bulkhead_engine::ports::{Expect, MailStore, Row, Write};
use bulkhead_engine::review::{self, Shown};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::{accounts, records};
use bulkhead_shared::api::{
    Confirm, DecideReview, Item, Items, ReviewDecided, ReviewPick, ReviewVerdict, ToldBy,
};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Certainty, Classify, Operation, Process, Then};
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::query::Query;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::unsearched::not_looked_at;
use futures::executor::block_on;

use crate::by_number::{about, by_number};
use crate::{fused, options, stage};

/// Mails are, by their number, newsletters, receipts and notifications, one after the other. Those have a star.
fn thirds(number: u64) -> Result<ItemResult, ItemReason> {
    let class = match number % 3 {
        0 => "notification",
        1 => "newsletter",
        _ => "receipt",
    };
    Ok(about(class, 80))
}

async fn in_thirds(mails: u64) -> Stage {
    let mut stage = stage(mails).await;
    stage.ports.model = by_number(thirds);
    stage
}

async fn run(stage: &Stage, operation: Operation, selection: Selection) -> JobId {
    let id = stage.draft(operation, selection, options()).await.unwrap();
    stage.run().await.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.run().await.unwrap();
    assert_eq!(stage.job(&id).await.unwrap().state, State::Completed);
    id
}

fn search(text: &str) -> Selection {
    Selection::Query {
        query: text.to_owned(),
        except: Vec::new(),
    }
}

/// The list as a person sees it.
async fn list(stage: &Stage, text: &str) -> Items {
    let kept = Kept::load(&stage.ports, &stage.account).await.unwrap();
    let query = kept.knowing(Query::parse(text).unwrap());
    let now = stage.ports.clock.now();
    let mut page = stage.mailbox.list(&query, now, None, 500).await.unwrap();
    kept.mark(&mut page.items);
    page
}

fn numbers(items: &[Item]) -> Vec<u64> {
    let subjects = items.iter().map(|item| item.subject.rsplit(' ').next());
    let numbers = subjects.map(|last| last.unwrap().parse().unwrap());
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    numbers
}

async fn found(stage: &Stage, text: &str) -> (Vec<u64>, u64) {
    let page = list(stage, text).await;
    (numbers(&page.items), not_looked_at(&page.unsearched))
}

#[test]
fn what_a_job_told_is_found_and_what_nobody_looked_at_is_said() {
    block_on(async {
        let stage = in_thirds(12).await;
        assert_eq!(found(&stage, "class:receipt").await, (vec![], 12));
        run(&stage, Classify {}.into(), stage.these(1..=9)).await;
        assert_eq!(found(&stage, "class:receipt").await, (vec![2, 5, 8], 3));
        let others = vec![1, 3, 4, 6, 7, 9];
        assert_eq!(found(&stage, "-class:receipt").await, (others, 3));
        assert_eq!(found(&stage, "class:none").await, (vec![10, 11, 12], 0));
        let either = found(&stage, "class:receipt OR class:none").await;
        assert_eq!(either, (vec![2, 5, 8, 10, 11, 12], 0));
        let page = list(&stage, "").await;
        let marked = page.items.iter().filter_map(|item| item.class.as_ref());
        let marked: Vec<_> = marked.map(|it| (&*it.class, it.percent, it.by)).collect();
        assert_eq!(marked.len(), 9);
        assert!(marked.contains(&("notification", Some(80), ToldBy::BuiltIn)));
        // Looking at the rest answers the rest.
        run(&stage, Classify {}.into(), search("class:none")).await;
        assert_eq!(found(&stage, "class:receipt").await, (vec![2, 5, 8, 11], 0));
        // Nothing of that waits for a person.
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let account = account.unwrap();
        let review = review::review(
            &stage.ports,
            &account,
            Shown::Waiting,
            &Default::default(),
            None,
            50,
        )
        .await;
        let review = review.unwrap();
        assert_eq!((review.total, review.filing), (0, 0));
    });
}

#[test]
fn a_job_by_class_has_what_was_shown_and_says_what_it_lacks() {
    block_on(async {
        let stage = in_thirds(12).await;
        run(&stage, Classify {}.into(), stage.these(1..=9)).await;
        let by_class = search("in:inbox class:newsletter");
        let id = stage.draft(Archive {}.into(), by_class, options()).await;
        let id = id.unwrap();
        stage.run().await.unwrap();
        let shown = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!((shown.total, not_looked_at(&shown.unsearched)), (3, 3));
        assert!(shown.drift.is_none(), "{:?}", shown.drift);
        // What comes meanwhile was looked at by nobody, and voids nothing.
        stage.mailbox.arrive(stage.ports.clock.now());
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 3);
        assert_eq!(
            found(&stage, "in:archive class:newsletter").await.0,
            [1, 4, 7]
        );
        // They have other ids there, and again after an undo.
        stage.undo(&id).await.unwrap();
        assert_eq!(
            found(&stage, "in:inbox class:newsletter").await.0,
            [1, 4, 7]
        );
    });
}

async fn says(stage: &Stage, number: u64, class: &str) {
    let decided = would_say(stage, number, class).await;
    assert_eq!(decided.unwrap().mails, 1);
}

async fn would_say(stage: &Stage, number: u64, class: &str) -> Result<ReviewDecided, Error> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let wanted = DecideReview {
        mails: ReviewPick::Ids {
            ids: vec![stage.mailbox.id_of(number).unwrap()],
        },
        verdict: ReviewVerdict::Class {
            class: class.to_owned(),
        },
        draft_only: false,
    };
    review::decide(&stage.ports, &stage.user, &account.unwrap(), &wanted, 10).await
}

#[test]
fn what_a_person_said_stays_and_a_draft_by_class_sees_it() {
    block_on(async {
        let stage = in_thirds(9).await;
        let process = Process::new(Certainty::Percent90, Then::Wait);
        run(&stage, process.into(), stage.these(1..=9)).await;
        assert_eq!(found(&stage, "class:newsletter").await, (vec![1, 4, 7], 0));
        let by_class = search("in:inbox class:newsletter");
        let id = stage.draft(Archive {}.into(), by_class, options()).await;
        let id = id.unwrap();
        stage.run().await.unwrap();
        says(&stage, 4, "personal").await;
        assert_eq!(found(&stage, "class:newsletter").await, (vec![1, 7], 0));
        // It is not what was shown any more, though nothing changed at the provider.
        let shown = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(shown.drift.map(|drift| drift.left), Some(1));
        let blind = Confirm {
            manifest_hash: shown.manifest_hash,
            drift_hash: None,
        };
        let refused = control::confirm(&stage.ports, &stage.user, &id, &blind).await;
        assert!(matches!(refused, Err(Error::Drifted(_))), "{refused:?}");
        // A model does not overrule a person.
        run(&stage, Classify {}.into(), Stage::inbox()).await;
        assert_eq!(found(&stage, "class:personal").await, (vec![4], 0));
        let page = list(&stage, "class:personal").await;
        let class = page.items[0].class.clone().unwrap();
        assert_eq!((class.percent, class.by), (Some(100), ToldBy::Person));
    });
}

#[test]
fn a_class_that_does_not_exist_is_refused_with_the_one_that_was_meant() {
    block_on(async {
        let stage = in_thirds(3).await;
        let drafted = stage.draft(Archive {}.into(), search("class:reciept"), options());
        match drafted.await {
            Err(Error::Invalid(invalid)) => {
                assert_eq!(invalid.field, "selection.query");
                let message = invalid.message;
                assert!(message.contains("Did you mean receipt?"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn many_chunks_are_kept_whoever_dies_on_the_way() {
    block_on(async {
        let mailbox = MemoryMailbox::new(60).in_chunks_of(2);
        let mut whole = Stage::new(mailbox).await.unwrap();
        whole.ports.model = by_number(thirds);
        run(&whole, Classify {}.into(), Stage::inbox()).await;
        let expected = found(&whole, "class:receipt").await;
        assert_eq!((expected.0.len(), expected.1), (20, 0));
        for death in 0..6 {
            let (mut stage, fuse) = fused(9).await;
            stage.ports.model = by_number(thirds);
            let id = stage
                .draft(Classify {}.into(), Stage::inbox(), options())
                .await;
            let id = id.unwrap();
            stage.confirm(&id).await.unwrap();
            while !stage.job(&id).await.unwrap().state.is_ended() {
                stage.step().await.unwrap();
            }
            fuse.blow_at(death);
            let _ = stage.run().await;
            fuse.replace();
            for _ in 0..3 {
                stage.clock.advance(Duration::from_secs(120));
                stage.sweep().await.unwrap();
                stage.run().await.unwrap();
            }
            let receipts = found(&stage, "class:receipt").await;
            assert_eq!(receipts, (vec![2, 5, 8], 0), "after death {death}");
        }
    });
}

#[test]
fn what_is_kept_goes_with_the_account() {
    block_on(async {
        let stage = in_thirds(3).await;
        run(&stage, Classify {}.into(), Stage::inbox()).await;
        let key = records::names::classes(&stage.account);
        assert!(stage.ports.table.get(&key).await.unwrap().is_some());
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        accounts::delete(&stage.ports, &stage.user, account.unwrap())
            .await
            .unwrap();
        assert!(stage.ports.table.get(&key).await.unwrap().is_none());
    });
}

/// The row in which what mails are about is kept, put there in place of what is there.
async fn put(stage: &Stage, row: Row) {
    let write = Write::Put(row, Expect::Anything);
    stage.ports.table.write(vec![write]).await.unwrap();
}

#[test]
fn what_cannot_be_read_is_left_as_it_is_and_told() {
    block_on(async {
        let stage = in_thirds(9).await;
        let process = Process::new(Certainty::Percent90, Then::Wait);
        run(&stage, process.into(), stage.these(1..=6)).await;
        says(&stage, 4, "personal").await;
        let key = records::names::classes(&stage.account);
        let readable = stage.ports.table.get(&key).await.unwrap().unwrap();
        for damage in [
            // A later form, and one that was cut.
            |body: &mut Vec<u8>| body[0] += 1,
            |body: &mut Vec<u8>| body.truncate(body.len() / 2),
        ] {
            let mut body = readable.body.clone();
            damage(&mut body);
            let unreadable = Row {
                body,
                ..readable.clone()
            };
            put(&stage, unreadable.clone()).await;
            let refused = would_say(&stage, 5, "personal").await;
            assert!(refused.is_err_and(|error| error.is_unreadable()));
            // The proposals of a job come before their owner all the same.
            let process = Process::new(Certainty::Percent95, Then::Wait);
            run(&stage, process.into(), stage.these(7..=9)).await;
            let account = access::account(&stage.ports, &stage.user, &stage.account).await;
            let (account, all) = (account.unwrap(), Default::default());
            let queue =
                review::review(&stage.ports, &account, Shown::Waiting, &all, None, 50).await;
            let queue = queue.unwrap();
            assert!(queue.filing == 0 && queue.total >= 3, "{queue:?}");
            // A list is shown without; a search that asks for it is refused.
            let load = async |text| {
                let query = Query::parse(text).unwrap();
                Kept::load_for(&stage.ports, &stage.account, &query).await
            };
            assert!(load("in:inbox").await.is_ok());
            assert!(load("class:personal").await.is_err());
            let row = stage.ports.table.get(&key).await.unwrap();
            assert_eq!(row.as_ref(), Some(&unreadable));
            // The program that wrote it finds all that was said.
            put(&stage, readable.clone()).await;
            assert_eq!(found(&stage, "class:personal").await.0, [4]);
        }
    });
}
