//! Which mail a report is about.
//!
//! Message-IDs follow from job and item, so one that a report names leads to an item; and then the report has to name
//! its address too, and the id that was stored before the mail was sent has to be this one. Where a provider gave the
//! mail another id, that is what the report names; it was stored once the provider told it.

use std::collections::HashMap;

use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::kinds::Kind;

use super::report::{Failure, Report};
use crate::error::Error;
use crate::plan::load_manifest;
use crate::ports::Ports;
use crate::records::store::{load_job, load_packed, read_text};
use crate::records::{After, JobRecord, Prior, names};

/// A mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) job: JobId,
    /// The place of its item, from 0.
    pub(super) number: u64,
    /// Its item, which is the recipient's address in the form that all its ways to be written share.
    pub(super) item: ItemId,
}

/// The job and the place that a Message-ID names; none if it is none of ours.
pub(super) fn named(message_id: &str) -> Option<(JobId, u64)> {
    let (key, _) = message_id.rsplit_once('@')?;
    let (job, number) = key.rsplit_once('.')?;
    let is_plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_plain)?;
    Some((job.parse().ok()?, number))
}

/// What of a chunk is needed here: of each item its id, and the Message-ID that its mail got.
type Chunk = Vec<(ItemId, Option<ItemId>)>;

/// Jobs of a person that are looked through for ids that their provider gave, the newest: more than anybody sends in
/// the week in which reports come.
const JOBS_MOST: u32 = 200;

/// The mails that an account sent, as far as somebody asked for them.
pub(super) struct SentMails<'a> {
    ports: &'a Ports,
    owner: &'a UserId,
    account: &'a AccountId,
    jobs: HashMap<JobId, Option<JobRecord>>,
    /// The last chunk that was looked at: reports come in the order in which mails were sent, about.
    chunk: Option<(JobId, u32, Chunk)>,
    /// Which mails went out under which ids of their provider, once that was asked for.
    given: Option<HashMap<String, (JobId, u64)>>,
}

impl<'a> SentMails<'a> {
    pub(super) fn of(ports: &'a Ports, owner: &'a UserId, account: &'a AccountId) -> Self {
        Self {
            ports,
            owner,
            account,
            jobs: HashMap::new(),
            chunk: None,
            given: None,
        }
    }

    /// The mail that a report is about, and what is told of it; none if it is about none of these.
    pub(super) async fn find<'r>(
        &mut self,
        report: &'r Report,
    ) -> Result<Option<(Sent, &'r Failure)>, Error> {
        for id in &report.message_ids {
            let Some((job, number)) = named(id) else {
                continue;
            };
            let Some(item) = self.sent_as(&job, number, id).await? else {
                continue;
            };
            if let Some(failure) = report.of(item.as_str()) {
                return Ok(Some((Sent { job, number, item }, failure)));
            }
        }
        for id in &report.message_ids {
            let Some((job, number)) = self.given(id).await? else {
                continue;
            };
            let Some((item, _)) = self.item(&job, number).await? else {
                continue;
            };
            if let Some(failure) = report.of(item.as_str()) {
                return Ok(Some((Sent { job, number, item }, failure)));
            }
        }
        Ok(None)
    }

    /// The mail that went out under an id of its provider; that may have told what stands before the `@` alone.
    async fn given(&mut self, message_id: &str) -> Result<Option<(JobId, u64)>, Error> {
        if self.given.is_none() {
            self.given = Some(self.all_given().await?);
        }
        let before = message_id.split('@').next().unwrap_or_default();
        let given = self.given.iter().flatten();
        let mut of_it = given.filter(|(id, _)| *id == message_id || *id == before);
        Ok(of_it.next().map(|(_, sent)| sent.clone()))
    }

    async fn all_given(&self) -> Result<HashMap<String, (JobId, u64)>, Error> {
        let table = self.ports.table.as_ref();
        let jobs = table.owned(self.owner.as_str(), None, JOBS_MOST).await?;
        let mut given = HashMap::new();
        for row in jobs {
            let job = read_text::<JobRecord>(&row)?.record;
            let sends = job.account == *self.account && job.kind == Kind::Recipient;
            for chunk in 0..if sends { job.chunks() } else { 0 } {
                let after = load_packed::<Vec<Option<After>>>(table, names::after(&job.id, chunk));
                let after = match after.await {
                    // Its time is over, or it is damaged.
                    Err(error) if error.is_unreadable() => None,
                    read => read?,
                };
                let full = u64::from(job.full_chunk());
                let numbers = u64::from(chunk) * full..;
                let ids = numbers.zip(after.into_iter().flatten());
                let ids = ids.filter_map(|(number, after)| Some((number, after?.id?)));
                given.extend(ids.map(|(number, id)| (id.to_string(), (job.id.clone(), number))));
            }
        }
        Ok(given)
    }

    /// The item at this place, if its mail was sent under this id.
    async fn sent_as(
        &mut self,
        job: &JobId,
        number: u64,
        message_id: &str,
    ) -> Result<Option<ItemId>, Error> {
        let known = self.item(job, number).await?;
        let known =
            known.filter(|(_, sent)| sent.as_ref().is_some_and(|id| id.as_str() == message_id));
        Ok(known.map(|(item, _)| item))
    }

    /// The item at this place, and under which id of ours its mail was sent.
    async fn item(
        &mut self,
        job: &JobId,
        number: u64,
    ) -> Result<Option<(ItemId, Option<ItemId>)>, Error> {
        let Some(record) = self.job(job).await? else {
            return Ok(None);
        };
        if number >= record.total {
            return Ok(None);
        }
        let full = u64::from(record.full_chunk());
        let chunk = u32::try_from(number / full).unwrap_or(u32::MAX);
        let inside = usize::try_from(number % full).unwrap_or(usize::MAX);
        let items = self.chunk(&record, chunk).await?;
        Ok(items.get(inside).cloned())
    }

    /// A job of this account that sends mails.
    async fn job(&mut self, id: &JobId) -> Result<Option<JobRecord>, Error> {
        if let Some(known) = self.jobs.get(id) {
            return Ok(known.clone());
        }
        let found = load_job(self.ports.table.as_ref(), id).await?;
        let found = found.map(|stored| stored.record).filter(|job| {
            let is_hers = job.owner == *self.owner && job.account == *self.account;
            is_hers && job.kind == Kind::Recipient && job.manifest_hash.is_some()
        });
        self.jobs.insert(id.clone(), found.clone());
        Ok(found)
    }

    async fn chunk(&mut self, job: &JobRecord, chunk: u32) -> Result<&Chunk, Error> {
        let known = self
            .chunk
            .take()
            .filter(|(id, number, _)| *id == job.id && *number == chunk);
        let items = match known {
            Some((_, _, items)) => items,
            None => self.load(job, chunk).await?,
        };
        let (_, _, items) = self.chunk.insert((job.id.clone(), chunk, items));
        Ok(items)
    }

    async fn load(&self, job: &JobRecord, chunk: u32) -> Result<Chunk, Error> {
        let prior = names::prior(&job.id, chunk);
        let sent = load_packed::<Vec<Option<Prior>>>(self.ports.table.as_ref(), prior).await;
        let manifest = load_manifest(self.ports, job, chunk).await;
        let (sent, manifest) = match (sent, manifest) {
            (Ok(Some(sent)), Ok(manifest)) => (sent, manifest),
            // Nothing of it was sent yet.
            (Ok(None), _) => return Ok(Vec::new()),
            // Its time is over, or it is damaged: nothing tells what the report is about.
            (Err(error), _) | (_, Err(error)) if error.is_unreadable() => return Ok(Vec::new()),
            (_, Err(Error::Missing(_))) => return Ok(Vec::new()),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        let ids = sent
            .into_iter()
            .map(|prior| prior.and_then(|prior| prior.id));
        let items = manifest.items.into_iter().map(|entry| entry.id);
        Ok(items.zip(ids).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_ours_name_a_mail() {
        let job = "snd_01m8asr3x1xrdbg3zrw61havs4";
        let ours = named(&format!("{job}.17@example.org")).unwrap();
        assert_eq!((ours.0.as_str(), ours.1), (job, 17));
        for other in [
            String::new(),
            "17@example.org".to_owned(),
            format!("{job}@example.org"),
            format!("{job}.@example.org"),
            format!("{job}.+7@example.org"),
            format!("{job}.-7@example.org"),
            format!("{job}.99999999999999999999999@example.org"),
            format!("x{job}.17@example.org"),
            format!("{job}.17"),
        ] {
            assert_eq!(named(&other), None, "{other}");
        }
    }
}
