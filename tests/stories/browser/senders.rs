//! Who fills a mailbox, and all of one sender in one click.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, visit};

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_sender_are_archived_and_taken_back() {
    story("senders", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        visit(browser, &server).await;
        browser.click("nav-senders").await;
        browser.see("group-row").await;
        browser.see_no("scanning").await;
        browser.click("group-tick").await;
        browser.see("picked-mails").await;
        let mails = browser.count("picked-mails").await;
        assert!(mails > 10, "{mails}");
        browser.click("senders-archive").await;
        browser.see("preview-count").await;
        assert_eq!(confirm(browser).await, mails);
        assert!(end(browser).await > 0);
        browser.click("undo").await;
        browser.see("undo-preview").await;
        confirm(browser).await;
        assert!(end(browser).await > 0);
        server.stop().await;
    })
    .await;
}
