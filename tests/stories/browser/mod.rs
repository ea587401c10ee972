//! The same from where a person sits: a real browser, from the first visit on.

mod advice;
mod at_once;
mod axe;
mod batch;
mod cancel;
mod classes;
mod compose;
mod compose_files;
mod confirming;
mod consent;
mod contacts;
mod content_policy;
mod download;
mod first_page;
mod hosted_moto;
mod import;
mod kept_nothing;
mod languages;
mod long_list;
mod looks;
mod mailboxes;
mod mailboxes_cyrus;
mod mailboxes_ways;
mod main_job;
mod model;
mod moved_rows;
mod one_by_one;
mod reach;
mod reading;
mod reload;
mod rest;
mod retry;
mod review;
mod rules;
mod searching;
mod senders;
mod sign_out;
mod unloadable;

use bulkhead_tests::browser::Browser;
use bulkhead_tests::driver::Bulkhead;

/// Ticks the first row, and with Shift the fifth.
const FIVE_FROM_THE_FIRST: &str = "
    const boxes = document.querySelectorAll('[data-testid=row-checkbox]');
    const press = (box, shiftKey) => box.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey }));
    press(boxes[0], false);
    requestAnimationFrame(() => requestAnimationFrame(() => press(boxes[4], true)));";

/// Whether the keyboard is on the first row.
const ON_FIRST: &str = "return document.querySelector('.mail-row.cursor')?.ariaPosInSet === '1'";

/// Signs in as the printed address does, and waits for the mailbox.
async fn visit(browser: &Browser, server: &Bulkhead) {
    browser.open(&server.sign_in_address()).await;
    browser.see("mail-row").await;
}

/// Searches, and waits for the answer.
async fn search(browser: &Browser, query: &str, matches: u64) {
    browser.fill("search", query).await;
    browser.submit("search").await;
    browser
        .count_until("match-count", |count| count == matches)
        .await;
}

/// Waits until Enter has led from the search to the first mail: a moment later than the list is there, if that was shown
/// before.
async fn on_the_first(browser: &Browser) {
    browser
        .until("be on the first that was found", async || {
            browser.run(ON_FIRST).await.as_bool().filter(|is| *is)
        })
        .await;
}

/// Waits until so many rows are there: they are drawn a few at a time.
async fn see_rows(browser: &Browser, rows: usize) {
    browser
        .until(&format!("see {rows} rows"), async || {
            (browser.how_many("row-checkbox").await >= rows).then_some(())
        })
        .await;
}

async fn tick_five(browser: &Browser) {
    see_rows(browser, 5).await;
    browser.run(FIVE_FROM_THE_FIRST).await;
    browser
        .count_until("selection-count", |count| count == 5)
        .await;
}

/// All that match: the header's box.
async fn select_all_matching(browser: &Browser) {
    let matches = browser.count("match-count").await;
    browser.click("select-all").await;
    browser
        .count_until("selection-count", |count| count == matches)
        .await;
}

/// From the preview on: takes starred and answered mails too, if there are any that were kept out.
async fn take_all(browser: &Browser) {
    browser.see("undo-promise").await;
    if browser.how_many("kept-out").await > 0 {
        browser.click("take-protected").await;
        browser.see_no("kept-out").await;
        browser.see("undo-promise").await;
    }
}

/// From the preview on: takes all that was asked for, types the count where it is asked for, and confirms. Enter does
/// it there.
async fn confirm(browser: &Browser) -> u64 {
    take_all(browser).await;
    let total = browser.count("preview-count").await;
    if browser.how_many("type-count").await > 0 {
        assert!(
            !browser.is_enabled("confirm").await,
            "the count has not been typed"
        );
        browser.fill("type-count", &total.to_string()).await;
        browser
            .until("be allowed to confirm", async || {
                browser.is_enabled("confirm").await.then_some(())
            })
            .await;
        browser.submit("type-count").await;
    } else {
        browser.click("confirm").await;
    }
    total
}

/// Waits for the end, and answers how many succeeded.
async fn end(browser: &Browser) -> u64 {
    browser.see("completion-summary").await;
    browser.count("count-succeeded").await
}
