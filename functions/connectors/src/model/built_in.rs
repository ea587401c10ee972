//! The model that this program brings along. Nothing leaves the machine.

use async_trait::async_trait;
use bulkhead_engine::ports::{Model, Told};
use bulkhead_model::{MESSAGE_BYTES, Verdict, classify};
use bulkhead_shared::outcome::ItemResult;

/// The model that this program brings along.
pub struct BuiltIn;

#[async_trait]
impl Model for BuiltIn {
    fn message_bytes(&self) -> usize {
        MESSAGE_BYTES
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let mut found = Vec::with_capacity(beginnings.len());
        for beginning in beginnings {
            found.push(Ok(result(&classify(beginning))));
            // A third of a millisecond each: others get their turn between.
            tokio::task::yield_now().await;
        }
        Told::all(found)
    }
}

fn result(verdict: &Verdict) -> ItemResult {
    ItemResult {
        class: verdict.class.name().to_owned(),
        // Never all of it: no measurement says that nothing can go wrong.
        percent: Some((verdict.confidence * 100.0).round().clamp(0.0, 99.0) as u8),
        detail: because(&verdict.reasons),
        about: None,
    }
}

/// The reasons as one sentence; none where there are none.
fn because(reasons: &[String]) -> Option<String> {
    let (last, others) = reasons.split_last()?;
    Some(match others {
        [] => format!("Because {last}."),
        others => format!("Because {} and {last}.", others.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_result_has_a_class_a_confidence_and_a_reason() {
        let mail = b"From: News <news@x.example>\r\nTo: a@y.example\r\nSubject: Issue 12: the week in charts\r\n\
            List-Id: <news.x.example>\r\nList-Unsubscribe: <https://x.example>\r\n\r\n\
            Welcome to issue 12 of our newsletter. Unsubscribe at any time.\r\n";
        let found = BuiltIn.classify(&[mail.to_vec(), Vec::new()]).await.found;
        let first = found[0].as_ref().unwrap().as_ref().unwrap();
        assert_eq!(first.class, "newsletter");
        assert!(first.percent.unwrap() >= 70, "{first:?}");
        assert!(first.detail.as_deref().unwrap().starts_with("Because "));
        let empty = found[1].as_ref().unwrap().as_ref().unwrap();
        assert_eq!((empty.class.as_str(), empty.percent), ("other", Some(0)));
        assert_eq!(
            empty.detail.as_deref(),
            Some("Because there are no words in it.")
        );
    }
}
