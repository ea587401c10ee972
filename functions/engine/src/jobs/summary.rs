//! What a preview says of the mails of a draft: what was counted when they were frozen.

use bulkhead_shared::api::{SendersInside, StandOut, StandsOut, Summary, TopSender};
use bulkhead_shared::ids::ItemId;

use crate::error::Error;
use crate::records::{JobRecord, SENDERS_REMEMBERED, SummaryRecord};
use crate::stores::ItemStore;

/// Senders that are named.
const SENDERS: usize = 5;

/// The summary of a draft's mails; none where nothing was told of them.
pub(super) async fn of(store: &dyn ItemStore, job: &JobRecord) -> Result<Option<Summary>, Error> {
    let Some(told) = job.summary.as_ref().filter(|told| told.mails == job.total) else {
        return Ok(None);
    };
    let all = |known: u64| known == told.mails && known > 0;
    let time = |found: &Option<(_, ItemId)>| found.as_ref().map(|(at, _)| *at);
    Ok(Some(Summary {
        unread: told.unread,
        starred: told.starred,
        answered: told.answered,
        bytes: all(told.sized).then_some(told.bytes),
        oldest: time(&told.oldest).filter(|_| all(told.dated)),
        newest: time(&told.newest).filter(|_| all(told.dated)),
        senders: senders(told),
        stand_out: stand_out(store, told).await?,
    }))
}

fn senders(told: &SummaryRecord) -> Option<SendersInside> {
    let tally = &told.senders;
    (tally.of > 0).then(|| SendersInside {
        of: tally.of,
        count: tally.count,
        about: tally.about,
        top: top(told, SENDERS),
    })
}

/// Who sent most of a job's mails.
pub(super) fn remembered(job: &JobRecord) -> Vec<TopSender> {
    let told = job.summary.as_ref();
    told.map_or_else(Vec::new, |told| top(told, SENDERS_REMEMBERED))
}

fn top(told: &SummaryRecord, most: usize) -> Vec<TopSender> {
    let top = told.senders.top(most).into_iter();
    let top = top.map(|(name, address, mails)| TopSender {
        name: name.to_owned(),
        address: address.to_owned(),
        mails,
    });
    top.collect()
}

/// The newest, the oldest and the largest one, as they are now. One that is gone is left out, and one that stands out
/// by several things is named for the first of them.
async fn stand_out(store: &dyn ItemStore, told: &SummaryRecord) -> Result<Vec<StandsOut>, Error> {
    let all = |known: u64| known == told.mails;
    let newest = told.newest.as_ref().filter(|_| all(told.dated));
    let oldest = told.oldest.as_ref().filter(|_| all(told.dated));
    let largest = told.largest.as_ref().filter(|_| all(told.sized));
    let mut wanted: Vec<(StandOut, ItemId)> = Vec::new();
    let found = [
        (StandOut::Newest, newest.map(|(_, id)| id)),
        (StandOut::Oldest, oldest.map(|(_, id)| id)),
        (StandOut::Largest, largest.map(|(_, id)| id)),
    ];
    for (by, id) in found {
        if let Some(id) = id.filter(|id| wanted.iter().all(|(_, other)| other != *id)) {
            wanted.push((by, id.clone()));
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = wanted.iter().map(|(_, id)| id.clone()).collect();
    let cards = store.cards(&ids).await?.into_iter();
    let cards = wanted.into_iter().zip(cards);
    Ok(cards
        .filter_map(|((by, _), card)| Some(StandsOut { by, card: card? }))
        .collect())
}
