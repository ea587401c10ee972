//! Which mails the owner of an account wrote, under whatever address: those from its own, and those of which a copy is
//! among the sent mails. Nobody tells an account's aliases; whoever writes as one leaves such a copy.

use bulkhead_shared::ids::ItemId;
use mail_parser::MessageParser;

use super::{thread, whom};
use crate::ports::{CallError, DRAFTS_AT_ONCE, DraftStore};

/// Of each of these mails, by its beginning, whether its owner wrote it; not of those that nobody could read. `own` is
/// the address under which the account signs in.
pub(crate) async fn own_mails(
    drafts: &dyn DraftStore,
    own: Option<&str>,
    beginnings: &[Option<&[u8]>],
) -> Result<Vec<bool>, CallError> {
    let mut are_own = vec![false; beginnings.len()];
    let mut open: Vec<(usize, ItemId)> = Vec::new();
    for (place, (beginning, is_own)) in beginnings.iter().zip(&mut are_own).enumerate() {
        let read = beginning.and_then(|it| MessageParser::default().parse_headers(it));
        let Some(mail) = read else { continue };
        *is_own = whom::is_from(&mail, own);
        let id = thread::id(&mail).and_then(|id| id.parse().ok());
        open.extend(id.filter(|_| !*is_own).map(|id| (place, id)));
    }
    for some in open.chunks(DRAFTS_AT_ONCE as usize) {
        let ids: Vec<ItemId> = some.iter().map(|(_, id)| id.clone()).collect();
        for ((place, _), sent) in some.iter().zip(drafts.sent(&ids).await?) {
            if let Some(is_own) = are_own.get_mut(*place) {
                *is_own = sent;
            }
        }
    }
    Ok(are_own)
}
