//! Who may read what and for how long: others' jobs, what has expired, the audit trail, the history.

use std::time::Duration;

use bulkhead_engine::audit;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::history::{self, Listed};
use bulkhead_engine::jobs::progress;
use bulkhead_engine::jobs::{children, control, draft, preview, results};
use bulkhead_engine::testing::stage::{Stage, changing_operations};
use bulkhead_shared::api::Confirm;
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use futures::executor::block_on;

use super::{options, stage};

#[test]
fn invariant_6_others_jobs_do_not_exist() {
    block_on(async {
        let stage = stage(4).await;
        let id = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        let eve: UserId = "eve".parse().unwrap();
        let (ports, unknown) = (
            &stage.ports,
            "arc_01arz3ndektsv4rrffq69g5fav".parse::<JobId>().unwrap(),
        );
        let yes = Confirm {
            manifest_hash: stage.job(&id).await.unwrap().manifest_hash.unwrap(),
            drift_hash: None,
        };
        for job in [&id, &unknown] {
            let text = |result: Result<(), Error>| result.unwrap_err().to_string();
            let refusals = [
                text(progress::job(ports, &eve, job).await.map(drop)),
                text(preview::preview(ports, &eve, job).await.map(drop)),
                text(control::confirm(ports, &eve, job, &yes).await),
                text(control::pause(ports, &eve, job).await),
                text(control::cancel(ports, &eve, job).await),
                text(children::undo(ports, &eve, job).await.map(drop)),
                text(
                    results::items(ports, &eve, job, None, None, 10)
                        .await
                        .map(drop),
                ),
            ];
            assert!(
                refusals.iter().all(|refusal| refusal == "not found"),
                "{refusals:?}"
            );
        }
        let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options());
        assert!(matches!(
            draft::create(ports, &eve, None, request, limits::OPEN_JOBS).await,
            Err(Error::NotFound)
        ));
        assert!(
            history::page(ports, &eve, Listed::default(), None, 10)
                .await
                .unwrap()
                .jobs
                .is_empty()
        );
    });
}

#[test]
fn invariant_7_what_has_expired_is_gone_although_the_rows_are_there() {
    block_on(async {
        let stage = stage(4).await;
        let late = stage
            .draft(Operation::Archive(Archive {}), Stage::inbox(), options())
            .await
            .unwrap();
        let job = stage
            .complete(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(25 * 3600));
        assert!(matches!(
            stage.confirm(&late).await,
            Err(Error::WrongState(_))
        ));
        assert_eq!(stage.job(&late).await.unwrap().state, State::Expired);
        let items = results::items(&stage.ports, &stage.user, &job.id, None, None, 10).await;
        assert!(matches!(items, Err(Error::Gone)));
        assert_eq!(
            stage.undo(&job.id).await.unwrap().counts.succeeded,
            4,
            "the undo window is longer"
        );
        let other = stage
            .complete(Operation::MarkRead(MarkRead {}), Stage::inbox(), options())
            .await
            .unwrap();
        stage.clock.advance(Duration::from_secs(8 * 24 * 3600));
        assert!(matches!(
            stage.undo(&other.id).await,
            Err(Error::NotPossible(_))
        ));
    });
}

#[test]
fn the_audit_trail_is_a_chain_and_holds_no_content() {
    block_on(async {
        let stage = stage(8).await;
        let job = stage.archived(options()).await.unwrap();
        stage.undo(&job.id).await.unwrap();
        let events = audit::list(&stage.ports, &stage.user, None, 100)
            .await
            .unwrap()
            .events;
        let names: Vec<&str> = events
            .iter()
            .rev()
            .map(|event| event.event.as_str())
            .collect();
        let job_events = [
            "job_drafted",
            "job_frozen",
            "job_confirmed",
            "job_started",
            "job_ended",
        ];
        assert_eq!(
            names,
            [&["account_connected"][..], &job_events, &job_events].concat()
        );
        for pair in events.windows(2) {
            assert_eq!(pair[0].previous, pair[1].hash);
        }
        assert!(
            events
                .iter()
                .all(|event| audit::digest(event).unwrap() == event.hash)
        );
        let page = audit::list(&stage.ports, &stage.user, None, 3)
            .await
            .unwrap();
        let rest = audit::list(&stage.ports, &stage.user, page.next_cursor.as_deref(), 100)
            .await
            .unwrap();
        assert_eq!(page.events.len() + rest.events.len(), events.len());
    });
}

#[test]
fn the_history_is_newest_first_and_paged() {
    block_on(async {
        let stage = stage(4).await;
        let mut ids = Vec::new();
        // Kinds whose names sort otherwise than their times.
        for operation in changing_operations() {
            stage.clock.advance(Duration::from_secs(1));
            ids.push(
                stage
                    .draft(operation, Stage::inbox(), options())
                    .await
                    .unwrap(),
            );
        }
        ids.reverse();
        let first = history::page(&stage.ports, &stage.user, Listed::default(), None, 3)
            .await
            .unwrap();
        let rest = history::page(
            &stage.ports,
            &stage.user,
            Listed::default(),
            first.next_cursor.as_deref(),
            3,
        )
        .await
        .unwrap();
        let listed: Vec<JobId> = first
            .jobs
            .into_iter()
            .chain(rest.jobs)
            .map(|job| job.id)
            .collect();
        assert_eq!(listed, ids);
        let failed = Listed {
            state: Some(State::Failed),
            ..Listed::default()
        };
        let none = history::page(&stage.ports, &stage.user, failed, None, 3)
            .await
            .unwrap();
        assert!(none.jobs.is_empty());
    });
}

#[test]
fn drafts_are_listed_apart_until_they_are_discarded_or_confirmed() {
    block_on(async {
        let stage = stage(8).await;
        let (ports, user) = (&stage.ports, &stage.user);
        let done = stage.archived(options()).await.unwrap().id;
        let operation = changing_operations().remove(0);
        let kept = stage.draft(operation.clone(), Stage::inbox(), options());
        let kept = kept.await.unwrap();
        let gone = stage.draft(operation, Stage::inbox(), options());
        let gone = gone.await.unwrap();
        let listed = async |drafts| {
            let which = Listed {
                drafts: Some(drafts),
                ..Listed::default()
            };
            let page = history::page(ports, user, which, None, 10).await;
            let jobs = page.unwrap().jobs.into_iter();
            jobs.map(|job| job.id)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(listed(true).await, [kept.clone(), gone.clone()].into());
        // Page by page too, newest first.
        let drafts = Listed {
            drafts: Some(true),
            ..Listed::default()
        };
        let first = history::page(ports, user, drafts, None, 1).await.unwrap();
        let cursor = first.next_cursor.as_deref();
        assert!(cursor.is_some());
        let second = history::page(ports, user, drafts, cursor, 1).await.unwrap();
        assert_eq!(second.next_cursor, None);
        let pages: Vec<JobId> = first
            .jobs
            .into_iter()
            .chain(second.jobs)
            .map(|job| job.id)
            .collect();
        assert_eq!(
            pages.iter().collect::<std::collections::BTreeSet<_>>(),
            [&kept, &gone].into()
        );
        assert!(pages[0].by_time() > pages[1].by_time());
        assert_eq!(listed(false).await, [done.clone()].into());
        for _ in 0..2 {
            control::discard(ports, user, &gone).await.unwrap();
        }
        assert_eq!(stage.job(&gone).await.unwrap().state, State::Cancelled);
        assert_eq!(listed(true).await, [kept].into());
        assert_eq!(listed(false).await, [done.clone(), gone].into());
        let refused = control::discard(ports, user, &done).await;
        assert!(matches!(refused, Err(Error::NotPossible(_))));
    });
}
