//! Storing a job with what happened to it: its row, its lines in the audit trail and its events, as one.

use bulkhead_shared::api::AuditEvent;
use bulkhead_shared::ids::JobId;
use jiff::Timestamp;
use serde_json::Value;

use super::{Event, KEPT, News};
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::ports::{Expect, Ports, Row, TableError, Write};
use crate::records::store::{Stored, job_row, load_job, text_row};
use crate::records::{Happened, JobEvent, JobRecord, names};

/// How often a job is read again because somebody else wrote it. Each of those was some change, so more
/// than this passes by itself.
const TRIES: u32 = 50;

/// Stores `rows`, of which one is the job's, with what happened to it. A conflict means that one of
/// them was not as expected; then nothing was stored.
pub(crate) async fn commit(
    ports: &Ports,
    job: &JobRecord,
    happened: &Happened,
    rows: Vec<Write>,
) -> Result<(), Error> {
    let facts = happened.events().iter().map(|event| fact(job, event));
    let facts = facts.collect::<Result<Vec<Fact<'_>>, Error>>()?;
    let events = |told: &[AuditEvent]| events(job, told, happened.events());
    audit::write(ports, &job.owner, &facts, rows, events).await
}

/// What the audit trail has of an event: its name, and all that it says as figures.
fn fact<'a>(job: &'a JobRecord, event: &JobEvent) -> Result<Fact<'a>, Error> {
    let mut facts = serde_json::to_value(event)?;
    let name = facts.as_object_mut().and_then(|all| all.remove("event"));
    Ok(Fact {
        event: name
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        job: Some(&job.id),
        account: Some(&job.account),
        facts,
    })
}

/// The events under their places in the audit trail, and that there are some.
fn events(
    job: &JobRecord,
    told: &[AuditEvent],
    happened: &[JobEvent],
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::with_capacity(told.len() + 1);
    for (told, happened) in told.iter().zip(happened) {
        let event = Event {
            sequence: told.sequence,
            at: told.at,
            owner: job.owner.clone(),
            job: job.id.clone(),
            account: job.account.clone(),
            happened: happened.clone(),
        };
        let key = names::event(&job.owner, told.sequence);
        let row = text_row(key, 1, &event, Some(told.at + KEPT))?;
        writes.push(Write::Put(row, Expect::Absent));
    }
    if let Some(last) = told.last() {
        let news = News {
            last: last.sequence,
        };
        let row = text_row(names::news(&job.owner), last.sequence, &news, None)?;
        let row = Row {
            due: Some(last.at),
            ..row
        };
        // The places in the trail keep two writers apart.
        writes.push(Write::Put(row, Expect::Anything));
    }
    Ok(writes)
}

/// Stores a job with what happened to it, under the condition that nobody else wrote it since it was read.
pub(crate) async fn save(
    ports: &Ports,
    job: &mut Stored<JobRecord>,
    happened: &Happened,
    now: Timestamp,
) -> Result<(), Error> {
    let version = job.version + 1;
    let row = job_row(&job.record, version, now)?;
    let row = Write::Put(row, Expect::Version(job.version));
    commit(ports, &job.record, happened, vec![row]).await?;
    job.version = version;
    Ok(())
}

/// Reads a job, lets something happen to it and stores that; again if somebody else was faster. `what`
/// says what happened, or that nothing does: then nothing is written.
pub(crate) async fn change(
    ports: &Ports,
    id: &JobId,
    now: Timestamp,
    what: impl Fn(&mut JobRecord) -> Result<Option<Happened>, Error> + Send + Sync,
) -> Result<Stored<JobRecord>, Error> {
    for _ in 0..TRIES {
        let table = ports.table.as_ref();
        let mut job = load_job(table, id).await?.ok_or(Error::NotFound)?;
        let Some(happened) = what(&mut job.record)? else {
            return Ok(job);
        };
        match save(ports, &mut job, &happened, now).await {
            Err(error) if error.is_conflict() => {}
            saved => return saved.map(|()| job),
        }
    }
    Err(TableError::Unavailable("others write this job all the time".into()).into())
}
