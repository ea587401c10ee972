//! Few mails are archived without a question and come back with one key; every list follows at once, also
//! in another tab.

use bulkhead_shared::job::State;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{search, tick_five, visit};

const PRESS_Z: &str =
    "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', bubbles: true }))";

#[tokio::test(flavor = "multi_thread")]
async fn few_mails_leave_at_once_and_come_back_with_one_key() {
    story("at_once", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let before = server.api.mailbox(&account).await;
        let matches = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        let first = browser.open_tab(&server.page("/?q=in%3Ainbox")).await;
        browser
            .count_until("match-count", |count| count == matches)
            .await;

        tick_five(browser).await;
        browser.click("action-archive").await;
        browser
            .read_until("undo-bar-text", |text| text == "5 mails archived")
            .await;
        assert_eq!(browser.how_many("job-dialog").await, 0);
        browser
            .count_until("match-count", |count| count == matches - 5)
            .await;
        browser.turn_to(first).await;
        browser
            .count_until("match-count", |count| count == matches - 5)
            .await;

        browser.run(PRESS_Z).await;
        browser
            .read_until("undo-bar-text", |text| text == "5 mails put back")
            .await;
        // The bar goes by itself, so it is read before all else.
        let again = browser.text("undo-bar-undo").await;
        assert_eq!(again, "Archive them again");
        browser
            .count_until("match-count", |count| count == matches)
            .await;
        assert_eq!(server.api.mailbox(&account).await, before);
        let jobs = server.api.jobs().await;
        assert!(jobs.iter().all(|job| job.state == State::Completed));
        assert_eq!(jobs.len(), 2);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_that_is_closed_leaves_no_draft() {
    story("closed_preview", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        super::select_all_matching(browser).await;
        browser.click("action-archive").await;
        browser.see("undo-promise").await;
        browser.click("close").await;
        browser.see_no("job-dialog").await;
        browser
            .until("drop the draft", async || {
                let jobs = server.api.jobs().await;
                let dropped = jobs.iter().all(|job| job.state == State::Cancelled);
                (jobs.len() == 1 && dropped).then_some(())
            })
            .await;
        server.stop().await;
    })
    .await;
}

/// Asks for all that are picked, and closes what opens as soon as it is drawn.
const ASK_AND_CLOSE: &str = "
    const press = name => document.querySelector(`[data-testid=${name}]`)?.click();
    press('action-archive');
    const close = () => document.querySelector('[data-testid=close]') ? press('close') : requestAnimationFrame(close);
    requestAnimationFrame(close);";

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_is_closed_before_there_is_a_draft_leaves_none() {
    story("closed_early", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        super::select_all_matching(browser).await;
        browser.run(ASK_AND_CLOSE).await;
        browser.see_no("job-dialog").await;
        browser
            .until("drop the draft", async || {
                let jobs = server.api.jobs().await;
                let dropped = jobs.iter().all(|job| job.state == State::Cancelled);
                (jobs.len() == 1 && dropped).then_some(())
            })
            .await;
        assert_eq!(browser.how_many("job-dialog").await, 0);
        server.stop().await;
    })
    .await;
}
