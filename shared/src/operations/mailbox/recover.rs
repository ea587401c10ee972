//! Inactive mailboxes made active again, each as its row says.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::brought::{Brought, layout, read, standard};
use crate::kinds::Kind;
use crate::kinds::mailbox::sheet::{Purpose, clashes};
use crate::operations::{
    About, Aspect, MailboxTarget, OperationSpec, Risk, RiskLevel, Target, Task, WrongRow,
};
use crate::problem::Invalid;
use crate::words;

/// Inactive mailboxes made active again, each under the names that its row says. A row is a list of cells in the
/// order of the columns, or an object of them; columns that nothing is known of come back with the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoverMailboxes {
    /// The columns of the rows: `source_guid`, `target_upn`, `target_smtp`, `display_name`, `first_name`,
    /// `last_name`, `department` and `company` in any order and case, the first two and `display_name` at
    /// least; others besides. These if left out.
    pub columns: Vec<String>,
}

impl Default for RecoverMailboxes {
    fn default() -> Self {
        Self {
            columns: standard(Purpose::Recover),
        }
    }
}

impl OperationSpec for RecoverMailboxes {
    const ABOUT: About = About {
        name: "recover_mailboxes",
        prefix: "rcm",
        kind: Some(Kind::Mailbox),
        task: Task::Change,
        aspect: Aspect::Existence,
        label: Says(words::recover_mailboxes_label),
        order: words::recover_mailboxes_order,
        report: words::recover_mailboxes_report,
        icon: "M4.5 12a7.5 7.5 0 1 0 2.6-5.7M4.5 4.5v4h4",
        keys: &[],
        fields: &[],
    };
    const MAKES_ITEMS: bool = true;

    fn inputs(&self, rows: &[Value]) -> Result<Vec<Vec<u8>>, WrongRow> {
        let brought = read(Purpose::Recover, &self.columns, rows)?;
        refuse_repeated(&brought)?;
        Ok(brought.iter().map(Brought::encode).collect())
    }

    fn validate(&self) -> Result<(), Invalid> {
        layout(Purpose::Recover, &self.columns).map(drop)
    }

    fn risk(&self, _total: u64) -> Option<Risk> {
        Some(Risk {
            level: RiskLevel::High,
            reasons: vec![
                words::recover_mailboxes_risk_active().to_owned(),
                words::recover_mailboxes_risk_back().to_owned(),
            ],
        })
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mailbox(MailboxTarget::Recovered))
    }
}

/// What only one row may have, in two of them, is an error.
pub(super) fn refuse_repeated(brought: &[Brought]) -> Result<(), WrongRow> {
    let rows = brought
        .iter()
        .map(|brought| (brought.number, brought.row.claimed()));
    match clashes(rows).into_iter().next() {
        Some((index, clash)) => Err(WrongRow {
            index,
            message: clash.text(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    const GUID: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    #[test]
    fn a_row_is_a_list_or_an_object_and_keeps_what_it_brought() {
        let operation = RecoverMailboxes {
            columns: [
                "row_number",
                "Ticket",
                "Source_GUID",
                "target_upn",
                "display_name",
            ]
            .map(str::to_owned)
            .into(),
        };
        assert_eq!(operation.validate(), Ok(()));
        let list = json!(["7", "T-1", format!("{{{GUID}}}"), "ann@x.example", "Ann"]);
        let object = json!({"row_number": 8, "Source_GUID": GUID.replace('1', "2"), "target_upn": "b@x.example", "display_name": "Bob"});
        let inputs = operation.inputs(&[list, object]).unwrap();
        let brought: Vec<Brought> = inputs
            .iter()
            .map(|input| Brought::decode(input).unwrap())
            .collect();
        assert_eq!((brought[0].number, brought[1].number), (7, 8));
        assert_eq!(brought[0].cells[1], "T-1");
        let row = brought[0].row.recovery().unwrap();
        assert_eq!(
            (row.source.as_str(), row.profile.smtp.as_str()),
            (GUID, "ann@x.example")
        );
        assert_eq!(brought[1].cells[1], "");
    }

    #[test]
    fn a_wrong_row_is_told_by_its_place() {
        let operation = RecoverMailboxes::default();
        let wrong = |rows: &[Value]| {
            let wrong = operation.inputs(rows).unwrap_err();
            (wrong.index, wrong.message)
        };
        let good = json!([GUID, "ann@x.example", "", "Ann"]);
        assert_eq!(
            wrong(&[good.clone(), json!(7)]),
            (
                1,
                "A row is a list of cells, or an object of columns.".to_owned()
            )
        );
        let (place, text) = wrong(&[good.clone(), json!(["7.39E+07", "x", "", "Bob"])]);
        assert!(
            place == 1
                && text.contains("number that a spreadsheet made")
                && text.contains("target_upn “x”"),
            "{text}"
        );
        assert_eq!(
            wrong(&[good.clone(), good]),
            (1, "Row 1 names the same source.".to_owned())
        );
        let (_, text) = wrong(&[json!({"colour": "red"})]);
        assert_eq!(text, "The columns do not name “colour”.");
        let none = RecoverMailboxes {
            columns: vec!["guid".to_owned()],
        };
        assert!(
            none.validate()
                .unwrap_err()
                .message
                .contains("“source_guid” is missing")
        );
    }
}
