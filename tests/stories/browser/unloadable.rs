//! An app that does not come says so instead of showing that it is on its way, and comes with the next try.

use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;

async fn block(browser: &Browser, addresses: &[&str]) {
    let parameters = json!({"urls": addresses});
    browser
        .tell_devtools("Network.setBlockedURLs", parameters)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_does_not_come_says_so() {
    story("unloadable", async |browser| {
        let server = Bulkhead::with_mails(20).await;
        browser.tell_devtools("Network.enable", json!({})).await;
        for part in ["app_bg", "app-"] {
            block(browser, &[&format!("*/{part}*")]).await;
            for complaint in [part, "Failed to fetch"] {
                browser.expect_complaint(complaint);
            }
            browser.open(&server.sign_in_address()).await;
            browser
                .until("it says that it did not come", async || {
                    let said = browser
                        .run("return document.querySelector('[role=alert]')?.innerText")
                        .await;
                    let said = said.as_str()?;
                    said.starts_with("Bulkhead could not be loaded")
                        .then_some(())
                })
                .await;
        }
        block(browser, &[]).await;
        browser.reload().await;
        browser.see("mail-row").await;
        server.stop().await;
    })
    .await;
}
