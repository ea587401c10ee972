//! Rows looked through for what stands in their way. Nothing is touched.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::brought::{Brought, layout, read, standard};
use crate::kinds::Kind;
use crate::kinds::mailbox::sheet::{Purpose, clashes};
use crate::kinds::mailbox::{Blocker, ConflictRule, blockers};
use crate::operations::{About, Aspect, OperationSpec, Task, WrongRow};
use crate::outcome::ItemResult;
use crate::problem::Invalid;
use crate::words;

/// Rows looked through for what stands in the way of recovering or restoring their mailboxes. Nothing is
/// touched; what was found of each is among the job's items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValidateMailboxes {
    /// What the rows are for. Default: a recovery.
    #[serde(default)]
    pub purpose: Purpose,
    /// Their columns, as for that operation; all of it that there are if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// For a restore: what becomes of messages that are in both, where a row says nothing.
    #[serde(default)]
    pub conflict_resolution: ConflictRule,
}

/// A row that nothing stands in the way of.
pub const READY: &str = "ready";

impl ValidateMailboxes {
    fn named(&self) -> Vec<String> {
        match self.columns.is_empty() {
            true => standard(self.purpose),
            false => self.columns.clone(),
        }
    }

    /// What was found of a row.
    pub fn result(found: &[Blocker]) -> ItemResult {
        let texts = found
            .iter()
            .map(|blocker| format!("{} {}", blocker.text(), blocker.cure()));
        let texts: Vec<String> = texts.collect();
        ItemResult {
            class: found.first().map_or(READY, Blocker::as_str).to_owned(),
            percent: None,
            detail: (!texts.is_empty()).then(|| texts.join("\n")),
            about: None,
        }
    }

    /// What stands in the way of a row, by what is known of its mailboxes.
    pub fn found(&self, brought: &Brought, facts: &blockers::Facts<'_>) -> Vec<Blocker> {
        let row = &brought.row;
        let mut found = match (row.recovery(), row.restore()) {
            (Some(row), _) => blockers::of_recovery(row, facts),
            (None, Some(row)) => {
                let mut row = row.clone();
                row.rule = row.rule.or(Some(self.conflict_resolution));
                blockers::of_restore(&row, facts)
            }
            (None, None) => Vec::new(),
        };
        found.extend(brought.clash.clone());
        found
    }
}

impl OperationSpec for ValidateMailboxes {
    const ABOUT: About = About {
        name: "validate_mailboxes",
        prefix: "vlm",
        kind: Some(Kind::Mailbox),
        task: Task::Compute,
        aspect: Aspect::Nothing,
        label: Says(words::validate_mailboxes_label),
        order: words::validate_mailboxes_order,
        report: words::validate_mailboxes_report,
        icon: "M4.5 12.5l5 5 10-11",
        keys: &[],
        fields: &[],
    };
    const MAKES_ITEMS: bool = true;

    fn inputs(&self, rows: &[Value]) -> Result<Vec<Vec<u8>>, WrongRow> {
        let mut brought = read(self.purpose, &self.named(), rows)?;
        let found = clashes(brought.iter().map(|row| (row.number, row.row.claimed())));
        for (place, clash) in found {
            brought[place].clash = Some(clash);
        }
        Ok(brought.iter().map(Brought::encode).collect())
    }

    fn validate(&self) -> Result<(), Invalid> {
        layout(self.purpose, &self.named()).map(drop)
    }
}
