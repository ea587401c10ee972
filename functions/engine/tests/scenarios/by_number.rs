//! A model that tells by a mail's number, the last word of its subject, what it is about.

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_engine::ports::{Model, Told};
use bulkhead_shared::outcome::{ItemReason, ItemResult};

/// What a mail of this number is about.
type Says = fn(u64) -> Result<ItemResult, ItemReason>;

struct ByNumber(Says);

/// Asks this of each mail.
pub(crate) fn by_number(says: Says) -> Arc<dyn Model> {
    Arc::new(ByNumber(says))
}

/// About this, as sure as that.
pub(crate) fn about(class: &str, percent: u8) -> ItemResult {
    ItemResult {
        class: class.to_owned(),
        percent: Some(percent),
        detail: None,
        about: None,
    }
}

#[async_trait]
impl Model for ByNumber {
    fn message_bytes(&self) -> usize {
        30
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let found = beginnings.iter().map(|beginning| {
            let text = String::from_utf8_lossy(beginning);
            let line = text.lines().next().unwrap_or_default();
            (self.0)(line.rsplit(' ').next().unwrap().parse().unwrap())
        });
        Told::all(found.collect())
    }
}
