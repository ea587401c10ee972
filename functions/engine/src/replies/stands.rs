//! What became of drafted replies, told from the mailbox alone: nobody else knows whether one was sent.

use std::sync::Arc;

use bulkhead_shared::ids::ItemId;

use crate::kinds::mail::ANSWERED;
use crate::ports::{Account, CallError, DRAFTS_AT_ONCE, DraftStore, MailStore};
use crate::records::RepliedRecord;

/// What became of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyStands {
    /// It is among the drafts, as it was or edited.
    Drafted,
    /// It is among the sent mails; or it left the drafts, and the mail is marked as answered.
    Sent,
    /// It left the drafts, and nothing says that it was sent.
    Gone,
}

/// What became of each, in the order asked. Some mail programs send under another id, and some mark nothing: then a reply
/// that was sent is told as gone.
pub async fn stands(
    account: &Arc<dyn Account>,
    replies: &[&RepliedRecord],
) -> Result<Vec<ReplyStands>, CallError> {
    let (Some(drafts), Some(mail)) = (account.clone().drafts(), account.clone().mail()) else {
        return Ok(vec![ReplyStands::Gone; replies.len()]);
    };
    let mut all = Vec::with_capacity(replies.len());
    for some in replies.chunks(DRAFTS_AT_ONCE as usize) {
        all.extend(some_stand(drafts.as_ref(), mail.as_ref(), some).await?);
    }
    Ok(all)
}

async fn some_stand(
    drafts: &dyn DraftStore,
    mail: &dyn MailStore,
    replies: &[&RepliedRecord],
) -> Result<Vec<ReplyStands>, CallError> {
    let letters: Vec<ItemId> = replies.iter().map(|reply| reply.letter.clone()).collect();
    let found = drafts.find(&letters).await?;
    let left = replies.iter().zip(&found);
    let left = left.filter(|(_, draft)| draft.is_none());
    let left: Vec<&RepliedRecord> = left.map(|(reply, _)| *reply).collect();
    let mut left = went(drafts, mail, &left).await?.into_iter();
    let stands = found.into_iter().map(|draft| match draft {
        Some(_) => ReplyStands::Drafted,
        None => left.next().unwrap_or(ReplyStands::Gone),
    });
    Ok(stands.collect())
}

/// Where those went that are no drafts any more.
async fn went(
    drafts: &dyn DraftStore,
    mail: &dyn MailStore,
    left: &[&RepliedRecord],
) -> Result<Vec<ReplyStands>, CallError> {
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let letters: Vec<ItemId> = left.iter().map(|reply| reply.letter.clone()).collect();
    let mails: Vec<ItemId> = left.iter().map(|reply| reply.mail.clone()).collect();
    let sent = drafts.sent(&letters).await?;
    let states = mail.states(&mails).await?;
    let went = sent.into_iter().zip(states).map(|(sent, state)| {
        let is_answered = state.is_some_and(|state| state.state.flags.contains(ANSWERED));
        match sent || is_answered {
            true => ReplyStands::Sent,
            false => ReplyStands::Gone,
        }
    });
    Ok(went.collect())
}
