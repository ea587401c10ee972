//! A long list: few rows are drawn, every place is reached at once, and ranges go over what was never seen.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;

use super::{search, visit};

const ELEMENTS: &str = "return document.querySelectorAll('*').length";
const TO_THE_END: &str = "const list = document.querySelector('[data-testid=item-list]'); list.scrollTop = list.scrollHeight;";
const TO_THE_MIDDLE: &str = "const list = document.querySelector('[data-testid=item-list]'); list.scrollTop = list.scrollHeight / 2;";
const LAST_PLACE: &str = "
    const rows = [...document.querySelectorAll('[data-testid=mail-row]')];
    return rows.length ? Number(rows.at(-1).ariaPosInSet) : 0;";
/// A row that is drawn anew is another element.
const MARK_A_ROW: &str = "document.querySelectorAll('[data-testid=mail-row]')[30].seen = true;";
const A_LITTLE_FURTHER: &str =
    "document.querySelector('[data-testid=item-list]').scrollTop = 20 * 36;";
const PLACE_OF_THE_MARKED: &str = "
    const row = [...document.querySelectorAll('[data-testid=mail-row]')].find(row => row.seen);
    return row ? Number(row.ariaPosInSet) : 0;";
const TICK_THE_LAST_WITH_SHIFT: &str = "
    [...document.querySelectorAll('[data-testid=row-checkbox]')].at(-1)
        .dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));";

#[tokio::test(flavor = "multi_thread")]
async fn every_place_is_reached_at_once_and_ranges_go_over_what_was_never_seen() {
    story("long_list", async |browser| {
        let server = Bulkhead::with_mails(5_000).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:anywhere").await;
        visit(browser, &server).await;
        search(browser, "in:anywhere", matches).await;
        browser
            .until("see more rows than fit", async || {
                (browser.how_many("mail-row").await > 31).then_some(())
            })
            .await;
        browser.run(MARK_A_ROW).await;
        let drawn = browser.run(LAST_PLACE).await;
        browser.run(A_LITTLE_FURTHER).await;
        browser
            .until("see rows further down", async || {
                (browser.run(LAST_PLACE).await != drawn).then_some(())
            })
            .await;
        assert_eq!(
            browser.run(PLACE_OF_THE_MARKED).await,
            json!(31),
            "rows stay while others come"
        );
        browser.click("row-checkbox").await;
        browser.run(TO_THE_END).await;
        browser
            .until("see the last mail", async || {
                (browser.run(LAST_PLACE).await == json!(matches)).then_some(())
            })
            .await;
        assert!(browser.how_many("mail-row").await < 200);
        assert!(browser.run(ELEMENTS).await.as_u64().unwrap() < 2_500);

        browser.run(TICK_THE_LAST_WITH_SHIFT).await;
        browser
            .count_until("selection-count", |count| count == matches)
            .await;
        browser.click("row-checkbox").await;
        browser
            .count_until("selection-count", |count| count == matches - 1)
            .await;
        browser.click("action-mark_read").await;
        let total = browser.count("preview-count").await;
        assert_eq!(total, matches - 1);
        server.stop().await;
    })
    .await;
}

/// Neither its rows nor all others can be named in a request.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_no_request_can_carry_is_refused_in_words() {
    story("long_range", async |browser| {
        let server = Bulkhead::with_mails(25_000).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:anywhere").await;
        visit(browser, &server).await;
        search(browser, "in:anywhere", matches).await;
        browser.click("row-checkbox").await;
        browser.run(TO_THE_MIDDLE).await;
        browser
            .until("see mails from the middle", async || {
                let last = browser.run(LAST_PLACE).await.as_u64().unwrap();
                (last > matches / 3).then_some(())
            })
            .await;
        browser.run(TICK_THE_LAST_WITH_SHIFT).await;
        browser.see("limit-blocked").await;
        assert_eq!(browser.count("selection-count").await, 1);
        assert!(!browser.is_enabled("action-archive").await);
        server.stop().await;
    })
    .await;
}
