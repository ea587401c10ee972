//! Taking back what a job did, and only that.

use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_engine::jobs::{children, preview, results};
use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};
use bulkhead_engine::ports::{Expect, Table, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::{Stage, changing_operations};
use bulkhead_shared::api::{Job, UndoPreview};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, MarkRead, Move, Operation};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;

use super::in_hand::counting;
use super::{options, stage};

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
fn the_first_job_of_a_family_can_be_taken_back_after_the_others_were() {
    block_on(async {
        let stage = stage(9).await;
        let before = stage.mailbox.places();
        let read = stage
            .complete(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        let to_work = Operation::Move(Move::into_folder("Work"));
        for operation in [Operation::Archive(Archive {}), to_work] {
            let ids: Vec<_> = (1..=9).map(|n| stage.mailbox.id_of(n)).collect();
            let job = stage
                .complete(operation, Stage::inbox(), options())
                .await
                .unwrap();
            assert_eq!(stage.undo(&job.id).await.unwrap().counts.succeeded, 9);
            // They moved there and back, so their ids are others by now.
            assert!((1..=9).all(|n| stage.mailbox.id_of(n) != ids[n as usize - 1]));
        }
        let undo = stage.undo(&read.id).await.unwrap();
        assert_eq!(undo.counts.succeeded, 9);
        assert_eq!(stage.mailbox.places(), before);
    });
}

#[test]
fn what_is_where_it_was_left_is_looked_for_nowhere_else() {
    block_on(async {
        let mut stage = stage(8).await;
        let job = stage.archived(options()).await.unwrap();
        let followed = counting(&mut stage, |call| matches!(call, Call::Ask("follow")));
        let undo = stage.undo(&job.id).await.unwrap();
        assert_eq!(undo.counts.succeeded, 8);
        assert_eq!(followed.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn what_was_moved_elsewhere_is_not_followed_there() {
    block_on(async {
        let stage = stage(3).await;
        let job = stage.archived(options()).await.unwrap();
        stage.mailbox.act(1, |place| place.folder = "Work".into());
        stage.mailbox.act(2, |place| place.folder = "Work".into());
        stage
            .mailbox
            .act(2, |place| place.folder = "Archive".into());
        let undo = stage.undo(&job.id).await.unwrap();
        assert_eq!((undo.counts.succeeded, undo.counts.skipped), (2, 1));
        let places = stage.mailbox.places();
        assert_eq!(places[&1].folder, "Work");
        assert_eq!(places[&2].folder, "INBOX");
    });
}

#[test]
fn invariant_9_undo_leaves_alone_what_somebody_changed_since_and_lists_it() {
    block_on(async {
        let stage = stage(12).await;
        let job = stage.archived(options()).await.unwrap();
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
            .filter(|item| item.reason == Some(ItemReason::ChangedSince))
            .count();
        assert_eq!(changed, 2);
    });
}

/// A job of eight mails; the answer for the first four never came, and two of those were done.
async fn half_answered(operation: &Operation) -> (Stage, Job) {
    let stage = stage(8).await;
    stage
        .mailbox
        .trouble(|trouble| (trouble.half_way, trouble.blind) = (1, true));
    let job = stage
        .complete(operation.clone(), Stage::inbox(), options())
        .await
        .unwrap();
    assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 4));
    stage.mailbox.trouble(|trouble| trouble.blind = false);
    (stage, job)
}

#[test]
fn what_was_never_answered_is_taken_back_where_it_looks_as_we_would_have_left_it() {
    for operation in changing_operations() {
        block_on(async {
            let untouched = stage(8).await.mailbox.places();
            let (stage, job) = half_answered(&operation).await;
            let undo = children::undo(&stage.ports, &stage.user, &job.id).await;
            let undo = undo.unwrap();
            stage.run().await.unwrap();
            let shown = preview::preview(&stage.ports, &stage.user, &undo).await;
            let shown = shown.unwrap();
            let figures = UndoPreview {
                can_go_back: 6,
                unanswered: 2,
                unclear: 2,
                ..UndoPreview::default()
            };
            assert_eq!(
                (shown.total, shown.undo),
                (6, Some(figures)),
                "{operation:?}"
            );
            let reasons = shown.risk.reasons;
            for said in ["are taken back too", "stay as they are"] {
                let is_said = reasons.iter().any(|reason| reason.contains(said));
                assert!(is_said, "{said}: {reasons:?}");
            }
            assert!(
                !reasons.iter().any(|it| it.contains("left out")),
                "{reasons:?}"
            );
            stage.confirm(&undo).await.unwrap();
            stage.run().await.unwrap();
            let undone = stage.job(&undo).await.unwrap();
            assert_eq!(undone.counts.succeeded, 6, "{operation:?}");
            assert_eq!(stage.mailbox.places(), untouched, "{operation:?}");
        });
    }
}

#[test]
fn a_job_that_got_no_answer_at_all_can_be_taken_back() {
    block_on(async {
        let stage = stage(4).await;
        let before = stage.mailbox.places();
        stage
            .mailbox
            .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
        let job = stage.archived(options()).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.uncertain), (0, 4));
        assert!(job.undo_until.is_some());
        assert_eq!(stage.undo(&job.id).await.unwrap().counts.succeeded, 4);
        assert_eq!(stage.mailbox.places(), before);
    });
}

#[test]
fn invariant_9_what_was_never_answered_and_changed_since_stays() {
    block_on(async {
        let (stage, job) = half_answered(&Operation::Archive(Archive {})).await;
        stage.mailbox.act(1, |place| {
            place.flags.insert(SEEN.into());
        });
        stage.mailbox.act(2, |place| place.folder = "Work".into());
        let undo = stage.undo(&job.id).await.unwrap();
        assert_eq!((undo.total, undo.counts.succeeded), (4, 4));
        let places = stage.mailbox.places();
        assert_eq!(
            (&*places[&1].folder, &*places[&2].folder),
            ("Archive", "Work")
        );
    });
}

/// A job of eight items of which four were never answered, although all of them were done.
async fn half_unanswered() -> (Stage, JobId) {
    let stage = stage(8).await;
    stage
        .mailbox
        .trouble(|trouble| (trouble.lose_answers, trouble.blind) = (1, true));
    let job = stage.archived(options()).await.unwrap();
    assert_eq!((job.counts.succeeded, job.counts.uncertain), (4, 4));
    (stage, job.id)
}

#[test]
fn what_was_never_answered_and_cannot_be_read_is_left_alone_and_keeps_nothing_else() {
    block_on(async {
        let (stage, id) = half_unanswered().await;
        let row = stage.table.get(&names::prior(&id, 0)).await;
        let mut row = row.unwrap().unwrap();
        row.body.truncate(row.body.len() / 2);
        let put = Write::Put(row, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        let undo = stage.undo(&id).await.unwrap();
        assert_eq!((undo.total, undo.counts.succeeded), (4, 4));
    });
}

#[test]
fn what_was_never_answered_and_cannot_be_read_right_now_is_waited_for() {
    block_on(async {
        let (mut stage, id) = half_unanswered().await;
        let undo = children::undo(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        // What it was is read for those that were done, and again for those that may be.
        let (key, reads) = (names::prior(&id, 0), AtomicU32::new(0));
        let busy = intercept::by(move |moment, call| {
            let is_it = moment == Moment::BeforeEffect
                && matches!(call, Call::Get(read) if **read == key)
                && reads.fetch_add(1, Ordering::SeqCst) == 1;
            match is_it {
                true => Err(Failure::Unavailable),
                false => Ok(()),
            }
        });
        stage.ports.table = intercept::table(stage.table.clone(), &busy);
        let draft = stage.run_to_end(&undo).await;
        assert_eq!((draft.state, draft.total), (State::Draft, 8));
        let shown = preview::preview(&stage.ports, &stage.user, &undo).await;
        let folders = shown.unwrap().folders.into_iter();
        let folders = folders.map(|folder| (folder.name, folder.items));
        assert_eq!(folders.collect::<Vec<_>>(), [("Archive".to_owned(), 8)]);
    });
}

#[test]
fn an_undo_of_which_nothing_can_be_read_can_be_confirmed_and_does_nothing() {
    block_on(async {
        let stage = stage(4).await;
        let job = stage.archived(options()).await.unwrap();
        let row = stage.table.get(&names::prior(&job.id, 0)).await;
        let mut row = row.unwrap().unwrap();
        row.body.truncate(row.body.len() / 2);
        let put = Write::Put(row, Expect::Anything);
        stage.table.write(vec![put]).await.unwrap();
        let undo = children::undo(&stage.ports, &stage.user, &job.id)
            .await
            .unwrap();
        stage.run().await.unwrap();
        stage.mailbox.act(2, |place| {
            place.flags.insert(SEEN.into());
        });
        stage.confirm(&undo).await.unwrap();
        stage.run().await.unwrap();
        let undo = stage.job(&undo).await.unwrap();
        assert_eq!((undo.state, undo.total), (State::Completed, 0));
    });
}
