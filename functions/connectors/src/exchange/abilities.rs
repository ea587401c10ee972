//! What can be done with the mailboxes of an Exchange Online organisation.

use bulkhead_shared::abilities::{Abilities, Reversibility};

use crate::mailbox_abilities::{BATCH, Directory};

/// What any organisation's mailboxes can take.
pub(super) fn abilities() -> Abilities {
    let organisation = Directory {
        // Three commands for each that is looked at.
        call_items: 20,
        calls_per_batch: 5 * BATCH,
        // Exchange's own documentation: a restore request takes from minutes to hours.
        batch_millis: (60_000, 3_600_000),
        recover: (
            Reversibility::BestEffort,
            "A mailbox is made inactive again only while a hold or a retention policy keeps it; its person is \
             deleted. One that nothing keeps stays as it is, because it would be gone after thirty days.",
        ),
        restore: (
            Reversibility::Final,
            "Exchange has no command that takes out again what a restore copied. A folder of its own \
             (target_folder) keeps it apart from everything else.",
        ),
    };
    organisation.abilities()
}
