//! Mails read for what is in them: by a person, or by a model.

mod beginnings;
mod classes;
mod excerpt;
mod heads;
mod html;
mod message;

use bulkhead_shared::api::Message;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::limits::READ_BYTES;
use bulkhead_shared::outcome::ItemReason;

use crate::ports::{CallError, MailStore};

pub(crate) use beginnings::Beginnings;
pub(crate) use classes::classes;
pub(crate) use excerpt::text_of;
pub use excerpt::{EXCERPT_HEADERS, EXCERPT_READ, EXCERPT_TEXT, excerpt};
pub(crate) use heads::Heads;
pub(crate) use html::{rewritten, text_of_html};

/// What is in one mail; none if it is gone. Reading marks nothing.
pub async fn message(mail: &dyn MailStore, id: &ItemId) -> Result<Option<Message>, CallError> {
    // One byte more than is shown tells whether there is more.
    let bytes = READ_BYTES + 1;
    let mut beginning = Beginnings::new(1, bytes);
    mail.fetch_beginnings(std::slice::from_ref(id), bytes, &mut beginning)
        .await?;
    match beginning.finish().pop().flatten() {
        Some(Ok(bytes)) => Ok(Some(message::of(&bytes))),
        Some(Err(ItemReason::Missing)) => Ok(None),
        Some(Err(reason)) => Err(CallError::Refused(reason)),
        None => Err(CallError::Unavailable(
            "the mail broke off before its end".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mailbox::MemoryMailbox;
    use futures::executor::block_on;

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
}
