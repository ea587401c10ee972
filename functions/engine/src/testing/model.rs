//! A model that goes by the first line alone, so that a test knows what it says.

use async_trait::async_trait;
use bulkhead_shared::class::Class;
use bulkhead_shared::outcome::{ItemReason, ItemResult};

use crate::ports::{CallError, Model};

/// Says that every mail is a newsletter, and repeats its first line as the reason. Mails without any text are
/// refused.
pub struct FirstLineModel;

#[async_trait]
impl Model for FirstLineModel {
    fn message_bytes(&self) -> usize {
        30
    }

    async fn classify(
        &self,
        beginnings: &[Vec<u8>],
    ) -> Result<Vec<Result<ItemResult, ItemReason>>, CallError> {
        let found = beginnings.iter().map(|beginning| {
            let text = String::from_utf8_lossy(beginning);
            let line = text.lines().next().ok_or(ItemReason::Refused)?;
            Ok(ItemResult {
                class: Class::Newsletter.name().to_owned(),
                percent: Some(90),
                detail: Some(format!("{line}, in {} bytes", beginning.len())),
                about: None,
            })
        });
        Ok(found.collect())
    }
}
