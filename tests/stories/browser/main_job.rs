//! Search, select all, preview, confirm, watch, undo.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, search, select_all_matching, visit};

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_visit_to_undo() {
    story("main_job", async |browser| {
        let server = Bulkhead::with_mails(5_000).await;
        let account = server.api.sandbox().await;
        let before = server.api.mailbox(&account).await;
        let query = "in:inbox is:unread";
        let matches = server.api.count(&account, query).await;

        visit(browser, &server).await;
        assert!(
            !browser.address().await.contains("token"),
            "the token stays in the address"
        );
        search(browser, query, matches).await;
        browser.see_no("toolbar").await;
        select_all_matching(browser).await;
        assert_eq!(browser.count("selection-count").await, matches);

        browser.click("action-archive").await;
        browser.see("sample-row").await;
        let starred = server
            .api
            .count(&account, "in:inbox is:unread is:starred")
            .await;
        let kept_out = browser.count("kept-out").await;
        let left = browser.count("preview-count").await;
        assert!(starred > 0 && kept_out >= starred, "{kept_out}");
        assert_eq!(left + kept_out, matches);
        browser.see("who-sent").await;
        assert_eq!(
            server.api.mailbox(&account).await,
            before,
            "the preview touches nothing"
        );
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        assert_eq!(server.api.count(&account, query).await, 0);

        browser.click("undo").await;
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        assert_eq!(server.api.mailbox(&account).await, before);
        browser.click("done").await;
        browser
            .count_until("match-count", |count| count == matches)
            .await;
        server.stop().await;
    })
    .await;
}
