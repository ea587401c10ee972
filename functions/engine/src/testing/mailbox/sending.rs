//! What the mailbox in memory can do as a postbox.

use bulkhead_shared::abilities::{Abilities, Ability, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::OperationName;

use crate::plan::CHUNK_BYTES;

pub(super) fn abilities() -> Abilities {
    let operations = OperationName::offered_for(Kind::Recipient);
    Abilities {
        labels: None,
        batch_size: 4,
        parallel_chunks: 2,
        call_items: 2,
        page_items: 7,
        item_bytes: CHUNK_BYTES / 4,
        calls_per_batch: 2,
        batch_millis: (10, 100),
        operations: operations
            .map(|operation| Ability {
                operation,
                undo: Reversibility::Final,
                note: "What is sent is sent.".to_owned(),
            })
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}
