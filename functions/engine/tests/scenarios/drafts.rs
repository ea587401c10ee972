//! What is drafted: which items are frozen, what the preview says of them, and that exactly this is confirmed.

use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, draft, preview};
use bulkhead_engine::kinds::mail::{FLAGGED, SEEN};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{Confirm, ConfirmBy, Gate};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Move, Operation, Trash};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::selection::Selection;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use futures::executor::block_on;

use super::{options, stage};

#[test]
fn a_selection_of_ids_is_frozen_at_once_and_unknown_ones_are_refused() {
    block_on(async {
        let stage = stage(9).await;
        let request = stage.request(
            Operation::Archive(Archive {}),
            stage.these([1, 5, 7]),
            options(),
        );
        let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.total), (State::Draft, 3));
        let gone = Selection::Ids {
            ids: vec!["INBOX.1".parse().unwrap(), "INBOX.99".parse().unwrap()],
        };
        let request = stage.request(Operation::Archive(Archive {}), gone, options());
        let refused =
            draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS).await;
        assert!(
            matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "selection.ids[1]")
        );
    });
}

#[test]
fn exceptions_of_a_query_are_left_alone() {
    block_on(async {
        let stage = stage(12).await;
        let except = vec![
            stage.mailbox.id_of(3).unwrap(),
            stage.mailbox.id_of(4).unwrap(),
        ];
        let all_but = Selection::Query {
            query: "in:inbox".into(),
            except,
        };
        let job = stage
            .complete(Operation::Trash(Trash {}), all_but, options())
            .await
            .unwrap();
        assert_eq!(job.counts.succeeded, 10);
        let inbox = stage
            .mailbox
            .places()
            .into_iter()
            .filter(|(_, place)| place.folder == "INBOX");
        assert_eq!(
            inbox.map(|(identity, _)| identity).collect::<Vec<_>>(),
            [3, 4]
        );
    });
}

#[test]
fn an_empty_selection_completes_at_once() {
    block_on(async {
        let stage = stage(3).await;
        let none = Selection::Query {
            query: "in:trash".into(),
            except: vec![],
        };
        let job = stage
            .complete(Operation::Archive(Archive {}), none, options())
            .await
            .unwrap();
        assert_eq!((job.state, job.total), (State::Completed, 0));
    });
}

#[test]
fn the_same_key_gives_the_same_job_and_another_body_is_refused() {
    block_on(async {
        let stage = stage(3).await;
        let request = |operation| stage.request(operation, Stage::inbox(), options());
        let create = |operation| {
            draft::create(
                &stage.ports,
                &stage.user,
                Some("key"),
                request(operation),
                limits::OPEN_JOBS,
            )
        };
        let first = create(Operation::Archive(Archive {})).await.unwrap();
        assert_eq!(create(Operation::Archive(Archive {})).await.unwrap(), first);
        assert!(matches!(
            create(Operation::Trash(Trash {})).await,
            Err(Error::KeyReused)
        ));
        stage.clock.advance(Duration::from_secs(25 * 3600));
        assert_ne!(create(Operation::Trash(Trash {})).await.unwrap(), first);
    });
}

#[test]
fn invariant_5_only_the_hash_that_was_previewed_confirms() {
    block_on(async {
        let stage = stage(5).await;
        let one = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        let other = stage
            .draft(Operation::Trash(Trash {}), Stage::inbox(), options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &other)
            .await
            .unwrap();
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        let refused = control::confirm(&stage.ports, &stage.user, &one, &yes).await;
        assert!(matches!(refused, Err(Error::HashMismatch)));
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn invariant_5_drift_is_shown_and_has_to_be_seen() {
    block_on(async {
        let stage = stage(9).await;
        let id = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert!(preview.drift.is_none());
        stage.mailbox.act(2, |place| place.folder = "Work".into());
        stage.mailbox.act(3, |place| {
            place.flags.insert(SEEN.into());
        });
        let blind = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        let Err(Error::Drifted(drift)) =
            control::confirm(&stage.ports, &stage.user, &id, &blind).await
        else {
            panic!("a drifted draft was confirmed");
        };
        assert_eq!((drift.left, drift.changed, drift.joined), (1, 1, 0));
        let seen = Confirm {
            drift_hash: Some(drift.hash),
            ..blind
        };
        control::confirm(&stage.ports, &stage.user, &id, &seen)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        // What left is not swept along.
        assert_eq!((job.counts.succeeded, job.counts.skipped), (8, 1));
        assert_eq!(stage.mailbox.places()[&2].folder, "Work");
    });
}

#[test]
fn invariant_5_what_no_longer_matches_is_left_alone_although_its_id_is_the_same() {
    block_on(async {
        let stage = stage(9).await;
        let starred = Selection::Query {
            query: "is:starred".into(),
            except: vec![],
        };
        let id = stage
            .draft(Operation::MarkRead(MarkRead {}), starred, options())
            .await
            .unwrap();
        assert_eq!(stage.job(&id).await.unwrap().total, 3);
        stage.mailbox.act(6, |place| {
            place.flags.remove(FLAGGED);
        });
        stage.confirm_with_drift(&id).await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (2, 1));
        assert!(!stage.mailbox.places()[&6].flags.contains(SEEN));
        assert_eq!(job.reasons[0].reason, ItemReason::Missing);
    });
}

#[test]
fn invariant_5_what_joins_later_is_shown_and_not_swept_along() {
    block_on(async {
        let stage = stage(6).await;
        stage.mailbox.act(6, |place| place.folder = "Work".into());
        let id = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        stage.mailbox.act(6, |place| place.folder = "INBOX".into());
        let preview = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(preview.drift.as_ref().unwrap().joined, 1);
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: None,
        };
        control::confirm(&stage.ports, &stage.user, &id, &yes)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 5);
        assert_eq!(stage.mailbox.places()[&6].folder, "INBOX");
    });
}

#[test]
fn a_draft_can_be_thrown_away() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        control::cancel(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Cancelled);
        assert!(matches!(
            stage.confirm(&id).await,
            Err(Error::WrongState(_))
        ));
    });
}

#[test]
fn a_folder_that_does_not_exist_is_refused_before_anything_is_frozen() {
    block_on(async {
        let stage = stage(3).await;
        let nowhere = Operation::Move(Move::into_folder("Nowhere"));
        let refused = stage.draft(nowhere, Stage::inbox(), options()).await;
        assert!(
            matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "operation.folder")
        );
    });
}

#[test]
fn a_folder_that_is_to_be_made_is_made_by_the_job_and_not_before() {
    block_on(async {
        let stage = stage(3).await;
        let made = |make| {
            let folder = "Nowhere".to_owned();
            Operation::Move(Move { folder, make })
        };
        let id = stage
            .draft(made(true), Stage::inbox(), options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let target = preview.target.unwrap();
        assert_eq!(
            (target.name.as_str(), target.will_be_made),
            ("Nowhere", true)
        );
        assert!(
            stage
                .draft(made(false), Stage::inbox(), options())
                .await
                .is_err()
        );
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 3);
        let places = stage.mailbox.places();
        assert!(places.values().all(|place| place.folder == "Nowhere"));
        assert_eq!(stage.undo(&id).await.unwrap().counts.succeeded, 3);
    });
}

#[test]
fn risk_asks_for_the_count_when_much_is_at_stake() {
    block_on(async {
        let stage = stage(12).await;
        let small = stage
            .draft(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        assert_eq!(
            preview::preview(&stage.ports, &stage.user, &small)
                .await
                .unwrap()
                .gate,
            Gate::Confirm
        );
        let everything = Selection::Query {
            query: String::new(),
            except: vec![],
        };
        let all = stage
            .draft(Operation::Trash(Trash {}), everything, options())
            .await
            .unwrap();
        let preview = preview::preview(&stage.ports, &stage.user, &all)
            .await
            .unwrap();
        assert_eq!(preview.gate, Gate::TypeCount);
        assert_eq!((preview.total, preview.sample.len()), (12, 8));
    });
}

fn everywhere() -> Selection {
    Selection::Query {
        query: "in:inbox OR in:work OR in:trash".into(),
        except: vec![],
    }
}

#[test]
fn what_could_not_be_searched_is_kept_with_the_draft_and_shown() {
    block_on(async {
        let stage = stage(5).await;
        let missing = vec![Unsearched::folder("Secret", UnsearchedWhy::Forbidden)];
        stage
            .mailbox
            .trouble(|trouble| trouble.unsearched = missing.clone());
        let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options());
        let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let shown = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        assert_eq!(shown.unsearched, missing, "told once, however many pages");
        let told = "1 folder could not be searched.".to_owned();
        assert!(shown.risk.reasons.contains(&told), "{:?}", shown.risk);
        assert!(shown.drift.is_none());
        // A folder that cannot be searched any more is no drift: its mails are looked at themselves.
        stage.mailbox.trouble(|trouble| {
            let inbox = Unsearched::folder("INBOX", UnsearchedWhy::Refused);
            trouble.unsearched.push(inbox);
        });
        stage.mailbox.act(5, |place| {
            place.flags.insert(FLAGGED.into());
        });
        let drift = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap()
            .drift
            .unwrap();
        assert_eq!((drift.left, drift.changed), (0, 1));
    });
}

#[test]
fn a_sample_shows_every_folder_and_who_else_sees_it() {
    block_on(async {
        let stage = stage(30).await;
        for identity in 21..=30 {
            stage.mailbox.act(identity, |place| {
                let folder = if identity > 28 { "Work" } else { "Trash" };
                place.folder = folder.into();
            });
        }
        stage
            .mailbox
            .trouble(|trouble| trouble.shared = vec!["Work".into()]);
        let request = stage.request(Operation::Archive(Archive {}), everywhere(), options());
        let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let shown = preview::preview(&stage.ports, &stage.user, &id)
            .await
            .unwrap();
        let touched: Vec<(&str, u64, bool)> = shown
            .folders
            .iter()
            .map(|folder| (folder.name.as_str(), folder.items, folder.seen_by_others))
            .collect();
        assert_eq!(
            touched,
            [("INBOX", 20, false), ("Trash", 8, false), ("Work", 2, true)]
        );
        let of = |name: &str| {
            shown
                .sample
                .iter()
                .filter(|item| {
                    item.facts
                        .iter()
                        .any(|fact| fact.name == "folder" && fact.value == name)
                })
                .count()
        };
        assert_eq!((of("INBOX"), of("Trash"), of("Work")), (3, 3, 2));
        assert!(
            shown
                .risk
                .reasons
                .iter()
                .any(|reason| reason.contains("“Work”"))
        );
        let target = shown.target.unwrap();
        assert_eq!(
            (target.name.as_str(), target.will_be_made),
            ("Archive", false)
        );
    });
}

#[test]
fn what_is_small_and_comes_back_exactly_begins_at_once_if_asked_to() {
    block_on(async {
        let few = || (1..=limits::AT_ONCE_ITEMS).collect::<Vec<u64>>();
        let many = || (1..=limits::AT_ONCE_ITEMS + 1).collect::<Vec<u64>>();
        let archive = || Operation::Archive(Archive {});
        for (operation, picked, asked, state) in [
            (archive(), few(), true, State::Queued),
            (Operation::Trash(Trash {}), few(), true, State::Queued),
            (archive(), few(), false, State::Draft),
            (archive(), many(), true, State::Draft),
        ] {
            let stage = stage(60).await;
            let mut request = stage.request(operation, stage.these(picked), options());
            request.confirm = asked.then_some(ConfirmBy::IfReversible);
            let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
                .await
                .unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!(job.state, state, "{:?} of {}", job.operation, job.total);
            stage.run().await.unwrap();
            if state == State::Queued {
                let done = stage.job(&id).await.unwrap();
                assert_eq!(done.counts.succeeded, limits::AT_ONCE_ITEMS);
                let back = stage.undo(&id).await.unwrap();
                assert_eq!(back.counts.succeeded, limits::AT_ONCE_ITEMS);
            }
        }
    });
}

#[test]
fn a_search_is_looked_at_first_however_few_it_finds() {
    block_on(async {
        let stage = stage(5).await;
        let archive = Operation::Archive(Archive {});
        let mut request = stage.request(archive, Stage::inbox(), options());
        request.confirm = Some(ConfirmBy::IfReversible);
        let id = draft::create(&stage.ports, &stage.user, None, request, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().state, State::Draft);
    });
}
