//! Pause, resume and cancel in the middle, with the buttons a person has.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, visit};
use crate::steps::{slow_down, small_batches, speed_up};
use bulkhead_shared::operations::{Operation, Trash};

#[tokio::test(flavor = "multi_thread")]
async fn pause_resume_and_cancel() {
    story("cancel", async |browser| {
        let server = Bulkhead::with_mails(4_000).await;
        let account = server.api.sandbox().await;
        let before = server.api.mailbox(&account).await;
        slow_down(&server, &account).await;
        let operation = Operation::Trash(Trash {});
        let draft = server
            .api
            .draft_query(&account, operation, "in:inbox", small_batches())
            .await;
        visit(browser, &server).await;
        browser
            .open(&server.page(&format!("/jobs/{}", draft.id)))
            .await;
        let total = confirm(browser).await;
        assert_eq!(total, draft.total);
        browser
            .count_until("count-succeeded", |count| count >= 200)
            .await;

        browser.click("pause").await;
        browser.see("resume").await;
        browser
            .count_until("count-running", |count| count == 0)
            .await;
        browser.click("resume").await;
        browser.see("pause").await;

        browser.click("cancel").await;
        browser.see("cancel-question").await;
        let name = "return document.activeElement.dataset.testid";
        assert_eq!(browser.run(name).await, "cancel-no", "Enter stops nothing");
        browser.click("cancel-yes").await;
        browser.see("completion-summary").await;
        let succeeded = browser.count("count-succeeded").await;
        let cancelled = browser.count("count-cancelled").await;
        assert_eq!(succeeded + cancelled, total);
        assert!(
            succeeded >= 200 && cancelled > 0,
            "{succeeded} and {cancelled}"
        );

        speed_up(&server, &account).await;
        browser.click("undo").await;
        assert_eq!(confirm(browser).await, succeeded);
        browser.see("completion-summary").await;
        assert_eq!(server.api.mailbox(&account).await, before);
        server.stop().await;
    })
    .await;
}
