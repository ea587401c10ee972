//! What confirming a draft would do: count, sample, risk, what can be taken back, cost and time.

use bulkhead_shared::abilities::{Abilities, Allowance, Reversibility};
use bulkhead_shared::api::{
    Cost, Drift, Gate, ListsToAsk, Preview, Range, Relation, Risk, RiskLevel, SelectionSummary,
    TargetFolder, TouchedFolder, UndoPromise,
};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::Task;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy, summary};
use bulkhead_shared::unsubscribe::MailingList;
use jiff::SignedDuration;

use crate::access::{self, account_of};
use crate::accounts;
use crate::error::Error;
use crate::jobs::control::CHECKED_INSIDE;
use crate::jobs::drift;
use crate::jobs::summary;
use crate::models;
use crate::plan::load_manifest;
use crate::ports::Ports;
use crate::records::{Entry, JobRecord, UnreadableWhy};
use crate::stores::{self, ItemStore};

/// Items shown.
const SAMPLE: usize = 8;
/// Lists shown.
const LISTS: usize = 100;
/// Above this many even a change that can be undone exactly asks for the count to be typed. Taking
/// one back does not: it is the way out.
const VERY_MANY: u64 = 10_000;

/// The preview of a draft.
pub async fn preview(ports: &Ports, user: &UserId, id: &JobId) -> Result<Preview, Error> {
    let job = access::job(ports, user, id).await?.into_inner().record;
    let hash = job
        .manifest_hash
        .clone()
        .ok_or(Error::NotPossible("The selection is still being frozen."))?;
    let account = account_of(ports.table.as_ref(), &job.owner, &job.account).await?;
    let store = accounts::items(ports, &account, job.kind).await?;
    let abilities = store.abilities();
    let allowance = store.allowance().await?;
    let reversibility = promise(ports, &job, abilities);
    let (folders, target) = whereabouts(store.as_ref(), &job).await?;
    let risk = risk(&job, reversibility.kind, &folders, target.as_ref());
    let drift = if job.state == State::Draft {
        drifted(ports, store.as_ref(), &job).await?
    } else {
        None
    };
    let reading = seconds(&job, abilities, allowance);
    let (model, asking) = match models::of_preview(ports, &job).await? {
        Some((model, asking)) => (Some(model), asking),
        None => (None, reading),
    };
    Ok(Preview {
        job: job.id.clone(),
        total: job.total,
        sample: sample(ports, store.as_ref(), &job).await?,
        folders,
        elsewhere: job.elsewhere,
        target,
        unsearched: job.unsearched.clone(),
        gate: if risk.level == RiskLevel::High {
            Gate::TypeCount
        } else {
            Gate::Confirm
        },
        risk,
        reversibility,
        cost: Cost {
            calls: calls(&job, abilities),
            allowance,
        },
        seconds: Range {
            least: reading.least.max(asking.least),
            most: reading.most.max(asking.most),
        },
        manifest_hash: hash,
        drift,
        summary: summary::of(store.as_ref(), &job).await?,
        kept_out: job.guard.as_ref().map(|guard| guard.kept_out),
        undo: job.undo_preview,
        groups: job.groups,
        lists: lists(ports, &job).await?,
        model,
    })
}

/// The lists that are asked, where it is about lists.
async fn lists(ports: &Ports, job: &JobRecord) -> Result<Option<ListsToAsk>, Error> {
    if !job.takes_lists() {
        return Ok(None);
    }
    let mut lists = ListsToAsk::default();
    for chunk in 0..job.chunks() {
        let items = load_manifest(ports, job, chunk).await?.items.into_iter();
        let read = items.filter_map(|entry| MailingList::of_bytes(&entry.input?));
        for list in read {
            lists.asked += u64::from(list.way.obstacle().is_none());
            if lists.first.len() < LISTS {
                lists.first.push(list);
            }
        }
    }
    Ok(Some(lists))
}

/// What drifted in a draft. Of a large one that is looked at when it is confirmed; until then this is what
/// was found the last time.
async fn drifted(
    ports: &Ports,
    store: &dyn ItemStore,
    job: &JobRecord,
) -> Result<Option<Drift>, Error> {
    if job.total > CHECKED_INSIDE {
        return Ok(job.drifted.clone());
    }
    drift::find(ports, store, job).await
}

async fn sample(ports: &Ports, store: &dyn ItemStore, job: &JobRecord) -> Result<Vec<Card>, Error> {
    if job.total == 0 {
        return Ok(Vec::new());
    }
    let full = u64::from(job.full_chunk());
    let mut sample: Vec<Entry> = Vec::with_capacity(SAMPLE);
    let mut open: Option<(u64, Vec<Entry>)> = None;
    for place in sample_places(job) {
        let chunk = place / full;
        let items = match open.take().filter(|(known, _)| *known == chunk) {
            Some((_, items)) => items,
            None => {
                let chunk = u32::try_from(chunk).unwrap_or(u32::MAX);
                load_manifest(ports, job, chunk).await?.items
            }
        };
        let inside = usize::try_from(place % full).unwrap_or(usize::MAX);
        sample.extend(items.get(inside).cloned());
        open = Some((chunk, items));
    }
    let items: Vec<(&ItemId, Option<&[u8]>)> = sample
        .iter()
        .map(|entry| (&entry.id, entry.input.as_deref()))
        .collect();
    let cards = stores::cards(store, &job.operation, &items).await?;
    Ok(cards.into_iter().flatten().collect())
}

/// The places in the manifest that a sample is taken from: the same number of each of the first
/// folders, so that what is in the second one is not hidden behind the first.
fn sample_places(job: &JobRecord) -> Vec<u64> {
    let known: u64 = job.folders.iter().map(|folder| folder.items).sum();
    // Only what a search found stands folder by folder.
    let is_by_folder = matches!(job.selection, SelectionSummary::Query { .. })
        && known + job.elsewhere == job.total;
    let mut runs = Vec::new();
    if is_by_folder {
        let mut begin = 0;
        for folder in job.folders.iter().take(SAMPLE) {
            runs.push(begin..begin + folder.items);
            begin += folder.items;
        }
    } else {
        runs.push(0..job.total);
    }
    let mut places = Vec::with_capacity(SAMPLE);
    while places.len() < SAMPLE && !runs.is_empty() {
        let room = SAMPLE - places.len();
        places.extend(runs.iter_mut().filter_map(Iterator::next).take(room));
        runs.retain(|run| !run.is_empty());
    }
    places.sort_unstable();
    places
}

/// The folders a job takes mails from and the one it brings them to, and which of them others see.
async fn whereabouts(
    store: &dyn ItemStore,
    job: &JobRecord,
) -> Result<(Vec<TouchedFolder>, Option<TargetFolder>), Error> {
    let mut target = match job.operation.target() {
        Some(target) => store.destination(&target).await?,
        None => None,
    };
    let mut folders = job.folders.clone();
    let names = folders.iter().map(|folder| &folder.name);
    let names = names.chain(target.iter().map(|target| &target.name));
    let names: Vec<String> = names.cloned().collect();
    let seen = store.seen_by_others(&names).await?;
    for folder in &mut folders {
        folder.seen_by_others = seen.contains(&folder.name);
    }
    if let Some(target) = &mut target {
        target.seen_by_others |= seen.contains(&target.name);
    }
    Ok((folders, target))
}

fn promise(ports: &Ports, job: &JobRecord, abilities: &Abilities) -> UndoPromise {
    let days = i64::from(job.settings.undo_days);
    let until = || Some(ports.clock.now() + SignedDuration::from_hours(24 * days));
    match abilities.of(job.operation.name()) {
        Some(ability) => UndoPromise {
            kind: ability.undo,
            note: ability.note.clone(),
            until: matches!(
                ability.undo,
                Reversibility::Exact | Reversibility::BestEffort
            )
            .then(until)
            .flatten(),
        },
        None => UndoPromise {
            kind: Reversibility::Final,
            note: String::new(),
            until: None,
        },
    }
}

fn risk(
    job: &JobRecord,
    undo: Reversibility,
    folders: &[TouchedFolder],
    target: Option<&TargetFolder>,
) -> Risk {
    let mut found: Vec<(RiskLevel, String)> = Vec::new();
    let mut raise = |to: RiskLevel, reason: &str| found.push((to, reason.to_owned()));
    match undo {
        // It says itself what cannot be called back.
        Reversibility::Final if job.operation.about().task == Task::Deliver => {}
        Reversibility::Final => raise(RiskLevel::High, "This cannot be undone."),
        Reversibility::BestEffort => raise(RiskLevel::Medium, "Undo is not exact on this server."),
        Reversibility::Exact | Reversibility::NothingToUndo => {}
    }
    let very_many = job.total > VERY_MANY && job.relation != Some(Relation::Undo);
    match job.operation.risk(job.total) {
        None if undo == Reversibility::NothingToUndo => {
            raise(RiskLevel::Low, "Nothing in the account is changed.");
        }
        Some(risk) if risk.level == RiskLevel::High || !very_many => {
            for reason in &risk.reasons {
                raise(risk.level, reason);
            }
        }
        _ if very_many => {
            let items = job.kind.plural();
            raise(
                RiskLevel::High,
                &format!("Very many {items} change at once."),
            );
        }
        _ => {}
    }
    if let SelectionSummary::Query { query, .. } = &job.selection
        && query.trim().is_empty()
        && !job.takes_duplicates()
        && undo != Reversibility::NothingToUndo
    {
        let everything = job.kind.everything();
        raise(
            RiskLevel::High,
            &format!("The search is empty, so this is {everything}."),
        );
    }
    if undo != Reversibility::NothingToUndo {
        for folder in folders.iter().filter(|folder| folder.seen_by_others) {
            raise(RiskLevel::High, &seen_by_others(&folder.name));
        }
    }
    if let Some(target) = target.filter(|target| target.seen_by_others) {
        raise(RiskLevel::Medium, &seen_by_others(&target.name));
    }
    // Mails that nobody has looked at are told beside it: they are no part of the job, and no danger to anything.
    let beyond = job.unsearched.iter();
    let beyond = beyond.filter(|one| one.why != UnsearchedWhy::NotLookedAt);
    let beyond: Vec<Unsearched> = beyond.cloned().collect();
    if !beyond.is_empty() {
        raise(RiskLevel::Medium, &summary(&beyond));
    }
    let told = left_out(job).into_iter().chain(unanswered(job));
    for sentence in told.chain(suppressed(job)) {
        raise(RiskLevel::Medium, &sentence);
    }
    if found.is_empty() {
        found.push((RiskLevel::Low, "It can be undone exactly.".to_owned()));
    }
    Risk {
        level: found
            .iter()
            .map(|(level, _)| *level)
            .max()
            .unwrap_or(RiskLevel::Low),
        reasons: found.into_iter().map(|(_, reason)| reason).collect(),
    }
}

fn seen_by_others(folder: &str) -> String {
    format!("Other people see the folder “{folder}” too: this changes it for them as well.")
}

/// What an undo or a retry says about items of the parent whose records cannot be read.
fn left_out(job: &JobRecord) -> Vec<String> {
    let UnreadableWhy { newer, missing } = job.unreadable_why;
    let damaged = job.unreadable.saturating_sub(newer + missing);
    let causes = [
        (damaged, "our records of what was done are damaged"),
        (missing, "our records of what was done are missing"),
        (
            newer,
            "a later version of Bulkhead recorded what was done, and this one cannot read it",
        ),
    ];
    let told = causes.into_iter().filter(|(items, _)| *items > 0);
    told.map(|(items, cause)| {
        let are = if items == 1 { "is" } else { "are" };
        let more = format!("{items} more {} {are}", job.kind.word(items));
        format!("{more} left out and will stay as is: {cause}.")
    })
    .collect()
}

/// What is said of rows whose addresses get no mail.
fn suppressed(job: &JobRecord) -> Option<String> {
    let (rows, whose) = match job.suppressed {
        0 => return None,
        1 => ("1 row is".to_owned(), "its address is"),
        rows => (format!("{rows} rows are"), "their addresses are"),
    };
    Some(format!(
        "{rows} left out: {whose} on your list of those who get no mail."
    ))
}

/// What an undo says about items whose answer never came.
fn unanswered(job: &JobRecord) -> Vec<String> {
    let seen = job.undo_preview.unwrap_or_default();
    let said = |items: u64, one: &str, more: &str| {
        let of = job.kind.counted(items);
        let what = if items == 1 { one } else { more };
        (items > 0).then(|| format!("The answer about {of} never came: {what}."))
    };
    let back = said(
        seen.unanswered,
        "it looks as the job would have left it, and is taken back too",
        "they look as the job would have left them, and are taken back too",
    );
    let left = said(
        seen.unclear,
        "it does not look as the job would have left it, and stays as it is",
        "they do not look as the job would have left them, and stay as they are",
    );
    back.into_iter().chain(left).collect()
}

fn calls(job: &JobRecord, abilities: &Abilities) -> u64 {
    let per_batch = job
        .settings
        .batch_size
        .div_ceil(abilities.call_items.max(1));
    job.batches() * u64::from(per_batch) * u64::from(abilities.calls_per_batch)
}

/// The range of time: what the store declares for a batch, scaled to this job's batches, plus
/// pauses and the provider's allowance.
fn seconds(job: &JobRecord, abilities: &Abilities, allowance: Option<Allowance>) -> Range {
    let settings = &job.settings;
    let lanes = settings.parallel_chunks.min(job.chunks()).max(1);
    let rounds = job.batches().div_ceil(u64::from(lanes));
    let share = f64::from(settings.batch_size) / f64::from(abilities.call_items.max(1));
    let pauses = rounds.saturating_sub(1) as f64 * settings.delay_between_batches;
    let allowed = allowance.map_or(0.0, |allowance| {
        let windows = job
            .total
            .div_ceil(u64::from(allowance.items.max(1)))
            .saturating_sub(1);
        windows as f64 * f64::from(allowance.seconds)
    });
    let estimate = |millis: u64| {
        let work = rounds as f64 * (millis as f64 / 1_000.0) * share.max(0.1);
        (work + pauses).max(allowed).ceil() as u64
    };
    Range {
        least: estimate(abilities.batch_millis.0),
        most: estimate(abilities.batch_millis.1).max(1),
    }
}
