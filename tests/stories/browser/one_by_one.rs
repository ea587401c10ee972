//! With nothing ticked, keys are for the mail that somebody is on: one after the other leaves, is read, and comes back.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{on_the_first, search, visit};

const HOLD_E: &str = "
    for (const repeat of [true, true])
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true, repeat }));";

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_that_the_keyboard_is_on_is_the_one_that_is_meant() {
    story("one_by_one", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let before = server.api.mailbox(&account).await;
        let listed = server.api.items(&account, "in:inbox").await;
        let matches = listed.len() as u64;
        visit(browser, &server).await;
        search(browser, "in:inbox", matches).await;
        on_the_first(browser).await;
        let left = async |count: u64| {
            let wanted = matches - count;
            browser
                .count_until("match-count", |count| count == wanted)
                .await;
        };

        browser.press(['j', 'e']).await;
        left(1).await;
        // One after the other, without waiting for the first to be gone; held down, a key is meant once.
        browser.press(['e', 'e']).await;
        browser.run(HOLD_E).await;
        left(3).await;

        browser
            .until("see the three go, and no other", async || {
                let after = server.api.items(&account, "in:inbox").await;
                let stayed = [&listed[..1], &listed[4..]].concat();
                let ids = after.iter().map(|item| &item.id);
                ids.eq(stayed.iter().map(|item| &item.id)).then_some(())
            })
            .await;
        browser
            .until("be told of each that it was done", async || {
                (browser.how_many("tray-undo").await == 3).then_some(())
            })
            .await;
        browser.see_no("sidebar-jobs").await;
        for undone in 1..=3 {
            browser.press(['z']).await;
            left(3 - undone).await;
        }
        assert_eq!(server.api.mailbox(&account).await, before);

        // Where one is read, the next one is read once it is gone.
        browser.press(['o']).await;
        browser
            .read_until("read-subject", |shown| shown == listed[4].subject)
            .await;
        browser.press(['e']).await;
        left(1).await;
        browser
            .read_until("read-subject", |shown| shown == listed[5].subject)
            .await;
        server.stop().await;
    })
    .await;
}
