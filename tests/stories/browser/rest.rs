//! A job that was stopped goes on with what it did not come to.

use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, visit};
use crate::steps::{run_into_the_middle, speed_up};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_started_is_done_later() {
    story("rest", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        let account = server.api.sandbox().await;
        visit(browser, &server).await;
        let operation = Operation::Archive(Archive {});
        let job = run_into_the_middle(&server, &account, operation, "in:inbox").await;
        browser
            .open(&server.page(&format!("/jobs/{}", job.id)))
            .await;
        browser.click("cancel").await;
        browser.click("cancel-yes").await;
        browser.see("completion-summary").await;
        let left = browser.count("count-cancelled").await;
        assert!(left > 0);
        speed_up(&server, &account).await;
        browser.click("go-on").await;
        assert_eq!(confirm(browser).await, left);
        assert_eq!(end(browser).await, left);
        assert_eq!(server.api.count(&account, "in:inbox").await, 0);
        server.stop().await;
    })
    .await;
}
