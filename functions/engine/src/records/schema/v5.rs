//! Schema 5, the first in which an outcome says when its work began.

use serde::{Deserialize, Serialize};

use super::numbers;
use crate::records::items::Ending;
use crate::records::pack::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct Outcomes(Vec<Option<Outcome>>);

#[derive(Serialize, Deserialize)]
struct Outcome {
    outcome: u8,
    reason: Option<u8>,
    /// Unix milliseconds.
    at: i64,
    /// Unix milliseconds.
    began: Option<i64>,
}

impl From<&[Option<Ending>]> for Outcomes {
    fn from(endings: &[Option<Ending>]) -> Self {
        let stored = |ending: &Ending| Outcome {
            outcome: numbers::of_outcome(ending.outcome),
            reason: ending.reason.map(numbers::of_reason),
            at: ending.at,
            began: ending.began,
        };
        Self(endings.iter().map(|it| it.as_ref().map(stored)).collect())
    }
}

impl Outcomes {
    pub(super) fn into_endings(self) -> Result<Vec<Option<Ending>>, Unreadable> {
        let ending = |stored: Outcome| {
            Ok(Ending {
                outcome: numbers::outcome(stored.outcome)?,
                reason: stored.reason.map(numbers::reason).transpose()?,
                at: stored.at,
                began: stored.began,
            })
        };
        let endings = self.0.into_iter().map(|stored| stored.map(ending));
        endings.map(Option::transpose).collect()
    }
}
