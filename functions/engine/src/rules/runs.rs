//! What became of the runs of a rule, and whether the rule acts after that.

use bulkhead_shared::api::RuleState;
use bulkhead_shared::rules::UNDONE_MOST;

use crate::error::Error;
use crate::jobs::became::{Became, became};
use crate::ports::Ports;
use crate::records::{RuleRecord, RuleRunRecord};

/// What became of the runs of a rule.
pub(super) struct Runs {
    /// Those that were confirmed, the oldest first, and whether each was taken back.
    pub(super) done: Vec<(RuleRunRecord, bool)>,
    /// The last one by itself that is still a draft.
    pub(super) waits: Option<RuleRunRecord>,
}

impl Runs {
    /// Whether the rule acts.
    pub(super) fn state(&self, rule: &RuleRecord) -> RuleState {
        match rule.on_since {
            None => RuleState::Off,
            Some(_) if self.undone(rule) >= UNDONE_MOST => RuleState::Paused,
            Some(_) => RuleState::On,
        }
    }

    /// Runs that were taken back since the rule was switched on.
    pub(super) fn undone(&self, rule: &RuleRecord) -> u32 {
        let since = |run: &RuleRunRecord| rule.on_since.is_some_and(|since| run.at >= since);
        let undone = self
            .done
            .iter()
            .filter(|(run, undone)| *undone && since(run));
        let undone = u32::try_from(undone.count()).unwrap_or(u32::MAX);
        undone.saturating_add(rule.earlier_undone)
    }
}

/// What became of a rule's runs: looked up when it is asked for, so an undo by any way counts at once.
pub(super) async fn runs(ports: &Ports, rule: &RuleRecord) -> Result<Runs, Error> {
    let mut done = Vec::new();
    let mut waits = None;
    for run in &rule.runs {
        match became(ports, &run.job).await? {
            Became::Done { .. } => done.push((run.clone(), false)),
            Became::Undone => done.push((run.clone(), true)),
            Became::Draft if run.turn.is_some() => waits = Some(run.clone()),
            Became::Draft | Became::Nothing => {}
        }
    }
    Ok(Runs { done, waits })
}
