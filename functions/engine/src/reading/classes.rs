//! What a model says of mails.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemResult;

use super::Beginnings;
use crate::ports::{CallError, MailStore, Model};

/// What each of these mails is about, in the order asked; none of those that could not be read or told.
pub(crate) async fn classes(
    mail: &dyn MailStore,
    model: &dyn Model,
    ids: &[ItemId],
) -> Result<Vec<Option<ItemResult>>, CallError> {
    let mut classes = Vec::with_capacity(ids.len());
    for some in ids.chunks(mail.abilities().call_items.max(1) as usize) {
        let bytes = model.message_bytes();
        let mut beginnings = Beginnings::new(some.len(), bytes);
        mail.fetch_beginnings(some, bytes, &mut beginnings).await?;
        let read = beginnings.finish().into_iter();
        let read: Vec<Option<Vec<u8>>> = read.map(|one| one.and_then(Result::ok)).collect();
        let known: Vec<Vec<u8>> = read.iter().flatten().cloned().collect();
        let told = model.classify(&known).await;
        if let Some(error) = told.broke {
            return Err(error);
        }
        // One that says fewer or more has not said of whom.
        let fits = told.found.len() == known.len();
        let mut found = told.found.into_iter().filter(|_| fits);
        classes.extend(read.iter().map(|beginning| {
            let found = beginning.as_ref().and_then(|_| found.next());
            found.flatten().and_then(Result::ok)
        }));
    }
    Ok(classes)
}
