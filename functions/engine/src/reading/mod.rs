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

#[cfg(all(test, feature = "testing"))]
mod tests;
