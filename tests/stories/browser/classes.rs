//! What mails are about shows in the list and is searched by, and what a person says of one stays.

use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, search, select_all_matching, visit};

const NEWSLETTERS: &str = "in:inbox class:newsletter";
const PERSONAL: &str = "in:inbox class:personal";
const SAY_PERSONAL: &str = "
    const set = document.querySelector('[data-testid=review-set-class]');
    set.value = 'personal';
    set.dispatchEvent(new Event('change', { bubbles: true }))";

async fn press(browser: &Browser, key: &str) {
    browser
        .run(&format!(
            "document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        ))
        .await;
}

/// From the preview to the end, and back to the list.
async fn run(browser: &Browser) {
    let mails = confirm(browser).await;
    assert_eq!(end(browser).await, mails);
    browser.click("close").await;
    browser.see_no("job-dialog").await;
}

/// The mails of the list are all of this class, and at least one is.
async fn all_are(browser: &Browser, class: &str) {
    browser
        .until("each mail shows its class", async || {
            let shown = browser.read_all("class").await;
            let rows = browser.how_many("mail-row").await;
            let all = shown.len() == rows && shown.iter().all(|it| it == class);
            (rows > 0 && all).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn classes_show_and_are_searched_and_what_a_person_says_stays() {
    story("classes", async |browser| {
        let server = Bulkhead::with_mails(300).await;
        visit(browser, &server).await;
        let account = server.api.accounts().await.remove(0).id;
        let count = async |query: &str| server.api.count(&account, query).await;
        let inbox = count("in:inbox").await;
        search(browser, "in:inbox", inbox).await;
        assert_eq!(browser.how_many("class").await, 0, "nobody looked yet");

        select_all_matching(browser).await;
        browser.click("action-classify").await;
        run(browser).await;
        browser.see("class").await;
        browser
            .until("classes are kept", async || {
                (count("in:inbox class:none").await == 0).then_some(())
            })
            .await;
        let known = (count(NEWSLETTERS).await, count(PERSONAL).await);
        search(browser, NEWSLETTERS, known.0).await;
        all_are(browser, "Newsletter").await;

        // What something is proposed for waits for a person, who says what one of them is.
        select_all_matching(browser).await;
        browser.click("action-process").await;
        browser.see("process-dialog").await;
        browser.click("operation-preview").await;
        run(browser).await;
        browser.click("nav-review").await;
        browser.see("review-row").await;
        let waiting = browser.count("review-sum").await;
        press(browser, "c").await;
        browser.see("review-changing").await;
        browser.run(SAY_PERSONAL).await;
        browser
            .until("it is kept", async || {
                (count(PERSONAL).await == known.1 + 1).then_some(())
            })
            .await;
        assert!(waiting > 0);

        // It is that in the list too, also to whoever comes anew.
        browser.open(&server.page("/")).await;
        browser.see("mail-row").await;
        search(browser, NEWSLETTERS, known.0 - 1).await;
        all_are(browser, "Newsletter").await;
        search(browser, PERSONAL, known.1 + 1).await;
        browser.reload().await;
        browser
            .count_until("match-count", |count| count == known.1 + 1)
            .await;
        all_are(browser, "Personal").await;
        server.stop().await;
    })
    .await;
}
