//! Suggestions as their owner sees them: with what became of each, and without those that were dismissed.

use std::collections::BTreeMap;

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{SuggestedSource, Suggestion, SuggestionState, Suggestions};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::JobId;

use super::bundle::query;
use super::learned::became;
use super::rows;
use super::start::view;
use crate::access::Owned;
use crate::background;
use crate::error::Error;
use crate::jobs::became::Became;
use crate::ports::Ports;
use crate::records::{
    AccountRecord, AdviceRecord, LearnedRecord, LessonRecord, Scope, SourceRecord, SuggestionRecord,
};
use crate::unsubscribe::{self, AskedLists};

/// Mails of a sample.
const SAMPLE: usize = 5;

/// What is suggested for an account, and how far the making of it is.
pub async fn suggestions(
    ports: &Ports,
    account: &Owned<AccountRecord>,
) -> Result<Suggestions, Error> {
    let (table, id) = (ports.table.as_ref(), &account.get().id);
    let advice = background::load::<AdviceRecord>(table, id).await?;
    let record = rows::suggestions(table, id).await?;
    let learned = rows::learned(table, id).await?;
    let became = became(ports, &learned).await?;
    let asked = unsubscribe::asked(table, id).await?;
    let shown = record.suggestions.into_iter();
    let mut suggestions: Vec<Suggestion> = shown
        .filter_map(|suggestion| show(suggestion, &learned, &became, &asked))
        .collect();
    // What is to be done before what is not.
    suggestions.sort_by_key(|it| (it.action == Action::Keep, std::cmp::Reverse(it.mails)));
    Ok(Suggestions {
        advice: advice.map(|stored| view(&stored.record)),
        suggestions,
    })
}

/// A suggestion with what became of it; none if nothing of it is left.
fn show(
    record: SuggestionRecord,
    learned: &LearnedRecord,
    became: &BTreeMap<JobId, Became>,
    asked: &AskedLists,
) -> Option<Suggestion> {
    let (state, job) = state(&record, learned, became);
    let sources = left(&record, learned, state);
    let named = sources.iter().map(|source| source.source.as_str());
    let query = query(record.action, &record.class, record.scope, named)?;
    let mails: u64 = sources.iter().map(|source| source.mails).sum();
    let weighted = sources.iter().map(|it| u64::from(it.percent) * it.mails);
    let class = Class::named(&record.class).unwrap_or(Class::Other);
    Some(Suggestion {
        id: record.id,
        action: record.action,
        operation: record.action.operation(class),
        query,
        percent: u8::try_from(weighted.sum::<u64>() / mails.max(1)).unwrap_or(0),
        mails,
        bytes: sources.iter().map(|source| source.bytes).sum(),
        reasons: reasons(record.action, record.scope, class, &sources),
        sample: sources
            .iter()
            .filter_map(|it| it.sample.clone())
            .take(SAMPLE)
            .collect(),
        sources: sources
            .into_iter()
            .map(|record| source(record, asked))
            .collect(),
        class: record.class,
        state,
        job,
    })
}

fn state(
    record: &SuggestionRecord,
    learned: &LearnedRecord,
    became: &BTreeMap<JobId, Became>,
) -> (SuggestionState, Option<JobId>) {
    let lessons = learned.lessons.iter().rev();
    let of_it = lessons.filter(|lesson| lesson.suggestion.as_ref() == Some(&record.id));
    let job = of_it.filter_map(|lesson| lesson.job.as_ref()).next();
    let state = match job.and_then(|job| became.get(job)) {
        Some(Became::Draft) => SuggestionState::Drafted,
        Some(Became::Done { .. }) => SuggestionState::Accepted,
        Some(Became::Undone) => SuggestionState::Undone,
        Some(Became::Nothing) | None => return (SuggestionState::Open, None),
    };
    (state, job.cloned())
}

/// The sources that it is still about.
pub(super) fn left(
    record: &SuggestionRecord,
    learned: &LearnedRecord,
    state: SuggestionState,
) -> Vec<SourceRecord> {
    let refuses = |lesson: &LessonRecord, source: &SourceRecord| {
        let is_it = lesson.source == source.source;
        match lesson.decision {
            Decision::Keep => is_it,
            Decision::Dismissed => is_it && lesson.action == record.action,
            // Left out of what was drafted, which may come to nothing.
            Decision::LeftOut => {
                is_it
                    && state != SuggestionState::Open
                    && lesson.suggestion.as_ref() == Some(&record.id)
            }
            Decision::Accepted | Decision::Undone => false,
        }
    };
    let sources = record.sources.iter();
    sources
        .filter(|source| !learned.lessons.iter().any(|lesson| refuses(lesson, source)))
        .cloned()
        .collect()
}

fn source(record: SourceRecord, asked: &AskedLists) -> SuggestedSource {
    SuggestedSource {
        unsubscribed: asked.of(&record.key, record.latest),
        source: record.source,
        name: record.name,
        mails: record.mails,
        bytes: record.bytes,
        percent: record.percent,
        why: record.why,
    }
}

/// Why, a sentence each.
fn reasons(action: Action, scope: Scope, class: Class, sources: &[SourceRecord]) -> Vec<String> {
    let lists = sources.iter().filter(|source| source.is_list).count();
    let sum = |part: fn(&SourceRecord) -> u64| sources.iter().map(part).sum::<u64>();
    let (read, all) = (sum(|it| it.read.0), sum(|it| it.read.1));
    let (of_class, looked) = (sum(|it| it.looked.0.into()), sum(|it| it.looked.1.into()));
    let mut reasons = Vec::new();
    if action == Action::Keep {
        reasons.push("You answer them, or read nearly all that they write.".to_owned());
        return reasons;
    }
    match lists {
        0 => {}
        lists if lists == sources.len() => reasons.push("All of it is list mail.".to_owned()),
        lists => reasons.push(format!("List mail from {lists} of {}.", sources.len())),
    }
    reasons.push(format!("You read {} of {}.", grouped(read), grouped(all)));
    let label = class.label();
    reasons.push(format!(
        "Of {looked} that were looked at, {of_class} are of the class “{label}”."
    ));
    reasons.extend(only(scope).map(str::to_owned));
    if action == Action::Unsubscribe {
        reasons.push("Each list is asked once. The mails that are there stay.".to_owned());
    }
    if action.hides() {
        reasons.push("Mails with a star stay, and so does everybody you ever answered.".to_owned());
    }
    reasons
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (more, rest) => format!("{},{rest:03}", grouped(more)),
    }
}

/// Which of the mails it is about, where that is not all of them.
fn only(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::All => None,
        Scope::Older => Some("Only what has been there for a month."),
        Scope::Forgotten => Some("Only what came more than a year ago and was never opened."),
        Scope::NotForgotten => {
            Some("Only what has been there for a month, and not what nobody opened in a year.")
        }
        Scope::Unlabelled => Some("Wherever the mails are."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lessons::lesson;

    #[test]
    fn thousands_are_told_apart() {
        let told = [0, 999, 1_000, 12_034, 1_000_007].map(grouped);
        assert_eq!(told, ["0", "999", "1,000", "12,034", "1,000,007"]);
    }

    /// A source with so many mails, of which it is so sure.
    fn source(name: &str, mails: u64, percent: u8) -> SourceRecord {
        SourceRecord {
            source: format!("list:{name}"),
            name: name.to_owned(),
            mails,
            bytes: 10 * mails,
            percent,
            why: "list mail".to_owned(),
            read: (mails / 10, mails),
            is_list: true,
            looked: (9, 10),
            key: name.to_owned(),
            latest: None,
            sample: Some(format!("INBOX.{mails}").parse().unwrap()),
        }
    }

    fn suggestion(sources: Vec<SourceRecord>) -> SuggestionRecord {
        SuggestionRecord {
            id: "sug_1".to_owned(),
            action: Action::Archive,
            class: "newsletter".to_owned(),
            scope: Scope::All,
            sources,
        }
    }

    #[test]
    fn a_suggestion_is_as_sure_as_its_mails_are_on_average() {
        let sources = vec![source("a", 300, 90), source("b", 100, 70)];
        let (learned, asked) = (LearnedRecord::default(), AskedLists::default());
        let shown = show(suggestion(sources), &learned, &BTreeMap::new(), &asked).unwrap();
        assert_eq!((shown.percent, shown.mails, shown.bytes), (85, 400, 4_000));
        assert_eq!(shown.query, "in:inbox is:unstarred (list:a OR list:b)");
        assert_eq!((shown.state, shown.job), (SuggestionState::Open, None));
        assert_eq!(
            shown.operation,
            Action::Archive.operation(Class::Newsletter)
        );
        let reasons = [
            "All of it is list mail.",
            "You read 40 of 400.",
            "Of 20 that were looked at, 18 are of the class “Newsletter”.",
            "Mails with a star stay, and so does everybody you ever answered.",
        ];
        assert_eq!(shown.reasons, reasons);
        let many = (1..=7).map(|n| source(&n.to_string(), n, 80));
        let shown = show(
            suggestion(many.collect()),
            &learned,
            &BTreeMap::new(),
            &asked,
        );
        assert_eq!(shown.unwrap().sample.len(), 5);
    }

    #[test]
    fn why_is_told_for_each_action_and_scope() {
        let lists = [source("a", 1, 80), source("b", 1, 80)];
        let mut people = lists.clone();
        people.iter_mut().for_each(|it| it.is_list = false);
        let mut both = lists.clone();
        both[1].is_list = false;
        let (all, some) = ("All of it is list mail.", "List mail from 1 of 2.");
        let star = "Mails with a star stay, and so does everybody you ever answered.";
        for (action, scope, sources, first, last) in [
            (
                Action::Archive,
                Scope::Older,
                &lists,
                Some(all),
                vec!["Only what has been there for a month.", star],
            ),
            (
                Action::Trash,
                Scope::Forgotten,
                &both,
                Some(some),
                vec![
                    "Only what came more than a year ago and was never opened.",
                    star,
                ],
            ),
            (
                Action::Archive,
                Scope::NotForgotten,
                &people,
                None,
                vec![
                    "Only what has been there for a month, and not what nobody opened in a year.",
                    star,
                ],
            ),
            (
                Action::Label,
                Scope::Unlabelled,
                &people,
                None,
                vec!["Wherever the mails are."],
            ),
            (
                Action::Unsubscribe,
                Scope::All,
                &lists,
                Some(all),
                vec!["Each list is asked once. The mails that are there stay."],
            ),
        ] {
            let told = reasons(action, scope, Class::Newsletter, sources);
            let always = [
                "You read 0 of 2.",
                "Of 20 that were looked at, 18 are of the class “Newsletter”.",
            ];
            let expected: Vec<&str> = first.into_iter().chain(always).chain(last).collect();
            assert_eq!(told, expected, "{action:?} {scope:?}");
        }
        let kept = reasons(Action::Keep, Scope::All, Class::Personal, &people);
        assert_eq!(
            kept,
            ["You answer them, or read nearly all that they write."]
        );
    }

    #[test]
    fn what_was_decided_of_a_source_takes_it_out_of_what_it_is_about() {
        use Decision::{Accepted, Dismissed, Keep, LeftOut, Undone};
        let (open, drafted) = (SuggestionState::Open, SuggestionState::Drafted);
        let (archive, trash) = (Action::Archive, Action::Trash);
        for (action, decision, of, state, stays) in [
            (archive, Dismissed, "sug_0", open, false),
            (trash, Dismissed, "sug_0", open, true),
            (archive, Keep, "sug_0", open, false),
            (trash, Keep, "sug_0", open, false),
            // Left out of this one, as long as something comes of that.
            (archive, LeftOut, "sug_1", drafted, false),
            (archive, LeftOut, "sug_1", open, true),
            (archive, LeftOut, "sug_0", drafted, true),
            (archive, Accepted, "sug_1", drafted, true),
            (archive, Undone, "sug_1", drafted, true),
        ] {
            let record = suggestion(vec![source("a", 9, 80), source("b", 9, 80)]);
            let lesson = LessonRecord {
                suggestion: Some(of.to_owned()),
                ..lesson("list:a", action, decision)
            };
            let lessons = vec![lesson];
            let left = left(&record, &LearnedRecord { lessons }, state);
            let left: Vec<&str> = left.iter().map(|it| it.name.as_str()).collect();
            let expected = if stays { vec!["a", "b"] } else { vec!["b"] };
            assert_eq!(left, expected, "{action:?} {decision:?} of {of}, {state:?}");
        }
    }
}
