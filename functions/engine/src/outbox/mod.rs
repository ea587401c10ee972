//! What happened to jobs, for whoever takes it up: figures, and later faces that tell others.
//!
//! A change of a job's state, its line in the audit trail and its event here are one write ([`commit`]), so
//! that none is ever without the others. Events of a person are read in their order by each
//! reader, at least once, with a stored position for each; whoever dies in the middle reads
//! some of them again.

mod commit;
mod deliver;
mod figures;

use bulkhead_shared::ids::{AccountId, JobId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::records::JobEvent;

pub(crate) use commit::{change, commit, save};
pub(crate) use deliver::deliver;

/// How long an event is kept: longer than any reader is behind.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An event as it is stored. A text like other small records: fields may be added, and what an older
/// program must not read says a higher schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the person's audit trail. It grows; what is recorded of accounts is left out here.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Whose job.
    pub owner: UserId,
    /// Which job.
    pub job: JobId,
    /// The account it works in.
    pub account: AccountId,
    /// What happened.
    #[serde(flatten)]
    pub happened: JobEvent,
}

/// How far a person's events go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The last one.
    pub last: u64,
}

/// How far a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// The last event it has had.
    pub sequence: u64,
}

/// Whoever takes events up. What it does with one it may do again, because it dies before its position is
/// stored.
trait Reader: Send + Sync {
    /// Its name in the row of its position: stored, so it never changes.
    fn name(&self) -> &'static str;

    /// Takes one event. They come in their order.
    fn take(&self, event: &Event);
}
