//! What is counted while a selection is frozen is the same however many planners come and go.

use bulkhead_engine::records::store::load_job;
use bulkhead_engine::records::{Guard, SummaryRecord};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::{JobOptions, Protected};
use futures::executor::block_on;

use super::{MAILS, mailbox, messages, slow};

async fn asked(stage: &Stage, protected: Protected) -> JobId {
    let options = JobOptions {
        protected: Some(protected),
        ..JobOptions::default()
    };
    let request = stage.request(Operation::Archive(Archive {}), Stage::inbox(), options);
    let (ports, user) = (&stage.ports, &stage.user);
    bulkhead_engine::jobs::draft::create(ports, user, None, request, limits::OPEN_JOBS)
        .await
        .unwrap()
}

async fn counted(stage: &Stage, id: &JobId) -> (SummaryRecord, Option<Guard>) {
    let stored = load_job(stage.table.as_ref(), id).await.unwrap().unwrap();
    let job = stored.record;
    (job.summary.clone().unwrap(), job.guard.clone())
}

#[test]
fn counts_are_the_same_however_many_planners_come_and_go() {
    block_on(async {
        for protected in [Protected::Take, Protected::KeepOut] {
            let whole = Stage::new(mailbox(MAILS)).await.unwrap();
            let id = asked(&whole, protected).await;
            assert_eq!(messages(&whole).await, 1);
            let (at_once, guard) = counted(&whole, &id).await;
            let kept_out = guard.as_ref().map_or(0, |guard| guard.kept_out.total());
            assert_eq!(at_once.mails + kept_out, MAILS);
            assert_eq!(
                (at_once.senders.of, at_once.senders.about),
                (at_once.mails, false)
            );
            assert_eq!(at_once.senders.count, at_once.mails);

            let stage = slow(None).await;
            let id = asked(&stage, protected).await;
            assert!(messages(&stage).await > 3);
            let (by_several, same) = counted(&stage, &id).await;
            assert_eq!(same, guard);
            // Who goes on knows those with the most mails, and says that it is about so many.
            assert!(by_several.senders.about && by_several.senders.count < at_once.mails);
            assert_eq!(by_several.senders.of, at_once.mails);
            let senders = at_once.senders.clone();
            assert_eq!(
                SummaryRecord {
                    senders,
                    ..by_several
                },
                at_once
            );
        }
    });
}
