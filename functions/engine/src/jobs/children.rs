//! Jobs that descend from a job: its undo, and the retry of what failed in it. They are drafts like
//! any other, so there is one way to preview and confirm anything.

use bulkhead_shared::abilities::Reversibility;
use bulkhead_shared::api::{Relation, SelectionSummary};
use bulkhead_shared::ids::{JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Move, Operation, Undo};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::proposal::Proposal;
use jiff::Timestamp;

use crate::access;
use crate::error::Error;
use crate::jobs::draft::ask_for_plan;
use crate::limits::open_jobs::{self, Room};
use crate::models;
use crate::outbox;
use crate::plan::CHUNK_ITEMS;
use crate::ports::{Expect, Ports, Write};
use crate::records::store::{Stored, job_row, load_job};
use crate::records::{Happened, JobDraft, JobRecord, ModelAt};

/// Drafts a job that takes back what this one did. Asked again while that draft is open, it is the
/// same one.
pub async fn undo(ports: &Ports, user: &UserId, id: &JobId) -> Result<JobId, Error> {
    descend(ports, user, id, Relation::Undo.into(), limits::OPEN_JOBS).await
}

/// Drafts a job that tries again what failed or stayed uncertain in this one, unless `open_most` jobs
/// of this person are open already.
pub async fn retry(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    open_most: u32,
) -> Result<JobId, Error> {
    descend(ports, user, id, Relation::Retry.into(), open_most).await
}

/// The same for a job that moved mails into a folder that is not there (any more): it is made.
pub async fn retry_making_folder(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    open_most: u32,
) -> Result<JobId, Error> {
    let wanted = Wanted {
        relation: Relation::Retry,
        makes_folder: true,
    };
    descend(ports, user, id, wanted, open_most).await
}

/// Drafts a job that does what this one was stopped before, unless `open_most` jobs of this person are
/// open already.
pub async fn rest(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    open_most: u32,
) -> Result<JobId, Error> {
    descend(ports, user, id, Relation::Rest.into(), open_most).await
}

/// What child is asked for.
#[derive(Clone, Copy)]
struct Wanted {
    relation: Relation,
    /// The folder that mails are moved into is made.
    makes_folder: bool,
}

impl From<Relation> for Wanted {
    fn from(relation: Relation) -> Self {
        Self {
            relation,
            makes_folder: false,
        }
    }
}

/// What the child does, or why there can be none.
fn operation(job: &JobRecord, wanted: Wanted, now: Timestamp) -> Result<Operation, Error> {
    match wanted.relation {
        Relation::Undo => may_undo(job, now).map(|()| {
            Operation::Undo(Undo {
                job: job.id.clone(),
            })
        }),
        Relation::Retry => {
            may_retry(job, now)?;
            match &job.operation {
                operation if !wanted.makes_folder => Ok(operation.clone()),
                Operation::Move(it) => Ok(Operation::Move(Move {
                    make: true,
                    ..it.clone()
                })),
                _ => Err(Error::NotPossible("This job names no folder to be made.")),
            }
        }
        Relation::Rest => may_go_on(job, now).map(|()| job.operation.clone()),
        Relation::Proposed => Err(Error::NotPossible(
            "What a job proposes is not asked for like this.",
        )),
    }
}

fn may_undo(job: &JobRecord, now: Timestamp) -> Result<(), Error> {
    if !job.state.is_ended() {
        return Err(Error::NotPossible(
            "The job has not ended yet; stop it first.",
        ));
    }
    if !job.reversible {
        return Err(Error::NotPossible("What this job did cannot be undone."));
    }
    match job.undo_until() {
        None => Err(Error::NotPossible(
            "This job changed nothing, so there is nothing to undo.",
        )),
        Some(until) if until <= now => Err(Error::NotPossible(
            "The time for undoing this job has passed.",
        )),
        Some(_) => Ok(()),
    }
}

fn may_retry(job: &JobRecord, now: Timestamp) -> Result<(), Error> {
    let counts = job.counts.filter(|_| job.state.is_ended());
    let counts = counts.ok_or(Error::NotPossible("The job has not ended yet."))?;
    if job.operation.about().task.retryable(counts) == 0 {
        return Err(Error::NotPossible("Nothing failed in this job."));
    }
    if job.retryable() == 0 {
        return Err(Error::NotPossible(
            "What failed in this job is left as it is.",
        ));
    }
    may_read(job, now)
}

fn may_go_on(job: &JobRecord, now: Timestamp) -> Result<(), Error> {
    let counts = job.counts.filter(|_| job.state.is_ended());
    let counts = counts.ok_or(Error::NotPossible("The job has not ended yet."))?;
    if counts.cancelled == 0 || job.confirmed_at.is_none() {
        return Err(Error::NotPossible("This job left nothing out."));
    }
    may_read(job, now)
}

/// Whether it is still known how each item ended.
fn may_read(job: &JobRecord, now: Timestamp) -> Result<(), Error> {
    if job.results_until().is_none_or(|until| until <= now) {
        return Err(Error::Gone);
    }
    Ok(())
}

/// Stores the child and the parent that names it as one, so that two requests at once make one
/// child and no child is an orphan.
async fn descend(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    wanted: Wanted,
    open_most: u32,
) -> Result<JobId, Error> {
    let relation = wanted.relation;
    loop {
        let parent = access::job(ports, user, id).await?.into_inner();
        let now = ports.clock.now();
        let operation = operation(&parent.record, wanted, now)?;
        if let Some(open) = open_child(ports, user, &parent.record, relation, &operation).await? {
            return Ok(open);
        }
        let room = match relation {
            Relation::Undo => open_jobs::room_for_undo(ports, user, open_most).await?,
            Relation::Retry | Relation::Rest | Relation::Proposed => {
                open_jobs::room(ports, user, open_most).await?
            }
        };
        let random = ports.random.bits();
        let (account, kind) = (&parent.record.account, parent.record.kind);
        let model = models::of_draft(ports, user, account, kind, &operation).await?;
        let child = child_of(&parent.record, relation, operation, model, random, now);
        match insert(ports, parent, &child, &room, now).await {
            Ok(()) => {
                ask_for_plan(ports, &child.0).await;
                return Ok(child.0.id.clone());
            }
            // Somebody wrote the parent meanwhile, perhaps to name the same child, or drafted another
            // job: look again.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

/// Drafts a job that does what this one proposed, as far as that is this. Asked again it is the same one, whatever
/// became of it.
pub(crate) async fn proposed(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    proposal: Proposal,
) -> Result<JobId, Error> {
    loop {
        let parent = access::job(ports, user, id).await?.into_inner();
        let now = ports.clock.now();
        may_read(&parent.record, now)?;
        let nothing = Error::NotPossible("There is nothing to do about this one.");
        let operation = proposal.operation_of(&parent.record.operation);
        let operation = operation.ok_or(nothing)?;
        if let Some(known) = known_child(ports, &parent.record, &operation).await? {
            return Ok(known);
        }
        let account = access::account(ports, user, &parent.record.account).await?;
        let stores = &account.get().stores;
        let unable = Error::NotPossible("This account cannot do that.");
        let abilities = stores.get(&parent.record.kind).ok_or(unable)?;
        let room = open_jobs::room(ports, user, limits::OPEN_JOBS).await?;
        let options = JobOptions::default();
        let about = operation.about();
        let draft = JobDraft {
            id: JobId::new(about.prefix, now, ports.random.bits()),
            settings: options.settle(abilities, parent.record.kind, about.task),
            reversible: abilities
                .of(operation.name())
                .is_some_and(|it| it.undo == Reversibility::Exact),
            operation,
            owner: parent.record.owner.clone(),
            account: parent.record.account.clone(),
            kind: parent.record.kind,
            selection: SelectionSummary::Parent {},
            chunk_items: parent.record.chunk_items.unwrap_or(CHUNK_ITEMS),
            guard: None,
            rule: None,
            model: None,
            descends: Some((parent.record.id.clone(), Relation::Proposed)),
        };
        let child = JobRecord::new(draft, now);
        match insert(ports, parent, &child, &room, now).await {
            Ok(()) => {
                ask_for_plan(ports, &child.0).await;
                return Ok(child.0.id.clone());
            }
            // Somebody wrote the parent meanwhile: look again.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

/// The child that does this because its parent proposed it.
async fn known_child(
    ports: &Ports,
    job: &JobRecord,
    operation: &Operation,
) -> Result<Option<JobId>, Error> {
    for child in &job.children {
        let child = load_job(ports.table.as_ref(), child).await?;
        let is_it = |job: &JobRecord| {
            job.relation == Some(Relation::Proposed) && job.operation == *operation
        };
        if let Some(known) = child.filter(|child| is_it(&child.record)) {
            return Ok(Some(known.record.id.clone()));
        }
    }
    Ok(None)
}

fn child_of(
    parent: &JobRecord,
    relation: Relation,
    operation: Operation,
    model: Option<ModelAt>,
    random: u128,
    now: Timestamp,
) -> (JobRecord, Happened) {
    let draft = JobDraft {
        id: JobId::new(operation.about().prefix, now, random),
        owner: parent.owner.clone(),
        account: parent.account.clone(),
        kind: parent.kind,
        operation,
        selection: SelectionSummary::Parent {},
        settings: parent.settings.clone(),
        // The same account; what descends from a job has no more items than it.
        chunk_items: parent.chunk_items.unwrap_or(CHUNK_ITEMS),
        reversible: parent.reversible,
        // What is tried again or taken back was settled with the parent.
        guard: None,
        rule: None,
        model,
        descends: Some((parent.id.clone(), relation)),
    };
    JobRecord::new(draft, now)
}

async fn insert(
    ports: &Ports,
    parent: Stored<JobRecord>,
    (child, drafted): &(JobRecord, Happened),
    room: &Room,
    now: Timestamp,
) -> Result<(), Error> {
    let Stored {
        record: mut parent,
        version,
    } = parent;
    parent.name_child(child.id.clone());
    let writes = vec![
        Write::Put(job_row(child, 1, now)?, Expect::Absent),
        Write::Put(
            job_row(&parent, version + 1, now)?,
            Expect::Version(version),
        ),
        room.write(&child.id, now)?,
    ];
    outbox::commit(ports, child, drafted, writes).await
}

/// A child of this kind that is still a draft.
async fn open_child(
    ports: &Ports,
    user: &UserId,
    job: &JobRecord,
    relation: Relation,
    operation: &Operation,
) -> Result<Option<JobId>, Error> {
    for child in job.children.iter().rev() {
        let child = access::job(ports, user, child).await?.into_inner().record;
        let open = matches!(child.state, State::Planning | State::Draft)
            && child.confirm_by() > ports.clock.now();
        if open && child.relation == Some(relation) && child.operation == *operation {
            return Ok(Some(child.id.clone()));
        }
    }
    Ok(None)
}
