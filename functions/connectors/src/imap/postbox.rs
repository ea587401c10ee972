//! Sending the mails of an account: by its own server for it, or by what the deployment sends through. Either way
//! copies are kept in its mailbox.

use async_trait::async_trait;
use bulkhead_engine::ports::{CallError, Delivery, Letter, Postbox, SentCopy};
use bulkhead_shared::abilities::{Abilities, Allowance};
use bulkhead_shared::address::Mailbox;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::outcome::ItemReason;

use super::way_out::WayOut;
use super::{Imap, sent};
use crate::smtp::Smtp;

#[async_trait]
impl Postbox for Imap {
    fn abilities(&self) -> &Abilities {
        match &self.way_out {
            Some(WayOut::Smtp(smtp)) => smtp.abilities(),
            Some(WayOut::Outlet { abilities, .. }) => abilities,
            // Nobody gets here: without a way out, there is no postbox.
            None => &self.abilities,
        }
    }

    async fn allowance(&self) -> Result<Option<Allowance>, CallError> {
        let usual = self.abilities().allowance;
        Ok(match &self.way_out {
            Some(WayOut::Outlet { outlet, .. }) => outlet.allowance().await.or(usual),
            _ => usual,
        })
    }

    fn outlet(&self) -> Option<&'static str> {
        match &self.way_out {
            Some(WayOut::Outlet { outlet, .. }) => Some(outlet.name()),
            _ => None,
        }
    }

    fn user(&self) -> Option<&str> {
        Some(self.pool.user())
    }

    fn objection(&self, operation: &Operation) -> Option<String> {
        let Some(WayOut::Outlet { outlet, .. }) = &self.way_out else {
            return None;
        };
        let Operation::BulkSend(send) = operation else {
            return None;
        };
        // What is no address at all is told elsewhere.
        let from = Mailbox::read(&send.from).ok()?.address.to_string();
        let user = self.pool.user();
        (!from.eq_ignore_ascii_case(user)).then(|| {
            format!(
                "This account sends by {}, and only as {user}.",
                outlet.name()
            )
        })
    }

    async fn ready(&self) -> Result<(), CallError> {
        let Some(WayOut::Smtp(smtp)) = &self.way_out else {
            return Ok(());
        };
        let secret = self.pool.secret(None).await?;
        match smtp.ready(secret.as_secret()).await {
            Err(CallError::SignIn) => {
                let secret = self.pool.secret(Some(&secret)).await?;
                smtp.ready(secret.as_secret()).await
            }
            ready => ready,
        }
    }

    async fn deliver(&self, letters: &[Letter]) -> Result<Vec<Delivery>, CallError> {
        let mut deliveries = Vec::with_capacity(letters.len());
        for letter in letters {
            let delivery = match &self.way_out {
                Some(WayOut::Smtp(smtp)) => self.submit(smtp, letter).await?,
                // Whoever signs in there is who sends, and nobody else.
                Some(WayOut::Outlet { .. })
                    if !letter.envelope.from.eq_ignore_ascii_case(self.pool.user()) =>
                {
                    Delivery::Refused(ItemReason::AgainstRules)
                }
                Some(WayOut::Outlet { outlet, .. }) => outlet.hand_over(letter).await?,
                None => {
                    let text = "This account sends nothing.";
                    return Err(CallError::Unsupported(text.to_owned()));
                }
            };
            if matches!(delivery, Delivery::Done | Delivery::DoneAs(_)) {
                self.keep_copy(letter).await;
            }
            deliveries.push(delivery);
        }
        Ok(deliveries)
    }

    async fn find(&self, ids: &[ItemId]) -> Result<Vec<SentCopy>, CallError> {
        let files_itself = self.is_filed_by_provider();
        self.read(|mut session| async move { sent::find(&mut session, ids, files_itself).await })
            .await
    }

    async fn sent(&self, beginning: &str) -> Result<Vec<ItemId>, CallError> {
        self.read(|mut session| async move { sent::beginning(&mut session, beginning).await })
            .await
    }
}

impl Imap {
    async fn submit(&self, smtp: &Smtp, letter: &Letter) -> Result<Delivery, CallError> {
        let secret = self.pool.secret(None).await?;
        match smtp.deliver(secret.as_secret(), letter).await {
            Err(CallError::SignIn) => {
                // Nothing was handed over. The token may have ended earlier than was said.
                let secret = self.pool.secret(Some(&secret)).await?;
                smtp.deliver(secret.as_secret(), letter).await
            }
            delivered => delivered,
        }
    }

    /// Whether the provider keeps copies of what goes out by itself: it does of what it sends.
    fn is_filed_by_provider(&self) -> bool {
        matches!(self.way_out, Some(WayOut::Smtp(_))) && self.pool.files_sent()
    }

    /// Keeps a copy of a mail that went out, unless the provider does. Without a copy the mail is sent all the
    /// same: nothing that fails here may make it look as if it were not.
    async fn keep_copy(&self, letter: &Letter) {
        if self.is_filed_by_provider() {
            return;
        }
        let kept = async {
            let mut session = self.pool.session().await?;
            sent::keep(&mut session, &self.sent_folder, &letter.bytes).await
        };
        if let Err(fault) = kept.await {
            tracing::warn!(error = %fault, "No copy of a sent mail is kept.");
        }
    }
}
