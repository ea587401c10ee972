//! A mailbox at a provider that takes no passwords: the address is typed, yes is said on the provider's page,
//! the mailbox opens; tokens end and are renewed, and a consent that is taken back is asked for again.

use std::fs;

use bulkhead_shared::api::{AccountKind, Job};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Archive, MarkRead, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::browser::{Browser, TAB, story};
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::dovecot::Dovecot;
use bulkhead_tests::servers::token_server::TokenServer;

use super::visit;

const ADDRESS: &str = "alice@example.test";
const MAILS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_all_that_is_typed() {
    story("consent", async |browser| {
        let tokens = TokenServer::start();
        // Each use gives the consent another name: one that is not sealed again is lost.
        tokens.rotate();
        let dovecot = Dovecot::start_with_tokens(tokens.port);
        let mails: Vec<Vec<u8>> = (0..MAILS)
            .map(|n| format!("From: ann@example.org\r\nSubject: mail {n}\r\n\r\ntext\r\n").into())
            .collect();
        dovecot.client().append("INBOX", &mails, "");
        let mut server = Bulkhead::start(Options {
            mails: 10,
            ..Options::default()
        })
        .await;
        let programs = tokens.program(dovecot.port);
        fs::write(server.data().join("consents.json"), programs).unwrap();
        server.restart().await;
        visit(browser, &server).await;

        // Whoever says no is told so, and may go again.
        go_to_the_provider(browser, &server).await;
        assert_eq!(browser.text("whose").await, ADDRESS);
        browser.click("no").await;
        browser.see("consent-failed").await;

        go_to_the_provider(browser, &server).await;
        browser.click("yes").await;
        browser
            .count_until("match-count", |count| count == MAILS as u64)
            .await;
        assert!(!browser.address().await.contains("code"), "cleared of it");
        let account = account(&server).await;
        assert_eq!(tokens.given(), 1);

        // Its token ends early; the job has another one, and so has the next process.
        tokens.end_tokens();
        dovecot.kick();
        let mark = Operation::MarkRead(MarkRead {});
        let job = server.api.run(&account, mark, "in:inbox").await;
        assert_eq!(job.counts.succeeded, MAILS as u64, "{job:#?}");
        tokens.end_tokens();
        server.restart().await;
        assert!(server.api.test(&account).await.ok);

        // The person takes the consent back at the provider, in the middle of a job.
        let job = held(&server, &account, &tokens, &dovecot).await;
        let page = format!("/jobs/{}", job.id);
        browser.open(&server.page(&page)).await;
        browser
            .read_until("job-reason", |text| {
                text.contains("Connect the account again")
            })
            .await;
        go_to_the_provider(browser, &server).await;
        browser.click("yes").await;
        browser.see("match-count").await;
        let job = server.api.wait_for_end(&job.id).await;
        assert_eq!(
            (job.state, job.counts.succeeded),
            (State::Completed, MAILS as u64),
            "{job:#?}"
        );
        assert_eq!(dovecot.client().contents("Archive").len(), MAILS);
        assert_eq!(server.api.accounts().await.len(), 2, "the same account");
        let log = server.log();
        for secret in ["consent-", "token-", "code-", "own secret", ADDRESS] {
            assert!(!log.contains(secret), "{secret} in the log");
        }
        server.stop().await;
    })
    .await;
}

/// Types the address, and goes where the app leads.
async fn go_to_the_provider(browser: &Browser, server: &Bulkhead) {
    browser.open(&server.page("/connect")).await;
    browser.fill("connect-user", ADDRESS).await;
    browser.press([TAB]).await;
    browser.see("connect-found").await;
    browser.click("connect-consent").await;
    browser.see("yes").await;
}

async fn account(server: &Bulkhead) -> AccountId {
    let accounts = server.api.accounts().await;
    let mailbox = accounts
        .into_iter()
        .find(|account| account.kind == AccountKind::Imap);
    let mailbox = mailbox.unwrap();
    assert_eq!(mailbox.name, format!("{ADDRESS} (not encrypted)"));
    mailbox.id
}

/// A job that cannot go on, because the consent was taken back while it was at work.
async fn held(
    server: &Bulkhead,
    account: &AccountId,
    tokens: &TokenServer,
    dovecot: &Dovecot,
) -> Job {
    let options = JobOptions {
        batch_size: Some(2),
        parallel_chunks: Some(1),
        delay_between_batches: Some(1.0),
        ..JobOptions::default()
    };
    let archive = Operation::Archive(Archive {});
    let draft = server
        .api
        .draft_query(account, archive, "in:inbox", options);
    let draft = draft.await;
    server.api.confirm(&draft.id).await;
    let begun = |job: &Job| job.counts.succeeded >= 2;
    server.api.wait_until(&draft.id, "begun", begun).await;
    tokens.take_back();
    tokens.end_tokens();
    dovecot.kick();
    let is_held = |job: &Job| job.reason == Some(StateReason::SignInNeeded);
    let job = server.api.wait_until(&draft.id, "held", is_held).await;
    assert!(job.counts.succeeded < MAILS as u64, "{job:#?}");
    job
}
