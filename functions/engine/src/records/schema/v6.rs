//! Schema 6, the first in which a result says what it is about, and mails wait for a person.

use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::outcome::ItemResult;
use serde::{Deserialize, Serialize};

use super::numbers;
use crate::records::pack::Unreadable;
use crate::records::review::{Settled, WaitingChunk, WaitingMail};

#[derive(Serialize, Deserialize)]
pub(super) struct Results(Vec<Option<Found>>);

#[derive(Serialize, Deserialize)]
struct Found {
    class: String,
    percent: Option<u8>,
    detail: Option<String>,
    about: Option<String>,
}

impl From<&[Option<ItemResult>]> for Results {
    fn from(results: &[Option<ItemResult>]) -> Self {
        let stored = |result: &ItemResult| Found {
            class: result.class.clone(),
            percent: result.percent,
            detail: result.detail.clone(),
            about: result.about.clone(),
        };
        Self(results.iter().map(|it| it.as_ref().map(stored)).collect())
    }
}

impl From<Results> for Vec<Option<ItemResult>> {
    fn from(Results(stored): Results) -> Self {
        let result = |stored: Found| ItemResult {
            class: stored.class,
            percent: stored.percent,
            detail: stored.detail,
            about: stored.about,
        };
        stored.into_iter().map(|it| it.map(result)).collect()
    }
}

/// Columns rather than rows: what is alike stands side by side, and deflates to a few bytes a mail.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    job: JobId,
    /// Unix seconds.
    at: i64,
    ids: Vec<ItemId>,
    /// Number of the class plus one; 0 where none is known.
    classes: Vec<u8>,
    percents: Vec<u8>,
    proposals: Vec<u8>,
    whys: Vec<u8>,
    becauses: Vec<String>,
    /// [`OPEN`], [`DISMISSED`], [`LEFT`], [`GONE`], or the place of a job plus [`JOBS`].
    settled: Vec<u32>,
    /// The jobs that mails were handed to.
    jobs: Vec<JobId>,
}

const OPEN: u32 = 0;
const DISMISSED: u32 = 1;
const LEFT: u32 = 2;
const GONE: u32 = 3;
const JOBS: u32 = 4;

impl From<&WaitingChunk> for Waiting {
    fn from(chunk: &WaitingChunk) -> Self {
        let mails = || chunk.mails.iter();
        let mut jobs: Vec<JobId> = Vec::new();
        let settled = mails().map(|mail| match &mail.settled {
            None => OPEN,
            Some(Settled::Dismissed) => DISMISSED,
            Some(Settled::Left) => LEFT,
            Some(Settled::Gone) => GONE,
            Some(Settled::Given(job)) => {
                let place = jobs.iter().position(|known| known == job);
                let place = place.unwrap_or_else(|| {
                    jobs.push(job.clone());
                    jobs.len() - 1
                });
                JOBS.saturating_add(u32::try_from(place).unwrap_or(u32::MAX))
            }
        });
        Self {
            settled: settled.collect(),
            jobs,
            job: chunk.job.clone(),
            at: chunk.at,
            ids: mails().map(|mail| mail.id.clone()).collect(),
            classes: mails()
                .map(|mail| mail.class.map_or(0, |class| class as u8 + 1))
                .collect(),
            percents: mails().map(|mail| mail.percent).collect(),
            proposals: mails()
                .map(|mail| numbers::of_proposal(mail.proposal))
                .collect(),
            whys: mails().map(|mail| numbers::of_why(mail.why)).collect(),
            becauses: mails().map(|mail| mail.because.clone()).collect(),
        }
    }
}

impl TryFrom<Waiting> for WaitingChunk {
    type Error = Unreadable;
    fn try_from(stored: Waiting) -> Result<Self, Unreadable> {
        let damaged = |what| Unreadable::Damaged(what, None);
        let count = stored.ids.len();
        let lengths = [
            stored.classes.len(),
            stored.percents.len(),
            stored.proposals.len(),
            stored.whys.len(),
            stored.becauses.len(),
            stored.settled.len(),
        ];
        if lengths.iter().any(|length| *length != count) {
            return Err(damaged("it has not one for each mail"));
        }
        let jobs = stored.jobs;
        let settled = |number: u32| {
            Ok(match number {
                OPEN => None,
                DISMISSED => Some(Settled::Dismissed),
                LEFT => Some(Settled::Left),
                GONE => Some(Settled::Gone),
                number => {
                    let job = jobs.get((number - JOBS) as usize);
                    let job = job.ok_or(damaged("it names a job that is not there"))?;
                    Some(Settled::Given(job.clone()))
                }
            })
        };
        let columns = stored
            .ids
            .into_iter()
            .zip(stored.classes)
            .zip(stored.percents)
            .zip(stored.proposals)
            .zip(stored.whys)
            .zip(stored.becauses)
            .zip(stored.settled);
        let mails = columns.map(
            |((((((id, class), percent), proposal), why), because), place)| {
                Ok(WaitingMail {
                    id,
                    class: numbers::class(class)?,
                    percent,
                    proposal: numbers::proposal(proposal)?,
                    why: numbers::why(why)?,
                    because,
                    settled: settled(place)?,
                })
            },
        );
        Ok(Self {
            mails: mails.collect::<Result<_, Unreadable>>()?,
            job: stored.job,
            at: stored.at,
        })
    }
}
