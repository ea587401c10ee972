//! Environments: reuse, limits, deaths, frost.

use std::time::{Duration, Instant};

use bulkhead_cloud::lambda::Failure;
use serde_json::{Value, json};

use crate::{obedient, until};

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn answers_and_keeps_the_environment_for_the_next_event() {
    let function = obedient(2, LONG);
    let mut processes = Vec::new();
    for n in 0..3 {
        let answer: Value =
            serde_json::from_slice(&function.invoke(&json!({"n": n})).await.unwrap()).unwrap();
        assert_eq!(answer["event"], json!({"n": n}));
        assert_eq!(answer["function"], function.arn());
        processes.push(answer["process"].clone());
        until("it rests", || function.busy() == 0).await;
    }
    assert_eq!(processes[0], processes[1]);
    assert_eq!(processes[0], processes[2]);
    let starts = function.starts();
    assert_eq!(starts.len(), 1);
    assert!(starts[0].answered.unwrap() >= starts[0].ready);
}

#[tokio::test]
async fn has_an_environment_for_each_event_up_to_its_concurrency() {
    let function = obedient(2, LONG);
    let slow = json!({"sleep": 500});
    let (a, b, c) = tokio::join!(
        function.invoke(&slow),
        function.invoke(&slow),
        function.invoke(&slow)
    );
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(c, Err(Failure::Throttled));
    assert_eq!(function.starts().len(), 2);
}

#[tokio::test]
async fn ends_what_takes_too_long_and_starts_afresh() {
    let function = obedient(1, Duration::from_secs(2));
    let failure = function.invoke(&json!({"sleep": 60_000})).await;
    assert_eq!(failure, Err(Failure::TimedOut));
    until("it is gone", || function.busy() == 0).await;
    assert!(function.invoke(&json!({})).await.is_ok());
    assert_eq!(function.starts().len(), 2);
}

#[tokio::test]
async fn tells_a_reported_error_from_a_death() {
    let function = obedient(4, LONG);
    let reported = function.invoke(&json!({"fail": "for a reason"})).await;
    assert!(
        matches!(&reported, Err(Failure::Reported(text)) if text.contains("for a reason")),
        "{reported:?}"
    );
    let died = function.invoke(&json!({"exit": 3})).await;
    assert!(
        matches!(&died, Err(Failure::Exited(text)) if text.contains('3')),
        "{died:?}"
    );
    let long = function.invoke(&json!({"long": 7_000_000})).await;
    assert_eq!(long, Err(Failure::TooLarge));
    let event = json!("x".repeat(7_000_000));
    assert_eq!(function.invoke(&event).await, Err(Failure::TooLarge));
    assert_eq!(function.failures().len(), 3);
}

#[tokio::test]
async fn is_killed_in_the_midst_of_its_work() {
    let function = obedient(1, LONG);
    let event = json!({"print": "at work", "sleep": 60_000});
    let (answer, killed) = tokio::join!(function.invoke(&event), async {
        until("at work", || {
            function.log().lines().contains(&"at work".to_owned())
        })
        .await;
        function.kill_busy()
    });
    assert_eq!(killed, 1);
    assert!(matches!(answer, Err(Failure::Exited(text)) if text.contains("signal: 9")));
}

#[tokio::test]
async fn outlives_its_deadline_while_it_is_frozen() {
    let timeout = Duration::from_secs(2);
    let function = obedient(1, timeout);
    let event = json!({"print": "at work", "sleep": 1_000});
    let begin = Instant::now();
    let (answer, ()) = tokio::join!(function.invoke(&event), async {
        until("at work", || {
            function.log().lines().contains(&"at work".to_owned())
        })
        .await;
        let frozen = function.freeze_busy();
        assert_eq!(frozen.count(), 1);
        tokio::time::sleep(2 * timeout).await;
        frozen.thaw();
    });
    assert!(answer.is_ok(), "{answer:?}");
    assert!(begin.elapsed() > 2 * timeout);
}

/// What a function leaves for after its answer is done with the next event, or never.
#[tokio::test]
async fn stands_still_between_two_events() {
    let function = obedient(1, LONG);
    let later = || function.log().lines().contains(&"later".to_owned());
    // Much later than it rests, however slowly that goes.
    let wait = Duration::from_secs(2);
    let event = json!({"later": u64::try_from(wait.as_millis()).unwrap()});
    function.invoke(&event).await.unwrap();
    until("it rests", || function.busy() == 0).await;
    tokio::time::sleep(wait + Duration::from_millis(400)).await;
    assert!(!later());
    function.invoke(&json!({"sleep": 200})).await.unwrap();
    until("later", later).await;
}
