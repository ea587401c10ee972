//! How mails stand that were processed, as far as anything of that is known: what waits, what was decided, and what was
//! answered. Of a mail that a job looked at and left as it is nothing is kept.

use std::collections::HashMap;
use std::sync::Arc;

use bulkhead_shared::api::EmailStatus;
use bulkhead_shared::ids::{AccountId, ItemId};

use super::queue::{Queue, Stands};
use crate::error::Error;
use crate::ports::{Account, Ports};
use crate::replies::{self, ReplyStands};

/// How these mails of an open account stand; those of which nothing is known are left out.
pub async fn standing(
    ports: &Ports,
    account: &AccountId,
    open: &Arc<dyn Account>,
    ids: &[ItemId],
) -> Result<HashMap<ItemId, EmailStatus>, Error> {
    let queue = Queue::load(ports, account).await?;
    let of_queue: HashMap<&ItemId, EmailStatus> = queue
        .mails()
        .map(|place| match place.stands {
            Stands::Waits => (place.id, EmailStatus::NeedsReview),
            Stands::Drafted | Stands::Settled => (place.id, EmailStatus::Processed),
        })
        .collect();
    let mut standing: HashMap<ItemId, EmailStatus> = ids
        .iter()
        .filter_map(|id| Some((id.clone(), *of_queue.get(id)?)))
        .collect();
    let replies = replies::of_account(ports.table.as_ref(), account, ports.clock.now()).await?;
    let replies = replies.to(ids.iter());
    for (reply, stands) in replies.iter().zip(replies::stands(open, &replies).await?) {
        let status = standing.entry(reply.mail.clone());
        match stands {
            ReplyStands::Sent => {
                status.insert_entry(EmailStatus::Sent);
            }
            ReplyStands::Drafted | ReplyStands::Gone => {
                status.or_insert(EmailStatus::Processed);
            }
        }
    }
    Ok(standing)
}
