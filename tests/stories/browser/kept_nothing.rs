//! A browser that keeps nothing for this page, because somebody set it so: who signs in there is told, and not asked
//! for the same once more without a word.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

/// As browsers do where cookies are blocked: there is storage, and to look at it is refused.
const BLOCK_STORAGE: &str = "
    for (const name of ['localStorage', 'sessionStorage']) {
        const get = () => { throw new DOMException('Access is denied for this document.', 'SecurityError'); };
        Object.defineProperty(window, name, { get });
    }";

#[tokio::test]
async fn who_signs_in_where_nothing_is_kept_is_told() {
    story("kept_nothing", async |browser| {
        let server = Bulkhead::with_mails(20).await;
        browser.run_before_pages(BLOCK_STORAGE).await;
        browser.expect_complaint("401 (Unauthorized)");
        browser.open(&server.sign_in_address()).await;
        let told = browser.text("sign-in-problem").await;
        assert!(told.contains("keeps nothing for this page"), "{told}");
        assert_eq!(browser.address().await, server.page("/"));

        browser.open(&server.page("/jobs")).await;
        browser.see("token").await;
        assert_eq!(browser.how_many("sign-in-problem").await, 0, "not tried");
        browser.fill("token", &server.sign_in_address()).await;
        browser.submit("token").await;
        let told = browser.text("sign-in-problem").await;
        assert!(told.contains("keeps nothing for this page"), "{told}");
        // What is not right is something else.
        browser.fill("token", "not the token").await;
        browser.submit("token").await;
        browser.see("problem").await;
        assert_eq!(browser.how_many("sign-in-problem").await, 0);
        server.stop().await;
    })
    .await;
}
