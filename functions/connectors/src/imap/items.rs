//! Mails as a list shows them: header fields decoded, whatever they look like.

use bulkhead_shared::api::Item;
use bulkhead_shared::ids::ItemId;
use jiff::Timestamp;

use super::fault::Fault;
use super::fetched::Fetched;
use super::messages;
use super::name::item_id;
use super::session::{Opened, Session};
use super::utf7;
use crate::headers;

/// Recipients that are named.
const RECIPIENTS_SHOWN: usize = 5;

const ITEMS: &str = "UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE \
    BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE MESSAGE-ID)]";

/// Mails of the open folder by UID.
pub(super) async fn load(
    session: &mut Session,
    opened: &Opened,
    uids: &[u32],
) -> Result<Vec<(u32, Item)>, Fault> {
    let fetched = messages::fetch(session, uids, ITEMS, "").await?;
    fetched
        .into_iter()
        .map(|(uid, fetched)| {
            let id = item_id(opened.validity, uid, &opened.folder)?;
            Ok((uid, read(id, utf7::said(&opened.folder), fetched)))
        })
        .collect()
}

fn read(id: ItemId, folder: &str, fetched: Fetched) -> Item {
    let flags = fetched.flags.unwrap_or_default();
    let header = fetched.header.unwrap_or_default();
    let shown = headers::shown(&header, RECIPIENTS_SHOWN);
    Item {
        id,
        from: shown.from,
        to: shown.to,
        subject: shown.subject,
        snippet: String::new(),
        date: fetched
            .received
            .or(shown.sent)
            .unwrap_or(Timestamp::UNIX_EPOCH),
        size: fetched.size.unwrap_or(0),
        folder: folder.to_owned(),
        labels: flags
            .iter()
            .filter(|flag| is_label(flag))
            .cloned()
            .collect(),
        unread: !flags.contains(bulkhead_engine::kinds::mail::SEEN),
        starred: flags.contains(bulkhead_engine::kinds::mail::FLAGGED),
        class: None,
        has_attachment: fetched.has_file == Some(true),
    }
}

/// Keywords that people set; `$` begins those that programs set for one another.
pub(super) fn is_label(flag: &str) -> bool {
    !flag.starts_with(['\\', '$'])
}
