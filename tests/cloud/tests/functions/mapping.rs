//! Batches, what is deleted after them, and where what never succeeds ends.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_cloud::lambda::Function;
use bulkhead_cloud::mapping::{Batch, Mapping, Settings};
use bulkhead_cloud::sqs::{NewMessage, Sqs, arn};

use crate::{obedient, until};

const SETTINGS: Settings = Settings {
    batch: 10,
    window: Duration::ZERO,
    partial: true,
    concurrency: 1,
};

/// A queue with a dead-letter queue behind three receives.
fn queue() -> Sqs {
    let sqs = Sqs::default();
    sqs.create("dead", &BTreeMap::new()).unwrap();
    let redrive = format!(
        r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":3}}"#,
        arn("dead")
    );
    let attributes = [("VisibilityTimeout", "30"), ("RedrivePolicy", &redrive)];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
    sqs.create("queue", &BTreeMap::from(attributes)).unwrap();
    sqs
}

fn send(sqs: &Sqs, body: &str) {
    sqs.send("queue", NewMessage::of(body)).unwrap();
}

fn function() -> Function {
    obedient(4, Duration::from_secs(5))
}

#[tokio::test]
async fn takes_in_what_succeeded_and_leaves_what_failed() {
    let (sqs, function) = (queue(), function());
    for body in ["{}", r#"{"fail":true}"#, r#"{"n":3}"#] {
        send(&sqs, body);
    }
    let mapping = Mapping::start(&sqs, "queue", &function, SETTINGS);
    until("handed over", || mapping.batches().len() == 1).await;
    let batch = Batch {
        messages: 3,
        failed: 1,
    };
    assert_eq!(mapping.batches(), [batch]);
    let depth = sqs.depth("queue").unwrap();
    assert_eq!((depth.visible, depth.in_flight), (0, 1));
}

#[tokio::test]
async fn what_fails_again_and_again_ends_in_the_dead_letter_queue() {
    let (sqs, function) = (queue(), function());
    send(&sqs, r#"{"fail":true}"#);
    let mapping = Mapping::start(&sqs, "queue", &function, SETTINGS);
    for round in 1..=3 {
        until("handed over", || mapping.batches().len() == round).await;
        sqs.clock().advance(Duration::from_secs(31));
    }
    until("dead", || sqs.depth("dead").unwrap().visible == 1).await;
    assert!(sqs.depth("queue").unwrap().is_empty());
    assert_eq!(mapping.batches().len(), 3);
}

#[tokio::test]
async fn a_death_fails_the_whole_batch() {
    let (sqs, function) = (queue(), function());
    send(&sqs, "{}");
    send(&sqs, r#"{"crash":true}"#);
    let mapping = Mapping::start(&sqs, "queue", &function, SETTINGS);
    until("handed over", || mapping.batches().len() == 1).await;
    assert_eq!(mapping.batches()[0].failed, 2);
    assert_eq!(sqs.depth("queue").unwrap().in_flight, 2);
}

#[tokio::test]
async fn without_partial_answers_what_is_listed_is_done_all_the_same() {
    let (sqs, function) = (queue(), function());
    send(&sqs, r#"{"fail":true}"#);
    let settings = Settings {
        partial: false,
        ..SETTINGS
    };
    let _mapping = Mapping::start(&sqs, "queue", &function, settings);
    until("deleted", || sqs.depth("queue").unwrap().is_empty()).await;
}

#[tokio::test]
async fn waits_for_others_as_long_as_the_window() {
    let (sqs, function) = (queue(), function());
    let settings = Settings {
        batch: 3,
        window: Duration::from_secs(10),
        ..SETTINGS
    };
    let mapping = Mapping::start(&sqs, "queue", &function, settings);
    send(&sqs, r#"{"n":1}"#);
    until("received", || sqs.depth("queue").unwrap().in_flight == 1).await;
    assert_eq!(function.invocations(), 0);
    send(&sqs, r#"{"n":2}"#);
    send(&sqs, r#"{"n":3}"#);
    // Full before the window ends.
    until("handed over", || mapping.batches().len() == 1).await;
    assert_eq!(mapping.batches()[0].messages, 3);
}

#[tokio::test]
async fn hands_over_as_many_batches_side_by_side_as_it_may() {
    let (sqs, function) = (queue(), obedient(10, Duration::from_secs(5)));
    for _ in 0..6 {
        send(&sqs, r#"{"sleep":400}"#);
    }
    let settings = Settings {
        batch: 1,
        concurrency: 2,
        ..SETTINGS
    };
    let mapping = Mapping::start(&sqs, "queue", &function, settings);
    let most = Cell::new(0);
    until("all done", || {
        // Not processes: one that has answered is busy until it asks for the next event. What has begun is
        // read first, so that nothing that begins in between is counted.
        let begun = function.invocations();
        let ended = mapping.batches().len() as u64;
        most.set(most.get().max(begun.saturating_sub(ended)));
        ended == 6
    })
    .await;
    assert_eq!(most.get(), 2, "two at a time");
}
