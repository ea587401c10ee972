//! How many jobs of a person may be open at once: so many that were confirmed and have not ended, and
//! besides as many drafts. A draft that nobody confirms keeps no work from being done.
//!
//! Their ids are in one row of the person, written as one with each new job, so that the number of drafts
//! is exact also when many arrive together. Jobs that have ended are dropped from it when it may be
//! full, so the end of a job costs nothing here. What is confirmed is looked at when the next job is
//! drafted, so at the worst all drafts are confirmed beside as much work. An undo is counted but never
//! refused: nobody gets into a state that cannot be taken back because of a limit.

use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::{Expect, Fact, Limit, Ports, Write};
use crate::records::names;
use crate::records::store::{content_expiry, load_job, load_text, text_row};

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
    /// Drafts among them, and what was confirmed; zero where both together are few enough anyway.
    drafts: u32,
    work: u32,
}

/// Room for one more job, or the refusal.
pub(crate) async fn room(ports: &Ports, user: &UserId, most: u32) -> Result<Room, Error> {
    let room = look(ports, user, most).await?;
    if room.drafts >= most || room.work >= most {
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
        drafts: 0,
        work: 0,
    };
    if room.open.jobs.len() as u64 >= u64::from(full) {
        room.count(ports).await?;
    }
    Ok(room)
}

impl Room {
    /// Drops those that have ended, and counts the others.
    async fn count(&mut self, ports: &Ports) -> Result<(), Error> {
        let now = ports.clock.now();
        let table = ports.table.as_ref();
        let jobs = std::mem::take(&mut self.open.jobs);
        let loaded = futures::future::try_join_all(jobs.iter().map(|id| load_job(table, id)));
        for job in loaded.await?.into_iter().flatten() {
            match job.record.state {
                _ if job.record.is_open_draft(now) => self.drafts += 1,
                // A draft whose time has passed holds no place, even before the sweep has written so.
                State::Planning | State::Draft => continue,
                state if state.is_ended() => continue,
                _ => self.work += 1,
            }
            self.open.jobs.push(job.record.id.clone());
        }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::jobs::{control, draft};
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use bulkhead_shared::operations::{MarkRead, Operation};
    use bulkhead_shared::options::JobOptions;
    use futures::executor::block_on;
    use jiff::SignedDuration;

    async fn drafts(stage: &Stage, most: u32) -> Result<JobId, Error> {
        let operation = Operation::MarkRead(MarkRead {});
        let request = stage.request(operation, Stage::inbox(), JobOptions::default());
        draft::create(&stage.ports, &stage.user, None, request, most).await
    }

    #[test]
    fn what_has_ended_is_dropped_once_there_may_be_no_room() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
            let (ports, user) = (&stage.ports, &stage.user);
            assert_eq!(ids(ports, user).await.unwrap(), []);
            let first = drafts(&stage, 3).await.unwrap();
            let second = drafts(&stage, 3).await.unwrap();
            control::cancel(ports, user, &first).await.unwrap();
            let third = drafts(&stage, 3).await.unwrap();
            let all = [&first, &second, &third].map(Clone::clone);
            assert_eq!(ids(ports, user).await.unwrap(), all, "there was room");
            let fourth = drafts(&stage, 3).await.unwrap();
            let open = [second, third, fourth];
            assert_eq!(ids(ports, user).await.unwrap(), open);
            assert!(drafts(&stage, 3).await.is_err());
            assert_eq!(ids(ports, user).await.unwrap(), open);
            let row = ports.table.get(&names::open_jobs(user)).await.unwrap();
            let row = row.unwrap();
            let gone = ports.clock.now() + SignedDuration::from_hours(45 * 24);
            assert_eq!((row.version, row.expires), (4, Some(gone)));
        });
    }

    #[test]
    fn an_undo_drops_what_has_ended_and_is_refused_by_nothing() {
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(3)).await.unwrap();
            let (ports, user) = (&stage.ports, &stage.user);
            let mut made = Vec::new();
            for _ in 0..3 {
                made.push(drafts(&stage, 3).await.unwrap());
            }
            control::cancel(ports, user, &made[1]).await.unwrap();
            for (full, listed) in [
                (4, made.clone()),
                (3, vec![made[0].clone(), made[2].clone()]),
            ] {
                let room = room_for_undo(ports, user, full).await.unwrap();
                assert_eq!(room.open.jobs, listed, "{full}");
            }
            let room = room_for_undo(ports, user, 0).await.unwrap();
            assert_eq!((room.drafts, room.work), (2, 0));
        });
    }
}
