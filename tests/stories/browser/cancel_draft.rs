//! Cancel stays Cancel while the preview is on its way: nothing may turn it into what confirms.

use std::time::Duration;

use bulkhead_shared::api::Dials;
use bulkhead_shared::job::State;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{search, visit};
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

#[tokio::test(flavor = "multi_thread")]
async fn the_button_that_cancels_never_becomes_the_one_that_confirms() {
    story("cancel_draft", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        browser.click("row-checkbox").await;
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
