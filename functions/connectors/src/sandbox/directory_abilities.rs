//! What the sandbox's directory of mailboxes can do, and how well it can be taken back.

use bulkhead_shared::abilities::{Abilities, Reversibility};

use crate::mailbox_abilities::{BATCH, Directory};

/// What can be done with the sandbox's mailboxes.
pub(super) fn abilities() -> Abilities {
    let sandbox = Directory {
        call_items: 500,
        calls_per_batch: BATCH + 1,
        batch_millis: (20, 200),
        recover: (
            Reversibility::BestEffort,
            "Every mailbox is inactive again, with all mail that came since; it is kept for thirty days from \
             then on, not from its first deletion.",
        ),
        restore: (
            Reversibility::Exact,
            "Exactly what was copied is taken out again, and what it replaced is put back. Mail that came \
             since stays.",
        ),
    };
    sandbox.abilities()
}
