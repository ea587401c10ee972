//! What can be done with contacts, wherever they are kept.

use bulkhead_shared::abilities::{Abilities, Ability, Allowance, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::contact::{BATCH_SIZE, BATCH_SIZE_MOST};
use bulkhead_shared::operations::{OperationName, Task};

/// The abilities of any store of contacts. Every write of one is conditional and brings whole cards, so
/// every undo is exact.
pub(crate) fn abilities(allowance: Option<Allowance>, batch_millis: (u64, u64)) -> Abilities {
    Abilities {
        labels: None,
        batch_size: BATCH_SIZE,
        parallel_chunks: 2,
        call_items: BATCH_SIZE_MOST,
        // Each page is cut out of a list of them all, so small pages would cost more.
        page_items: 1_000,
        // A card with many fields, before and after. One with a photo is larger.
        item_bytes: 4_000,
        // One for all that is read, and one for each that is written.
        calls_per_batch: BATCH_SIZE_MOST + 1,
        batch_millis,
        operations: OperationName::offered_for(Kind::Contact)
            .map(ability)
            .collect(),
        allowance,
        cannot_search: Vec::new(),
    }
}

fn ability(operation: OperationName) -> Ability {
    let (undo, note) = match operation.about().task {
        Task::Change => (
            Reversibility::Exact,
            "Every contact is again what it was, to the byte. Contacts that somebody has changed since stay.",
        ),
        Task::Deliver => (Reversibility::Final, "What was sent cannot be taken back."),
        Task::Compute => (
            Reversibility::NothingToUndo,
            "The contacts are read and left as they are.",
        ),
        Task::Export => (
            Reversibility::NothingToUndo,
            "The contacts are not touched; the file is kept apart.",
        ),
    };
    Ability {
        operation,
        undo,
        note: note.to_owned(),
    }
}
