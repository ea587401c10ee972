//! How many connections a person may try in an hour. Who names hosts and passwords as they like could
//! otherwise use us to guess at somebody else's, or to look for servers.

use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::UserId;
use bulkhead_shared::limits::CONNECTION_TRIES_PER_HOUR;

use crate::error::Error;
use crate::limits::token_bucket;
use crate::ports::{Fact, Limit, Ports};
use crate::records::names;

/// An hour begins with its first try.
const ALLOWANCE: Allowance = Allowance {
    items: CONNECTION_TRIES_PER_HOUR,
    seconds: 3_600,
};

/// Counts a try of this person, or refuses it.
pub(crate) async fn take(ports: &Ports, user: &UserId) -> Result<(), Error> {
    let taken = token_bucket::take(ports, &names::tries(user), ALLOWANCE, 1).await?;
    if taken.granted > 0 {
        return Ok(());
    }
    let limit = Limit::ConnectionTries;
    ports.meter.note(Fact::RequestRefused { limit });
    Err(Error::TooManyTries {
        most: ALLOWANCE.items,
        until: taken.until,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use futures::executor::block_on;
    use jiff::SignedDuration;
    use std::time::Duration;

    #[test]
    fn ten_connections_may_be_tried_in_an_hour_that_begins_with_the_first() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let alice = "alice".parse().unwrap();
            let next_hour = stage.ports.clock.now() + SignedDuration::from_hours(1);
            for _ in 0..10 {
                take(&stage.ports, &alice).await.unwrap();
                stage.clock.advance(Duration::from_secs(60));
            }
            let row = stage.ports.table.get(&names::tries(&alice)).await;
            let row = row.unwrap().unwrap();
            let last = stage.ports.clock.now() - SignedDuration::from_secs(60);
            let kept = last + SignedDuration::from_hours(1);
            assert_eq!((row.version, row.expires), (10, Some(kept)));
            let refused = take(&stage.ports, &alice).await.unwrap_err();
            let Error::TooManyTries { most, until } = refused else {
                panic!("{refused:?}");
            };
            assert_eq!((most, until), (10, next_hour));
            let limit = Limit::ConnectionTries;
            assert_eq!(stage.meter.facts(), [Fact::RequestRefused { limit }]);
            // What one person tries is none of another one's tries.
            take(&stage.ports, &"bob".parse().unwrap()).await.unwrap();
            stage.clock.set(next_hour - SignedDuration::from_millis(1));
            assert!(take(&stage.ports, &alice).await.is_err());
            stage.clock.set(next_hour);
            take(&stage.ports, &alice).await.unwrap();
        });
    }
}
