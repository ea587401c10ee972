//! Mails that a job was not sure of wait for a person, who decides by keys, one by one and many at once, and takes
//! something back.

use std::time::Duration;

use bulkhead_shared::api::Review;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::{Certainty, Process, Then};
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use tokio::time::sleep;

use super::{confirm, end, visit};

async fn waiting(server: &Bulkhead, account: &AccountId) -> Review {
    let path = format!("/accounts/{account}/review");
    server.api.get(&path).await.success().json()
}

/// Processes the inbox, and waits until all that is not to be done by itself is in the queue.
async fn process(server: &Bulkhead, account: &AccountId) -> Review {
    let process = Process::new(Certainty::AsSet, Then::Wait);
    server.api.run(account, process.into(), "in:inbox").await;
    loop {
        let review = waiting(server, account).await;
        if review.filing == 0 && review.total > 0 {
            return review;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

async fn press(browser: &Browser, key: &str) {
    browser
        .run(&format!(
            "document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_decided_by_keys_and_many_at_once() {
    story("review", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        visit(browser, &server).await;
        let account = server.api.accounts().await.remove(0).id;
        browser.click("nav-review").await;
        browser.see("nothing-waits").await;
        let review = process(&server, &account).await;
        let archived = server.api.count(&account, "in:archive").await;

        // The page sees by itself what came.
        let total = browser.count_until("review-sum", |count| count == review.total).await;
        browser.read_until("nav-review-count", |text| !text.is_empty()).await;
        let first = browser.text("review-row").await;
        assert!(first.contains("% sure") && first.contains("Because"), "{first}");

        // Dismissed by a key, and put back.
        press(browser, "d").await;
        browser.count_until("review-sum", |count| count == total - 1).await;
        browser.click("review-put-back").await;
        browser.count_until("review-sum", |count| count == total).await;

        // What was decided is shown with how it stands, and waits again from there.
        press(browser, "d").await;
        browser.count_until("review-sum", |count| count == total - 1).await;
        browser.click("review-decided").await;
        browser.see("review-status").await;
        assert_eq!(browser.how_many("review-row").await, 1);
        browser.click("review-reopen").await;
        browser.see_no("review-row").await;
        browser.click("review-waiting").await;
        browser.count_until("review-sum", |count| count == total).await;

        // Narrowed to what can be archived, one is accepted, and taken back from the bar.
        browser.click("review-class-newsletter").await;
        let news = browser.count_until("review-sum", |count| count < total).await;
        press(browser, "j").await;
        press(browser, "x").await;
        press(browser, "k").await;
        press(browser, "x").await;
        press(browser, "e").await;
        browser.count_until("review-sum", |count| count == news - 2).await;
        let jobs = server.api.jobs().await;
        let accepted = server.api.wait_for_end(&jobs[0].id).await;
        assert_eq!(accepted.counts.succeeded, 2);
        assert_eq!(server.api.count(&account, "in:archive").await, archived + 2);
        server.api.undo(&accepted.id).await;
        browser.count_until("review-sum", |count| count == news).await;

        // A class put right brings what is proposed for it.
        press(browser, "c").await;
        browser.see("review-changing").await;
        browser
            .run("const set = document.querySelector('[data-testid=review-set-class]'); set.value = 'personal'; set.dispatchEvent(new Event('change', {bubbles: true}))")
            .await;
        browser.count_until("review-sum", |count| count == news - 1).await;

        // Many at once are a draft with its preview.
        browser.click("review-why-waits").await;
        browser.click("review-accept-many").await;
        browser.see("preview-count").await;
        let mails = confirm(browser).await;
        assert_eq!(end(browser).await, mails);
        browser.click("close").await;
        browser.see_no("job-dialog").await;
        assert_eq!(server.api.count(&account, "in:archive").await, archived + mails);
        press(browser, "?").await;
        browser.see("help-sheet").await;
        browser.click("close").await;

        // What somebody else archived meanwhile is still theirs to see, and how sure it has to be is kept.
        browser
            .run("const dial = document.querySelector('[data-testid=review-dial]'); dial.value = '95'; dial.dispatchEvent(new Event('change', {bubbles: true}))")
            .await;
        browser
            .until("the dial is kept", async || {
                let dial = waiting(&server, &account).await.dial;
                (dial.certainty.percent() == 95).then_some(())
            })
            .await;
        server.stop().await;
    })
    .await;
}
