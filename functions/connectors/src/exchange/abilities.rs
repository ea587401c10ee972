//! What can be done with the mailboxes of an Exchange Online organisation.

use bulkhead_shared::abilities::{Abilities, Ability, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::MAILBOX_BATCH_SIZE_DEFAULT;
use bulkhead_shared::operations::{OperationName, Task};

/// What any organisation's mailboxes can take.
pub(super) fn abilities() -> Abilities {
    Abilities {
        labels: None,
        batch_size: MAILBOX_BATCH_SIZE_DEFAULT,
        parallel_chunks: 1,
        // Three commands for each that is looked at.
        call_items: 20,
        // Each page is cut out of a list of them all.
        page_items: 1_000,
        // A profile before and after, and what a row brought.
        item_bytes: 4_000,
        calls_per_batch: 5 * MAILBOX_BATCH_SIZE_DEFAULT,
        // Exchange's own documentation: a restore request takes from minutes to hours.
        batch_millis: (60_000, 3_600_000),
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
            "A mailbox is made inactive again only while a hold or a retention policy keeps it; its person is \
             deleted. One that nothing keeps stays as it is, because it would be gone after thirty days.",
        ),
        OperationName::RestoreMailboxes => (
            Reversibility::Final,
            "Exchange has no command that takes out again what a restore copied. A folder of its own \
             (target_folder) keeps it apart from everything else.",
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
