//! What is not ours does not run: no inline script, nothing from elsewhere; and the main page needs
//! none of it. (That no story leaves a violation behind is seen to by the browser's driver.)

use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;

use super::visit;

/// Scripts, styles and handlers that stand in the page itself.
const INLINE: &str = "return [...document.querySelectorAll('script:not([src]), style, [style], [onclick], [onload]')]\
    .map(element => element.outerHTML)";

/// Each is refused; the page would show it if one were not.
const FOREIGN: [(&str, &str); 4] = [
    (
        "script-src",
        "const script = document.createElement('script'); script.textContent = 'window.foreign = true'; \
         document.body.append(script)",
    ),
    (
        "script-src",
        "const script = document.createElement('script'); script.src = 'http://127.0.0.1:9/a.js'; \
         document.body.append(script)",
    ),
    (
        "style-src",
        "const style = document.createElement('style'); style.textContent = 'body { display: none }'; \
         document.body.append(style)",
    ),
    (
        "connect-src",
        "fetch('http://127.0.0.1:9/').then(() => { window.foreign = true }, () => {})",
    ),
];

#[tokio::test]
async fn what_is_not_ours_does_not_run() {
    story("content_policy", async |browser| {
        let server = Bulkhead::with_mails(200).await;
        headers_are_there(&server).await;
        visit(browser, &server).await;
        assert_eq!(browser.run(INLINE).await, json!([]));
        for (directive, script) in FOREIGN {
            assert_eq!(browser.complaints().await, Vec::<String>::new());
            browser.run(script).await;
            is_refused(browser, directive).await;
        }
        assert_eq!(
            browser.run("return window.foreign ?? null").await,
            json!(null)
        );
        browser.see("mail-row").await;
        server.stop().await;
    })
    .await;
}

/// The driver sees it, as it would in any story.
async fn is_refused(browser: &Browser, directive: &str) {
    let told = |complaint: &String| {
        complaint.contains("securitypolicyviolation") && complaint.contains(directive)
    };
    browser
        .until(&format!("be refused by {directive}"), async || {
            browser.complaints().await.iter().any(told).then_some(())
        })
        .await;
}

async fn headers_are_there(server: &Bulkhead) {
    for path in ["/", "/jobs", "/style.css", "/api/v1/accounts"] {
        let answer = bulkhead_cloud::http_client::plain()
            .get(server.page(path))
            .send()
            .await
            .unwrap();
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
    }
}
