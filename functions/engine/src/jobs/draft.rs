//! Drafting a job: what was asked for is checked and frozen, and nothing is touched.
//!
//! Picked ids are frozen while the caller waits; a query is frozen in the background by
//! [`crate::plan`], with progress of its own.

use bulkhead_shared::abilities::{Abilities, Reversibility};
use bulkhead_shared::advice::Decision;
use bulkhead_shared::api::{ConfirmBy, NewJob, OfRule, SelectionSummary};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::job::State as JobState;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Certainty, DraftReply, Gathering, Operation, Process};
use bulkhead_shared::options::Protected;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::selection::Selection;
use jiff::SignedDuration;

use crate::access;
use crate::accounts;
use crate::dispatch::send_one;
use crate::error::Error;
use crate::jobs::at_once;
use crate::kinds::State;
use crate::letters;
use crate::limits::idempotency::{KeyUse, known};
use crate::limits::open_jobs;
use crate::models;
use crate::outbox;
use crate::plan::{EXCEPT_ITEMS, Freezer, chunk_items, freeze_rows, gather, note, noted};
use crate::ports::{Expect, Facts, Message, Ports, Write};
use crate::records::store::{PackedRows, job_row, load_text, packed_rows};
use crate::records::{
    DialRecord, Entry, Found, Guard, Happened, JobDraft, JobRecord, LearnedRecord, Seen, names,
};

use crate::stores::{self, ItemStore};
use crate::templates;

/// Picked mails up to which their senders, sizes and times are read for the preview: a page of them, about as long as
/// reading their states.
const TOLD_MOST: usize = 1_000;
/// Senders and labels that are always kept, looked for in one draft: a search names each of them.
const KEPT_MOST: usize = 200;

/// Drafts a job, unless `open_most` jobs of this person are open already. The same key with the same
/// request gives the same job again.
pub async fn create(
    ports: &Ports,
    user: &UserId,
    key: Option<&str>,
    new: NewJob,
    open_most: u32,
) -> Result<JobId, Error> {
    create_of(ports, user, key, new, None, open_most).await
}

/// The same for a run of a rule.
pub(crate) async fn create_of(
    ports: &Ports,
    user: &UserId,
    key: Option<&str>,
    new: NewJob,
    rule: Option<OfRule>,
    open_most: u32,
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
    // Before anything that takes long; asked again when the job is stored.
    open_jobs::room(ports, user, open_most).await?;
    let kind = new.operation.about().kind;
    let kind = kind.ok_or_else(|| Invalid::new("operation.type", "Is made from a job only."))?;
    let open = accounts::open(ports, &account).await?;
    accounts::refresh(ports, &account, &open).await?;
    let store = stores::of(open, kind)?;
    check_target(store.as_ref(), &new.operation).await?;
    if let Some(why) = store.objection(&new.operation).await? {
        return Err(Invalid::new("operation", why).into());
    }
    let mut new = new;
    new.operation = as_set(ports, new.operation, &new.account).await?;
    let prefix = new.operation.about().prefix;
    let id = JobId::new(prefix, now, ports.random.bits());
    let mut draft = begin(user, store.abilities(), &new, kind, id)?;
    draft.rule = rule;
    if new.options.protected == Some(Protected::KeepOut) {
        draft.guard = Some(guard(ports, &new.account).await?);
    }
    draft.model = models::of_draft(ports, user, &new.account, kind, &new.operation).await?;
    let (mut job, mut happened) = JobRecord::new(draft, now);
    match &new.selection {
        Selection::Ids { ids } => {
            let frozen = freeze_ids(ports, store.as_ref(), &mut job, ids).await?;
            happened = happened.then(frozen);
        }
        Selection::Query { except, .. } => store_except(ports, &job, except).await?,
        Selection::Rows { .. } => {
            let frozen = freeze_rows(ports, store.as_ref(), &mut job, new.inputs()?).await?;
            happened = happened.then(frozen);
        }
    }
    match insert(ports, &job, &happened, used, open_most).await? {
        Inserted::Known(id) => return Ok(id),
        Inserted::New => {}
    }
    match (job.state, new.confirm) {
        (JobState::Planning, _) => ask_for_plan(ports, &job).await,
        (JobState::Draft, Some(ConfirmBy::IfReversible)) => {
            at_once::confirm(ports, user, &job).await?;
        }
        _ => {}
    }
    Ok(job.id.clone())
}

/// An operation that goes by what its owner has set, with what that is: what is confirmed names it.
async fn as_set(
    ports: &Ports,
    operation: Operation,
    account: &AccountId,
) -> Result<Operation, Error> {
    Ok(match operation {
        Operation::Process(process) => process_as_set(ports, process, account).await?.into(),
        Operation::DraftReply(reply) => reply_as_kept(ports, reply, account).await?.into(),
        operation => operation,
    })
}

async fn process_as_set(
    ports: &Ports,
    mut process: Process,
    account: &AccountId,
) -> Result<Process, Error> {
    if process.certainty == Certainty::AsSet {
        let dial = load_text::<DialRecord>(ports.table.as_ref(), &names::dial(account)).await?;
        process.certainty = dial.map_or(Certainty::Percent90, |dial| dial.record.certainty);
    }
    if let Some(name) = process.reply_template.take() {
        let at = "operation.reply_template";
        process.reply = Some(templates::reply_text(ports, account, &name, at).await?);
    }
    if let Some(text) = &process.reply {
        letters::check_reply("operation.reply", text)?;
    }
    Ok(process)
}

async fn reply_as_kept(
    ports: &Ports,
    mut reply: DraftReply,
    account: &AccountId,
) -> Result<DraftReply, Error> {
    if let Some(name) = reply.template.take() {
        let at = "operation.template";
        reply.text = Some(templates::reply_text(ports, account, &name, at).await?);
    }
    if let Some(text) = &reply.text {
        letters::check_reply("operation.text", text)?;
    }
    Ok(reply)
}

fn begin(
    user: &UserId,
    abilities: &Abilities,
    new: &NewJob,
    kind: Kind,
    id: JobId,
) -> Result<JobDraft, Error> {
    let ability = abilities
        .of(new.operation.name())
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
        Selection::Rows { rows } => SelectionSummary::Rows {
            count: rows.len() as u64,
        },
    };
    Ok(JobDraft {
        id,
        owner: user.clone(),
        account: new.account.clone(),
        kind,
        operation: new.operation.clone(),
        selection,
        settings: new
            .options
            .settle(abilities, kind, new.operation.about().task),
        chunk_items: chunk_items(abilities),
        reversible,
        guard: None,
        rule: None,
        model: None,
        descends: None,
    })
}

/// What keeps protected mails out: besides starred and answered ones those of senders, and with labels, that a person
/// said are always to be kept.
async fn guard(ports: &Ports, account: &AccountId) -> Result<Guard, Error> {
    let learned =
        load_text::<LearnedRecord>(ports.table.as_ref(), &names::learned(account)).await?;
    let lessons = learned.map_or_else(Vec::new, |stored| stored.record.lessons);
    let kept = lessons
        .into_iter()
        .filter(|lesson| lesson.decision == Decision::Keep && lesson.action.hides());
    let mut keeps: Vec<String> = Vec::new();
    // The latest ones first: of more than are looked for the oldest are not.
    for lesson in kept.rev() {
        if keeps.len() < KEPT_MOST && !keeps.contains(&lesson.source) {
            keeps.push(lesson.source);
        }
    }
    Ok(Guard {
        keeps,
        ..Guard::default()
    })
}

/// A target that does not exist is told now, not by twelve thousand failures.
async fn check_target(store: &dyn ItemStore, operation: &Operation) -> Result<(), Error> {
    let Some(target) = operation.target() else {
        return Ok(());
    };
    match store.check(&target).await? {
        Some(invalid) => Err(invalid.into()),
        None => Ok(()),
    }
}

async fn freeze_ids(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &mut JobRecord,
    ids: &[ItemId],
) -> Result<Happened, Error> {
    let now = ports.clock.now();
    // The sync token is taken before the states: a change in between then shows as drift, not as nothing.
    job.read_from(store.sync_token().await?);
    let mut freezer = Freezer::new(job, now);
    let gathers = job.operation.gathers();
    let mut notes = Vec::new();
    for call in stores::calls(store, ids) {
        let mut found = Found::default();
        let mut told = match gathers {
            None => facts(store, ids.len(), call).await?,
            Some(_) => Vec::new(),
        };
        for (place, (id, state)) in call.iter().zip(store.states(call).await?).enumerate() {
            if state.is_absent() {
                let place = ids.iter().position(|other| other == id).unwrap_or_default();
                let noun = job.kind.noun();
                return Err(Invalid::new(
                    format!("selection.ids[{place}]"),
                    format!("There is no such {noun} (any more); refresh the list."),
                )
                .into());
            }
            match gathers {
                Some(Gathering::Duplicates) => notes.extend(noted(id, &state)),
                // Read below, and not of the state.
                Some(Gathering::Lists) | None => {}
            }
            if gathers.is_some() {
                continue;
            }
            found
                .folders
                .extend(state.state.folder().map(str::to_owned));
            if let State::Mail(mail) = &state.state {
                let told = told.get_mut(place).and_then(Option::take);
                found
                    .facts
                    .push((id.clone(), told.unwrap_or_default().with_flags(&mail.flags)));
            }
            let (id, seen) = (id.clone(), Seen::At(state.version));
            let input = None;
            freezer.add(Entry { id, seen, input }, None)?;
        }
        job.found(found);
        freezer.store(ports).await?;
    }
    if let Some(by) = gathers {
        if by == Gathering::Lists {
            notes = note(store, by, ids).await?;
        }
        for entry in gather(ports, store, job, by, notes).await? {
            freezer.add(entry, None)?;
        }
    }
    let frozen = freezer.finish(ports).await?;
    Ok(frozen.into_job(job, now)?)
}

/// What the preview tells of these besides their states, if they are of a selection that it is told of.
async fn facts(
    store: &dyn ItemStore,
    selected: usize,
    ids: &[ItemId],
) -> Result<Vec<Option<Facts>>, Error> {
    Ok(match selected <= TOLD_MOST {
        true => store.facts(ids).await?,
        false => Vec::new(),
    })
}

/// The items that a query's selection leaves out; the rest is planned later.
async fn store_except(ports: &Ports, job: &JobRecord, except: &[ItemId]) -> Result<(), Error> {
    let now = ports.clock.now();
    let rows = (0u32..)
        .zip(except.chunks(EXCEPT_ITEMS))
        .map(|(part, ids)| packed_rows(names::except(&job.id, part), &ids.to_vec(), now));
    let rows = rows.collect::<Result<Vec<PackedRows>, Error>>()?;
    let rows = rows.into_iter().flat_map(PackedRows::into_rows);
    Ok(ports.table.put_many(rows.collect()).await?)
}

/// Asks for the planning of a job. Not sent is not lost: the sweep finds what nobody plans.
pub(crate) async fn ask_for_plan(ports: &Ports, job: &JobRecord) {
    let message = Message::Plan {
        job: job.id.clone(),
    };
    send_one(ports, &job.owner, message, SignedDuration::ZERO).await;
}

/// What came of storing a job.
enum Inserted {
    /// It is stored.
    New,
    /// The same request came twice at once, and the other one was first.
    Known(JobId),
}

async fn insert(
    ports: &Ports,
    job: &JobRecord,
    happened: &Happened,
    mut used: Option<KeyUse>,
    open_most: u32,
) -> Result<Inserted, Error> {
    loop {
        let now = ports.clock.now();
        let room = open_jobs::room(ports, &job.owner, open_most).await?;
        let mut writes = vec![
            Write::Put(job_row(job, 1, now)?, Expect::Absent),
            room.write(&job.id, now)?,
        ];
        if let Some(used) = &used {
            writes.push(used.write(&job.id, now)?);
        }
        match outbox::commit(ports, job, happened, writes).await {
            Ok(()) => return Ok(Inserted::New),
            // Another job of this person was drafted meanwhile, perhaps by the same request.
            Err(error) if error.is_conflict() => {
                if let Some(job) = known(ports, used.as_mut(), now).await? {
                    return Ok(Inserted::Known(job));
                }
            }
            Err(error) => return Err(error),
        }
    }
}
