//! What can be done with the mailboxes of a Cyrus.

use bulkhead_shared::abilities::{Abilities, Ability, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::MAILBOX_BATCH_SIZE_DEFAULT;
use bulkhead_shared::operations::{OperationName, Task};

/// Mailboxes asked about in one call: a listing of all folders, and a command for each quota.
const CALL_ITEMS: u32 = 100;

/// What any Cyrus can do.
pub(super) fn abilities() -> Abilities {
    Abilities {
        labels: None,
        batch_size: MAILBOX_BATCH_SIZE_DEFAULT,
        parallel_chunks: 1,
        call_items: CALL_ITEMS,
        // Each page is cut out of a list of them all.
        page_items: 1_000,
        // A profile before and after, and what a row brought.
        item_bytes: 4_000,
        calls_per_batch: MAILBOX_BATCH_SIZE_DEFAULT + 1,
        // Measured: 50 ms for each folder that is renamed, 150 ms for each that is copied.
        batch_millis: (1_500, 30_000),
        operations: OperationName::offered_for(Kind::Mailbox)
            .map(ability)
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

fn ability(operation: OperationName) -> Ability {
    let (undo, note) = match operation {
        OperationName::RecoverMailboxes => (
            Reversibility::Exact,
            "Every mailbox is deleted again under the name it had, with the time of its first deletion: how \
             long it is kept does not begin anew. Mail that came since goes along. Cyrus has no place for \
             names and departments: what the rows say of them is noted where only administrators see it.",
        ),
        OperationName::RestoreMailboxes => (
            Reversibility::Exact,
            "Exactly what was copied is taken out again, and mail that it replaced comes back from the \
             owner's trash. Mail that came since stays.",
        ),
        _ if operation.about().task == Task::Export => (
            Reversibility::NothingToUndo,
            "The mailboxes are not touched; the file is kept apart.",
        ),
        _ => (
            Reversibility::NothingToUndo,
            "The mailboxes are read and left as they are.",
        ),
    };
    Ability {
        operation,
        undo,
        note: note.to_owned(),
    }
}
