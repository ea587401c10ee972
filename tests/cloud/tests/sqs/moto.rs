//! The same suite against moto, an implementation that others wrote.

use std::panic::AssertUnwindSafe;

use bulkhead_cloud::moto::Moto;
use futures::FutureExt as _;

use crate::client::Service;
use crate::suite;

/// Where moto 5.2.5 differs from what AWS documents. A difference that is gone fails the test too.
const DIFFERENCES: [&str; 6] = [
    // It refuses too, with another code.
    "gives_up_into_no_queue_that_is_not_there",
    // The attribute DeadLetterQueueSourceArn is missing.
    "names_the_queue_it_came_from",
    // Any receipt deletes; SQS promises that only for the last one.
    "deletes_nothing_by_an_old_receipt",
    // SQS wants at least one character.
    "takes_no_empty_body",
    // The time of a visible message can be changed.
    "knows_what_is_in_hand",
    // No fair queues.
    "is_fair",
];

/// The names of those of these tests that fail.
macro_rules! failures {
    ($service:expr; $($test:ident),* $(,)?) => {{
        let results = tokio::join!($(
            AssertUnwindSafe(suite::$test($service)).catch_unwind()
        ),*);
        let ($($test),*) = results;
        let failed = [$(($test.is_err(), stringify!($test))),*];
        failed.into_iter().filter(|it| it.0).map(|it| it.1).collect::<Vec<_>>()
    }};
}

#[tokio::test]
async fn differs_only_where_known() {
    let moto = Moto::start().await.unwrap();
    let service = Service::new(moto.url(), None);
    let failures = failures! { &service;
        makes_a_queue_once, knows_no_other_queue, keeps_attributes, sends_receives_and_deletes,
        carries_attributes_and_group, counts_the_checksum_of_attributes, sends_nothing_unasked,
        shows_a_message_again_after_its_time, deletes_after_the_time_too, changes_the_time,
        changes_no_time_beyond_half_a_day, delays, wakes_a_long_poll, ends_a_long_poll_with_nothing,
        wakes_a_long_poll_when_a_time_ends, works_in_batches, refuses_wrong_batches,
        keeps_its_limits, gives_up_into_the_dead_letters,
        gives_up_into_no_queue_that_is_not_there, empties_a_queue,
        names_the_queue_it_came_from, deletes_nothing_by_an_old_receipt, knows_its_receipts,
        fails_single_entries, takes_no_empty_body, knows_what_is_in_hand, is_fair,
    };
    assert_eq!(failures, DIFFERENCES);
}
