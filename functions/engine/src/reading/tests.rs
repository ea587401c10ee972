#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use async_trait::async_trait;
use bulkhead_shared::outcome::ItemResult;
use futures::executor::block_on;

use super::*;
use crate::ports::{Account, Model, Told};
use crate::testing::mailbox::MemoryMailbox;
use crate::testing::model::FirstLineModel;

fn store(mailbox: &MemoryMailbox) -> Arc<dyn MailStore> {
    Arc::new(mailbox.clone()).mail().unwrap()
}

#[test]
fn a_mail_is_read_as_far_as_it_is_shown_and_says_whether_that_is_all_of_it() {
    block_on(async {
        let mailbox = MemoryMailbox::new(3);
        for (mail, bytes) in [(1, READ_BYTES), (2, READ_BYTES + 1)] {
            // Less is shown of a text than is read, so it is the header that is long.
            let header = "Subject: a\r\nList-Unsubscribe: <https://x.example>\r\nX: ";
            let text = "\r\n\r\nHello\r\n";
            let long = "x".repeat(bytes - header.len() - text.len());
            mailbox.write(mail, &format!("{header}{long}{text}"));
        }
        for (mail, whole) in [(1, true), (2, false)] {
            let id = mailbox.id_of(mail).unwrap();
            let read = message(&mailbox, &id).await.unwrap().unwrap();
            assert_eq!((read.whole, read.read_bytes), (whole, READ_BYTES as u64));
            assert!(read.unsubscribe && read.source.starts_with("Subject: a"));
            assert!(read.text.unwrap().starts_with("Hello"));
        }
        let gone = mailbox.id_of(3).unwrap();
        mailbox.delete(3);
        assert_eq!(message(&mailbox, &gone).await.unwrap(), None);
    });
}

/// Says of one mail fewer than it was asked about, or nothing because it broke.
struct Short {
    breaks: bool,
}

#[async_trait]
impl Model for Short {
    fn message_bytes(&self) -> usize {
        30
    }

    async fn classify(&self, beginnings: &[Vec<u8>]) -> Told {
        let mut told = FirstLineModel.classify(beginnings).await;
        told.found.pop();
        told.broke = self.breaks.then_some(CallError::SignIn);
        told
    }
}

#[test]
fn each_class_is_told_of_its_own_mail() {
    block_on(async {
        let mailbox = MemoryMailbox::new(6);
        let ids: Vec<ItemId> = (1..=6).map(|it| mailbox.id_of(it).unwrap()).collect();
        mailbox.delete(3);
        let mail = store(&mailbox);
        let detail = |told: Option<ItemResult>| told.and_then(|told| told.detail);
        let told = classes(&*mail, &FirstLineModel, &ids).await.unwrap();
        let told: Vec<_> = told.into_iter().map(detail).collect();
        let of = |mail: u32| Some(format!("Subject: {mail}, in 30 bytes"));
        assert_eq!(told, [of(1), of(2), None, of(4), of(5), of(6)]);
        // Nobody knows of which it said nothing.
        let short = Short { breaks: false };
        let told = classes(&*mail, &short, &ids).await.unwrap();
        assert_eq!(told, vec![None; 6]);
        let broken = classes(&*mail, &Short { breaks: true }, &ids).await;
        assert!(matches!(broken, Err(CallError::SignIn)), "{broken:?}");
    });
}
