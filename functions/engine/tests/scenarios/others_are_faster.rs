//! A row that somebody else writes at the same time: it is looked at anew a few times, and what fails for another
//! reason is told at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bulkhead_engine::advice;
use bulkhead_engine::error::Error;
use bulkhead_engine::models;
use bulkhead_engine::ports::{Ports, TableError};
use bulkhead_engine::records::names;
use bulkhead_engine::review;
use bulkhead_engine::rules;
use bulkhead_engine::templates;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::Moment;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{
    DecideReview, DismissSuggestion, DraftRule, KeepTemplate, LookFor, ReviewFilter, ReviewPick,
    ReviewVerdict, SaveRules, SavedRule, Template,
};
use bulkhead_shared::operations::{Archive, Certainty, Process, Then};
use bulkhead_shared::rules::{RuleWords, When};
use futures::executor::block_on;

use super::model_elsewhere::choice;
use super::ruling::{looked, owned, switched_on, told, words};
use super::{options, stage};

/// How often it is looked at anew.
const TRIES: u32 = 5;

/// What a table says that is asked too much.
pub(super) fn busy() -> TableError {
    TableError::Unavailable("told to fail".into())
}

/// Ports to whose table so many writes of rows with such a name fail like this, and how many were tried.
pub(super) fn failing(
    stage: &Stage,
    row: &str,
    times: u32,
    failure: fn() -> TableError,
) -> (Ports, Arc<AtomicU32>) {
    let tried = Arc::new(AtomicU32::new(0));
    let (counter, row) = (tried.clone(), row.to_owned());
    let by = intercept::by(move |moment, call| match (moment, call) {
        (Moment::BeforeEffect, Call::Write(_))
            if call.writes().iter().any(|sort| sort.starts_with(&row)) =>
        {
            match counter.fetch_add(1, Ordering::SeqCst) < times {
                true => Err(Failure::Table(failure())),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    });
    let mut ports = stage.ports.clone();
    ports.table = intercept::table(ports.table, &by);
    (ports, tried)
}

/// Something is done while somebody else is faster at a row, more and more often, and while that row cannot be written
/// at all. `is_beaten` says what is told to who was beaten once too often.
async fn is_tried_again<T>(
    stage: impl AsyncFn() -> Stage,
    row: impl Fn(&Stage) -> String,
    does: impl AsyncFn(&Stage, &Ports) -> Result<T, Error>,
    is_beaten: fn(&Error) -> bool,
) {
    for times in [0, 1, TRIES, TRIES + 1] {
        let stage = stage().await;
        let (ports, tried) = failing(&stage, &row(&stage), times, || TableError::Conflict);
        let done = does(&stage, &ports).await;
        match done {
            Ok(_) => assert!(times <= TRIES, "{times}"),
            Err(error) => assert!(times > TRIES && is_beaten(&error), "{times}: {error:?}"),
        }
        let tried = tried.load(Ordering::SeqCst);
        assert_eq!(tried, times.min(TRIES) + 1, "beaten {times} times");
    }
    let stage = stage().await;
    let (ports, tried) = failing(&stage, &row(&stage), 1, busy);
    let done = does(&stage, &ports).await;
    assert!(done.is_err_and(|error| error.is_passing()));
    assert_eq!(tried.load(Ordering::SeqCst), 1, "not at once");
}

/// A mailbox with one suggestion.
async fn advised() -> Stage {
    let stage = stage(60).await;
    let account = owned(&stage).await;
    advice::start(&stage.ports, &stage.user, &account)
        .await
        .unwrap();
    stage.run().await.unwrap();
    stage
}

#[test]
fn what_is_learned() {
    let dismiss = async |stage: &Stage, ports: &Ports| {
        let account = owned(stage).await;
        let told = advice::suggestions(&stage.ports, &account).await.unwrap();
        let wanted = DismissSuggestion {
            suggestion: told.suggestions[0].id.clone(),
            only: Vec::new(),
            keep: false,
        };
        advice::dismiss(ports, &account, &wanted).await
    };
    let row = |stage: &Stage| names::learned(&stage.account).sort;
    block_on(is_tried_again(advised, row, dismiss, Error::is_conflict));
}

/// A rule that is switched on and was run.
async fn ran() -> Stage {
    let stage = stage(9).await;
    let id = switched_on(&stage, words(Archive {})).await;
    looked(&stage, &id, LookFor::Run).await;
    stage
}

#[test]
fn what_a_rule_drafted() {
    let draft = async |stage: &Stage, ports: &Ports| {
        let wanted = DraftRule {
            rule: told(stage).await.rules[0].id.clone(),
        };
        rules::draft(ports, &stage.user, &owned(stage).await, &wanted, 10).await
    };
    let row = |stage: &Stage| names::rules(&stage.account).sort;
    block_on(is_tried_again(ran, row, draft, Error::is_conflict));
}

#[test]
fn what_rules_say() {
    let save = async |stage: &Stage, ports: &Ports| {
        let told = told(stage).await;
        let mut rules = told.rules.into_iter().map(|rule| SavedRule {
            id: Some(rule.id),
            state: rule.state,
            rule: rule.rule,
        });
        let mut renamed = rules.next().unwrap();
        renamed.rule.name = "Renamed".to_owned();
        let wanted = SaveRules {
            version: told.version,
            rules: vec![renamed],
        };
        rules::save(ports, &stage.user, &owned(stage).await, &wanted).await
    };
    let row = |stage: &Stage| names::rules(&stage.account).sort;
    let is_told = |error: &Error| matches!(error, Error::NotPossible(text) if text.contains("changed meanwhile"));
    block_on(is_tried_again(ran, row, save, is_told));
}

/// A queue with one mail after the other.
async fn waiting() -> Stage {
    let stage = stage(9).await;
    let process = Process::new(Certainty::Percent90, Then::Wait).into();
    let id = stage.draft(process, Stage::inbox(), options()).await;
    let id = id.unwrap();
    stage.confirm(&id).await.unwrap();
    stage.run().await.unwrap();
    stage
}

async fn decide(stage: &Stage, ports: &Ports, verdict: ReviewVerdict) -> Result<u64, Error> {
    let account = owned(stage).await;
    let all = ReviewFilter::default();
    let shown = review::Shown::Waiting;
    let review = review::review(&stage.ports, &account, shown, &all, None, 1).await;
    let ids = vec![review.unwrap().mails[0].id.clone()];
    let wanted = DecideReview {
        mails: ReviewPick::Ids { ids },
        verdict,
        draft_only: false,
    };
    let decided = review::decide(ports, &stage.user, &account, &wanted, 10).await;
    decided.map(|decided| decided.mails)
}

#[test]
fn what_somebody_decides_of_a_mail() {
    let dismiss =
        async |stage: &Stage, ports: &Ports| decide(stage, ports, ReviewVerdict::Dismiss {}).await;
    let row = |_: &Stage| names::WAITING_FROM.to_owned();
    block_on(is_tried_again(waiting, row, dismiss, Error::is_conflict));
}

#[test]
fn what_somebody_says_a_mail_is() {
    let correct = async |stage: &Stage, ports: &Ports| {
        let class = "receipt".to_owned();
        decide(stage, ports, ReviewVerdict::Class { class }).await
    };
    let row = |stage: &Stage| names::classes(&stage.account).sort;
    block_on(is_tried_again(waiting, row, correct, Error::is_conflict));
}

#[test]
fn a_template_and_a_model_are_looked_at_by_a_person_again() {
    block_on(async {
        let failures: [fn() -> TableError; 2] = [|| TableError::Conflict, busy];
        for failure in failures {
            let stage = stage(1).await;
            let account = owned(&stage).await;
            let row = names::template(&stage.account, "Bills").sort;
            let (ports, tried) = failing(&stage, &row, 1, failure);
            let wanted = KeepTemplate {
                name: "Bills".to_owned(),
                template: Template {
                    text: "Hello".to_owned(),
                    ..Template::default()
                },
            };
            let kept = templates::keep(&ports, &account, &wanted).await;
            let row = names::model(&stage.user).sort;
            let (ports, other) = failing(&stage, &row, 1, failure);
            let chosen = models::choose(&ports, &stage.user, &choice()).await;
            for error in [kept.map(|_| ()), chosen.map(|_| ())] {
                let error = error.unwrap_err();
                let is_told = match failure() {
                    TableError::Conflict => matches!(error, Error::NotPossible(_)),
                    _ => error.is_passing(),
                };
                assert!(is_told, "{error:?}");
            }
            let tried = (tried.load(Ordering::SeqCst), other.load(Ordering::SeqCst));
            assert_eq!(tried, (1, 1));
        }
    });
}

#[test]
fn who_opens_the_mailbox_leaves_a_turn_to_who_was_faster() {
    block_on(async {
        let stage = stage(9).await;
        let new_mail = RuleWords {
            when: When::NewMail {},
            ..words(Archive {})
        };
        switched_on(&stage, new_mail).await;
        stage.clock.advance(std::time::Duration::from_secs(20));
        let row = names::RULE_TURNS;
        let (ports, tried) = failing(&stage, row, 1, || TableError::Conflict);
        rules::opened(&ports, &stage.account).await.unwrap();
        assert_eq!(tried.load(Ordering::SeqCst), 1);
        assert_eq!(stage.queue.pending(), 0);
        let (ports, _) = failing(&stage, row, 1, busy);
        let opened = rules::opened(&ports, &stage.account).await;
        assert!(opened.is_err_and(|error| error.is_passing()));
    });
}
