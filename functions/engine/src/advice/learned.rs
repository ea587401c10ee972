//! What was learned: by decisions, and by what became of the jobs that they drafted.

use std::collections::{BTreeMap, HashSet};

use bulkhead_shared::advice::Decision;
use bulkhead_shared::api::{Correction, HandHabit, Leaning, Learned, Lesson};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::leaning::{Count, Leanings};
use super::rows;
use super::source::{SOURCE_BYTES, sources};
use super::weigh::habit;
use crate::access::Owned;
use crate::error::Error;
use crate::jobs::became::{Became, became as of_job};
use crate::ports::Ports;
use crate::records::{AccountRecord, LearnedRecord, LessonRecord};
use crate::scan;

/// Jobs that are looked at, the latest ones: what became of older ones is settled when advice is next made.
const JOBS_MOST: usize = 60;
/// Habits that are told, those about the most mails.
const HABITS_TOLD: usize = 50;
/// Of how sure it is told what decisions make of it.
const TOLD_OF: f64 = 0.8;

/// What was learned of an account.
pub async fn learned(ports: &Ports, account: &Owned<AccountRecord>) -> Result<Learned, Error> {
    let record = rows::learned(ports.table.as_ref(), &account.get().id).await?;
    let became = became(ports, &record).await?;
    let record = as_it_became(record, &became, false);
    let leanings = Leanings::of(&record);
    let leanings = leanings.counts().map(|(action, class, count)| Leaning {
        action,
        class: class.to_owned(),
        accepted: count.accepted,
        dismissed: count.dismissed,
        undone: count.undone,
        shift: shift(count),
    });
    Ok(Learned {
        habits: habits(ports, account, &record).await?,
        leanings: leanings.collect(),
        lessons: record.lessons.into_iter().rev().map(view).collect(),
    })
}

/// What its owner does by hand with whole senders and lists, as the headers show it that were read last. Where
/// something was decided about one, that counts, and stands in its place.
async fn habits(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    record: &LearnedRecord,
) -> Result<Vec<HandHabit>, Error> {
    let folders = scan::scanned(ports, account.get())
        .await?
        .unwrap_or_default();
    let decided: HashSet<&str> = record.lessons.iter().map(|it| it.source.as_str()).collect();
    let sources = sources(&folders, &HashSet::new(), ports.clock.now());
    let habits = sources.into_iter().filter(|source| {
        let is_its = habit(source).is_some() && !source.is_protected;
        is_its && !decided.contains(source.query.as_str())
    });
    let habits = habits.take(HABITS_TOLD).map(|source| HandHabit {
        source: source.query,
        name: source.name,
        put_away: source.put_away,
        recent: source.recent,
    });
    Ok(habits.collect())
}

fn shift(count: Count) -> i8 {
    ((count.applied(TOLD_OF) - TOLD_OF) * 100.0).round() as i8
}

fn view(lesson: LessonRecord) -> Lesson {
    Lesson {
        source: lesson.source,
        name: lesson.name,
        action: lesson.action,
        class: lesson.class,
        decision: lesson.decision,
        at: lesson.at,
        job: lesson.job,
    }
}

/// Puts right what was learned of a sender or list, or forgets it.
pub async fn correct(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    wanted: &Correction,
) -> Result<(), Error> {
    match wanted.decision {
        None | Some(Decision::Keep | Decision::Dismissed) => {}
        Some(_) => {
            let text = "Has to be keep or dismissed, or left out.";
            return Err(Invalid::new("decision", text).into());
        }
    }
    let is_source = !wanted.source.trim().is_empty() && wanted.source.len() <= SOURCE_BYTES;
    if !is_source || Query::parse(&wanted.source).is_err() {
        let text = "Has to be a sender or list as it was told.";
        return Err(Invalid::new("source", text).into());
    }
    let now = ports.clock.now();
    rows::change_learned(ports, &account.get().id, |record| {
        apply(record, wanted, now);
    })
    .await
}

fn apply(record: &mut LearnedRecord, wanted: &Correction, now: Timestamp) {
    let is_it =
        |lesson: &LessonRecord| lesson.source == wanted.source && lesson.action == wanted.action;
    let known = record.lessons.iter().position(is_it);
    let known = known.map(|place| record.lessons.remove(place));
    let Some(decision) = wanted.decision else {
        return;
    };
    let lesson = LessonRecord {
        source: wanted.source.clone(),
        name: known.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
        action: wanted.action,
        class: known.map_or_else(|| Class::Other.name().to_owned(), |it| it.class),
        decision,
        suggestion: None,
        job: None,
        at: now,
    };
    record.lessons.push(lesson);
}

/// Forgets all that was learned of an account.
pub async fn forget(ports: &Ports, account: &Owned<AccountRecord>) -> Result<(), Error> {
    rows::forget_learned(ports, &account.get().id).await
}

/// What was learned, with what became of jobs written into it for good.
pub(super) async fn settle(ports: &Ports, account: &AccountId) -> Result<LearnedRecord, Error> {
    let record = rows::learned(ports.table.as_ref(), account).await?;
    let became = became(ports, &record).await?;
    let settled = as_it_became(record.clone(), &became, true);
    if settled != record {
        rows::change_learned(ports, account, |record| {
            *record = as_it_became(std::mem::take(record), &became, true);
        })
        .await?;
    }
    Ok(settled)
}

/// What became of the jobs of these lessons.
pub(super) async fn became(
    ports: &Ports,
    record: &LearnedRecord,
) -> Result<BTreeMap<JobId, Became>, Error> {
    let mut found = BTreeMap::new();
    for lesson in record.lessons.iter().rev() {
        let Some(id) = &lesson.job else { continue };
        if found.len() < JOBS_MOST && !found.contains_key(id) {
            found.insert(id.clone(), of_job(ports, id).await?);
        }
    }
    Ok(found)
}

/// The lessons as they are by what became of their jobs. For good means that what cannot change any more forgets its
/// job, and what came to nothing is dropped; drafts are no lesson yet, and stay only then.
fn as_it_became(
    mut record: LearnedRecord,
    became: &BTreeMap<JobId, Became>,
    for_good: bool,
) -> LearnedRecord {
    record.lessons.retain_mut(|lesson| {
        let became = lesson.job.as_ref().and_then(|job| became.get(job));
        match became {
            None
            | Some(Became::Done {
                is_final: false, ..
            }) => true,
            Some(Became::Draft) => for_good,
            Some(Became::Nothing) => false,
            Some(Became::Done { is_final: true, .. }) => {
                lesson.job = lesson.job.take().filter(|_| !for_good);
                true
            }
            Some(Became::Undone) => {
                if lesson.decision == Decision::Accepted {
                    lesson.decision = Decision::Undone;
                }
                true
            }
        }
    });
    record
}
