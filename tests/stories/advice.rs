//! A mailbox of 20,000 mails, sorted by accepting a dozen suggestions; and one of them taken back.

use std::time::Duration;

use bulkhead_shared::advice::{Action, Decision};
use bulkhead_shared::api::{Job, Learned, ScanState, Suggestion, SuggestionState, Suggestions};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_tests::api::Api;
use bulkhead_tests::driver::Bulkhead;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

/// Suggestions that a person accepts.
const DOZEN: usize = 12;

async fn told(server: &Bulkhead, account: &AccountId) -> Suggestions {
    let path = format!("/accounts/{account}/suggestions");
    server.api.get(&path).await.success().json()
}

/// What is suggested once the mailbox was looked through.
async fn advised(server: &Bulkhead, account: &AccountId) -> Vec<Suggestion> {
    let path = format!("/accounts/{account}/suggestions");
    assert_eq!(server.api.post(&path, &Value::Null).await.status, 202);
    loop {
        let told = told(server, account).await;
        let advice = told.advice.unwrap();
        assert_ne!(advice.state, ScanState::Failed, "{:?}", advice.problem);
        if advice.state == ScanState::Done {
            return told.suggestions;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

async fn accept(server: &Bulkhead, account: &AccountId, suggestion: &Suggestion) -> Job {
    let path = format!("/accounts/{account}/suggestions/accept");
    let wanted = json!({"suggestion": suggestion.id});
    let answer = server.api.post(&path, &wanted).await.success();
    assert_eq!(answer.status, 201);
    answer.json()
}

/// Whoever this is about is to stay in the inbox.
async fn keep(server: &Bulkhead, account: &AccountId, suggestion: &Suggestion) {
    let path = format!("/accounts/{account}/suggestions/dismiss");
    let wanted = json!({"suggestion": suggestion.id, "keep": true});
    server.api.post(&path, &wanted).await.success();
}

async fn learned(server: &Bulkhead, account: &AccountId) -> Learned {
    let path = format!("/accounts/{account}/learned");
    server.api.get(&path).await.success().json()
}

#[tokio::test]
async fn a_mailbox_is_sorted_by_a_dozen_suggestions_and_one_is_taken_back() {
    let server = Bulkhead::with_mails(20_000).await;
    let account = server.api.sandbox().await;
    let before = server.api.count(&account, "in:inbox").await;
    let starred = server.api.count(&account, "in:inbox is:starred").await;

    let suggestions = advised(&server, &account).await;
    for suggestion in &suggestions {
        assert!(!suggestion.reasons.is_empty() && !suggestion.sources.is_empty());
        assert!(suggestion.percent >= suggestion.action.bar());
        let matching = server.api.count(&account, &suggestion.query).await;
        assert!(
            suggestion.action == Action::Keep || suggestion.mails == matching,
            "{suggestion:?}"
        );
    }
    let (mut jobs, mut hidden) = (Vec::new(), 0);
    for suggestion in suggestions.iter().take(DOZEN) {
        if suggestion.action == Action::Keep {
            keep(&server, &account, suggestion).await;
            continue;
        }
        let draft = accept(&server, &account, suggestion).await;
        let is_draft = |job: &Job| job.state == State::Draft;
        server
            .api
            .wait_until(&draft.id, "be a draft", is_draft)
            .await;
        server.api.confirm(&draft.id).await;
        let job = server.api.wait_for_end(&draft.id).await;
        assert_eq!(job.counts.failed + job.counts.uncertain, 0);
        if suggestion.action.hides() {
            hidden += job.counts.succeeded;
        }
        jobs.push((suggestion.clone(), job));
    }
    let after = server.api.count(&account, "in:inbox").await;
    assert_eq!(after, before - hidden);
    assert!(after * 4 < before, "{after} of {before} are still there");
    // Whatever has a star is where it was.
    let stars = server.api.count(&account, "in:inbox is:starred").await;
    assert_eq!(stars, starred);

    let (suggestion, job) = jobs.first().unwrap();
    server.api.undo(&job.id).await;
    let back = server.api.count(&account, "in:inbox").await;
    assert_eq!(back, after + job.counts.succeeded);
    let shown = told(&server, &account).await.suggestions;
    let of_it = shown.iter().find(|it| it.id == suggestion.id).unwrap();
    assert_eq!(of_it.state, SuggestionState::Undone);
    let undone = learned(&server, &account).await.lessons;
    let undone = undone.iter().filter(|it| it.decision == Decision::Undone);
    assert_eq!(undone.count(), suggestion.sources.len());

    // Once that is forgotten it is suggested again.
    let path = format!("/accounts/{account}/learned");
    let forget = server.api.request(Method::DELETE, &path);
    let forget = Api::send(forget).await.unwrap();
    assert_eq!(forget.status, 204);
    assert_eq!(learned(&server, &account).await, Learned::default());
    let anew = advised(&server, &account).await;
    let anew: Vec<&str> = anew
        .iter()
        .filter(|it| it.action == suggestion.action)
        .flat_map(|it| &it.sources)
        .map(|it| it.source.as_str())
        .collect();
    for source in &suggestion.sources {
        assert!(anew.contains(&source.source.as_str()), "{anew:?}");
    }
    server.stop().await;
}
