//! How many requests of a person may wait for a mail server at once, over all processes together: a
//! server that says nothing must not hold all that answers people.
//!
//! Each has a place in one row of the person. A place that nobody gives back, because its process died
//! or was stopped, ends by itself.

use bulkhead_shared::ids::UserId;
use bulkhead_shared::limits::WAITING_REQUESTS;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::token_bucket::KEPT;
use crate::ports::{Expect, Fact, Limit, Ports, Write};
use crate::records::names;
use crate::records::store::{load_text, text_row};

/// How long a place lasts: a little more than a function has for its answer (29 seconds).
const LASTS: SignedDuration = SignedDuration::from_secs(30);

/// The row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    places: Vec<Held>,
}

/// A place that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    /// Tells it from others.
    id: String,
    /// When it ends by itself.
    until: Timestamp,
}

/// A place among those who wait. It is given back by [`Place::leave`].
#[derive(Debug)]
pub struct Place {
    user: UserId,
    id: String,
    /// The row as it was written with this place in it: mostly nobody writes it meanwhile.
    row: Waiting,
    version: u64,
}

/// Takes a place, or refuses the request.
pub async fn enter(ports: &Ports, user: &UserId) -> Result<Place, Error> {
    let id = format!("{:032x}", ports.random.bits());
    loop {
        let (mut row, version) = read(ports, user).await?;
        let now = ports.clock.now();
        // One further off was taken by a clock that was wrong, and keeps nobody out.
        row.places
            .retain(|held| held.until > now && held.until <= now + LASTS + LASTS);
        if row.places.len() as u64 >= u64::from(WAITING_REQUESTS) {
            let limit = Limit::WaitingRequests;
            ports.meter.note(Fact::RequestRefused { limit });
            return Err(Error::TooManyWaiting {
                most: WAITING_REQUESTS,
            });
        }
        row.places.push(Held {
            id: id.clone(),
            until: now + LASTS,
        });
        if write(ports, user, &row, version).await? {
            return Ok(Place {
                user: user.clone(),
                id,
                row,
                version: version.unwrap_or(0) + 1,
            });
        }
    }
}

impl Place {
    /// Gives the place back.
    pub async fn leave(self, ports: &Ports) -> Result<(), Error> {
        let Self { user, id, .. } = self;
        let (mut row, mut version) = (self.row, Some(self.version));
        loop {
            row.places.retain(|held| held.id != id);
            if write(ports, &user, &row, version).await? {
                return Ok(());
            }
            (row, version) = read(ports, &user).await?;
            if row.places.iter().all(|held| held.id != id) {
                return Ok(());
            }
        }
    }
}

async fn read(ports: &Ports, user: &UserId) -> Result<(Waiting, Option<u64>), Error> {
    let stored = load_text::<Waiting>(ports.table.as_ref(), &names::waiting(user)).await?;
    Ok(match stored {
        Some(stored) => (stored.record, Some(stored.version)),
        None => (Waiting::default(), None),
    })
}

/// Writes the row if it still is at this version; whether it was.
async fn write(
    ports: &Ports,
    user: &UserId,
    row: &Waiting,
    version: Option<u64>,
) -> Result<bool, Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let next = version.unwrap_or(0) + 1;
    let row = text_row(names::waiting(user), next, row, expires)?;
    let expect = version.map_or(Expect::Absent, Expect::Version);
    let written = ports.table.write(vec![Write::Put(row, expect)]).await;
    match written.map_err(Error::from) {
        Ok(()) => Ok(true),
        Err(error) if error.is_conflict() => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::testing::intercept::{self, Call};
    use crate::testing::mailbox::{MemoryMailbox, Moment};
    use crate::testing::stage::Stage;
    use futures::executor::block_on;

    #[test]
    fn four_wait_at_once_each_until_it_leaves_or_half_a_minute_is_over() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let began = stage.ports.clock.now();
            let enters = async || enter(&stage.ports, &stage.user).await;
            let refused = async || {
                let refused = enter(&stage.ports, &stage.user).await;
                assert!(matches!(refused, Err(Error::TooManyWaiting { most: 4 })));
            };
            let mut places = Vec::new();
            for _ in 0..4 {
                places.push(enters().await.unwrap());
            }
            refused().await;
            let row = stage.ports.table.get(&names::waiting(&stage.user)).await;
            let kept = began + SignedDuration::from_hours(1);
            assert_eq!(row.unwrap().unwrap().expires, Some(kept));
            for place in places.drain(..2) {
                place.leave(&stage.ports).await.unwrap();
            }
            stage.clock.set(began + SignedDuration::from_secs(10));
            for _ in 0..2 {
                places.push(enters().await.unwrap());
            }
            refused().await;
            // The first two end by themselves.
            stage
                .clock
                .set(began + LASTS - SignedDuration::from_nanos(1));
            refused().await;
            stage.clock.set(began + LASTS);
            for _ in 0..2 {
                places.push(enters().await.unwrap());
            }
            refused().await;
            for place in places {
                place.leave(&stage.ports).await.unwrap();
            }
            enters().await.unwrap();
        });
    }

    #[test]
    fn a_place_is_given_back_with_one_write_where_nobody_came_or_went_meanwhile() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let calls = Arc::new(Mutex::new(Vec::new()));
            let heard = calls.clone();
            let by = intercept::by(move |moment, call| {
                if moment == Moment::BeforeEffect {
                    let is_write = matches!(call, Call::Write(_));
                    heard.lock().unwrap().push(is_write);
                }
                Ok(())
            });
            let ports = intercept::ports(&stage.ports, &by);
            for _ in 0..2 {
                let place = enter(&stage.ports, &stage.user).await.unwrap();
                place.leave(&ports).await.unwrap();
                assert_eq!(std::mem::take(&mut *calls.lock().unwrap()), [true]);
            }
        });
    }

    #[test]
    fn who_was_the_first_to_come_and_is_the_last_to_go_leaves_no_place_taken() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            let enters = async || enter(&stage.ports, &stage.user).await;
            let (first, second) = (enters().await.unwrap(), enters().await.unwrap());
            second.leave(&stage.ports).await.unwrap();
            first.leave(&stage.ports).await.unwrap();
            for _ in 0..4 {
                enters().await.unwrap();
            }
        });
    }

    #[test]
    fn a_clock_that_was_ahead_keeps_nobody_out() {
        block_on(async {
            for (ahead, is_kept_out) in [(30, true), (31, false)] {
                let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
                let right = stage.ports.clock.now();
                stage.clock.set(right + SignedDuration::from_secs(ahead));
                for _ in 0..4 {
                    enter(&stage.ports, &stage.user).await.unwrap();
                }
                stage.clock.set(right);
                let entered = enter(&stage.ports, &stage.user).await;
                assert_eq!(entered.is_err(), is_kept_out, "{ahead} s");
            }
        });
    }
}
