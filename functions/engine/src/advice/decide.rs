//! A person decides about a suggestion.

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{AcceptSuggestion, DismissSuggestion, NewJob, SuggestionState};
use bulkhead_shared::class::Class;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, JobId, UserId};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::selection::Selection;

use super::bundle::query;
use super::learned::became;
use super::rows;
use super::show::left;
use crate::access::Owned;
use crate::error::Error;
use crate::jobs::became::Became;
use crate::jobs::draft;
use crate::ports::Ports;
use crate::records::{AccountRecord, LearnedRecord, LessonRecord, SourceRecord, SuggestionRecord};

const GONE: &str = "This suggestion is no longer there; look at the new ones.";

/// Drafts the job that a suggestion is about, unless `open_most` jobs of this person are open already. Asked again
/// while that draft is open, it is the same one.
pub async fn accept(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &AcceptSuggestion,
    open_most: u32,
) -> Result<JobId, Error> {
    let id = &account.get().id;
    let suggestion = find(ports, id, &wanted.suggestion).await?;
    let learned = rows::learned(ports.table.as_ref(), id).await?;
    let became = became(ports, &learned).await?;
    let before = job_of(&learned, &suggestion.id);
    match before.and_then(|job| became.get(job)) {
        Some(Became::Draft) => {
            if let Some(job) = before {
                return Ok(job.clone());
            }
        }
        Some(Became::Done { .. }) => {
            return Err(Error::NotPossible("This suggestion was accepted already."));
        }
        Some(Became::Undone | Became::Nothing) | None => {}
    }
    let action = action(&suggestion, wanted.instead)?;
    let there = left(&suggestion, &learned, SuggestionState::Open);
    let (out, taken): (Vec<_>, Vec<_>) = there
        .into_iter()
        .partition(|it| wanted.without.contains(&it.source));
    let class = Class::named(&suggestion.class).unwrap_or(Class::Other);
    let named = taken.iter().map(|source| source.source.as_str());
    let query = query(suggestion.action, class.name(), suggestion.scope, named);
    let query =
        query.ok_or_else(|| Invalid::new("without", "Nothing is left of the suggestion."))?;
    let operation = action
        .operation(class)
        .ok_or(Error::NotPossible("There is nothing to do about this one."))?;
    // The same draft however often this is asked, as long as nothing came of the one before.
    let before = before.map_or("", |job| job.as_str());
    let key =
        sha256_hex(format!("{id} {} {} {query} {before}", suggestion.id, action.name()).as_bytes());
    let selection = Selection::Query {
        query,
        except: Vec::new(),
    };
    let new = NewJob::with_care(id.clone(), operation, selection);
    let job = draft::create(ports, user, Some(&format!("advice-{key}")), new, open_most).await?;
    let lesson = |decision, job: Option<&JobId>| {
        let (suggestion, now) = (&suggestion, ports.clock.now());
        let job = job.cloned();
        move |source: &SourceRecord| LessonRecord {
            source: source.source.clone(),
            name: source.name.clone(),
            action,
            class: suggestion.class.clone(),
            decision,
            suggestion: Some(suggestion.id.clone()),
            job: job.clone(),
            at: now,
        }
    };
    let accepted = taken.iter().map(lesson(Decision::Accepted, Some(&job)));
    let left_out = out.iter().map(lesson(Decision::LeftOut, Some(&job)));
    note(ports, id, accepted.chain(left_out).collect()).await?;
    Ok(job)
}

/// What is done: as suggested, or what hides mails in another way.
fn action(suggestion: &SuggestionRecord, instead: Option<Action>) -> Result<Action, Error> {
    match instead {
        None => Ok(suggestion.action),
        Some(other) if other.hides() && suggestion.action.hides() => Ok(other),
        Some(_) => {
            let text = "Only archive and trash can stand in for each other.";
            Err(Invalid::new("instead", text).into())
        }
    }
}

/// Notes that a person does not want what is suggested, for all of its sources or some of them.
pub async fn dismiss(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    wanted: &DismissSuggestion,
) -> Result<(), Error> {
    let id = &account.get().id;
    let suggestion = find(ports, id, &wanted.suggestion).await?;
    let is_meant =
        |source: &&SourceRecord| wanted.only.is_empty() || wanted.only.contains(&source.source);
    let decision = match wanted.keep {
        true => Decision::Keep,
        false => Decision::Dismissed,
    };
    let lessons: Vec<LessonRecord> = suggestion
        .sources
        .iter()
        .filter(is_meant)
        .map(|source| LessonRecord {
            source: source.source.clone(),
            name: source.name.clone(),
            action: suggestion.action,
            class: suggestion.class.clone(),
            decision,
            suggestion: Some(suggestion.id.clone()),
            job: None,
            at: ports.clock.now(),
        })
        .collect();
    if lessons.is_empty() {
        let text = "None of these is part of the suggestion.";
        return Err(Invalid::new("only", text).into());
    }
    note(ports, id, lessons).await
}

async fn find(ports: &Ports, account: &AccountId, id: &str) -> Result<SuggestionRecord, Error> {
    let record = rows::suggestions(ports.table.as_ref(), account).await?;
    let found = record.suggestions.into_iter().find(|it| it.id == id);
    found.ok_or(Error::NotPossible(GONE))
}

/// The last job that this suggestion drafted.
fn job_of<'a>(learned: &'a LearnedRecord, suggestion: &str) -> Option<&'a JobId> {
    let lessons = learned.lessons.iter().rev();
    let of_it = lessons.filter(|lesson| lesson.suggestion.as_deref() == Some(suggestion));
    of_it.filter_map(|lesson| lesson.job.as_ref()).next()
}

/// Notes what was decided of single mails. What a person said of a whole source stays: it says more.
pub(crate) async fn note_beside(
    ports: &Ports,
    account: &AccountId,
    lessons: Vec<LessonRecord>,
) -> Result<(), Error> {
    let learned = rows::learned(ports.table.as_ref(), account).await?;
    let is_said = |new: &LessonRecord| {
        let mut known = learned.lessons.iter();
        known.any(|it| it.source == new.source && it.action == new.action && it.decision.refuses())
    };
    let new: Vec<LessonRecord> = lessons.into_iter().filter(|it| !is_said(it)).collect();
    note(ports, account, new).await
}

/// Notes lessons in place of earlier ones about the same.
async fn note(ports: &Ports, account: &AccountId, lessons: Vec<LessonRecord>) -> Result<(), Error> {
    rows::change_learned(ports, account, |record| {
        record.lessons.retain(|known| {
            let is_same =
                |new: &LessonRecord| new.source == known.source && new.action == known.action;
            !lessons.iter().any(is_same)
        });
        record.lessons.extend(lessons.iter().cloned());
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lessons::lesson;
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    use futures::executor::block_on;

    #[test]
    fn what_was_said_of_a_whole_source_stays_whatever_is_decided_of_single_mails() {
        use Action::{Archive, Trash};
        block_on(async {
            let stage = Stage::new(MemoryMailbox::new(1)).await.unwrap();
            let said = vec![
                lesson("a", Archive, Decision::Dismissed),
                lesson("b", Archive, Decision::Accepted),
                lesson("c", Trash, Decision::Keep),
            ];
            note(&stage.ports, &stage.account, said).await.unwrap();
            let beside = vec![
                // Refused for this source and action.
                lesson("a", Archive, Decision::Accepted),
                lesson("c", Trash, Decision::Accepted),
                // Of another action, of no refusal, and of another source.
                lesson("a", Trash, Decision::Accepted),
                lesson("b", Archive, Decision::LeftOut),
                lesson("d", Archive, Decision::Accepted),
            ];
            note_beside(&stage.ports, &stage.account, beside)
                .await
                .unwrap();
            let learned = rows::learned(stage.ports.table.as_ref(), &stage.account).await;
            assert_eq!(
                learned.unwrap().lessons,
                [
                    lesson("a", Archive, Decision::Dismissed),
                    lesson("c", Trash, Decision::Keep),
                    lesson("a", Trash, Decision::Accepted),
                    lesson("b", Archive, Decision::LeftOut),
                    lesson("d", Archive, Decision::Accepted),
                ]
            );
        });
    }
}
