//! What is kept of a batch: ids and a time, nothing of any mail.

use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Expect, Ports, Write};
use bulkhead_engine::records::names;
use bulkhead_engine::records::store::{load_text, text_row};
use bulkhead_shared::ids::{JobId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::words::Work;

/// Hours that a batch can be asked for after its end. As long as the jobs keep what came of each mail.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After this the row may go: no batch takes so long, and then its day.
const ROW: SignedDuration = SignedDuration::from_hours(24 * 20);

/// The row of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BatchRecord {
    pub(super) id: String,
    /// One for each account.
    pub(super) jobs: Vec<JobId>,
    pub(super) created_at: Timestamp,
}

impl BatchRecord {
    /// Keeps it.
    pub(super) async fn keep(&self, ports: &Ports, user: &UserId) -> Result<(), Error> {
        let until = Some(self.created_at + ROW);
        let row = text_row(
            names::of_face(user, &format!("BATCH#{}", self.id)),
            1,
            self,
            until,
        )?;
        Ok(ports
            .table
            .write(vec![Write::Put(row, Expect::Absent)])
            .await?)
    }

    /// A batch of this person; not found if there is none.
    pub(super) async fn load(ports: &Ports, user: &UserId, id: &str) -> Result<Self, Error> {
        if Work::of_id(id).is_none() {
            return Err(Error::NotFound);
        }
        let key = names::of_face(user, &format!("BATCH#{id}"));
        let stored = load_text(ports.table.as_ref(), &key).await?;
        Ok(stored.ok_or(Error::NotFound)?.record)
    }
}
