//! The batch API's document, followed line by line against a running server.

use std::time::Duration;

use bulkhead_shared::api::{BatchAccepted, BatchState, BatchStatus, Emails};
use bulkhead_shared::problem::Code;
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;
use tokio::time::sleep;

/// All mails of the inbox with their ids, page by page.
async fn emails(server: &Bulkhead) -> Emails {
    let mut all = Emails {
        unsearched: Vec::new(),
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
