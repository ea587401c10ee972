//! A worker keeps what a job found, puts before a person what it proposed, and does what is sure where that was asked for.

use std::time::Duration;

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::Why;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::operations::{Operation, Then};
use bulkhead_shared::outcome::{ItemResult, Outcome};
use bulkhead_shared::proposal::{Marks, Proposal};
use jiff::{SignedDuration, Timestamp};

use super::act::{self, Acted};
use super::classes::keep_some;
use super::rows;
use crate::access;
use crate::error::Error;
use crate::jobs::endings::{Ended, Row, chunk_outcomes};
use crate::jobs::filing::filing_row;
use crate::ports::{Expect, Key, Message, Outgoing, Ports, Write};
use crate::records::store::{Stored, erase, load_job, load_text};
use crate::records::{
    AccountRecord, FilingRecord, JobRecord, WaitingChunk, WaitingMail, is_written, names,
};

/// What is left of the time when work is put down, for storing it.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);
/// How long until it is looked again whether a job that follows was frozen.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long it is looked again that often.
const LOOK_MOST: SignedDuration = SignedDuration::from_secs(30);
/// How often the sweep asks, once a minute, before it is given up.
const TRIES_MOST: u32 = 60;
const UNREADABLE: &str = "What was found of it cannot be read any more.";

/// Files what a job found. Work that would go beyond `deadline` is stored and asked for again.
pub(crate) async fn file(
    ports: &Ports,
    owner: &UserId,
    account: &AccountId,
    job: &JobId,
    deadline: Timestamp,
) -> Result<(), Error> {
    let key = names::filing(account, job);
    let table = ports.table.as_ref();
    let Some(stored) = load_text::<FilingRecord>(table, &key).await? else {
        // Erased.
        return Ok(());
    };
    if stored.record.done {
        return Ok(());
    }
    let account = match access::account_of(table, owner, account).await {
        // Forgotten meanwhile; so is what was kept.
        Err(Error::NotFound) => return erase(table, names::review_partition(account)).await,
        found => found?,
    };
    let mut filing = Filing {
        ports,
        account,
        record: stored.record,
        version: stored.version,
    };
    let Some(Stored { record: job, .. }) = load_job(table, job).await? else {
        return filing.done().await;
    };
    if !job.state.is_ended() {
        // The sweep asks again.
        return Ok(());
    }
    match filing.go_on(&job, deadline).await {
        // Somebody else does the same.
        Err(error) if error.is_conflict() => Ok(()),
        gone_on => gone_on,
    }
}

/// The time has come to ask for it again.
pub(crate) async fn ask_again(ports: &Ports, key: &Key) -> Result<(), Error> {
    let stored = load_text::<FilingRecord>(ports.table.as_ref(), key).await?;
    let Some(Stored { record, version }) = stored.filter(|stored| !stored.record.done) else {
        return Ok(());
    };
    let tries = record.tries + 1;
    let done = tries > TRIES_MOST;
    if done {
        tracing::error!(job.id = %record.job, "What it found could not be filed; given up.");
    }
    let record = FilingRecord {
        tries,
        done,
        ..record
    };
    let row = filing_row(&record, version + 1, ports.clock.now())?;
    let write = Write::Put(row, Expect::Version(version));
    ports.table.write(vec![write]).await?;
    match done {
        true => Ok(()),
        false => send(ports, &record, Duration::ZERO).await,
    }
}

async fn send(ports: &Ports, record: &FilingRecord, delay: Duration) -> Result<(), Error> {
    let message = Message::Review {
        owner: record.owner.clone(),
        account: record.account.clone(),
        job: record.job.clone(),
    };
    let outgoing = vec![Outgoing { message, delay }];
    Ok(ports.queue.send(record.owner.as_str(), outgoing).await?)
}

/// A job's proposals that are being filed.
struct Filing<'a> {
    ports: &'a Ports,
    account: AccountRecord,
    record: FilingRecord,
    version: u64,
}

impl Filing<'_> {
    async fn go_on(&mut self, job: &JobRecord, deadline: Timestamp) -> Result<(), Error> {
        while self.record.told < job.chunks() {
            self.record.told = keep_some(self.ports, job, self.record.told).await?;
            self.keep().await?;
            if self.is_late(deadline) {
                return send(self.ports, &self.record, Duration::ZERO).await;
            }
        }
        if !self.record.proposes {
            return self.done().await;
        }
        let acts = match &job.operation {
            Operation::Process(process) => process.then == Then::Act,
            _ => false,
        };
        while self.record.next < job.chunks() {
            self.file_chunk(job, acts).await?;
            if self.is_late(deadline) && self.record.next < job.chunks() {
                return send(self.ports, &self.record, Duration::ZERO).await;
            }
        }
        let sure: Vec<Proposal> = self.record.sure.keys().copied().collect();
        for proposal in sure {
            match act::act(self.ports, job, proposal).await? {
                Acted::Done => {}
                Acted::Later(since) if since + LOOK_MOST > self.ports.clock.now() => {
                    return send(self.ports, &self.record, LOOK_AGAIN).await;
                }
                // The sweep asks again.
                Acted::Later(_) => return Ok(()),
            }
        }
        self.done().await
    }

    fn is_late(&self, deadline: Timestamp) -> bool {
        self.ports.clock.now() + MARGIN > deadline
    }

    async fn file_chunk(&mut self, job: &JobRecord, acts: bool) -> Result<(), Error> {
        let chunk = self.record.next;
        let mails = match chunk_outcomes(self.ports, job, chunk).await? {
            Ended::Known(rows) => {
                let mut mails = Vec::new();
                for row in rows {
                    match self.look(job, row, acts) {
                        Some(Looked::Waits(mail)) => mails.push(mail),
                        Some(Looked::Sure(proposal)) => {
                            *self.record.sure.entry(proposal).or_default() += 1;
                        }
                        None => {}
                    }
                }
                mails
            }
            Ended::Unreadable(ids) => {
                let mails = ids.into_iter().map(|id| failed(id, UNREADABLE));
                mails.collect()
            }
        };
        if !mails.is_empty() {
            let ended = job.ended_at.unwrap_or_else(|| self.ports.clock.now());
            let record = WaitingChunk {
                job: job.id.clone(),
                at: ended.as_second(),
                mails,
            };
            let key = names::waiting_mails(&self.record.account, &job.id, chunk);
            rows::put_new(self.ports, key, &record).await?;
        }
        self.record.next = chunk + 1;
        self.keep().await
    }

    /// What becomes of a mail; nothing where there is nothing to do about it.
    fn look(&self, job: &JobRecord, row: Row, acts: bool) -> Option<Looked> {
        let outcome = row.outcome;
        match (outcome.outcome, outcome.result) {
            (Some(Outcome::Succeeded), Some(result)) => {
                self.proposed(job, row.id_now, result, acts)
            }
            (Some(Outcome::Succeeded), None) => Some(Looked::Waits(failed(row.id_now, UNREADABLE))),
            (Some(Outcome::Failed | Outcome::Uncertain), _) => {
                let why = outcome.reason.map_or("", |reason| reason.text());
                Some(Looked::Waits(failed(row.id_now, why)))
            }
            // It was gone, or nobody came to it.
            (Some(Outcome::Skipped | Outcome::Cancelled) | None, _) => None,
        }
    }

    fn proposed(
        &self,
        job: &JobRecord,
        id: ItemId,
        result: ItemResult,
        acts: bool,
    ) -> Option<Looked> {
        let class = result.about.as_deref().and_then(Class::named);
        // What a later version proposes is nothing that this one could do.
        let proposal = Proposal::named(&result.class).unwrap_or(Proposal::Review);
        let (proposal, why) = match proposal {
            Proposal::Keep => return None,
            // Marks that protect it have made it to be kept already.
            Proposal::Review => match class {
                Some(class) => (of_class(class, Some(&job.operation)), Why::Unsure),
                None => (Proposal::Review, Why::Failed),
            },
            sure if !self.is_exact(sure, &job.operation) => (sure, Why::NotReversible),
            // What that costs is shown first, and what is written a person reads.
            sure if is_written_for(sure, &job.operation) => (sure, Why::Waits),
            sure if acts => return Some(Looked::Sure(sure)),
            sure => (sure, Why::Waits),
        };
        Some(Looked::Waits(WaitingMail {
            id,
            class,
            percent: result.percent.unwrap_or_default(),
            proposal,
            why,
            because: result.detail.unwrap_or_default(),
            settled: None,
        }))
    }

    /// Whether what is proposed comes back exactly here.
    fn is_exact(&self, proposal: Proposal, proposed_by: &Operation) -> bool {
        let abilities = self.account.stores.get(&bulkhead_shared::kinds::Kind::Mail);
        let ability = proposal
            .operation_of(proposed_by)
            .and_then(|operation| abilities?.of(operation.name()).cloned());
        ability.is_some_and(|ability| ability.undo == Reversibility::Exact)
    }

    async fn done(&mut self) -> Result<(), Error> {
        self.record.done = true;
        self.keep().await
    }

    async fn keep(&mut self) -> Result<(), Error> {
        let row = filing_row(&self.record, self.version + 1, self.ports.clock.now())?;
        let write = Write::Put(row, Expect::Version(self.version));
        self.ports.table.write(vec![write]).await?;
        self.version += 1;
        Ok(())
    }
}

/// What becomes of a mail.
enum Looked {
    /// A person has to look.
    Waits(WaitingMail),
    /// This is done with it.
    Sure(Proposal),
}

/// Whether a model would write what is proposed.
fn is_written_for(proposal: Proposal, proposed_by: &Operation) -> bool {
    let operation = proposal.operation_of(proposed_by);
    operation.is_some_and(|operation| is_written(&operation))
}

/// What a job proposes for a class that is certain, whatever a mail is marked with: that has been weighed.
pub(super) fn of_class(class: Class, proposed_by: Option<&Operation>) -> Proposal {
    let proposal = Proposal::of(class, 100, 0, Marks::default());
    match proposed_by {
        Some(Operation::Process(process)) if process.replies().is_some() => {
            proposal.or_reply(class, Marks::default())
        }
        _ => proposal,
    }
}

/// A mail of which could not be told what it is about.
fn failed(id: ItemId, why: &str) -> WaitingMail {
    WaitingMail {
        id,
        class: None,
        percent: 0,
        proposal: Proposal::Review,
        why: Why::Failed,
        because: why.to_owned(),
        settled: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::operations::{Certainty, Process};

    #[test]
    fn a_reply_is_proposed_for_what_asks_where_the_job_has_one_to_propose() {
        use Proposal::{Archive, Keep, Reply};
        let silent = Process::new(Certainty::Percent90, Then::Wait);
        let replies = Process {
            reply: Some("Soon.".to_owned()),
            ..silent.clone()
        };
        let (silent, replies) = (Operation::from(silent), Operation::from(replies));
        for (class, proposed_by, proposal) in [
            (Class::Question, Some(&replies), Reply),
            (Class::Question, Some(&silent), Keep),
            (Class::Question, None, Keep),
            (Class::Personal, Some(&replies), Keep),
            (Class::Newsletter, Some(&replies), Archive),
            (Class::Newsletter, Some(&silent), Archive),
        ] {
            let proposed = of_class(class, proposed_by);
            assert_eq!(proposed, proposal, "{class:?} by {proposed_by:?}");
        }
    }
}
