//! How large the chunks of a job are. That is the engine's own matter: by count, by bytes, and so
//! that every lane has work. What goes into one call to the provider is a batch, and the person's.

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::options::Settings;

/// Items in a chunk at the most: a status answer reads a small row of each chunk, and a million
/// items are a thousand of them.
pub(crate) const CHUNK_ITEMS: u32 = 1_000;
/// Bytes stored of the items of a chunk at the most: half of what one write takes (DynamoDB's
/// TransactWriteItems: 4 MB), because "as a rule" has exceptions.
pub(crate) const CHUNK_BYTES: u32 = 2_000_000;

/// Items that a chunk may hold in an account with these abilities.
pub(crate) fn chunk_items(abilities: &Abilities) -> u32 {
    (CHUNK_BYTES / abilities.item_bytes.max(1)).clamp(1, CHUNK_ITEMS)
}

/// Items in a chunk of a job that has so many in all: an even share for each lane in whole batches,
/// and never more than `most`.
pub(super) fn share(total: u64, settings: &Settings, most: u32) -> u32 {
    let lanes = u64::from(settings.parallel_chunks.max(1));
    let batch = u64::from(settings.batch_size.max(1));
    let share = total.div_ceil(lanes).next_multiple_of(batch);
    u32::try_from(share).map_or(most, |share| share.clamp(1, most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stage::settings;

    #[test]
    fn many_items_make_full_chunks_whatever_the_batch_size() {
        for batch in [1, 7, 10, 999, 1_000] {
            assert_eq!(share(1_000_000, &settings(batch, 16), 1_000), 1_000);
        }
    }

    #[test]
    fn few_items_are_shared_among_the_lanes_in_whole_batches() {
        assert_eq!(share(50, &settings(10, 2), 1_000), 30);
        assert_eq!(share(50, &settings(10, 1), 1_000), 50);
        assert_eq!(share(50, &settings(1_000, 2), 1_000), 1_000);
        assert_eq!(share(3, &settings(1, 16), 1_000), 1);
        assert_eq!(share(0, &settings(1, 1), 1_000), 1);
    }
}
