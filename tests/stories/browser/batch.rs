//! The page of the batch API: mails are picked up to its limits, classified and processed, and what is proposed is
//! accepted and taken back.

use bulkhead_shared::api::Role;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::visit;

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_processed_in_a_batch_and_a_proposal_is_accepted() {
    story("batch", async |browser| {
        let server = Bulkhead::with_mails(400).await;
        let account = server.api.sandbox().await;
        let before = server.api.mailbox(&account).await;
        visit(browser, &server).await;
        browser.open(&server.page("/batch")).await;
        browser.see("batch-emails").await;
        assert_eq!(
            browser.how_many("batch-tools").await,
            0,
            "nothing is picked"
        );

        // All that are listed: as many as may be classified, more than may be processed.
        browser.click("batch-all").await;
        browser
            .read_until("batch-count", |text| text == "100 emails selected")
            .await;
        assert!(browser.is_enabled("batch-classify").await);
        assert!(!browser.is_enabled("batch-process").await);
        browser.see("batch-limit").await;
        browser.click("batch-classify").await;
        browser
            .read_until("batch-text", |text| text == "100 of 100 emails done.")
            .await;
        assert_eq!(browser.text("progress-percent").await, "100%");
        browser.click("batch-close").await;
        browser.see_no("batch-progress").await;

        browser.click("batch-all").await;
        browser.click("batch-trim").await;
        browser
            .read_until("batch-count", |text| text == "50 emails selected")
            .await;
        browser.click("batch-process").await;
        browser
            .read_until("batch-text", |text| text == "50 of 50 emails done.")
            .await;
        assert_eq!(
            server.api.mailbox(&account).await,
            before,
            "nothing was done to any mail"
        );

        // What it proposes is a job like any other.
        browser.click("batch-results").await;
        let jobs = server.api.jobs().await;
        let processed = jobs
            .iter()
            .find(|job| job.operation.name().as_str() == "process")
            .unwrap();
        browser
            .open(&server.page(&format!("/jobs/{}", processed.id)))
            .await;
        browser.click("proposal-archive").await;
        browser.click("accept-archive").await;
        let count = browser.count("preview-count").await;
        assert!((1..=50).contains(&count), "{count}");
        super::confirm(browser).await;
        browser.see("completion-summary").await;
        let archive = server.api.folders(&account).await;
        let archive = archive
            .folders
            .iter()
            .find(|folder| folder.role == Some(Role::Archive));
        let moved = server.api.mailbox(&account).await;
        let left = moved
            .iter()
            .filter(|(id, item)| before[*id].folder != item.folder);
        assert_eq!(left.clone().count() as u64, count);
        assert!(
            left.into_iter()
                .all(|(_, item)| Some(&item.folder) == archive.map(|folder| &folder.name))
        );
        server.stop().await;
    })
    .await;
}
