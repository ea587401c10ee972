//! How many requests a person may make in a minute, over all processes together.
//!
//! A bucket in the table holds what is left of the minute. A process takes several at once, a lot,
//! and answers from that without asking the table again; what it does not use ends with the minute.
//! A lot is as large as what the process has answered in this minute, so that the first request
//! takes one, and a busy process pays one write for many.
//!
//! How exact that is: never more than `most` requests are let through in a minute that begins with a
//! first request, so never more than twice as many in any sixty seconds. It may be fewer, because
//! the lots of other processes end unused; each holds back at most as many as it has answered and at
//! most a twentieth, so half of `most` can be used however the requests are spread.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bulkhead_shared::abilities::Allowance;
use bulkhead_shared::ids::UserId;
use jiff::Timestamp;

use crate::error::Error;
use crate::limits::token_bucket::{self, Taken, is_running, window};
use crate::ports::{Fact, Limit, Ports};
use crate::records::names;

/// Length of a minute.
const SECONDS: u32 = 60;
/// A lot is at most this part of a minute's requests.
const LOT_PART: u32 = 20;

/// Whether a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is.
    Allowed,
    /// It is refused, and so is every other one before this time.
    NotBefore(Timestamp),
}

/// Admits a request of this person, or says when to come again. A refused one costs nothing.
pub async fn admit(
    ports: &Ports,
    user: &UserId,
    budget: &RequestBudget,
) -> Result<Admission, Error> {
    let admission = match budget.spend(user, ports.clock.now()) {
        TokensSpent::Known(admission) => admission,
        TokensSpent::Needs(lot) => {
            let taken =
                token_bucket::take(ports, &names::requests(user), budget.allowance, lot).await?;
            budget.keep(user, taken, ports.clock.now())
        }
    };
    if let Admission::NotBefore(_) = admission {
        let limit = Limit::Requests;
        ports.meter.note(Fact::RequestRefused { limit });
    }
    Ok(admission)
}

/// What this process still holds of everybody's minutes. One for the life of a process.
#[derive(Debug)]
pub struct RequestBudget {
    allowance: Allowance,
    held: Mutex<HashMap<UserId, Held>>,
}

/// What is held of one person's minute.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Requests that may be answered without asking the table.
    left: u32,
    /// Requests answered in this minute.
    answered: u32,
    /// The bucket had nothing more to give.
    is_last: bool,
    /// When the minute ends.
    until: Timestamp,
}

enum TokensSpent {
    Known(Admission),
    /// The table has to be asked, for so many.
    Needs(u32),
}

impl RequestBudget {
    /// So many requests of each person in a minute.
    pub fn new(most_per_minute: u32) -> Self {
        Self {
            allowance: Allowance {
                items: most_per_minute,
                seconds: SECONDS,
            },
            held: Mutex::default(),
        }
    }

    fn spend(&self, user: &UserId, now: Timestamp) -> TokensSpent {
        let mut held = self.held();
        let window = window(self.allowance);
        let Some(held) = held
            .get_mut(user)
            .filter(|held| is_running(held.until, window, now))
        else {
            return TokensSpent::Needs(1);
        };
        if held.left > 0 {
            held.left -= 1;
            held.answered += 1;
            TokensSpent::Known(Admission::Allowed)
        } else if held.is_last {
            TokensSpent::Known(Admission::NotBefore(held.until))
        } else {
            let most = (self.allowance.items / LOT_PART).max(1);
            TokensSpent::Needs(held.answered.clamp(1, most))
        }
    }

    /// Keeps a lot but for the request that is answered now.
    fn keep(&self, user: &UserId, taken: Taken, now: Timestamp) -> Admission {
        let mut held = self.held();
        let window = window(self.allowance);
        held.retain(|_, held| is_running(held.until, window, now));
        let fresh = Held {
            left: 0,
            answered: 0,
            is_last: false,
            until: taken.until,
        };
        let held = held.entry(user.clone()).or_insert(fresh);
        if held.until != taken.until {
            *held = fresh;
        }
        if taken.granted == 0 {
            held.is_last = true;
            return Admission::NotBefore(taken.until);
        }
        held.left += taken.granted - 1;
        held.answered += 1;
        Admission::Allowed
    }

    fn held(&self) -> MutexGuard<'_, HashMap<UserId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
