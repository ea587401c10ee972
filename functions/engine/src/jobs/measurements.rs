//! What is noted of a job for those who keep figures.

use bulkhead_shared::outcome::{Counts, Outcome};

use crate::ports::Fact;
use crate::records::JobFields;

impl JobFields {
    /// That items got their outcomes, if any did: those counted now and not before.
    pub(crate) fn items_ended(&self, now: Counts, before: Counts) -> Option<Fact> {
        let mut counts = Counts::default();
        for outcome in Outcome::ALL {
            counts.add(outcome, now.of(outcome).saturating_sub(before.of(outcome)));
        }
        (counts.ended() > 0).then(|| Fact::ItemsEnded {
            operation: self.operation.name(),
            counts,
        })
    }
}
