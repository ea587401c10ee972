//! Some fail: the screen says how many and why, and one button tries those again.

use bulkhead_shared::api::Dials;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, search, select_all_matching, visit};
use crate::steps::speed_up;

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_explained_and_tried_again() {
    story("retry", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        let account = server.api.sandbox().await;
        let failing = Dials {
            fail_percent: 10,
            ..Dials::default()
        };
        server.api.turn_dials(&account, &failing).await;
        let matches = server.api.count(&account, "is:unread").await;

        visit(browser, &server).await;
        search(browser, "is:unread", matches).await;
        select_all_matching(browser).await;
        browser.click("action-mark_read").await;
        let total = confirm(browser).await;
        let succeeded = end(browser).await;
        let failed = browser.count("count-failed").await;
        assert!(failed > 0, "nothing failed");
        assert_eq!(succeeded + failed, total);
        browser.click("failure-group-failed").await;
        browser.see("outcome-row").await;

        speed_up(&server, &account).await;
        browser.click("retry-failed").await;
        assert_eq!(confirm(browser).await, failed);
        assert_eq!(end(browser).await, failed);
        assert_eq!(server.api.count(&account, "is:unread").await, 0);
        server.stop().await;
    })
    .await;
}
