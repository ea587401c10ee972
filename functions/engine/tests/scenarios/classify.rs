//! What mails are about is kept with the job, and the mails stay as they are.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::jobs::{download, results};
use bulkhead_engine::ports::{Model, Told};
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::model::FirstLineModel;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::ItemOutcome;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Certainty, Classify, Operation, Process, Then};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use futures::executor::block_on;

use crate::{options, stage};

async fn found(stage: &Stage, job: &JobId) -> Vec<ItemOutcome> {
    let page = results::items(&stage.ports, &stage.user, job, None, None, 500).await;
    page.unwrap().items
}

async fn run(stage: &Stage, operation: Operation) -> JobId {
    let drafted = stage.draft(operation, Stage::inbox(), options()).await;
    let id = drafted.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.run().await.unwrap();
    id
}

#[test]
fn every_mail_has_a_class_and_stays_as_it_is() {
    block_on(async {
        let stage = stage(9).await;
        let before = stage.mailbox.mails();
        let id = run(&stage, Classify {}.into()).await;
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 9));
        let mut details = Vec::new();
        for item in found(&stage, &id).await {
            let result = item.result.unwrap();
            let class = (result.class.as_str(), result.percent);
            assert_eq!(class, ("newsletter", Some(90)));
            details.push(result.detail.unwrap());
        }
        details.sort();
        // Each its own, and no more of it than the model reads.
        let whole = "Subject: 1\r\n\r\nFrom the beginning.\r\n".len();
        let expected: Vec<String> = (1..=9)
            .map(|number| format!("Subject: {number}, in {} bytes", whole.min(30)))
            .collect();
        assert_eq!(details, expected);
        assert_eq!(stage.mailbox.mails(), before);
        let file = download::outcomes_csv(&stage.ports, &stage.user, &id).await;
        let mut file = file.unwrap();
        let mut text = String::new();
        while let Some(piece) = file.next().await.unwrap() {
            text.push_str(std::str::from_utf8(&piece).unwrap());
        }
        assert_eq!(text.matches(",newsletter,90,").count(), 9, "{text}");
    });
}

#[test]
fn what_was_found_before_a_pause_is_there_after_it() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(8).in_chunks_of(8)).await;
        let stage = stage.unwrap();
        let slowly = JobOptions {
            batch_size: Some(4),
            parallel_chunks: Some(1),
            delay_between_batches: Some(5.0),
            ..options()
        };
        let drafted = stage.draft(Classify {}.into(), Stage::inbox(), slowly);
        let id = drafted.await.unwrap();
        stage.confirm(&id).await.unwrap();
        stage.step().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 4);
        stage.run().await.unwrap();
        let found = found(&stage, &id).await;
        let classes = found.iter().filter(|item| item.result.is_some());
        assert_eq!(classes.count(), 8);
    });
}

#[test]
fn a_mail_that_left_meanwhile_is_skipped_and_has_no_class() {
    block_on(async {
        let stage = stage(5).await;
        let drafted = stage
            .draft(Classify {}.into(), Stage::inbox(), options())
            .await;
        let id = drafted.unwrap();
        stage.confirm(&id).await.unwrap();
        let gone = stage.mailbox.id_of(2).unwrap();
        stage.mailbox.delete(2);
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.counts.succeeded, job.counts.skipped), (4, 1));
        for item in found(&stage, &id).await {
            let is_gone = item.id == gone;
            assert_eq!(item.outcome == Some(Outcome::Skipped), is_gone);
            assert_eq!(item.reason, is_gone.then_some(ItemReason::Missing));
            assert_eq!(item.result.is_none(), is_gone);
        }
    });
}

/// Says one thing less than it was asked.
struct Forgetful;

#[async_trait]
impl Model for Forgetful {
    fn message_bytes(&self) -> usize {
        10
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let mut told = FirstLineModel.classify(beginnings).await;
        told.found.pop();
        told
    }
}

/// Nobody can tell of whom it spoke, so nothing of what it said counts.
#[test]
fn a_model_that_answers_fewer_is_believed_nothing() {
    block_on(async {
        let mut stage = stage(6).await;
        stage.ports.model = Arc::new(Forgetful);
        let id = run(&stage, Classify {}.into()).await;
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.failed), (State::Failed, 6));
        assert!(
            found(&stage, &id)
                .await
                .iter()
                .all(|item| item.result.is_none())
        );
    });
}

#[test]
fn what_is_marked_is_protected_from_proposals() {
    block_on(async {
        // Every third one is starred.
        let stage = stage(9).await;
        let before = stage.mailbox.mails();
        let starred = [3, 6, 9].map(|number| stage.mailbox.id_of(number).unwrap());
        for (certainty, of_others) in [
            (Certainty::Percent90, "archive"),
            (Certainty::Percent95, "review"),
        ] {
            let id = run(&stage, Process::new(certainty, Then::Wait).into()).await;
            for item in found(&stage, &id).await {
                let is_starred = starred.contains(&item.id);
                let expected = if is_starred { "keep" } else { of_others };
                assert_eq!(item.result.unwrap().class, expected);
            }
        }
        assert_eq!(stage.mailbox.mails(), before);
    });
}
