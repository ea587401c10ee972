//! Our own server: the whole suite, and how it misbehaves.

use std::time::Duration;

use bulkhead_cloud::often::Often;
use bulkhead_cloud::sqs::{Faults, NewMessage, Receive, Served, Sqs};
use serde_json::{Value, json};

use crate::client::{Service, bodies};
use crate::suite::run;

async fn service() -> (Service, Served) {
    let sqs = Sqs::default();
    let served = sqs.serve().await.unwrap();
    let service = Service::new(&served.url, Some(sqs.clock().clone()));
    (service, served)
}

run! { service;
    makes_a_queue_once, knows_no_other_queue, keeps_attributes, sends_receives_and_deletes,
    carries_attributes_and_group, counts_the_checksum_of_attributes, sends_nothing_unasked,
    shows_a_message_again_after_its_time, deletes_after_the_time_too, changes_the_time,
    changes_no_time_beyond_half_a_day, delays, wakes_a_long_poll, ends_a_long_poll_with_nothing,
    wakes_a_long_poll_when_a_time_ends, works_in_batches, refuses_wrong_batches, keeps_its_limits,
    gives_up_into_the_dead_letters,
    gives_up_into_no_queue_that_is_not_there, empties_a_queue,
    names_the_queue_it_came_from, deletes_nothing_by_an_old_receipt, knows_its_receipts,
    fails_single_entries, takes_no_empty_body, knows_what_is_in_hand, forgets_what_is_too_old,
    empties_at_most_once_a_minute, is_fair,
}

async fn misbehaving(faults: Faults) -> (Sqs, Service, Served, String) {
    let sqs = Sqs::default();
    let served = sqs.serve().await.unwrap();
    let service = Service::new(&served.url, Some(sqs.clock().clone()));
    let url = service.create("q", json!({})).await;
    sqs.misbehave(faults);
    (sqs, service, served, url)
}

#[tokio::test]
async fn delivers_twice() {
    let faults = Faults {
        duplicates: Often::Share(1.0),
        ..Faults::default()
    };
    let (sqs, service, _served, url) = misbehaving(faults).await;
    service.send(&url, "x").await;
    let first = service.receive(&url).await;
    let second = service.receive(&url).await;
    assert_eq!(first[0]["MessageId"], second[0]["MessageId"]);
    // Only twice, and each has to be deleted.
    assert!(service.receive(&url).await.is_empty());
    service.delete(&url, &first[0]).await;
    assert_eq!(sqs.depth("q").unwrap().in_flight, 1);
    service.delete(&url, &second[0]).await;
    assert!(sqs.depth("q").unwrap().is_empty());
}

#[tokio::test]
async fn delivers_in_any_order() {
    let faults = Faults {
        disorder: Often::Share(1.0),
        ..Faults::default()
    };
    let (sqs, _service, _served, _url) = misbehaving(faults).await;
    let sent: Vec<String> = (0..200).map(|n| format!("{n:03}")).collect();
    for body in &sent {
        sqs.send("q", NewMessage::of(body)).unwrap();
    }
    let mut received = Vec::new();
    for _ in 0..20 {
        let messages = sqs.receive("q", Receive::default()).await.unwrap();
        received.extend(messages.into_iter().map(|message| message.body));
    }
    assert_ne!(received, sent);
    received.sort();
    assert_eq!(received, sent);
}

#[tokio::test]
async fn brings_less_than_there_is() {
    let faults = Faults {
        short_receives: Often::Share(1.0),
        ..Faults::default()
    };
    let (_sqs, service, _served, url) = misbehaving(faults).await;
    service.send(&url, "a").await;
    service.send(&url, "b").await;
    assert!(service.receive(&url).await.is_empty());
    let long = service
        .receive_with(&url, json!({"WaitTimeSeconds": 5}))
        .await;
    assert_eq!(bodies(&long), ["a"]);
}

#[tokio::test]
async fn fails_some_entries() {
    let faults = Faults {
        failed_entries: Often::Next(2),
        ..Faults::default()
    };
    let (sqs, service, _served, url) = misbehaving(faults).await;
    let entry = |id: &str| json!({"Id": id, "MessageBody": "x"});
    let entries: Vec<Value> = ["a", "b", "c"].map(entry).into();
    let asked = json!({"QueueUrl": url, "Entries": entries});
    let answer = service.ok("SendMessageBatch", asked).await;
    assert_eq!(answer["Failed"].as_array().unwrap().len(), 2);
    assert_eq!(answer["Failed"][0]["SenderFault"], false);
    assert_eq!(answer["Successful"][0]["Id"], "c");
    assert_eq!(sqs.depth("q").unwrap().visible, 1);
}

#[tokio::test]
async fn throttles_fails_and_loses_answers() {
    let faults = Faults {
        throttled: Often::Next(1),
        broken: Often::Next(1),
        lost_answers: Often::Next(1),
        ..Faults::default()
    };
    let (sqs, service, _served, url) = misbehaving(faults).await;
    let send = || json!({"QueueUrl": url, "MessageBody": "x"});
    // All three strike at once; the worst one that is left is seen.
    service
        .refused("SendMessage", send(), "RequestThrottled")
        .await;
    service.ok("SendMessage", send()).await;
    assert_eq!(sqs.depth("q").unwrap().visible, 1);
    let faults = Faults {
        lost_answers: Often::Next(1),
        ..Faults::default()
    };
    sqs.misbehave(faults);
    service
        .refused("SendMessage", send(), "InternalFailure")
        .await;
    assert_eq!(sqs.depth("q").unwrap().visible, 2);
}

#[tokio::test]
async fn a_long_poll_sees_the_clock_move() {
    let (sqs, _service, _served, _url) = misbehaving(Faults::default()).await;
    let delay = Some(Duration::from_secs(600));
    let message = NewMessage {
        delay,
        ..NewMessage::of("x")
    };
    sqs.send("q", message).unwrap();
    let receive = Receive {
        wait: Some(Duration::from_secs(20)),
        ..Receive::default()
    };
    let poll = tokio::spawn({
        let sqs = sqs.clone();
        async move { sqs.receive("q", receive).await }
    });
    tokio::task::yield_now().await;
    sqs.clock().advance(Duration::from_secs(600));
    // Whether the poll began before or after the move, its time of 20 seconds may be over, but not
    // its look at the queue.
    let received = poll.await.unwrap().unwrap();
    assert_eq!(received.len(), 1);
}

#[tokio::test]
async fn takes_thousands_quickly() {
    let (sqs, _service, _served, _url) = misbehaving(Faults::default()).await;
    for n in 0..20_000 {
        sqs.send("q", NewMessage::of(n.to_string())).unwrap();
    }
    let mut left = 20_000;
    while left > 0 {
        let messages = sqs.receive("q", Receive::default()).await.unwrap();
        left -= messages.len();
        for message in messages {
            sqs.delete("q", &message.receipt_handle).unwrap();
        }
    }
    assert!(sqs.depth("q").unwrap().is_empty());
}
