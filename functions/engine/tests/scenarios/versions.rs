//! Versions are a provider's own: numbers, texts of any length, or none.

use bulkhead_engine::error::Error;
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::Confirm;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Archive, Operation};
use futures::executor::block_on;

use super::options;

/// Entity tags of different lengths.
fn etag(number: u64) -> Option<ItemVersion> {
    let text = format!("\"{}-{number}\"", "x".repeat(number as usize % 30));
    Some(ItemVersion::new(text.into_bytes()))
}

fn none(_: u64) -> Option<ItemVersion> {
    None
}

async fn stage(versions: fn(u64) -> Option<ItemVersion>) -> Stage {
    let mailbox = MemoryMailbox::new(10).with_versions(versions);
    Stage::new(mailbox).await.unwrap()
}

#[test]
fn whatever_versions_are_like_a_job_runs_and_is_taken_back() {
    for versions in [etag, none] {
        block_on(async {
            let stage = stage(versions).await;
            let before = stage.mailbox.places();
            stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
            let job = stage.archived(options()).await.unwrap();
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 10));
            let undone = stage.undo(&job.id).await.unwrap();
            assert_eq!(undone.counts.succeeded, 10);
            assert_eq!(stage.mailbox.places(), before);
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 2));
        });
    }
}

/// What drifted in a draft of five mails after somebody flagged one and deleted another: how many
/// changed, how many left.
async fn drifted(versions: fn(u64) -> Option<ItemVersion>) -> (u64, u64) {
    let stage = stage(versions).await;
    let archive = Operation::Archive(Archive {});
    let id = stage.draft(archive, stage.these(1..=5), options());
    let id = id.await.unwrap();
    stage.mailbox.act(2, |place| {
        place.flags.insert("theirs".to_owned());
    });
    stage.mailbox.delete(4);
    let yes = Confirm {
        manifest_hash: stage.job(&id).await.unwrap().manifest_hash.unwrap(),
        drift_hash: None,
    };
    let (ports, user) = (&stage.ports, &stage.user);
    match bulkhead_engine::jobs::control::confirm(ports, user, &id, &yes).await {
        Err(Error::Drifted(drift)) => (drift.changed, drift.left),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_change_is_seen_where_there_are_versions_and_a_loss_always() {
    block_on(async {
        assert_eq!(drifted(etag).await, (1, 1));
        assert_eq!(drifted(none).await, (0, 1));
    });
}
