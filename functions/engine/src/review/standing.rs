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
        .map(|place| (place.id, status(place.stands)))
        .collect();
    let standing = ids
        .iter()
        .filter_map(|id| Some((id.clone(), *of_queue.get(id)?)));
    answered(ports, account, open, ids, standing.collect()).await
}

/// What the queue says of a mail.
pub(super) fn status(stands: Stands) -> EmailStatus {
    match stands {
        Stands::Waits => EmailStatus::NeedsReview,
        Stands::Processing => EmailStatus::Processing,
        Stands::Drafted | Stands::Settled => EmailStatus::Processed,
    }
}

/// The same for who asks the mailbox what became of replies to these mails.
pub(super) async fn answered(
    ports: &Ports,
    account: &AccountId,
    open: &Arc<dyn Account>,
    ids: &[ItemId],
    mut standing: HashMap<ItemId, EmailStatus>,
) -> Result<HashMap<ItemId, EmailStatus>, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_queue_says_of_a_mail_is_told_in_three_words() {
        for (stands, told) in [
            (Stands::Waits, EmailStatus::NeedsReview),
            (Stands::Processing, EmailStatus::Processing),
            (Stands::Drafted, EmailStatus::Processed),
            (Stands::Settled, EmailStatus::Processed),
        ] {
            assert_eq!(status(stands), told);
        }
    }
}
