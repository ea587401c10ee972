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
