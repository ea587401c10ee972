//! What can be done with the mailboxes of a Cyrus.

use bulkhead_shared::abilities::{Abilities, Reversibility};

use crate::mailbox_abilities::{BATCH, Directory};

/// What any Cyrus can do.
pub(super) fn abilities() -> Abilities {
    let cyrus = Directory {
        // A listing of all folders, and a command for each quota.
        call_items: 100,
        calls_per_batch: BATCH + 1,
        // Measured: 50 ms for each folder that is renamed, 150 ms for each that is copied.
        batch_millis: (1_500, 30_000),
        recover: (
            Reversibility::Exact,
            "Every mailbox is deleted again under the name it had, with the time of its first deletion: how \
             long it is kept does not begin anew. Mail that came since goes along. Cyrus has no place for \
             names and departments: what the rows say of them is noted where only administrators see it.",
        ),
        restore: (
            Reversibility::Exact,
            "Exactly what was copied is taken out again, and mail that it replaced comes back from the \
             owner's trash. Mail that came since stays.",
        ),
    };
    cyrus.abilities()
}
