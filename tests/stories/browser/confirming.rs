//! Only who means it confirms: Cancel stays Cancel while the preview is on its way, and a click that was
//! meant for the button before does nothing.

use std::time::Duration;

use bulkhead_shared::api::Dials;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;

use super::{end, search, select_all_matching, take_all, visit};
use crate::steps::speed_up;

/// Long enough to find the button before the preview has come.
const SLOW: Duration = Duration::from_millis(1_500);
/// Keeps the button that is there before the preview is.
const KEEP: &str = "
    const named = name => document.querySelector(`[data-testid=${name}]`);
    if (!named('preview') || named('undo-promise')) return false;
    window.kept = named('cancel-draft');
    window.kept.focus();
    return true;";

/// A server, its account, how many mails the inbox has; and all of them picked: fewer would be archived
/// without a question.
async fn with_all_picked(browser: &Browser) -> (Bulkhead, AccountId, u64) {
    let server = Bulkhead::with_mails(500).await;
    let account = server.api.sandbox().await;
    let matches = server.api.count(&account, "in:inbox").await;
    visit(browser, &server).await;
    search(browser, "in:inbox", matches).await;
    select_all_matching(browser).await;
    (server, account, matches)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_that_cancels_never_becomes_the_one_that_confirms() {
    story("cancel_draft", async |browser| {
        let (server, account, matches) = with_all_picked(browser).await;
        let slow = Dials {
            latency_ms: SLOW.as_millis() as u64,
            ..Dials::default()
        };
        server.api.turn_dials(&account, &slow).await;
        browser.click("action-archive").await;
        browser
            .until("show Cancel before the preview", async || {
                (browser.run(KEEP).await == true).then_some(())
            })
            .await;
        browser.see("undo-promise").await;
        let name = "return document.activeElement.dataset.testid";
        assert_eq!(browser.run(name).await, "cancel-draft");
        assert_eq!(
            browser.run("return window.kept.dataset.testid").await,
            "cancel-draft"
        );
        browser.submit("cancel-draft").await;
        browser.see_no("job-dialog").await;
        speed_up(&server, &account).await;
        assert_eq!(server.api.count(&account, "in:inbox").await, matches);
        let jobs = server.api.jobs().await;
        assert!(jobs.iter().all(|job| job.state == State::Cancelled));
        server.stop().await;
    })
    .await;
}

/// A click on the button that confirms, the n-th of a series at one place.
fn click(nth: u32) -> String {
    format!(
        "document.querySelector('[data-testid=confirm]')
            .dispatchEvent(new MouseEvent('click', {{ bubbles: true, detail: {nth} }}));"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_click_of_a_double_click_confirms_nothing() {
    story("double_click", async |browser| {
        let (server, _, matches) = with_all_picked(browser).await;
        browser.click("action-archive").await;
        take_all(browser).await;
        browser.run(&click(2)).await;
        // It would say that it is confirming, at the latest with the next frame.
        browser
            .run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            .await;
        assert!(browser.is_enabled("confirm").await);
        let jobs = server.api.jobs().await;
        let is_open = |state| matches!(state, State::Draft | State::Cancelled);
        assert!(jobs.iter().all(|job| is_open(job.state)));
        browser.run(&click(1)).await;
        assert_eq!(end(browser).await, matches);
        server.stop().await;
    })
    .await;
}
