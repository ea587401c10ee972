//! Accepting a batch: its mails are looked up and claimed, frozen as jobs, and those are confirmed at once,
//! because nothing is touched by them.

use std::collections::BTreeMap;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{control, draft, progress};
use bulkhead_engine::ports::Ports;
use bulkhead_engine::replies::{self, ReplyStands};
use bulkhead_engine::{access, accounts};
use bulkhead_shared::api::{BatchAccepted, BatchRequest, BatchState, Confirm, NewJob};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;

use super::claims;
use super::directory::Directory;
use super::record::BatchRecord;
use super::words::Work;

/// Accepts a batch of this person, who may have so many jobs open. Any mail that is not theirs, or not there any
/// more, is not found; mails of a batch that has not ended are a conflict.
pub async fn accept(
    ports: &Ports,
    user: &UserId,
    work: Work,
    request: &BatchRequest,
    open_most: u32,
) -> Result<BatchAccepted, Error> {
    request.validate(work.most())?;
    let id = work.new_id(ports.random.bits());
    let directory = Directory::load(ports, user).await?;
    let mails = directory.mails(ports, user, &request.email_ids).await?;
    if work == Work::Process {
        refuse_sent(ports, user, &mails).await?;
    }
    claims::take(ports, user, &id, &request.email_ids).await?;
    let batch = Batch {
        ports,
        user,
        work,
        open_most,
    };
    if let Err(error) = batch.begin(&id, by_account(mails)).await {
        // Whatever went wrong with it, nobody is kept out by a batch that there is not.
        let _ = claims::release(ports, user, &id).await;
        return Err(error);
    }
    Ok(BatchAccepted {
        job_id: id,
        status: BatchState::Queued,
        total: request.email_ids.len() as u64,
        processed: 0,
        message: work.accepted().to_owned(),
    })
}

/// Mails that were answered by a reply which this drafted are processed no more: a conflict.
async fn refuse_sent(
    ports: &Ports,
    user: &UserId,
    mails: &[(AccountId, ItemId)],
) -> Result<(), Error> {
    for (account, ids) in by_account(mails.to_vec()) {
        let now = ports.clock.now();
        let replies = replies::of_account(ports.table.as_ref(), &account, now).await?;
        let replies = replies.to(ids.iter());
        if replies.is_empty() {
            continue;
        }
        let record = access::account(ports, user, &account).await?.into_inner();
        let open = accounts::open(ports, &record).await?;
        if replies::stands(&open, &replies)
            .await?
            .contains(&ReplyStands::Sent)
        {
            return Err(Error::NotPossible(
                "Some of these mails were answered already: the reply that was drafted to them was sent.",
            ));
        }
    }
    Ok(())
}

fn by_account(mails: Vec<(AccountId, ItemId)>) -> BTreeMap<AccountId, Vec<ItemId>> {
    let mut by_account: BTreeMap<AccountId, Vec<ItemId>> = BTreeMap::new();
    for (account, item) in mails {
        by_account.entry(account).or_default().push(item);
    }
    by_account
}

/// A batch on its way in.
struct Batch<'a> {
    ports: &'a Ports,
    user: &'a UserId,
    work: Work,
    open_most: u32,
}

impl Batch<'_> {
    /// All of it, or nothing.
    async fn begin(&self, id: &str, mails: BTreeMap<AccountId, Vec<ItemId>>) -> Result<(), Error> {
        let mut jobs = Vec::new();
        for (account, ids) in mails {
            match self.draft(account, ids).await {
                Ok(job) => jobs.push(job),
                Err(error) => {
                    self.discard(&jobs).await;
                    return Err(error);
                }
            }
        }
        let record = BatchRecord {
            id: id.to_owned(),
            jobs,
            created_at: self.ports.clock.now(),
        };
        record.keep(self.ports, self.user).await?;
        for job in &record.jobs {
            self.confirm(job).await?;
        }
        Ok(())
    }

    async fn draft(&self, account: AccountId, ids: Vec<ItemId>) -> Result<JobId, Error> {
        let new = NewJob {
            account,
            operation: self.work.operation(),
            selection: Selection::Ids { ids },
            options: JobOptions {
                // Who asks is told of failures, and asks again.
                retry_failed: Some(false),
                ..JobOptions::default()
            },
            confirm: None,
        };
        let made = draft::create(self.ports, self.user, None, new, self.open_most).await;
        made.map_err(|error| match error {
            // A mail that is gone.
            Error::Invalid(invalid) if invalid.field.starts_with("selection.ids") => {
                Error::NotFound
            }
            error => error,
        })
    }

    async fn confirm(&self, job: &JobId) -> Result<(), Error> {
        let drafted = progress::job(self.ports, self.user, job).await?;
        let hash = drafted
            .manifest_hash
            .ok_or(Error::Missing("manifest hash"))?;
        let mut yes = Confirm {
            manifest_hash: hash,
            drift_hash: None,
        };
        match control::confirm(self.ports, self.user, job, &yes).await {
            // A mail left or changed in this moment. What is there no more fails by itself.
            Err(Error::Drifted(drift)) => {
                yes.drift_hash = Some(drift.hash.clone());
                control::confirm(self.ports, self.user, job, &yes).await
            }
            confirmed => confirmed,
        }
    }

    /// Drops drafts of a batch that came to nothing. Not done, they end by themselves.
    async fn discard(&self, jobs: &[JobId]) {
        for job in jobs {
            let _ = control::discard(self.ports, self.user, job).await;
        }
    }
}
