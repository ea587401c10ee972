//! The first page: what it needs is asked for by the page itself, while the app is on its way, and no second time.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;
use serde_json::{Value, json};

use super::visit;

/// The page asks with an address, the app with a request.
const NOTE_WHO_ASKS: &str = "
    const ask = window.fetch;
    window.byPage = [];
    window.byApp = [];
    window.fetch = (what, ...more) => {
        const [, address] = new URL(what.url ?? what, location).href.split('/api/v1');
        if (address) (typeof what === 'string' ? byPage : byApp).push(address.replace(/acc_\\w+/, 'ID'));
        return ask(what, ...more);
    };";
const LIST: &str = "/accounts/ID/items?q=in%3Ainbox&offset=0&limit=100";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_first_list_needs_is_asked_for_once_while_the_app_is_on_its_way() {
    story("first_page", async |browser| {
        let server = Bulkhead::with_mails(300).await;
        let account = server.api.sandbox().await;
        visit(browser, &server).await;
        browser.run_before_pages(NOTE_WHO_ASKS).await;

        browser.reload().await;
        browser.see("mail-row").await;
        assert_eq!(
            browser.run("return byPage").await,
            json!(["/sign-in", "/accounts", LIST])
        );
        assert_eq!(asked_again(browser.run("return byApp").await), [""; 0]);

        browser.open(&server.page("/jobs")).await;
        browser.see("nav-history").await;
        assert_eq!(
            browser.run("return byPage").await,
            json!(["/sign-in", "/accounts"])
        );
        browser
            .open(&server.page(&format!("/accounts/{account}?q=is%3Aunread")))
            .await;
        browser.see("mail-row").await;
        let unread = LIST.replace("in%3Ainbox", "is%3Aunread");
        assert_eq!(
            browser.run("return byPage").await,
            json!(["/sign-in", "/accounts", unread])
        );
        assert_eq!(asked_again(browser.run("return byApp").await), [""; 0]);
        server.stop().await;
    })
    .await;
}

/// What the page had asked for already.
fn asked_again(by_app: Value) -> Vec<String> {
    let addresses: Vec<String> = serde_json::from_value(by_app).unwrap();
    let first = |address: &String| {
        ["/sign-in", "/accounts"].contains(&address.as_str()) || address.contains("/items")
    };
    addresses.into_iter().filter(first).collect()
}
