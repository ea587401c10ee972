//! Suggestions for a whole mailbox whose headers nobody reads.

use bulkhead_engine::access;
use bulkhead_engine::advice;
use bulkhead_engine::ports::{Clock, Message};
use bulkhead_engine::work;
use bulkhead_shared::api::ScanState;
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::stage;

/// Whoever reads them is gone for good. It is looked for each second.
#[test]
fn headers_of_which_nothing_is_heard_are_given_up_after_a_quarter_of_an_hour() {
    block_on(async {
        let stage = stage(9).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let account = account.unwrap();
        let begun = stage.clock.now();
        advice::start(&stage.ports, &stage.user, &account)
            .await
            .unwrap();
        let mut looked = 0;
        while let Some(at) = stage.queue.next_at() {
            stage.clock.set(at.max(stage.clock.now()));
            let message = stage.queue.take().unwrap();
            if matches!(message, Message::Advise { .. }) {
                looked += 1;
                let deadline = stage.clock.now() + SignedDuration::from_secs(30);
                work::handle(&stage.ports, &message, deadline)
                    .await
                    .unwrap();
            }
        }
        let took = stage.clock.now().duration_since(begun);
        assert_eq!((looked, took), (901, SignedDuration::from_mins(15)));
        let told = advice::suggestions(&stage.ports, &account).await.unwrap();
        let advice = told.advice.unwrap();
        assert_eq!(advice.state, ScanState::Failed);
        let problem = "The headers could not be read.";
        assert_eq!(advice.problem.as_deref(), Some(problem));
    });
}
