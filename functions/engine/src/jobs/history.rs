//! A person's jobs, newest first.

use bulkhead_shared::api::{Job, Jobs};
use bulkhead_shared::ids::UserId;
use bulkhead_shared::job::State;
use jiff::Timestamp;

use crate::access;
use crate::error::Error;
use crate::jobs::progress::{job, shortened, view};
use crate::limits::open_jobs;
use crate::ports::Ports;
use crate::records::JobRecord;
use crate::records::store::{JobWithChunks, Stored, load_job, read_text};

/// Which jobs of the history are asked for; all of them by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// Only jobs in this state.
    pub state: Option<State>,
    /// Only drafts that nobody has confirmed, or only the others.
    pub drafts: Option<bool>,
}

impl Listed {
    fn includes(self, job: &JobRecord, now: Timestamp) -> bool {
        let is_draft = job.is_open_draft(now);
        self.state.is_none_or(|state| state == job.state)
            && self.drafts.is_none_or(|drafts| drafts == is_draft)
    }
}

/// A page of a person's history, newest first; of some jobs only, if asked.
pub async fn page(
    ports: &Ports,
    user: &UserId,
    which: Listed,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Jobs, Error> {
    if which.drafts == Some(true) {
        return drafts(ports, user, which, cursor, limit).await;
    }
    let mut jobs = Vec::new();
    let mut before = cursor.map(str::to_owned);
    loop {
        let rows = ports
            .table
            .owned(user.as_str(), before.as_deref(), limit)
            .await?;
        let last_page = (rows.len() as u64) < u64::from(limit);
        for row in rows {
            before = row.listing.as_ref().map(|listing| listing.place.clone());
            let stored: Stored<JobRecord> = read_text(&row)?;
            if which.includes(&stored.record, ports.clock.now()) {
                jobs.extend(listed(ports, user, stored).await?);
            }
            if jobs.len() as u64 == u64::from(limit) {
                return Ok(Jobs {
                    jobs,
                    next_cursor: before,
                });
            }
        }
        if last_page {
            return Ok(Jobs {
                jobs,
                next_cursor: None,
            });
        }
    }
}

/// Drafts are few and among the open jobs, of which there is a list: the rest of the history is not read.
async fn drafts(
    ports: &Ports,
    user: &UserId,
    which: Listed,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Jobs, Error> {
    let mut ids = open_jobs::ids(ports, user).await?;
    ids.retain(|id| cursor.is_none_or(|cursor| id.by_time() < cursor));
    ids.sort_by(|one, other| other.by_time().cmp(one.by_time()));
    let table = ports.table.as_ref();
    let loaded = futures::future::try_join_all(ids.iter().map(|id| load_job(table, id))).await?;
    let now = ports.clock.now();
    let mut drafts = loaded
        .into_iter()
        .flatten()
        .filter(|stored| which.includes(&stored.record, now));
    let (mut jobs, mut last) = (Vec::new(), None);
    while jobs.len() as u64 != u64::from(limit) {
        let Some(stored) = drafts.next() else {
            last = None;
            break;
        };
        last = Some(stored.record.id.by_time().to_owned());
        jobs.extend(listed(ports, user, stored).await?);
    }
    let next_cursor = last.filter(|_| drafts.next().is_some());
    Ok(Jobs { jobs, next_cursor })
}

/// A job of the history. One that has ended carries its final counts, so its chunks are not read;
/// one that is older than the history goes back is none.
async fn listed(
    ports: &Ports,
    user: &UserId,
    stored: Stored<JobRecord>,
) -> Result<Option<Job>, Error> {
    if stored.record.state.is_ended() {
        let ended = JobWithChunks {
            job: stored,
            chunks: Vec::new(),
        };
        let there = access::is_there(ports, user, &ended.job.record);
        return Ok(there.then(|| shortened(view(&ended, ports.clock.now()))));
    }
    match job(ports, user, &stored.record.id).await {
        Ok(job) => Ok(Some(shortened(job))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
