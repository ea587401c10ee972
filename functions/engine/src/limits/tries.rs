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
