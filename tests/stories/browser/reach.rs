//! The main job for who uses no mouse, and for who needs everything twice as large.

use bulkhead_tests::browser::{Browser, ENTER, ESCAPE, Theme, View, story};
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, search, select_all_matching, visit};

const QUERY: &str = "in:inbox is:unread";

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_by_keyboard_alone() {
    story("keyboard", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, QUERY).await;
        visit(browser, &server).await;

        browser.press(['/']).await;
        assert_eq!(browser.keyboard().await.0, "search");
        browser.fill("search", QUERY).await;
        browser.press([ENTER]).await;
        browser.count_until("match-count", |n| n == matches).await;
        browser.tab_to("select-all").await;
        browser.press([' ']).await;
        browser.see("all-matching").await;
        browser.press(['e']).await;
        confirm_by_keyboard(browser, matches).await;
        assert_eq!(end(browser).await, matches);
        assert_eq!(server.api.count(&account, QUERY).await, 0);

        browser.tab_to("undo").await;
        browser.press([ENTER]).await;
        confirm_by_keyboard(browser, matches).await;
        assert_eq!(end(browser).await, matches);
        browser.press([ESCAPE]).await;
        browser.see_no("job-dialog").await;
        browser.count_until("match-count", |n| n == matches).await;
        server.stop().await;
    })
    .await;
}

/// Types the count where it is asked for, and confirms.
async fn confirm_by_keyboard(browser: &Browser, count: u64) {
    browser.see("undo-promise").await;
    if browser.how_many("kept-out").await > 0 {
        browser.tab_to("take-protected").await;
        browser.press([ENTER]).await;
        browser.see_no("kept-out").await;
        browser.see("undo-promise").await;
    }
    assert_eq!(browser.count("preview-count").await, count);
    if browser.how_many("type-count").await > 0 {
        browser.tab_to("type-count").await;
        browser.press(count.to_string().chars()).await;
    }
    browser.tab_to("confirm").await;
    browser.press([ENTER]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_at_twice_the_size() {
    story("zoom", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, QUERY).await;
        // What a zoom of 200 % leaves of a window of 1280 × 900.
        let view = View {
            width: 640,
            height: 450,
            scale: 2,
            theme: Theme::Light,
        };
        visit(browser, &server).await;
        browser.look_in(view).await;
        nothing_sticks_out(browser).await;
        search(browser, QUERY, matches).await;
        select_all_matching(browser).await;
        nothing_sticks_out(browser).await;
        browser.click("action-archive").await;
        browser.see("undo-promise").await;
        nothing_sticks_out(browser).await;
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        nothing_sticks_out(browser).await;
        browser.click("undo").await;
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        browser.click("done").await;
        browser.count_until("match-count", |n| n == matches).await;
        browser.click("drawer").await;
        browser.click("nav-history").await;
        browser.see("history-row").await;
        nothing_sticks_out(browser).await;
        server.stop().await;
    })
    .await;
}

/// Nobody has to scroll to the side.
async fn nothing_sticks_out(browser: &Browser) {
    assert_eq!(browser.sticks_out().await, Vec::<String>::new());
}
