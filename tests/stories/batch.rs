//! The batch API's document, followed line by line against a running server.

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_shared::api::{BatchAccepted, BatchState, BatchStatus, Emails};
use bulkhead_shared::class::Class;
use bulkhead_shared::operations::{Certainty, Classify, Process};
use bulkhead_shared::problem::Code;
use bulkhead_shared::proposal::Proposal;
use bulkhead_tests::driver::Bulkhead;
use serde_json::{Value, json};
use tokio::time::sleep;

/// All mails of the inbox with their ids, page by page.
async fn emails(server: &Bulkhead) -> Emails {
    let mut all = Emails {
        emails: Vec::new(),
        next_cursor: None,
    };
    loop {
        let cursor = all.next_cursor.take().unwrap_or_default();
        let path = format!("/emails?q=in%3Ainbox&limit=70&cursor={cursor}");
        let page: Emails = server.api.get(&path).await.success().json();
        all.emails.extend(page.emails);
        match page.next_cursor {
            Some(next) => all.next_cursor = Some(next),
            None => return all,
        }
    }
}

async fn ended(server: &Bulkhead, id: &str) -> BatchStatus {
    let path = format!("/emails/batch/status/{id}");
    loop {
        let status: BatchStatus = server.api.get(&path).await.success().json();
        assert_eq!(status.processed, status.succeeded + status.failed);
        assert_eq!(status.errors.is_none(), status.failed == 0);
        if status.status.is_ended() {
            return status;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn classifies_and_processes_batches_as_the_document_says() {
    let server = Bulkhead::with_mails(400).await;
    let account = server.api.sandbox().await;
    let listed = emails(&server).await.emails;
    let ids: Vec<String> = listed
        .iter()
        .map(|email| email.email_id.to_string())
        .collect();
    let inbox = server.api.count(&account, "in:inbox").await;
    assert_eq!(ids.len() as u64, inbox);
    let before = server.api.mailbox(&account).await;

    for (path, most) in [("classify", 100), ("process", 50)] {
        let path = format!("/emails/batch/{path}");
        let too_many = json!({"email_ids": ids[..=most]});
        assert_eq!(
            server.api.post(&path, &too_many).await.problem().code,
            Code::Invalid
        );
        let example = json!({"email_ids": ["550e8400-e29b-41d4-a716-446655440000"]});
        assert_eq!(
            server.api.post(&path, &example).await.problem().code,
            Code::NotFound
        );
        let answer = server
            .api
            .post(&path, &json!({"email_ids": ids[..most]}))
            .await;
        assert_eq!(answer.status, 202);
        let accepted: BatchAccepted = answer.json();
        let counts = (accepted.status, accepted.total, accepted.processed);
        assert_eq!(counts, (BatchState::Queued, most as u64, 0));
        let done = ended(&server, &accepted.job_id).await;
        let counts = (done.status, done.total, done.succeeded, done.errors);
        assert_eq!(
            counts,
            (BatchState::Completed, most as u64, most as u64, None)
        );
    }
    assert_eq!(
        server.api.mailbox(&account).await,
        before,
        "nothing was done to any mail"
    );
    server.stop().await;
}

/// How many of the sandbox's mails get the class that the sandbox made them of. Its texts are other ones than
/// those that the model learned from.
#[tokio::test]
async fn tells_most_mails_of_the_sandbox_for_what_they_are() {
    let server = Bulkhead::with_mails(600).await;
    let account = server.api.sandbox().await;
    let all = "in:anywhere";
    let job = server.api.run(&account, Classify {}.into(), all).await;
    let outcomes = server.api.outcomes(&job.id, None).await;
    let mut by_sender: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
    for outcome in &outcomes {
        let result = outcome.result.as_ref().expect("each has a result");
        let class = Class::named(&result.class).expect("a class that there is");
        assert!(
            result.percent.is_some() && result.detail.is_some(),
            "{result:?}"
        );
        let card = outcome.card.as_ref().expect("each is still there");
        let sender = match card.title.as_str() {
            "Rust Fortnightly" | "The Morning Digest" | "Garden Almanac" | "The Slow Cook" => {
                "newsletter"
            }
            "Cloudlet Hosting" | "Clearwater Utilities" | "Brightline Mobile" => "receipt",
            "Circles" | "WorkGraph" | "Pixelpost" | "Chirper" => "notification",
            "Prize Department" | "Dr. Wellness" | "Finance Desk" => "spam",
            _ => continue,
        };
        let classes = by_sender.entry(sender).or_default();
        *classes.entry(class.name().to_owned()).or_default() += 1;
    }
    for (expected, classes) in &by_sender {
        let right = classes.get(*expected).copied().unwrap_or(0);
        let total: u32 = classes.values().sum();
        assert!(right * 2 > total, "{expected}: {classes:?}");
    }

    let certainty = Certainty::Percent90;
    let process = Process { certainty }.into();
    let job = server.api.run(&account, process, all).await;
    let outcomes = server.api.outcomes(&job.id, None).await;
    let proposals = outcomes
        .iter()
        .filter_map(|outcome| Proposal::named(&outcome.result.as_ref()?.class));
    assert_eq!(proposals.count(), outcomes.len());
    let starred: Vec<Value> = outcomes
        .iter()
        .filter(|outcome| {
            outcome
                .card
                .as_ref()
                .is_some_and(|card| card.marks.iter().any(|mark| mark == "starred"))
        })
        .map(|outcome| json!(outcome.result.as_ref().map(|result| result.class.clone())))
        .collect();
    assert!(!starred.is_empty());
    assert!(
        starred
            .iter()
            .all(|class| class != "archive" && class != "trash"),
        "{starred:?}"
    );
    server.stop().await;
}
