//! What directories of mailboxes have in common, and where they differ.

use bulkhead_shared::abilities::{Abilities, Ability, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits::MAILBOX_BATCH_SIZE_DEFAULT;
use bulkhead_shared::operations::{OperationName, Task};

/// Mailboxes of a full batch, as a rule.
pub(crate) const BATCH: u32 = MAILBOX_BATCH_SIZE_DEFAULT;

/// A directory, as far as another would say something else of it.
pub(crate) struct Directory {
    /// Mailboxes that one call asks about at most.
    pub(crate) call_items: u32,
    /// Calls for a full batch, looking included.
    pub(crate) calls_per_batch: u32,
    /// Milliseconds that a full batch takes on a good and on a bad day.
    pub(crate) batch_millis: (u64, u64),
    /// How exactly a recovery is taken back, in words too.
    pub(crate) recover: (Reversibility, &'static str),
    /// The same of a restore.
    pub(crate) restore: (Reversibility, &'static str),
}

impl Directory {
    /// What can be done with its mailboxes.
    pub(crate) fn abilities(self) -> Abilities {
        Abilities {
            labels: None,
            batch_size: BATCH,
            parallel_chunks: 1,
            call_items: self.call_items,
            // Each page is cut out of a list of them all.
            page_items: 1_000,
            // A profile before and after, and what a row brought; of a restore the receipt.
            item_bytes: 4_000,
            calls_per_batch: self.calls_per_batch,
            batch_millis: self.batch_millis,
            operations: OperationName::offered_for(Kind::Mailbox)
                .map(|operation| self.ability(operation))
                .collect(),
            allowance: None,
            cannot_search: Vec::new(),
        }
    }

    fn ability(&self, operation: OperationName) -> Ability {
        let (undo, note) = match operation {
            OperationName::RecoverMailboxes => self.recover,
            OperationName::RestoreMailboxes => self.restore,
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
}
