//! Inactive mailboxes' content copied into active ones, each as its row says.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::brought::{Brought, layout, read, standard};
use super::recover::refuse_repeated;
use crate::kinds::Kind;
use crate::kinds::mailbox::ConflictRule;
use crate::kinds::mailbox::sheet::Purpose;
use crate::operations::{
    About, Aspect, MailboxTarget, OperationSpec, Risk, RiskLevel, Target, Task, WrongRow,
};
use crate::problem::Invalid;
use crate::words;

/// Inactive mailboxes' content copied into active ones. The sources stay as they are. A row is a list of cells
/// in the order of the columns, or an object of them; columns that nothing is known of come back with the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RestoreMailboxes {
    /// The columns of the rows: `source_guid`, `target_mailbox`, `target_folder` and `conflict_resolution` in
    /// any order and case, the first two at least; others besides. These if left out.
    pub columns: Vec<String>,
    /// What becomes of messages that are in both, where a row says nothing.
    pub conflict_resolution: ConflictRule,
}

impl Default for RestoreMailboxes {
    fn default() -> Self {
        Self {
            columns: standard(Purpose::Restore),
            conflict_resolution: ConflictRule::default(),
        }
    }
}

impl OperationSpec for RestoreMailboxes {
    const ABOUT: About = About {
        name: "restore_mailboxes",
        prefix: "rsm",
        kind: Some(Kind::Mailbox),
        task: Task::Change,
        aspect: Aspect::Everything,
        label: Says(words::restore_mailboxes_label),
        order: words::restore_mailboxes_order,
        report: words::restore_mailboxes_report,
        icon: "M12 4v9M8 9.5l4 4 4-4M4.5 14v5.5h15V14",
        keys: &[],
        fields: &[],
    };
    const MAKES_ITEMS: bool = true;

    fn inputs(&self, rows: &[Value]) -> Result<Vec<Vec<u8>>, WrongRow> {
        let brought = read(Purpose::Restore, &self.columns, rows)?;
        refuse_repeated(&brought)?;
        Ok(brought.iter().map(Brought::encode).collect())
    }

    fn validate(&self) -> Result<(), Invalid> {
        layout(Purpose::Restore, &self.columns).map(drop)
    }

    fn risk(&self, _total: u64) -> Option<Risk> {
        let mut reasons = vec![words::restore_mailboxes_risk().to_owned()];
        let level = match self.conflict_resolution {
            ConflictRule::KeepTarget | ConflictRule::KeepBoth => RiskLevel::Medium,
            ConflictRule::KeepSource | ConflictRule::KeepNewer => {
                reasons.push(words::restore_mailboxes_risk_replaced().to_owned());
                RiskLevel::High
            }
        };
        Some(Risk { level, reasons })
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mailbox(MailboxTarget::Restored {
            rule: self.conflict_resolution,
        }))
    }
}
