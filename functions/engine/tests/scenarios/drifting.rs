//! What drifts between a preview and a yes, at the edges: nothing at all, nothing to compare, and what an
//! earlier look found.

use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::preview;
use bulkhead_engine::kinds::mail::SEEN;
use bulkhead_engine::records::store::load_job;
use bulkhead_engine::testing::intercept::{self, Call};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Drift;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use futures::executor::block_on;

use super::in_hand::counting;
use super::{options, stage};

async fn shown(stage: &Stage, id: &JobId) -> Option<Drift> {
    let shown = preview::preview(&stage.ports, &stage.user, id).await;
    shown.unwrap().drift
}

fn archive() -> Operation {
    Operation::Archive(Archive {})
}

fn unread() -> Selection {
    Selection::Query {
        query: "is:unread".to_owned(),
        except: Vec::new(),
    }
}

#[test]
fn invariant_5_what_an_earlier_look_found_keeps_nothing_from_being_done_later() {
    block_on(async {
        let stage = stage(8).await;
        let id = stage.draft(archive(), unread(), options()).await.unwrap();
        let read = |mail, is_read| {
            stage.mailbox.act(mail, |place| {
                match is_read {
                    true => place.flags.insert(SEEN.into()),
                    false => place.flags.remove(SEEN),
                };
            });
        };
        // In the first chunk one was read; a yes was refused for that, and it is unread again.
        read(2, true);
        let unseen = stage.confirm(&id).await;
        assert!(matches!(unseen, Err(Error::Drifted(_))), "{unseen:?}");
        read(2, false);
        // In the second chunk another one was read, and the yes is to that.
        read(7, true);
        let drift = shown(&stage, &id).await.unwrap();
        assert_eq!((drift.left, drift.changed), (1, 1));
        stage.confirm_with_drift(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (7, 1));
        assert_eq!(stage.mailbox.places()[&2].folder, "Archive");
        assert_eq!(stage.mailbox.places()[&7].folder, "INBOX");
    });
}

/// A draft for an inbox in which nothing is.
async fn nothing_found() -> (Stage, JobId) {
    let stage = stage(3).await;
    for mail in 1..=3 {
        stage
            .mailbox
            .act(mail, |place| place.folder = "Work".into());
    }
    let id = stage.draft(archive(), Stage::inbox(), options()).await;
    (stage, id.unwrap())
}

#[test]
fn a_search_that_found_nothing_can_be_confirmed_although_something_came_since() {
    block_on(async {
        let (stage, id) = nothing_found().await;
        assert_eq!(stage.job(&id).await.unwrap().total, 0);
        stage.mailbox.act(2, |place| place.folder = "INBOX".into());
        let drift = shown(&stage, &id).await.unwrap();
        assert_eq!((drift.left, drift.changed, drift.joined), (0, 0, 1));
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Completed, 0));
        assert_eq!(stage.mailbox.places()[&2].folder, "INBOX");
    });
}

#[test]
fn a_search_that_found_nothing_and_cannot_look_everywhere_any_more_has_not_drifted() {
    block_on(async {
        let (stage, id) = nothing_found().await;
        let closed = Unsearched {
            folder: "Work".to_owned(),
            why: UnsearchedWhy::Forbidden,
            items: None,
        };
        stage
            .mailbox
            .trouble(|trouble| trouble.unsearched = vec![closed]);
        stage.mailbox.act(2, |place| place.folder = "INBOX".into());
        assert_eq!(shown(&stage, &id).await, None);
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Completed, 0));
    });
}

#[test]
fn where_something_else_changed_a_selection_is_shown_without_a_drift() {
    block_on(async {
        let stage = stage(9).await;
        stage.mailbox.act(9, |place| place.folder = "Work".into());
        let by_search = Stage::inbox();
        let by_hand = stage.these(1..=8);
        for selection in [by_search, by_hand] {
            let id = stage.draft(archive(), selection, options()).await.unwrap();
            stage.mailbox.act(9, |place| {
                place.flags.insert("theirs".into());
            });
            assert_eq!(shown(&stage, &id).await, None);
            stage.confirm(&id).await.unwrap();
            let job = load_job(stage.table.as_ref(), &id).await.unwrap().unwrap();
            let reached = job.record.check.clone().unwrap().reached;
            // It was looked at, all of it and nothing twice.
            assert_eq!((reached.compared, reached.left), (8, 0));
            assert_eq!((reached.changed, reached.sample.len()), (0, 0));
            bulkhead_engine::jobs::control::cancel(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
        }
    });
}

#[test]
fn a_drift_names_the_first_ten_and_counts_them_all() {
    block_on(async {
        let mailbox = MemoryMailbox::new(30).in_chunks_of(10);
        let stage = Stage::new(mailbox).await.unwrap();
        let id = stage
            .draft(archive(), Stage::inbox(), options())
            .await
            .unwrap();
        for mail in 1..=15 {
            stage
                .mailbox
                .act(mail, |place| place.folder = "Work".into());
        }
        let drift = shown(&stage, &id).await.unwrap();
        assert_eq!((drift.left, drift.changed, drift.joined), (15, 0, 0));
        assert_eq!(drift.sample.len(), 10);
    });
}

#[test]
fn where_nothing_changed_nobody_searches_again() {
    block_on(async {
        let mut stage = stage(8).await;
        let searches = counting(&mut stage, |call| matches!(call, Call::Ask("matches")));
        let id = stage
            .draft(archive(), Stage::inbox(), options())
            .await
            .unwrap();
        let pages = searches.load(Ordering::SeqCst);
        assert_eq!(shown(&stage, &id).await, None);
        stage.confirm(&id).await.unwrap();
        assert_eq!(searches.load(Ordering::SeqCst), pages);
        assert_eq!(stage.job(&id).await.unwrap().state, State::Queued);
    });
}

#[test]
fn what_comes_into_a_search_while_it_is_read_is_counted_once() {
    block_on(async {
        let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
        let mut stage = Stage::new(mailbox).await.unwrap();
        let one_lane = JobOptions {
            parallel_chunks: Some(1),
            ..options()
        };
        stage.mailbox.act(1, |place| place.folder = "Work".into());
        let id = stage
            .draft(archive(), Stage::inbox(), one_lane)
            .await
            .unwrap();
        // It moves back after the first page was read, which moves another one onto the second page again.
        let (mailbox, pages) = (stage.mailbox.clone(), AtomicU32::new(0));
        let by = intercept::by(move |moment, call| {
            let page = moment == Moment::BeforeEffect && matches!(call, Call::Ask("matches"));
            if page && pages.fetch_add(1, Ordering::SeqCst) == 1 {
                mailbox.act(1, |place| place.folder = "INBOX".into());
            }
            Ok(())
        });
        stage.ports = intercept::ports(&stage.ports, &by);
        stage.mailbox.act(1, |place| {
            place.flags.insert("theirs".into());
        });
        assert_eq!(shown(&stage, &id).await, None);
    });
}

#[test]
fn what_can_no_longer_be_searched_is_looked_at_and_has_not_left_for_that() {
    let folder = |name: &str| Unsearched {
        folder: name.to_owned(),
        why: UnsearchedWhy::Forbidden,
        items: None,
    };
    for (then, now, left, changed) in [
        (vec![], vec![folder("Work")], 0, 1),
        (vec![folder("Work")], vec![folder("Work")], 1, 0),
    ] {
        block_on(async {
            let stage = stage(8).await;
            stage.mailbox.trouble(|trouble| trouble.unsearched = then);
            let id = stage.draft(archive(), unread(), options()).await.unwrap();
            stage.mailbox.trouble(|trouble| trouble.unsearched = now);
            stage.mailbox.act(2, |place| {
                place.flags.insert(SEEN.into());
            });
            let drift = shown(&stage, &id).await.unwrap();
            assert_eq!((drift.left, drift.changed), (left, changed));
        });
    }
}
