//! What the template promises browsers is what the local server gives them, so that a violation is
//! seen on a laptop first.

use std::collections::BTreeMap;

use bulkhead_cloud::http_client;
use bulkhead_cloud::template::Template;
use bulkhead_tests::driver::Bulkhead;
use serde_json::Value;

/// Only where people come over the internet.
const ENCRYPTED: &str = "strict-transport-security";
/// The one thing more that the deployed app may ask.
const SIGN_IN: &str = "https://bulkhead-dev-1.auth.eu-central-1.amazoncognito.com";
/// About the file itself, not about what a browser may do with it.
const OF_THE_FILE: [&str; 9] = [
    "accept-ranges",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "last-modified",
    "transfer-encoding",
    "vary",
];

/// The headers that the deployed distribution adds.
fn deployed() -> BTreeMap<String, String> {
    let template = Template::load().with("SignInHost", "bulkhead-dev-1");
    let config = template.properties("SecurityHeaders")["ResponseHeadersPolicyConfig"].take();
    let own = &config["SecurityHeadersConfig"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut headers = BTreeMap::from([
        (
            "content-security-policy".to_owned(),
            text(&own["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
        ),
        (
            "referrer-policy".to_owned(),
            text(&own["ReferrerPolicy"]["ReferrerPolicy"]),
        ),
    ]);
    assert!(own["ContentTypeOptions"].is_object());
    headers.insert("x-content-type-options".to_owned(), "nosniff".to_owned());
    assert!(own["StrictTransportSecurity"].is_object());
    headers.insert(ENCRYPTED.to_owned(), String::new());
    assert_eq!(own.as_object().unwrap().len(), 4, "{own}");
    for item in config["CustomHeadersConfig"]["Items"].as_array().unwrap() {
        headers.insert(text(&item["Header"]), text(&item["Value"]));
    }
    headers
}

#[tokio::test]
async fn browsers_get_the_same_headers_here_as_deployed() {
    let server = Bulkhead::with_mails(10).await;
    let answer = http_client::plain()
        .get(server.page("/"))
        .send()
        .await
        .unwrap();
    let here: BTreeMap<String, String> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .filter(|(name, _)| !OF_THE_FILE.contains(&name.as_str()))
        .collect();
    let mut there = deployed();
    there.remove(ENCRYPTED);
    let policy = there.get_mut("content-security-policy").unwrap();
    assert!(policy.contains(SIGN_IN), "{policy}");
    *policy = policy.replace(&format!(" {SIGN_IN}"), "");
    assert_eq!(here, there);
    server.stop().await;
}
