//! The reason why Bulkhead exists: many mails, the plug pulled half-way, nothing lost, all undone.

use std::collections::HashSet;

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Gate, NewJob};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::driver::Bulkhead;

use crate::steps::{slow_down, speed_up};

const MAILS: usize = 12_000;

#[tokio::test(flavor = "multi_thread")]
async fn archives_12_000_mails_through_a_power_cut_and_takes_it_all_back() {
    let mut server = Bulkhead::with_mails(20_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.mailbox(&account).await;
    assert_eq!(before.len(), 20_000);

    // Picked by a search, all but those beyond the first 12,000.
    let query = "in:inbox";
    let found = server.api.items(&account, query).await;
    assert_eq!(server.api.count(&account, query).await, found.len() as u64);
    assert!(found.len() > MAILS, "the inbox holds {}", found.len());
    let except: Vec<_> = found[MAILS..].iter().map(|item| item.id.clone()).collect();
    let selection = Selection::Query {
        query: query.into(),
        except,
    };
    let options = JobOptions {
        batch_size: Some(250),
        ..JobOptions::default()
    };
    let (operation, at) = (Operation::Archive(Archive {}), account.clone());
    let draft = server
        .api
        .draft(&NewJob {
            account: at,
            operation,
            selection,
            options,
            confirm: None,
        })
        .await;
    assert_eq!((draft.state, draft.total), (State::Draft, MAILS as u64));

    // The preview names what is at stake, and nothing is touched yet.
    let preview = server.api.preview(&draft.id).await;
    assert_eq!(preview.total, MAILS as u64);
    assert_eq!(preview.gate, Gate::TypeCount);
    assert_eq!(preview.reversibility.kind, Reversibility::Exact);
    assert_eq!(preview.drift, None);
    assert!(
        preview
            .sample
            .iter()
            .all(|card| before.get(&card.id).map(Card::from).as_ref() == Some(card))
    );
    assert!(!preview.sample.is_empty());
    assert_eq!(server.api.mailbox(&account).await, before);

    // The plug is pulled half-way.
    slow_down(&server, &account).await;
    server.api.confirm(&draft.id).await;
    let half = MAILS as u64 / 2;
    let job = server
        .api
        .wait_until(&draft.id, "half-way", |job| job.counts.ended() >= half)
        .await;
    assert!(
        !job.state.is_ended(),
        "over before the plug could be pulled: {job:#?}"
    );
    server.kill();
    server.restart().await;
    speed_up(&server, &account).await;

    // It ends by itself, and each item ended once.
    let job = server.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, MAILS as u64)
    );
    let outcomes = server.api.outcomes(&job.id, None).await;
    assert!(
        outcomes
            .iter()
            .all(|item| item.outcome == Some(Outcome::Succeeded))
    );
    let done: HashSet<_> = outcomes.iter().map(|item| &item.id).collect();
    assert_eq!((outcomes.len(), done.len()), (MAILS, MAILS));
    let after = server.api.mailbox(&account).await;
    assert_eq!(after.len(), before.len());
    for (id, was) in &before {
        let moved = after[id].folder != was.folder;
        assert_eq!(moved, done.contains(id), "{id} was in {}", was.folder);
    }

    // And back, to the last flag.
    let undo = server.api.undo(&job.id).await;
    assert_eq!(
        (undo.state, undo.counts.succeeded),
        (State::Completed, MAILS as u64)
    );
    assert_eq!(server.api.mailbox(&account).await, before);

    // Invariant 10: the log knows none of it.
    let log = server.log();
    for item in before.values().take(500) {
        assert!(
            !log.contains(&item.subject) && !log.contains(&item.from),
            "content in the log"
        );
    }
    server.stop().await;
}
