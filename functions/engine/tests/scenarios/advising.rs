//! Suggestions for a whole mailbox: made in the background, decided by a person, learned from.

use std::collections::BTreeSet;

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::ports::{Clock, Message, Span, Table};
use bulkhead_engine::records::store::load_text;
use bulkhead_engine::records::{AccountRecord, LearnedRecord, names};
use bulkhead_engine::testing::mailbox::{Mail, MemoryMailbox};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::work;
use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{
    AcceptSuggestion, Correction, DismissSuggestion, Learned, ScanState, Suggestion,
    SuggestionState, Suggestions,
};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::Trash;
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::ruling::refused;
use crate::stage;

async fn owned(stage: &Stage) -> access::Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

async fn ask(stage: &Stage) {
    let account = owned(stage).await;
    advice::start(&stage.ports, &stage.user, &account)
        .await
        .unwrap();
}

async fn told(stage: &Stage) -> Suggestions {
    let account = owned(stage).await;
    advice::suggestions(&stage.ports, &account).await.unwrap()
}

async fn learned(stage: &Stage) -> Learned {
    let account = owned(stage).await;
    advice::learned(&stage.ports, &account).await.unwrap()
}

async fn accept(
    stage: &Stage,
    suggestion: &Suggestion,
    without: &[&str],
) -> Result<bulkhead_shared::ids::JobId, Error> {
    let account = owned(stage).await;
    let wanted = AcceptSuggestion {
        suggestion: suggestion.id.clone(),
        without: without.iter().map(|it| (*it).to_owned()).collect(),
        instead: None,
    };
    advice::accept(&stage.ports, &stage.user, &account, &wanted, 10).await
}

async fn dismiss(stage: &Stage, suggestion: &Suggestion, only: &[&str], keep: bool) {
    let account = owned(stage).await;
    let wanted = DismissSuggestion {
        suggestion: suggestion.id.clone(),
        only: only.iter().map(|it| (*it).to_owned()).collect(),
        keep,
    };
    advice::dismiss(&stage.ports, &account, &wanted)
        .await
        .unwrap();
}

/// A mailbox of three sources for which one thing is suggested.
async fn advised() -> (Stage, Suggestion) {
    let stage = stage(60).await;
    ask(&stage).await;
    stage.run().await.unwrap();
    let mut told = told(&stage).await;
    assert_eq!(told.suggestions.len(), 1, "{told:?}");
    (stage, told.suggestions.remove(0))
}

fn sources(suggestion: &Suggestion) -> Vec<&str> {
    let mut sources: Vec<&str> = suggestion
        .sources
        .iter()
        .map(|it| it.source.as_str())
        .collect();
    sources.sort_unstable();
    sources
}

#[test]
fn nobody_asked_nothing_is_suggested() {
    block_on(async {
        let stage = stage(9).await;
        assert_eq!(told(&stage).await, Suggestions::default());
        assert_eq!(learned(&stage).await, Learned::default());
    });
}

#[test]
fn a_mailbox_is_looked_through_and_nothing_is_touched() {
    block_on(async {
        let stage = stage(60).await;
        let before = stage.mailbox.places();
        ask(&stage).await;
        let advice = told(&stage).await.advice.unwrap();
        assert_eq!((advice.state, advice.sources), (ScanState::Running, None));
        stage.run().await.unwrap();
        let told = told(&stage).await;
        let advice = told.advice.unwrap();
        assert_eq!((advice.state, advice.weighed), (ScanState::Done, 3));
        let suggestion = &told.suggestions[0];
        assert_eq!(suggestion.action, Action::Archive);
        assert_eq!(suggestion.class, "newsletter");
        assert_eq!(
            sources(suggestion),
            [
                "from:1@example.org",
                "from:2@example.org",
                "list:list.example.org"
            ]
        );
        assert!(suggestion.percent >= suggestion.action.bar());
        assert!(suggestion.reasons.contains(&"You read 0 of 60.".to_owned()));
        // Of each of the three the newest seven, which is a page; this mailbox does not say how many there are.
        let looked = "Of 21 that were looked at, 21 are of the class “Newsletter”.";
        assert!(
            suggestion.reasons.contains(&looked.to_owned()),
            "{suggestion:?}"
        );
        // Each of its searches finds all 40 that have no star, of a thousand bytes each.
        assert_eq!((suggestion.mails, suggestion.bytes), (120, 120_000));
        let of_list = suggestion
            .sources
            .iter()
            .find(|it| it.source.starts_with("list"));
        assert_eq!(of_list.unwrap().why, "list mail, you read 0 of 20");
        assert!(!suggestion.sample.is_empty());
        assert_eq!(stage.mailbox.places(), before);
        // Whoever asks again is told the same.
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(self::told(&stage).await.suggestions[0].id, suggestion.id);
    });
}

#[test]
fn an_accepted_suggestion_is_an_ordinary_job_and_is_learned_from() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let job = accept(&stage, &suggestion, &[]).await.unwrap();
        assert_eq!(accept(&stage, &suggestion, &[]).await.unwrap(), job);
        stage.run().await.unwrap();
        assert_eq!(stage.job(&job).await.unwrap().state, State::Draft);
        let shown = told(&stage).await.suggestions.remove(0);
        assert_eq!(
            (shown.state, shown.job),
            (SuggestionState::Drafted, Some(job.clone()))
        );
        assert_eq!(
            learned(&stage).await,
            Learned::default(),
            "a draft is no lesson"
        );

        stage.confirm(&job).await.unwrap();
        stage.run().await.unwrap();
        let counts = stage.job(&job).await.unwrap().counts;
        assert_eq!(counts.succeeded, 40, "the starred ones stay");
        assert_eq!(
            told(&stage).await.suggestions[0].state,
            SuggestionState::Accepted
        );
        assert!(matches!(
            accept(&stage, &suggestion, &[]).await,
            Err(Error::NotPossible(_))
        ));
        let after = learned(&stage).await;
        assert_eq!(after.lessons.len(), 3);
        assert_eq!(
            (after.leanings[0].accepted, after.leanings[0].shift > 0),
            (1, true)
        );

        stage.undo(&job).await.unwrap();
        assert_eq!(
            told(&stage).await.suggestions[0].state,
            SuggestionState::Undone
        );
        let after = learned(&stage).await;
        assert!(
            after
                .lessons
                .iter()
                .all(|it| it.decision == Decision::Undone)
        );
        assert_eq!(
            (after.leanings[0].undone, after.leanings[0].shift < 0),
            (1, true)
        );
        // What was taken back is not suggested again.
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.suggestions, []);
    });
}

#[test]
fn a_draft_that_came_to_nothing_is_no_lesson_and_can_be_had_again() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let job = accept(&stage, &suggestion, &[]).await.unwrap();
        stage.run().await.unwrap();
        bulkhead_engine::jobs::control::discard(&stage.ports, &stage.user, &job)
            .await
            .unwrap();
        let shown = told(&stage).await.suggestions.remove(0);
        assert_eq!((shown.state, shown.job), (SuggestionState::Open, None));
        assert_eq!(learned(&stage).await, Learned::default());
        let again = accept(&stage, &suggestion, &[]).await.unwrap();
        assert_ne!(again, job);
    });
}

#[test]
fn what_is_left_out_stays_and_all_of_it_is_nothing() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let all = sources(&suggestion);
        let nothing = accept(&stage, &suggestion, &all).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))));
        let job = accept(&stage, &suggestion, &all[..1]).await.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&job).await.unwrap();
        stage.run().await.unwrap();
        let shown = told(&stage).await.suggestions.remove(0);
        assert_eq!(sources(&shown), all[1..]);
        let learned = learned(&stage).await;
        let of = |decision| {
            learned
                .lessons
                .iter()
                .filter(|it| it.decision == decision)
                .count()
        };
        assert_eq!((of(Decision::Accepted), of(Decision::LeftOut)), (2, 1));
    });
}

#[test]
fn what_is_dismissed_is_not_suggested_again_until_that_is_forgotten() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let all = sources(&suggestion);
        dismiss(&stage, &suggestion, &all[..1], false).await;
        dismiss(&stage, &suggestion, &all[1..2], true).await;
        assert_eq!(sources(&told(&stage).await.suggestions[0]), all[2..]);
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(sources(&told(&stage).await.suggestions[0]), all[2..]);

        // One is put right, and then all of it forgotten.
        let account = owned(&stage).await;
        let correction = Correction {
            source: all[0].to_owned(),
            action: Action::Archive,
            decision: None,
        };
        advice::correct(&stage.ports, &account, &correction)
            .await
            .unwrap();
        let lessons = learned(&stage).await.lessons;
        assert_eq!(lessons.len(), 1);
        assert_eq!(lessons[0].decision, Decision::Keep);
        advice::forget(&stage.ports, &account).await.unwrap();
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(sources(&told(&stage).await.suggestions[0]), all);
    });
}

#[test]
fn who_was_ever_answered_is_never_hidden() {
    block_on(async {
        let stage = stage(60).await;
        stage.mailbox.act(1, |place| {
            place.flags.insert("\\Answered".to_owned());
        });
        ask(&stage).await;
        stage.run().await.unwrap();
        let suggestions = told(&stage).await.suggestions;
        for suggestion in &suggestions {
            let has = sources(suggestion).contains(&"from:1@example.org");
            assert_eq!(has, suggestion.action == Action::Keep, "{suggestion:?}");
        }
        // What there is to do comes first.
        let actions: Vec<Action> = suggestions.iter().map(|it| it.action).collect();
        assert_eq!(actions, [Action::Archive, Action::Keep]);
    });
}

/// Enough for one page of headers and one source, and never for all of them.
async fn a_little(stage: &Stage) {
    if let Some(delivery) = stage.queue.receive() {
        let deadline = stage.clock.now() + SignedDuration::from_secs(1);
        work::handle(&stage.ports, &delivery.message, deadline)
            .await
            .unwrap();
        stage.queue.ack(delivery.receipt);
    }
    stage.clock.advance(std::time::Duration::from_secs(2));
}

#[test]
fn who_asks_anew_is_told_nothing_of_the_mailbox_as_it_was_before() {
    block_on(async {
        let stage = stage(60).await;
        ask(&stage).await;
        while told(&stage).await.advice.unwrap().weighed == 0 {
            a_little(&stage).await;
        }
        // Nobody goes on with it, and meanwhile ten of the forty without a star are put away.
        stage.queue.clear();
        stage.clock.advance(std::time::Duration::from_secs(61));
        for mail in (1..=15).filter(|mail| mail % 3 != 0) {
            let away = |place: &mut Place| place.folder = "Archive".to_owned();
            stage.mailbox.act(mail, away);
        }
        ask(&stage).await;
        stage.run().await.unwrap();
        let suggestion = told(&stage).await.suggestions.remove(0);
        let mails: Vec<u64> = suggestion.sources.iter().map(|it| it.mails).collect();
        assert_eq!(mails, [30, 30, 30]);
    });
}

#[test]
fn work_that_would_go_beyond_its_time_goes_on_where_it_was() {
    block_on(async {
        let stage = stage(60).await;
        ask(&stage).await;
        let (mut rounds, mut weighed) = (0, BTreeSet::new());
        loop {
            let advice = told(&stage).await.advice.unwrap();
            if advice.state != ScanState::Running {
                break;
            }
            weighed.insert(advice.weighed);
            a_little(&stage).await;
            rounds += 1;
            assert!(rounds < 500, "it comes to no end");
        }
        assert!(weighed.len() > 2, "one after the other: {weighed:?}");
        let told = told(&stage).await;
        assert_eq!(told.advice.unwrap().state, ScanState::Done);
        assert_eq!(told.suggestions.len(), 1);
    });
}

#[test]
fn one_that_is_away_is_told_and_asked_again_it_goes() {
    block_on(async {
        let stage = stage(60).await;
        stage.mailbox.trouble(|trouble| trouble.unreachable = true);
        ask(&stage).await;
        stage.run().await.unwrap();
        let advice = told(&stage).await.advice.unwrap();
        assert_eq!(advice.state, ScanState::Failed);
        assert!(!advice.problem.unwrap().is_empty());
        stage.mailbox.trouble(|trouble| trouble.unreachable = false);
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await.advice.unwrap().state, ScanState::Done);
    });
}

#[test]
fn a_message_that_comes_too_often_ends_it() {
    block_on(async {
        let stage = stage(3).await;
        ask(&stage).await;
        let message = Message::Advise {
            owner: stage.user.clone(),
            account: stage.account.clone(),
        };
        assert!(work::dead_letter(&stage.ports, &message).await.unwrap());
        assert_eq!(told(&stage).await.advice.unwrap().state, ScanState::Failed);
        assert!(!work::dead_letter(&stage.ports, &message).await.unwrap());
    });
}

#[test]
fn all_of_it_is_erased_with_the_account() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(60)).await.unwrap();
        ask(&stage).await;
        stage.run().await.unwrap();
        let suggestion = told(&stage).await.suggestions.remove(0);
        dismiss(&stage, &suggestion, &[], false).await;
        ask(&stage).await;
        let rows = async || {
            let span = Span {
                partition: names::advice_partition(&stage.account),
                from: "A".to_owned(),
                to: "~".to_owned(),
                reverse: false,
                limit: None,
            };
            stage.table.range(&span).await.unwrap().len()
        };
        assert!(rows().await >= 3);
        let account = owned(&stage).await;
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        assert_eq!(rows().await, 0);
        stage.run().await.unwrap();
        assert_eq!(
            rows().await,
            0,
            "a message that was under way brings nothing back"
        );
    });
}

#[test]
fn what_hides_can_hide_in_another_way_and_nothing_else_stands_in_for_it() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let account = owned(&stage).await;
        let accept = async |instead| {
            let wanted = AcceptSuggestion {
                suggestion: suggestion.id.clone(),
                without: Vec::new(),
                instead: Some(instead),
            };
            advice::accept(&stage.ports, &stage.user, &account, &wanted, 10).await
        };
        for other in [Action::Label, Action::Unsubscribe, Action::Keep] {
            assert_eq!(refused(accept(other).await.unwrap_err()), "instead");
        }
        let job = accept(Action::Trash).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&job).await.unwrap().operation, Trash {}.into());
        stage.confirm(&job).await.unwrap();
        stage.run().await.unwrap();
        let lessons = learned(&stage).await.lessons;
        let told = lessons.iter().map(|it| (it.action, it.decision));
        assert!(told.eq([(Action::Trash, Decision::Accepted); 3]));
    });
}

#[test]
fn what_makes_no_sense_is_refused_and_teaches_nothing() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let account = owned(&stage).await;
        let dismiss = async |suggestion: &str, only: &[&str]| {
            let wanted = DismissSuggestion {
                suggestion: suggestion.to_owned(),
                only: only.iter().map(|it| (*it).to_owned()).collect(),
                keep: false,
            };
            advice::dismiss(&stage.ports, &account, &wanted).await
        };
        let gone = dismiss("sug_gone", &[]).await;
        assert!(matches!(gone, Err(Error::NotPossible(_))), "{gone:?}");
        let none = dismiss(&suggestion.id, &["from:nobody@example.org"]).await;
        assert_eq!(refused(none.unwrap_err()), "only");
        let long = |bytes: usize| format!("from:{}", "a".repeat(bytes - "from:".len()));
        for (source, decision, field) in [
            ("from:a@x.example", Some(Decision::Accepted), "decision"),
            ("from:a@x.example", Some(Decision::LeftOut), "decision"),
            ("from:a@x.example", Some(Decision::Undone), "decision"),
            (" ", Some(Decision::Keep), "source"),
            ("from:", Some(Decision::Keep), "source"),
            (&long(161), Some(Decision::Keep), "source"),
            (&long(161), None, "source"),
        ] {
            let correction = Correction {
                source: source.to_owned(),
                action: Action::Archive,
                decision,
            };
            let corrected = advice::correct(&stage.ports, &account, &correction).await;
            let why = refused(corrected.unwrap_err());
            assert_eq!(why, field, "{source} {decision:?}");
        }
        assert_eq!(learned(&stage).await, Learned::default());
        let correction = Correction {
            source: long(160),
            action: Action::Archive,
            decision: Some(Decision::Keep),
        };
        advice::correct(&stage.ports, &account, &correction)
            .await
            .unwrap();
        assert_eq!(learned(&stage).await.lessons.len(), 1);
    });
}

#[test]
fn three_mails_of_somebody_who_is_answered_are_enough_to_stay() {
    block_on(async {
        for (mails, keeps) in [(6, 0), (9, 1)] {
            let stage = stage(mails).await;
            stage.mailbox.act(1, |place| {
                place.flags.insert("\\Answered".to_owned());
            });
            ask(&stage).await;
            stage.run().await.unwrap();
            let told = told(&stage).await.suggestions;
            let kept = told.iter().filter(|it| it.action == Action::Keep);
            let kept: Vec<&str> = kept.flat_map(sources).collect();
            assert_eq!(kept, vec!["from:1@example.org"; keeps], "of {mails}");
        }
    });
}

#[test]
fn what_became_of_a_job_is_written_into_what_was_learned() {
    block_on(async {
        let (stage, suggestion) = advised().await;
        let job = accept(&stage, &suggestion, &[]).await.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&job).await.unwrap();
        stage.run().await.unwrap();
        let stored = async || {
            let key = names::learned(&stage.account);
            let stored = load_text::<LearnedRecord>(stage.table.as_ref(), &key).await;
            let lessons = stored.unwrap().unwrap().record.lessons;
            let decisions = lessons.into_iter().map(|it| it.decision);
            decisions.collect::<Vec<_>>()
        };
        stage.undo(&job).await.unwrap();
        assert_eq!(stored().await, [Decision::Accepted; 3]);
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(stored().await, [Decision::Undone; 3]);
    });
}

/// Ten days ago so many mails came; those of the second sender were put away since.
async fn put_away(mails: u64) -> Stage {
    let noon = Stage::new(MemoryMailbox::new(0)).await.unwrap().clock.now();
    let mails = (1..=mails).map(|identity| Mail {
        identity,
        uid: identity,
        place: Place {
            folder: match identity % 3 {
                1 => "Archive",
                _ => "INBOX",
            }
            .to_owned(),
            flags: BTreeSet::new(),
        },
        version: identity,
        touched: 0,
        tag: None,
        received: Some(noon - SignedDuration::from_hours(240)),
    });
    let stage = Stage::new(MemoryMailbox::of(mails)).await.unwrap();
    ask(&stage).await;
    stage.run().await.unwrap();
    stage
}

#[test]
fn what_is_done_by_hand_is_told_until_something_is_decided_about_it() {
    block_on(async {
        let told = async |stage: &Stage| {
            let habits = learned(stage).await.habits.into_iter();
            let told = habits.map(|it| (it.source, it.put_away, it.recent));
            told.collect::<Vec<_>>()
        };
        // Nine are no habit.
        assert_eq!(told(&put_away(27).await).await, []);
        let stage = put_away(30).await;
        let habit = ("from:1@example.org".to_owned(), 10, 10);
        assert_eq!(told(&stage).await, [habit]);
        let account = owned(&stage).await;
        let correction = Correction {
            source: "from:1@example.org".to_owned(),
            action: Action::Archive,
            decision: Some(Decision::Keep),
        };
        advice::correct(&stage.ports, &account, &correction)
            .await
            .unwrap();
        assert_eq!(told(&stage).await, []);
        // Whom somebody answers they do not put away for good.
        let stage = put_away(30).await;
        stage.mailbox.act(1, |place| {
            place.flags.insert("\\Answered".to_owned());
        });
        ask(&stage).await;
        stage.run().await.unwrap();
        assert_eq!(told(&stage).await, []);
    });
}

/// Whoever reads them is gone for good. It is looked for each second.
#[test]
fn headers_of_which_nothing_is_heard_are_given_up_after_a_quarter_of_an_hour() {
    block_on(async {
        let stage = stage(9).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let account = account.unwrap();
        let begun = stage.clock.now();
        advice::start(&stage.ports, &stage.user, &account)
            .await
            .unwrap();
        let mut looked = 0;
        while let Some(at) = stage.queue.next_at() {
            stage.clock.set(at.max(stage.clock.now()));
            let message = stage.queue.take().unwrap();
            if matches!(message, Message::Advise { .. }) {
                looked += 1;
                let deadline = stage.clock.now() + SignedDuration::from_secs(30);
                work::handle(&stage.ports, &message, deadline)
                    .await
                    .unwrap();
            }
        }
        let took = stage.clock.now().duration_since(begun);
        assert_eq!((looked, took), (901, SignedDuration::from_mins(15)));
        let told = advice::suggestions(&stage.ports, &account).await.unwrap();
        let advice = told.advice.unwrap();
        assert_eq!(advice.state, ScanState::Failed);
        let problem = "The headers could not be read.";
        assert_eq!(advice.problem.as_deref(), Some(problem));
    });
}
