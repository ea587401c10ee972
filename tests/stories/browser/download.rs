//! An export ends as a file on the person's own disk.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, search, select_all_matching, visit};

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_downloaded_whole() {
    story("download", async |browser| {
        let server = Bulkhead::with_mails(400).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:inbox is:unread").await;
        visit(browser, &server).await;
        search(browser, "in:inbox is:unread", matches).await;
        select_all_matching(browser).await;
        browser.click("action-export").await;
        browser.click("format-mbox").await;
        browser.click("operation-preview").await;
        confirm(browser).await;
        assert_eq!(end(browser).await, matches);
        browser.click("download").await;
        let (name, content) = browser.download().await;
        assert!(name.ends_with(".mbox"), "{name}");
        let content = String::from_utf8_lossy(&content);
        let mails = content.lines().filter(|line| line.starts_with("From "));
        assert_eq!(mails.count() as u64, matches);
        // The app is still there, and so is the job.
        browser.see("completion-summary").await;
        server.stop().await;
    })
    .await;
}
