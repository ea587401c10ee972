//! The address book in memory keeps the rules that real ones keep: what scenarios play on has to.

use async_trait::async_trait;
use bulkhead_engine::ports::ContactStore;
use bulkhead_engine::testing::address_book::MemoryAddressBook;
use bulkhead_engine::testing::contacts::{ContactsUnderTest, conforms};
use bulkhead_shared::ids::ItemId;
use futures::executor::block_on;

struct Fixture(MemoryAddressBook);

#[async_trait]
impl ContactsUnderTest for Fixture {
    fn store(&self) -> &dyn ContactStore {
        &self.0
    }

    fn keeps_bytes(&self) -> bool {
        true
    }

    async fn write_as_somebody_else(&self, id: &ItemId, card: Option<Vec<u8>>) {
        self.0.act(id, card);
    }

    async fn lose_answers(&self, lose: bool) -> bool {
        self.0
            .trouble(|trouble| trouble.lose_answers = if lose { u32::MAX } else { 0 });
        true
    }
}

#[test]
fn the_address_book_in_memory_conforms() {
    block_on(conforms(async |cards| {
        Fixture(MemoryAddressBook::of(cards))
    }));
}
