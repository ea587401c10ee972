//! What is typed is looked for letter by letter: the list is that of the last letter, whether the mailbox answers at once
//! or not.

use bulkhead_shared::api::Dials;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::visit;

/// Milliseconds for which nobody keeps an old list in front of a person.
const SLOW: u64 = 400;

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_that_of_the_last_letter() {
    story("searching", async |browser| {
        let server = Bulkhead::with_mails(500).await;
        let account = server.api.sandbox().await;
        let unread = server.api.count(&account, "in:inbox is:unread").await;
        let starred = server.api.count(&account, "in:inbox is:starred").await;
        let all = server.api.count(&account, "in:inbox").await;
        visit(browser, &server).await;
        let shows = async |query: &str, matches: u64| {
            browser
                .count_until("match-count", |count| count == matches)
                .await;
            let address = browser.address().await;
            assert!(address.ends_with(query), "{address}");
            browser.see("mail-row").await;
        };
        for latency_ms in [0, SLOW] {
            let dials = Dials {
                latency_ms,
                ..Dials::default()
            };
            server.api.turn_dials(&account, &dials).await;
            browser.fill("search", "in:inbox is:unread").await;
            shows("?q=in%3Ainbox%20is%3Aunread", unread).await;
            browser.fill("search", "in:inbox is:starred").await;
            shows("?q=in%3Ainbox%20is%3Astarred", starred).await;
            browser.fill("search", "in:inbox").await;
            // What is shown without being asked for needs no words in the address.
            shows(account.as_str(), all).await;
        }
        server.stop().await;
    })
    .await;
}
