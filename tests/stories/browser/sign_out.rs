//! Signing out on one's own machine: every tab is out, Back shows nothing, the token leads in again, and
//! only the token.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::visit;

#[tokio::test]
async fn who_signs_out_is_out_in_every_tab() {
    story("sign_out", async |browser| {
        let server = Bulkhead::with_mails(200).await;
        visit(browser, &server).await;
        let first = browser.open_tab(&server.page("/jobs")).await;
        browser.click("account-menu").await;
        browser.click("sign-out").await;
        browser.see("signed-out").await;
        assert_eq!(browser.address().await, server.page("/signed-out"));
        browser.turn_to(first).await;
        browser.see("signed-out").await;

        // From here on there is no cookie, and the console says which calls were refused.
        browser.expect_complaint("401 (Unauthorized)");
        browser.open(&server.page("/jobs")).await;
        browser.see("token").await;
        assert_eq!(browser.how_many("mail-row").await, 0);
        // One that is not right is told in the form, and the address never carries it.
        browser.fill("token", "not the token").await;
        browser.submit("token").await;
        browser.see("problem").await;
        assert_eq!(browser.address().await, server.page("/jobs"));
        // An address that is good no more says so.
        browser.open("about:blank").await;
        browser.open(&server.page("/#sign-in=0123")).await;
        let told = browser.text("sign-in-problem").await;
        assert!(told.contains("lets nobody in"), "{told}");
        assert_eq!(browser.address().await, server.page("/"));
        browser.fill("token", &server.sign_in_address()).await;
        browser.submit("token").await;
        browser.see("mail-row").await;
        server.stop().await;
    })
    .await;
}
