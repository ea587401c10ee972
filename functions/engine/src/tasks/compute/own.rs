//! Mails that the account's owner wrote: no reply is proposed to them.

use std::sync::Arc;

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;

use crate::letters::own_mails;
use crate::ports::{Account, CallError, DraftStore, MailStore};
use crate::reading::Beginnings;

/// Bytes that are read of a mail for who wrote it: its header, or most of a very long one.
const HEADER_READ: usize = 16 << 10;

/// What tells them.
pub(super) struct Own {
    drafts: Arc<dyn DraftStore>,
    /// The address under which the account signs in.
    address: Option<String>,
}

impl Own {
    /// None where no replies are proposed, or none can be drafted.
    pub(super) async fn of(
        account: &Arc<dyn Account>,
        operation: &Operation,
    ) -> Result<Option<Self>, CallError> {
        let Operation::Process(process) = operation else {
            return Ok(None);
        };
        let drafts = account.clone().drafts();
        let Some(drafts) = drafts.filter(|_| process.replies().is_some()) else {
            return Ok(None);
        };
        let address = drafts.user().await?;
        Ok(Some(Self { drafts, address }))
    }

    /// Whether each of these is one.
    pub(super) async fn are_own(
        &self,
        mail: &dyn MailStore,
        ids: &[ItemId],
    ) -> Result<Vec<bool>, CallError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut beginnings = Beginnings::new(ids.len(), HEADER_READ);
        mail.fetch_beginnings(ids, HEADER_READ, &mut beginnings)
            .await?;
        let read = beginnings.finish();
        let read: Vec<Option<&[u8]>> = read
            .iter()
            .map(|one| one.as_ref()?.as_deref().ok())
            .collect();
        own_mails(self.drafts.as_ref(), self.address.as_deref(), &read).await
    }
}
