//! What the sandbox's directory of mailboxes can do, and how well it can be taken back.

use bulkhead_shared::abilities::{Abilities, Ability, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::MAILBOX_BATCH_SIZE_DEFAULT;
use bulkhead_shared::operations::{OperationName, Task};

/// What can be done with the sandbox's mailboxes.
pub(super) fn abilities() -> Abilities {
    Abilities {
        labels: None,
        batch_size: MAILBOX_BATCH_SIZE_DEFAULT,
        parallel_chunks: 1,
        call_items: 500,
        // Each page is cut out of a list of them all.
        page_items: 1_000,
        // A profile before and after, and what a row brought; of a restore the receipt.
        item_bytes: 4_000,
        calls_per_batch: MAILBOX_BATCH_SIZE_DEFAULT + 1,
        batch_millis: (20, 200),
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
            Reversibility::BestEffort,
            "Every mailbox is inactive again, with all mail that came since; it is kept for thirty days from \
             then on, not from its first deletion.",
        ),
        OperationName::RestoreMailboxes => (
            Reversibility::Exact,
            "Exactly what was copied is taken out again, and what it replaced is put back. Mail that came \
             since stays.",
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
