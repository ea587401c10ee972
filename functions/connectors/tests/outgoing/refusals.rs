//! Refusals of a real server, each of which means something else.

use std::time::{Duration, Instant};

use bulkhead_engine::ports::{CallError, Delivery, Letter, Postbox};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::exim::{Exim, Rate};
use jiff::{SignedDuration, Timestamp};

use crate::support::{World, letter};

async fn deliver(postbox: &dyn Postbox, letter: Letter) -> Delivery {
    postbox.deliver(&[letter]).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_told_apart_and_the_connection_goes_on() {
    let world = World::start();
    let postbox = world.plain().await;
    let postbox = postbox.as_ref();
    let mut number = 0;
    let mut next = |to: &str| {
        number += 1;
        letter(number, to)
    };
    let refused = |reason| Delivery::Refused(reason);
    assert_eq!(
        deliver(postbox, next("reject-x")).await,
        refused(ItemReason::NoSuchRecipient)
    );
    assert_eq!(
        deliver(postbox, next("full-x")).await,
        refused(ItemReason::RecipientFull)
    );
    assert_eq!(
        deliver(postbox, next("defer-x")).await,
        Delivery::Unavailable
    );
    let two_seconds = Delivery::Deferred(SignedDuration::from_secs(2));
    assert_eq!(deliver(postbox, next("grey-x")).await, two_seconds);
    let mut elsewhere = next("x");
    elsewhere.envelope.to = "x@example.com".to_owned();
    assert_eq!(
        deliver(postbox, elsewhere).await,
        refused(ItemReason::AgainstRules)
    );
    let mut content = next("bo");
    content.bytes.splice(0..0, *b"Subject: REFUSE\r\n");
    assert_eq!(
        deliver(postbox, content).await,
        refused(ItemReason::ContentRefused)
    );
    assert_eq!(deliver(postbox, next("bo")).await, Delivery::Done);
    // What was deferred is taken later.
    let begun = Instant::now();
    while deliver(postbox, next("grey-x")).await != Delivery::Done {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(world.exim.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_fast_is_a_matter_of_the_account_and_not_of_a_mail() {
    let exim = Exim::start_limited(Rate {
        mails: 3,
        seconds: 60,
    });
    let world = World::with(exim);
    let postbox = world.plain().await;
    let mut taken = 0;
    loop {
        match postbox.deliver(&[letter(taken, "bo")]).await {
            Ok(delivered) => assert_eq!(delivered, [Delivery::Done]),
            Err(CallError::Throttled { until: Some(until) }) => {
                assert!(until <= Timestamp::now() + SignedDuration::from_secs(3));
                break;
            }
            Err(other) => panic!("{other:?}"),
        }
        taken += 1;
        assert!(taken < 10);
    }
    assert_eq!(world.exim.taken().len(), taken);
}

/// The connection is the server's, and so is the right to end it: that is no reason to wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_connections_after_a_few_mails_gets_all_of_them_on_others() {
    let world = World::with(Exim::start_with_short_connections(3));
    let postbox = world.plain().await;
    for number in 0..10 {
        assert_eq!(
            deliver(postbox.as_ref(), letter(number, "bo")).await,
            Delivery::Done
        );
    }
    let taken = world.exim.log_of_taken();
    let mut ports: Vec<u16> = taken.iter().map(|mail| mail.from_port).collect();
    ports.dedup();
    assert_eq!((taken.len(), ports.len()), (10, 4));
}
