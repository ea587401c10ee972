//! What is noted of a job for those who keep figures.

use bulkhead_shared::api::{Relation, SelectionSummary};
use bulkhead_shared::outcome::{Counts, Outcome};

use crate::ports::{Fact, Selected};
use crate::records::JobRecord;

impl JobRecord {
    /// That it was drafted.
    pub(crate) fn drafted(&self) -> Fact {
        let selected = match (&self.selection, self.relation) {
            (_, Some(Relation::Undo)) => Selected::Undo,
            (_, Some(Relation::Retry)) => Selected::Retry,
            (SelectionSummary::Query { .. }, None) => Selected::Query,
            (SelectionSummary::Ids { .. } | SelectionSummary::Parent {}, None) => Selected::Ids,
        };
        Fact::JobDrafted {
            operation: self.operation.name(),
            selected,
        }
    }

    /// That it ended, if it has.
    pub(crate) fn ended(&self) -> Option<Fact> {
        let at = self.ended_at.filter(|_| self.state.is_ended())?;
        Some(Fact::JobEnded {
            operation: self.operation.name(),
            state: self.state,
            counts: self.counts.unwrap_or_default(),
            took: self.confirmed_at.map(|began| at.duration_since(began)),
        })
    }

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
