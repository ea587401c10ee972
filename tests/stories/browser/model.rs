//! Model and privacy: another model is chosen, what is sent is shown and agreed to, mails are told by it, and that is taken
//! back.

use bulkhead_shared::operations::{Classify, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::model_server::{KEY, ModelServer};

use super::{confirm, end, visit};

#[tokio::test(flavor = "multi_thread")]
async fn another_model_is_chosen_shown_agreed_to_and_taken_back() {
    story("model", async |browser| {
        let (server, model) = (Bulkhead::with_mails(300).await, ModelServer::start());
        visit(browser, &server).await;
        browser.click("account-menu").await;
        browser.click("model-page-link").await;
        let name = browser.text("model-name").await;
        assert_eq!(name, "Built in, nothing leaves this machine");

        browser.expect_complaint("400");
        // What cannot be is said; and nothing without encryption but on this machine.
        browser
            .fill("model-url", "http://models.example.com/v1")
            .await;
        browser.fill("model-model", "gpt-x").await;
        browser.click("model-choose").await;
        let refused = browser.text("problem").await;
        assert!(refused.contains("on this machine itself"), "{refused}");
        browser.fill("model-url", &model.url).await;
        browser.fill("model-key", KEY).await;
        browser.click("model-choose").await;
        browser
            .read_until("model-name", |name| name.starts_with("gpt-x at 127.0.0.1"))
            .await;

        // Exactly what is sent is shown, and nothing was sent by that.
        browser.click("model-look").await;
        let example = browser.text("model-example").await;
        assert!(
            example.starts_with("From: ") && example.contains("Subject: "),
            "{example}"
        );
        browser.click("model-agree").await;
        browser.see("model-withdraw").await;
        assert!(model.heard().is_empty());

        let account = server.api.sandbox().await;
        let operation = Operation::Classify(Classify {});
        let query = "in:inbox subject:order";
        let options = JobOptions::default();
        let draft = server
            .api
            .draft_query(&account, operation, query, options)
            .await;
        browser
            .open(&server.page(&format!("/jobs/{}", draft.id)))
            .await;
        browser.see("preview-count").await;
        let told = browser.text("model-told-by").await;
        assert!(told.starts_with("gpt-x at 127.0.0.1"), "{told}");
        let cost = browser.text("model-tokens").await;
        assert!(cost.starts_with("About "), "{cost}");
        let mails = confirm(browser).await;
        assert_eq!(end(browser).await, mails);
        let cost = browser.text("model-tokens").await;
        assert!(cost.ends_with(&format!("in {mails} requests")), "{cost}");
        assert_eq!(model.heard().len() as u64, mails);

        // Taken back: the same is told here, and the other model hears nothing more.
        browser.click("model-settings").await;
        browser.click("model-withdraw").await;
        browser.see_no("model-withdraw").await;
        let again = server
            .api
            .run(&account, Operation::Classify(Classify {}), query)
            .await;
        assert_eq!(
            again.model.unwrap().name,
            "Built in, nothing leaves this machine"
        );
        assert_eq!(model.heard().len() as u64, mails);
        browser.click("model-forget").await;
        browser
            .read_until("model-name", |name| {
                name == "Built in, nothing leaves this machine"
            })
            .await;
        assert!(!server.log().contains(KEY));
        server.stop().await;
    })
    .await;
}
