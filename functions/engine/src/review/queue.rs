//! The queue as its rows tell it: which mails wait, each once.

use std::collections::{BTreeMap, HashMap, HashSet};

use bulkhead_shared::api::{ReviewCount, ReviewFilter, Why};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::proposal::Proposal;
use futures::future::join_all;

use super::failed::failed as failed_in;
use super::moved::moved as moved_by;
use super::rows::{self, Chunk};
use crate::error::Error;
use crate::jobs::became::{Became, became};
use crate::ports::Ports;
use crate::records::{Settled, WaitingMail};

/// Jobs of which it is looked up what became of them, the latest ones: of older ones it is taken that they were done.
const JOBS_MOST: usize = 60;

/// The mails that failed in jobs, and why.
type Failed = BTreeMap<JobId, HashMap<ItemId, ItemReason>>;

/// An account's queue.
pub(super) struct Queue {
    pub(super) chunks: Vec<Chunk>,
    pub(super) unreadable: u64,
    became: BTreeMap<JobId, Became>,
    /// The ids of mails that were brought back since, by those in the queue.
    moved: HashMap<ItemId, ItemId>,
    /// The mails that jobs took and could not do, and why.
    failed: Failed,
}

/// Whether a mail waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// It does.
    Waits,
    /// It is part of a draft that nobody has confirmed yet.
    Drafted,
    /// A job that was given it works.
    Processing,
    /// Somebody decided.
    Settled,
}

/// A mail of the queue, and where it is there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) chunk: &'a Chunk,
    /// Its place in the chunk.
    pub(super) number: usize,
    pub(super) mail: &'a WaitingMail,
    /// The id that the mail has now, as far as that is known.
    pub(super) id: &'a ItemId,
    pub(super) stands: Stands,
}

impl Queue {
    /// Reads it.
    pub(super) async fn load(ports: &Ports, account: &AccountId) -> Result<Self, Error> {
        let (mut chunks, unreadable) = rows::chunks(ports.table.as_ref(), account).await?;
        let mut jobs: Vec<JobId> = Vec::new();
        for mail in chunks.iter().flat_map(|chunk| &chunk.stored.record.mails) {
            if let Some(Settled::Given(job)) = &mail.settled
                && !jobs.contains(job)
            {
                jobs.push(job.clone());
            }
        }
        jobs.sort_by(|a, b| b.by_time().cmp(a.by_time()));
        jobs.truncate(JOBS_MOST);
        let looked = join_all(jobs.iter().map(|job| became(ports, job))).await;
        let looked = looked.into_iter().collect::<Result<Vec<Became>, Error>>()?;
        let (mut moved, mut failed) = (HashMap::new(), Failed::new());
        for (job, became) in jobs.iter().zip(&looked) {
            match became {
                Became::Undone => moved.extend(moved_by(ports, job).await?),
                Became::Done { .. } => {
                    failed.insert(job.clone(), failed_in(ports, job).await?);
                }
                Became::Draft | Became::Nothing => {}
            }
        }
        for chunk in &mut chunks {
            mark_failed(&mut chunk.stored.record.mails, &failed);
        }
        Ok(Self {
            chunks,
            unreadable,
            became: jobs.into_iter().zip(looked).collect(),
            moved,
            failed,
        })
    }

    /// All mails in their order, each once: what the latest job said of it counts.
    pub(super) fn mails(&self) -> impl Iterator<Item = Place<'_>> {
        let mut seen: HashSet<&ItemId> = HashSet::new();
        let all = self.chunks.iter().flat_map(|chunk| {
            let mails = chunk.stored.record.mails.iter().enumerate();
            mails.map(move |(number, mail)| (chunk, number, mail))
        });
        all.filter(move |(_, _, mail)| seen.insert(&mail.id))
            .map(|(chunk, number, mail)| Place {
                chunk,
                number,
                mail,
                id: self.moved.get(&mail.id).unwrap_or(&mail.id),
                stands: self.stands(mail),
            })
    }

    /// Those that wait, those of the latest job first.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Place<'_>> {
        self.mails().filter(|place| place.stands == Stands::Waits)
    }

    /// Those that somebody decided, in the same order; none that were gone by then.
    pub(super) fn decided(&self) -> impl Iterator<Item = Place<'_>> {
        self.mails().filter(|place| {
            let is_decided = matches!(place.stands, Stands::Processing | Stands::Settled);
            is_decided && place.mail.settled != Some(Settled::Gone)
        })
    }

    fn stands(&self, mail: &WaitingMail) -> Stands {
        match &mail.settled {
            None => Stands::Waits,
            Some(Settled::Left | Settled::Dismissed | Settled::Gone) => Stands::Settled,
            Some(Settled::Given(job)) => match self.became.get(job) {
                // It came to nothing, or was taken back: a person has to look again.
                Some(Became::Nothing | Became::Undone) => Stands::Waits,
                Some(Became::Draft) => Stands::Drafted,
                // It could not be done with this one.
                Some(Became::Done { .. }) if self.has_failed(job, &mail.id) => Stands::Waits,
                Some(Became::Done {
                    is_ended: false, ..
                }) => Stands::Processing,
                Some(Became::Done { .. }) | None => Stands::Settled,
            },
        }
    }

    fn has_failed(&self, job: &JobId, mail: &ItemId) -> bool {
        let failed = self.failed.get(job);
        failed.is_some_and(|failed| failed.contains_key(mail))
    }

    /// How many wait that are alike, the most first.
    pub(super) fn counts(&self) -> Vec<ReviewCount> {
        let mut counts = BTreeMap::new();
        for Place { mail, .. } in self.waiting() {
            let alike = (mail.class, mail.proposal, mail.why);
            *counts.entry(alike).or_insert(0) += 1;
        }
        let counts = counts
            .into_iter()
            .map(|((class, proposal, why), mails)| ReviewCount {
                class: class.map(|class| class.name().to_owned()),
                proposal,
                why,
                mails,
            });
        let mut counts: Vec<ReviewCount> = counts.collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.mails));
        counts
    }
}

/// Mails that failed wait for that reason.
fn mark_failed(mails: &mut [WaitingMail], failed: &Failed) {
    for mail in mails {
        let Some(Settled::Given(job)) = &mail.settled else {
            continue;
        };
        if let Some(reason) = failed.get(job).and_then(|failed| failed.get(&mail.id)) {
            mail.why = Why::Failed;
            mail.because = reason.text().to_owned();
        }
    }
}

/// Mails in the order in which a person decides: by what they ask of that person, and then as they stand in the queue.
pub(super) fn in_order<'a>(places: impl Iterator<Item = Place<'a>>) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = places.collect();
    places.sort_by_key(|place| rank(place.mail));
    places
}

/// What comes first: what something would be done with, then what could not be told, and last what would only be kept,
/// which is most of a queue and the least work left undone.
pub(super) fn rank(mail: &WaitingMail) -> u8 {
    match mail.proposal {
        Proposal::Archive | Proposal::Trash | Proposal::LabelReceipt | Proposal::Reply => 0,
        Proposal::Review => 1,
        Proposal::Keep => 2,
    }
}

/// Whether a mail is all of this.
pub(super) fn fits(mail: &WaitingMail, filter: &ReviewFilter) -> bool {
    let class = mail.class.map(|class| class.name());
    filter.class.as_deref().is_none_or(|it| class == Some(it))
        && filter.proposal.is_none_or(|it| mail.proposal == it)
        && filter.why.is_none_or(|it| mail.why == it)
}
