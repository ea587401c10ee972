//! Mails made of templates: looked at before anybody confirms them, and finished right before they go out.
//!
//! Both are made by the same code of the same frozen row, so what was seen is what is sent.

mod build;
mod files;
mod headers;
mod html_text;
mod invalid;
mod look;
mod nearest;
mod refusal;
mod reply;
mod row_values;
mod template;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::recipient::{Attached, Recipient};
use bulkhead_shared::operations::{BulkSend, Operation};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use crate::ports::Letter;

pub(crate) use files::FileContent;
pub use look::look;
pub(crate) use look::{address_key, card, check, key_of};
pub use refusal::{Enhanced, Refused, reason};
pub(crate) use reply::{Frame, REPLY_READ, check_reply, own_mails, reply_id};
use template::{Rendered, Templates};

/// What is to become a letter.
pub(crate) struct LetterSource<'a> {
    /// Names it among all letters of its job.
    pub(crate) key: String,
    /// The item it is made of.
    #[cfg(feature = "testing")]
    pub(crate) item: &'a ItemId,
    /// What the operation brings for it.
    pub(crate) input: Option<&'a [u8]>,
    /// What is in the files that go along, in their order.
    pub(crate) files: Vec<FileContent>,
}

/// Finishes a letter, that is to be sent now; or says why there can be none.
pub(crate) fn finish(
    operation: &Operation,
    source: &LetterSource<'_>,
    now: Timestamp,
) -> Result<Letter, ItemReason> {
    match operation {
        Operation::BulkSend(send) => {
            let input = source.input.ok_or(ItemReason::Internal)?;
            let recipient = Recipient::of_bytes(input).ok_or(ItemReason::Internal)?;
            mail(send, &recipient, source, now)
        }
        #[cfg(feature = "testing")]
        Operation::TestDeliver(_) => for_tests(source),
        _ => Err(ItemReason::Internal),
    }
}

/// The id that the letter of this name has, whenever it is finished; none if there is no such letter.
pub(crate) fn id_of(operation: &Operation, key: &str) -> Option<ItemId> {
    let domain = match operation {
        Operation::BulkSend(send) => build::domain_of_ids(send)?,
        #[cfg(feature = "testing")]
        Operation::TestDeliver(_) => TEST_DOMAIN.to_owned(),
        _ => return None,
    };
    id(key, &domain).ok()
}

/// In the form of a Message-ID (RFC 5322, section 3.6.4), without its brackets.
fn id(key: &str, domain: &str) -> Result<ItemId, ItemReason> {
    let id = format!("{key}@{domain}");
    id.parse().map_err(|_| ItemReason::Internal)
}

fn mail(
    send: &BulkSend,
    recipient: &Recipient,
    source: &LetterSource<'_>,
    now: Timestamp,
) -> Result<Letter, ItemReason> {
    // All of this was looked at before the job was confirmed.
    let templates = Templates::of(send).map_err(|_| ItemReason::Internal)?;
    let rendered = templates.render(send, recipient);
    let rendered = rendered.map_err(|_| ItemReason::Unrenderable)?;
    let frame = build::Frame::of(send, recipient).map_err(|_| ItemReason::Unrenderable)?;
    let id = id(&source.key, frame.sender_domain())?;
    let files = Attached::of(send).with(recipient);
    let files = files.map_err(|_| ItemReason::Unrenderable)?;
    if files.len() != source.files.len() {
        return Err(ItemReason::Internal);
    }
    let files: Vec<_> = files
        .into_iter()
        .zip(source.files.iter().cloned())
        .collect();
    let bytes =
        build::message(&frame, &rendered, &files, &id, now).map_err(|_| ItemReason::Internal)?;
    if bytes.len() > bulkhead_shared::limits::LETTER_BYTES {
        return Err(ItemReason::TooLarge);
    }
    Ok(Letter {
        id,
        envelope: frame.envelope(),
        bytes,
    })
}

/// A mail of a few words, of no template.
pub(crate) struct Note<'a> {
    /// Names it among all letters of its job.
    pub(crate) key: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    /// One line.
    pub(crate) subject: &'a str,
    pub(crate) text: &'a str,
}

/// Finishes a note, that is to be sent now.
pub(crate) fn note(note: &Note<'_>, now: Timestamp) -> Result<Letter, ItemReason> {
    let frame = build::Frame::between(note.from, note.to);
    let frame = frame.map_err(|_| ItemReason::Unrenderable)?;
    let rendered = Rendered {
        subject: note.subject.to_owned(),
        text: note.text.to_owned(),
        html: None,
        has_fallback: false,
    };
    let id = id(note.key, frame.sender_domain())?;
    let bytes = build::message(&frame, &rendered, &[], &id, now);
    Ok(Letter {
        id,
        envelope: frame.envelope(),
        bytes: bytes.map_err(|_| ItemReason::Internal)?,
    })
}

#[cfg(feature = "testing")]
const TEST_DOMAIN: &str = "bulkhead";

#[cfg(feature = "testing")]
fn for_tests(source: &LetterSource<'_>) -> Result<Letter, ItemReason> {
    let id = id(&source.key, TEST_DOMAIN)?;
    let text = format!("Message-ID: <{id}>\r\nX-Item: {}\r\n", source.item);
    Ok(Letter {
        id,
        envelope: crate::ports::Envelope::default(),
        bytes: text.into_bytes(),
    })
}

#[cfg(test)]
mod tests;
