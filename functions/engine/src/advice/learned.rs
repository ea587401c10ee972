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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lessons;
    use bulkhead_shared::advice::Action;

    fn job() -> JobId {
        JobId::new("arc", Timestamp::UNIX_EPOCH, 1)
    }

    fn lesson(decision: Decision, job: Option<JobId>) -> LessonRecord {
        LessonRecord {
            name: "A".to_owned(),
            suggestion: Some("sug_1".to_owned()),
            job,
            ..lessons::lesson("list:a", Action::Archive, decision)
        }
    }

    #[test]
    fn a_lesson_is_what_became_of_its_job() {
        use Decision::{Accepted, LeftOut, Undone};
        let done = |is_final| Became::Done {
            is_final,
            is_ended: true,
        };
        let (kept, let_go) = (Some(job()), None);
        // What became of it; what was decided; and what is left of that as it is shown, and for good.
        for (became, decision, shown, settled) in [
            (
                None,
                Accepted,
                Some((Accepted, &kept)),
                Some((Accepted, &kept)),
            ),
            (
                Some(done(false)),
                Accepted,
                Some((Accepted, &kept)),
                Some((Accepted, &kept)),
            ),
            (
                Some(done(true)),
                Accepted,
                Some((Accepted, &kept)),
                Some((Accepted, &let_go)),
            ),
            (Some(Became::Draft), Accepted, None, Some((Accepted, &kept))),
            (Some(Became::Nothing), Accepted, None, None),
            (
                Some(Became::Undone),
                Accepted,
                Some((Undone, &kept)),
                Some((Undone, &kept)),
            ),
            (
                Some(Became::Undone),
                LeftOut,
                Some((LeftOut, &kept)),
                Some((LeftOut, &kept)),
            ),
        ] {
            let became: BTreeMap<JobId, Became> =
                became.map(|it| (job(), it)).into_iter().collect();
            for (for_good, left) in [(false, shown), (true, settled)] {
                let record = LearnedRecord {
                    lessons: vec![lesson(decision, Some(job()))],
                };
                let lessons = as_it_became(record, &became, for_good).lessons;
                let left = left.map(|(decision, job)| lesson(decision, job.clone()));
                let left: Vec<_> = left.into_iter().collect();
                assert_eq!(lessons, left, "{became:?} {decision:?} {for_good}");
            }
        }
    }

    #[test]
    fn what_is_put_right_takes_the_place_of_what_was_learned_and_is_the_last_thing_said() {
        let now = Timestamp::from_second(9).unwrap();
        let other = LessonRecord {
            action: Action::Trash,
            ..lesson(Decision::Dismissed, None)
        };
        for (decision, source) in [
            (Some(Decision::Keep), "list:a"),
            (None, "list:a"),
            (Some(Decision::Dismissed), "list:b"),
        ] {
            let mut record = LearnedRecord {
                lessons: vec![lesson(Decision::Accepted, Some(job())), other.clone()],
            };
            let wanted = Correction {
                source: source.to_owned(),
                action: Action::Archive,
                decision,
            };
            apply(&mut record, &wanted, now);
            let is_known = source == "list:a";
            let before = match is_known {
                true => vec![other.clone()],
                false => vec![lesson(Decision::Accepted, Some(job())), other.clone()],
            };
            let said = decision.map(|decision| LessonRecord {
                source: source.to_owned(),
                name: if is_known { "A" } else { "" }.to_owned(),
                class: if is_known { "newsletter" } else { "other" }.to_owned(),
                suggestion: None,
                at: now,
                ..lesson(decision, None)
            });
            let expected: Vec<_> = before.into_iter().chain(said).collect();
            assert_eq!(record.lessons, expected);
        }
    }

    #[test]
    fn what_became_of_the_latest_sixty_jobs_is_looked_up_once_each() {
        use crate::testing::mailbox::MemoryMailbox;
        use crate::testing::stage::Stage;
        futures::executor::block_on(async {
            let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
            for (jobs, found) in [(59, 59), (60, 60), (61, 60)] {
                let job = |number| JobId::new("arc", Timestamp::UNIX_EPOCH, number);
                let of_job = |number| lesson(Decision::Accepted, Some(job(number)));
                let lessons = (1..=jobs).flat_map(|number| [of_job(number), of_job(number)]);
                let record = LearnedRecord {
                    lessons: lessons.collect(),
                };
                let became = became(&stage.ports, &record).await.unwrap();
                assert_eq!(became.len(), found, "of {jobs}");
                assert_eq!(became.get(&job(jobs)), Some(&Became::Nothing));
                assert_eq!(became.contains_key(&job(1)), jobs <= 60);
            }
        });
    }

    #[test]
    fn what_decisions_make_of_how_sure_it_is_is_told_in_percent() {
        let none = Count::default();
        for (count, told) in [
            (none, 0),
            (
                Count {
                    accepted: 1,
                    ..none
                },
                4,
            ),
            (
                Count {
                    dismissed: 1,
                    ..none
                },
                -11,
            ),
            (
                Count {
                    undone: 100,
                    ..none
                },
                -33,
            ),
            (
                Count {
                    accepted: 100,
                    ..none
                },
                15,
            ),
        ] {
            assert_eq!(shift(count), told, "{count:?}");
        }
    }
}
