//! Drafting a job: what was asked for is checked and frozen, and nothing is touched.
//!
//! Picked ids are frozen while the caller waits; a query is frozen in the background by
//! [`crate::plan`], with progress of its own.

use bulkhead_shared::abilities::{Abilities, Reversibility};
use bulkhead_shared::api::{NewJob, Relation, SelectionSummary};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::job::{Event, State};
use bulkhead_shared::limits;
use bulkhead_shared::operation::{Operation, OperationKind};
use bulkhead_shared::options::Settings;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::selection::Selection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::access;
use crate::accounts;
use crate::audit::{self, Fact};
use crate::dispatch::send_one;
use crate::error::Error;
use crate::plan::Freezer;
use crate::ports::{Connector, Expect, Key, Message, Ports, TableError, Write};
use crate::records::{JobRecord, UsedKey, names};
use crate::store::{Stored, job_row, load_text, packed_row, text_row};

/// Hours an idempotency key is remembered.
const KEY_HOURS: i64 = 24;

/// Drafts a job. The same key with the same request gives the same job again.
pub async fn create(
    ports: &Ports,
    user: &UserId,
    key: Option<&str>,
    new: NewJob,
) -> Result<JobId, Error> {
    new.validate()?;
    let now = ports.clock.now();
    let mut used = key.map(|key| KeyUse::new(user, key, &new)).transpose()?;
    if let Some(job) = known(ports, used.as_mut(), now).await? {
        return Ok(job);
    }
    let account = access::account(ports, user, &new.account)
        .await?
        .into_inner();
    let connector = accounts::open(ports, &account).await?;
    check_folder(connector.as_ref(), &new.operation).await?;
    let kind = new.operation.kind();
    let job = begin(
        ports,
        user,
        connector.abilities(),
        &new,
        JobId::new(kind.prefix(), now, ports.random.bits()),
    )?;
    match new.selection {
        Selection::Ids { ids } => freeze_ids(ports, connector.as_ref(), job, &ids, used).await,
        Selection::Query { except, .. } => plan_later(ports, job, &except, used).await,
    }
}

fn begin(
    ports: &Ports,
    user: &UserId,
    abilities: &Abilities,
    new: &NewJob,
    id: JobId,
) -> Result<JobRecord, Error> {
    let ability = abilities
        .of(new.operation.kind())
        .ok_or_else(|| Invalid::new("operation.type", "This account cannot do that."))?;
    let reversible = matches!(
        ability.undo,
        Reversibility::Exact | Reversibility::BestEffort
    );
    let selection = match &new.selection {
        Selection::Ids { ids } => SelectionSummary::Ids {
            count: ids.len() as u64,
        },
        Selection::Query { query, except } => SelectionSummary::Query {
            query: query.clone(),
            except: except.len() as u64,
        },
    };
    let settings = new.options.settle(abilities);
    let job = JobRecord {
        reversible,
        selection,
        ..blank(
            id,
            user.clone(),
            new.account.clone(),
            new.operation.clone(),
            settings,
            ports.clock.now(),
        )
    };
    Ok(job)
}

/// A target that does not exist is told now, not by twelve thousand failures.
async fn check_folder(connector: &dyn Connector, operation: &Operation) -> Result<(), Error> {
    let Operation::Move { folder } = operation else {
        return Ok(());
    };
    let known = connector
        .folders()
        .await?
        .folders
        .iter()
        .any(|known| known.name == *folder);
    if known {
        return Ok(());
    }
    Err(Invalid::new(
        "operation.folder",
        "There is no folder of this name in the account.",
    )
    .into())
}

/// A job in its first state, with nothing frozen.
pub(crate) fn blank(
    id: JobId,
    owner: UserId,
    account: bulkhead_shared::ids::AccountId,
    operation: Operation,
    settings: Settings,
    now: Timestamp,
) -> JobRecord {
    JobRecord {
        id,
        owner,
        account,
        operation,
        selection: SelectionSummary::Parent {},
        settings,
        state: State::Planning,
        why: None,
        total: 0,
        generation: 0,
        planning_until: None,
        manifest_hash: None,
        mark: None,
        undo_preview: None,
        parent: None,
        relation: None,
        children: Vec::new(),
        reversible: true,
        created_at: now,
        confirmed_at: None,
        started_at: None,
        paused_at: None,
        ended_at: None,
        counts: None,
        chunks_done: 0,
        reasons: Vec::new(),
    }
}

async fn freeze_ids(
    ports: &Ports,
    connector: &dyn Connector,
    mut job: JobRecord,
    ids: &[ItemId],
    used: Option<KeyUse>,
) -> Result<JobId, Error> {
    let now = ports.clock.now();
    // The mark is taken before the states: a change in between then shows as drift, not as nothing.
    job.mark = connector.mark().await?;
    let mut freezer = Freezer::new(&job, now);
    for call in ids.chunks(connector.abilities().call_items.max(1) as usize) {
        for (id, state) in call.iter().zip(connector.states(call).await?) {
            let state = state.ok_or_else(|| {
                let place = ids.iter().position(|other| other == id).unwrap_or_default();
                Invalid::new(
                    format!("selection.ids[{place}]"),
                    "There is no such mail (any more); refresh the list.",
                )
            })?;
            freezer.add(id.clone(), state.version, None);
        }
        freezer.store(ports).await?;
    }
    let frozen = freezer.finish(ports).await?;
    job.total = frozen.total;
    job.manifest_hash = Some(frozen.hash);
    job.apply(Event::Frozen, now)?;
    let id = insert(ports, job, used).await?;
    Ok(id)
}

async fn plan_later(
    ports: &Ports,
    job: JobRecord,
    except: &[ItemId],
    used: Option<KeyUse>,
) -> Result<JobId, Error> {
    let now = ports.clock.now();
    let batch = *limits::BATCH_SIZE.end() as usize;
    let rows = (0u32..)
        .zip(except.chunks(batch))
        .map(|(part, ids)| packed_row(names::except(&job.id, part), &ids, now));
    ports.table.put_many(rows.collect()).await?;
    insert_and_plan(ports, job, used).await
}

/// Stores a job that is to be planned, and asks for its planning.
pub(crate) async fn insert_and_plan(
    ports: &Ports,
    job: JobRecord,
    used: Option<KeyUse>,
) -> Result<JobId, Error> {
    let id = insert(ports, job, used).await?;
    // Not sent is not lost: the sweep finds what nobody plans.
    send_one(
        ports,
        Message::Plan { job: id.clone() },
        SignedDuration::ZERO,
    )
    .await;
    Ok(id)
}

async fn insert(ports: &Ports, job: JobRecord, mut used: Option<KeyUse>) -> Result<JobId, Error> {
    let now = ports.clock.now();
    let mut writes = vec![Write::Put(job_row(&job, 1, now)?, Expect::Absent)];
    if let Some(used) = &used {
        let until = now + SignedDuration::from_hours(KEY_HOURS);
        let record = UsedKey {
            request: used.request.clone(),
            job: job.id.clone(),
            until,
        };
        // An expired key's row may still be there; it is replaced.
        let expect = used.replaces.map_or(Expect::Absent, Expect::Version);
        let version = used.replaces.unwrap_or(0) + 1;
        writes.push(Write::Put(
            text_row(used.key.clone(), version, &record, Some(until))?,
            expect,
        ));
    }
    match ports.table.write(writes).await {
        Ok(()) => {}
        // The same request came twice at once, and the other one was first.
        Err(TableError::Conflict) => {
            return known(ports, used.as_mut(), now)
                .await?
                .ok_or(Error::KeyReused);
        }
        Err(error) => return Err(error.into()),
    }
    let fact = Fact {
        event: "job_drafted",
        job: Some(&job.id),
        account: Some(&job.account),
        facts: json!({ "operation": job.operation.kind(), "relation": job.relation, "parent": job.parent }),
    };
    audit::record(ports, &job.owner, fact).await?;
    Ok(job.id)
}

/// One use of an idempotency key.
pub(crate) struct KeyUse {
    key: Key,
    request: String,
    replaces: Option<u64>,
}

impl KeyUse {
    fn new(user: &UserId, key: &str, new: &NewJob) -> Result<Self, Error> {
        let chars = key.chars().count();
        if chars == 0 || chars > limits::IDEMPOTENCY_KEY_CHARS {
            let text = format!(
                "An idempotency key has 1 to {} characters.",
                limits::IDEMPOTENCY_KEY_CHARS
            );
            return Err(Invalid::new("Idempotency-Key", text).into());
        }
        let request = sha256_hex(&serde_json::to_vec(new)?);
        Ok(Self {
            key: names::idempotency(user, &sha256_hex(key.as_bytes())),
            request,
            replaces: None,
        })
    }
}

/// The job an earlier use of this key made. Another request under the same key is refused.
async fn known(
    ports: &Ports,
    used: Option<&mut KeyUse>,
    now: Timestamp,
) -> Result<Option<JobId>, Error> {
    let Some(used) = used else { return Ok(None) };
    let stored: Option<Stored<UsedKey>> = load_text(ports.table.as_ref(), &used.key).await?;
    match stored {
        Some(stored) if stored.record.until > now => {
            if stored.record.request != used.request {
                return Err(Error::KeyReused);
            }
            Ok(Some(stored.record.job))
        }
        expired => {
            used.replaces = expired.map(|stored| stored.version);
            Ok(None)
        }
    }
}

/// Drafts a job that descends from another one. `relation` says how.
pub(crate) async fn create_child(
    ports: &Ports,
    parent: &JobRecord,
    relation: Relation,
    operation: Operation,
) -> Result<JobId, Error> {
    let now = ports.clock.now();
    let kind: OperationKind = operation.kind();
    let id = JobId::new(kind.prefix(), now, ports.random.bits());
    let job = JobRecord {
        parent: Some(parent.id.clone()),
        relation: Some(relation),
        reversible: parent.reversible,
        ..blank(
            id,
            parent.owner.clone(),
            parent.account.clone(),
            operation,
            parent.settings.clone(),
            now,
        )
    };
    let id = insert_and_plan(ports, job, None).await?;
    crate::store::update_job(ports.table.as_ref(), &parent.id, now, |parent| {
        parent.children.push(id.clone());
        Ok(true)
    })
    .await?;
    Ok(id)
}
