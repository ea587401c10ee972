//! How many jobs of a person may be open at once: drafts, and whatever has not ended.
//!
//! Their ids are in one row of the person, written as one with each new job, so that the limit is
//! exact also when many drafts arrive together. Jobs that have ended are dropped from it when it is
//! full, so the end of a job costs nothing here. An undo is counted but never refused: nobody gets
//! into a state that cannot be taken back because of a limit.

use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::{Expect, Fact, Limit, Ports, Write};
use crate::records::store::{content_expiry, load_job, load_text, text_row};
use crate::records::{JobRecord, names};

/// The row.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Open {
    jobs: Vec<JobId>,
}

/// A person's open jobs, with room for one more.
pub(crate) struct Room {
    user: UserId,
    open: Open,
    version: Option<u64>,
}

/// Room for one more job, or the refusal.
pub(crate) async fn room(ports: &Ports, user: &UserId, most: u32) -> Result<Room, Error> {
    let room = look(ports, user, most).await?;
    if room.is_full(most) {
        let limit = Limit::OpenJobs;
        ports.meter.note(Fact::RequestRefused { limit });
        return Err(Error::TooManyOpen { most });
    }
    Ok(room)
}

/// Room for an undo: there always is. Those that have ended are dropped beyond `full`.
pub(crate) async fn room_for_undo(ports: &Ports, user: &UserId, full: u32) -> Result<Room, Error> {
    look(ports, user, full).await
}

/// The jobs of a person that may be open: every one that is, and some that have ended.
pub(crate) async fn ids(ports: &Ports, user: &UserId) -> Result<Vec<JobId>, Error> {
    let stored = load_text::<Open>(ports.table.as_ref(), &names::open_jobs(user)).await?;
    Ok(stored.map(|stored| stored.record.jobs).unwrap_or_default())
}

async fn look(ports: &Ports, user: &UserId, full: u32) -> Result<Room, Error> {
    let stored = load_text(ports.table.as_ref(), &names::open_jobs(user)).await?;
    let mut room = Room {
        user: user.clone(),
        version: stored.as_ref().map(|stored| stored.version),
        open: stored.map(|stored| stored.record).unwrap_or_default(),
    };
    if room.is_full(full) {
        room.drop_ended(ports).await?;
    }
    Ok(room)
}

impl Room {
    fn is_full(&self, most: u32) -> bool {
        self.open.jobs.len() as u64 >= u64::from(most)
    }

    async fn drop_ended(&mut self, ports: &Ports) -> Result<(), Error> {
        let now = ports.clock.now();
        let table = ports.table.as_ref();
        let jobs = std::mem::take(&mut self.open.jobs);
        let loaded = futures::future::try_join_all(jobs.iter().map(|id| load_job(table, id)));
        let open = loaded.await?.into_iter().flatten();
        self.open.jobs = open
            .filter(|job| is_open(&job.record, now))
            .map(|job| job.record.id.clone())
            .collect();
        Ok(())
    }

    /// The write that counts this job in. It fails if another one was counted meanwhile.
    pub(crate) fn write(&self, job: &JobId, now: Timestamp) -> Result<Write, Error> {
        let mut jobs = self.open.jobs.clone();
        jobs.push(job.clone());
        let row = text_row(
            names::open_jobs(&self.user),
            self.version.unwrap_or(0) + 1,
            &Open { jobs },
            Some(content_expiry(now)),
        )?;
        let expect = self.version.map_or(Expect::Absent, Expect::Version);
        Ok(Write::Put(row, expect))
    }
}

/// A draft whose time has passed holds no place, even before the sweep has written so.
fn is_open(job: &JobRecord, now: Timestamp) -> bool {
    match job.state {
        State::Planning | State::Draft => job.confirm_by() > now,
        state => !state.is_ended(),
    }
}
