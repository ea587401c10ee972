//! Rows move while somebody is at work in a list: what was opened, ticked and ranged over are the same mails as before.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;

use super::{on_the_first, search, see_rows, tick_five, visit};

const OPEN_THE_NINTH: &str = "document.querySelectorAll('[data-testid=mail-row]')[8].click()";
const TICK_THE_TWELFTH: &str =
    "document.querySelectorAll('[data-testid=row-checkbox]')[11].click()";
const TO_THE_TWENTIETH: &str = "
    document.querySelectorAll('[data-testid=row-checkbox]')[19]
        .dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));";
/// The place that the keyboard is on.
const KEYBOARD: &str = "return Number(document.querySelector('.mail-row.cursor')?.ariaPosInSet)";
const TICKED: &str = "
    const rows = [...document.querySelectorAll('[data-testid=mail-row]')];
    return rows.filter(row => row.querySelector('input').checked).map(row => Number(row.ariaPosInSet));";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_and_ticked_stays_the_same_while_others_leave() {
    story("moved_rows", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let matches = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        on_the_first(browser).await;
        see_rows(browser, 20).await;
        browser.run(OPEN_THE_NINTH).await;
        let ninth = browser.text("read-subject").await;
        browser.run(TICK_THE_TWELFTH).await;
        let twelfth = browser
            .read_until("read-subject", |subject| subject != ninth)
            .await;

        let first = browser.open_tab(&server.page("/?q=in%3Ainbox")).await;
        browser
            .count_until("match-count", |count| count == matches)
            .await;
        tick_five(browser).await;
        browser.click("action-archive").await;
        browser
            .count_until("match-count", |count| count == matches - 5)
            .await;

        browser.turn_to(first).await;
        // The twelfth is the seventh now: it is ticked and open still, and the keyboard is on it.
        browser
            .until("see the keyboard on the mail that was ticked", async || {
                (browser.run(KEYBOARD).await == json!(7)).then_some(())
            })
            .await;
        assert_eq!(browser.run(TICKED).await, json!([7]));
        assert_eq!(browser.text("read-subject").await, twelfth);
        browser.run(TO_THE_TWENTIETH).await;
        browser
            .count_until("selection-count", |count| count == 14)
            .await;
        let from_the_first_to_the_last: Vec<u64> = (7..=20).collect();
        assert_eq!(browser.run(TICKED).await, json!(from_the_first_to_the_last));
        server.stop().await;
    })
    .await;
}
