//! What a connector can do, as data: preview, planner, worker and screen all read this one place.

use serde::{Deserialize, Serialize};

use crate::operations::{OperationName, Task};

/// What one kind of account can do, how fast, and how exactly it can be undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Abilities {
    /// What a label is here; none where there are no labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelSystem>,
    /// Items in a batch that serve this provider best.
    pub batch_size: u32,
    /// Chunks side by side that serve this provider best.
    pub parallel_chunks: u32,
    /// Items one provider call takes at most; workers cut their calls to this.
    pub call_items: u32,
    /// Matches on a page of a search at the most, while a selection is frozen or looked at again: as many as
    /// take about a second, because a page is what a planner that dies loses.
    #[serde(default = "page_items_of_before")]
    pub page_items: u32,
    /// Bytes that are stored of one item at the most, as a rule: its id, and its state before and after.
    /// Chunks are cut by it, so that what is stored of one stays within a write.
    pub item_bytes: u32,
    /// Provider calls that a batch of `call_items` needs, reading included: for the price tag.
    pub calls_per_batch: u32,
    /// Milliseconds such a batch takes on a good and on a bad day: for the time range.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u64>, min_items = 2, max_items = 2))]
    pub batch_millis: (u64, u64),
    /// Operations an account of this kind offers, with how exactly each can be undone.
    pub operations: Vec<Ability>,
    /// What the provider allows; none where it names no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<Allowance>,
    /// Parts of the search language this account cannot answer, as a person writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cannot_search: Vec<String>,
}

impl Abilities {
    /// What is declared for one operation; none if the account cannot do it. An undo goes the ways of the
    /// others backwards, so it can be taken back as exactly as the least exact of them.
    pub fn of(&self, operation: OperationName) -> Option<&Ability> {
        let mut declared = self.operations.iter();
        if operation == OperationName::Undo {
            declared
                .filter(|ability| ability.operation.about().task == Task::Change)
                .max_by_key(|ability| ability.undo)
        } else {
            declared.find(|ability| ability.operation == operation)
        }
    }
}

/// What was asked for at once before a provider said it.
fn page_items_of_before() -> u32 {
    10_000
}

/// One operation and its undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ability {
    pub operation: OperationName,
    /// How exactly it can be undone.
    pub undo: Reversibility,
    /// In a sentence: what undo brings back and what it cannot.
    #[serde(deserialize_with = "crate::prose::read")]
    pub note: String,
}

/// How exactly an operation can be undone, the most exact first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reversibility {
    /// Everything a person can see comes back, and others' changes are never overwritten.
    Exact,
    /// Comes back, but the server cannot rule out that a change made in the same moment is missed.
    BestEffort,
    /// Cannot be undone.
    Final,
    /// Nothing is changed, so there is nothing to undo.
    NothingToUndo,
}

/// What a label is on a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LabelSystem {
    /// Labels as people know them.
    Labels,
    /// IMAP keywords: most mail programs show them as tags, if at all.
    Keywords,
}

/// A provider's limit: so many items in so many seconds, for one account and operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Allowance {
    /// Items that may be changed in one window.
    pub items: u32,
    /// The window's length in seconds.
    pub seconds: u32,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    /// What a provider declared that could do these, before it said how many matches it gives at once.
    fn declared(operations: &[(OperationName, Reversibility)]) -> Abilities {
        let ability = |(operation, undo): &(OperationName, Reversibility)| json!({"operation": operation, "undo": undo, "note": ""});
        let operations: Vec<_> = operations.iter().map(ability).collect();
        let declared = json!({"batch_size": 100, "parallel_chunks": 2, "call_items": 50, "item_bytes": 900,
            "calls_per_batch": 2, "batch_millis": [10, 20], "operations": operations});
        serde_json::from_value(declared).unwrap()
    }

    #[test]
    fn an_undo_is_as_exact_as_the_least_exact_change() {
        use OperationName::{Archive, Export, MarkRead, Trash, Undo};
        use Reversibility::{BestEffort, Exact, NothingToUndo};
        let abilities = declared(&[
            (Archive, Exact),
            (MarkRead, BestEffort),
            (Export, NothingToUndo),
        ]);
        let undo = |of| abilities.of(of).map(|ability| ability.undo);
        assert_eq!(undo(Archive), Some(Exact));
        assert_eq!(undo(Export), Some(NothingToUndo));
        assert_eq!(undo(Trash), None);
        assert_eq!(undo(Undo), Some(BestEffort));
        assert_eq!(declared(&[(Export, NothingToUndo)]).of(Undo), None);
    }

    #[test]
    fn what_was_declared_before_there_were_pages_is_read() {
        assert_eq!(declared(&[]).page_items, 10_000);
    }
}
