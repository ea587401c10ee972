//! Suggestions: looked at, changed, accepted, dismissed, taken back, and what was learned of that put right.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, visit};

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_is_changed_accepted_and_taken_back() {
    story("advice", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        visit(browser, &server).await;
        browser.click("nav-senders").await;
        browser.click("to-suggestions").await;
        browser.see("suggestion-card").await;
        browser.see_no("advising").await;
        let first = browser.text("suggestion-order").await;
        assert!(first.starts_with("Archive "), "{first}");

        // Why, and without one of them.
        browser.click("suggestion-why").await;
        browser.see("suggestion-sample").await;
        let sources = browser.how_many("suggested-source").await;
        assert!(sources > 1, "{sources}");
        browser.click("source-tick").await;
        browser.click("suggestion-accept").await;
        browser.see("preview-count").await;
        let mails = confirm(browser).await;
        assert!(end(browser).await > 0);
        browser.click("close").await;
        browser.see_no("job-dialog").await;
        browser.see("suggestion-undo").await;
        let done = browser.text("suggestion-undo").await;
        assert_eq!((done.as_str(), mails > 5), ("Take back", true));

        // The next one is dismissed by a key.
        let before = browser.how_many("suggestion-accept").await;
        browser.run("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {key: 'x', bubbles: true}))").await;
        browser
            .until("one less", async || {
                (browser.how_many("suggestion-accept").await < before).then_some(())
            })
            .await;

        browser.click("view-learned").await;
        browser.see("lesson").await;
        browser.see("leanings").await;
        let lessons = browser.how_many("lesson").await;
        assert!(lessons >= sources, "{lessons}");
        browser.click("lesson-forget").await;
        browser
            .until("one less", async || {
                (browser.how_many("lesson").await < lessons).then_some(())
            })
            .await;

        browser.click("view-suggestions").await;
        browser.click("suggestion-undo").await;
        browser
            .until("be taken back", async || {
                let states = browser.run("return [...document.querySelectorAll('[data-testid=suggestion-card]')].map(it => it.dataset.state)").await;
                states.as_array()?.iter().any(|it| it == "undone").then_some(())
            })
            .await;
        browser.click("view-learned").await;
        browser.see("lesson").await;
        browser.click("forget-all").await;
        browser.click("forget-all").await;
        browser.see("nothing-learned").await;
        server.stop().await;
    })
    .await;
}
