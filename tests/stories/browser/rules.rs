//! A rule: written, tested on the past with the dial, switched on, run, taken back.

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{confirm, end, visit};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_tested_switched_on_run_and_taken_back() {
    story("rules", async |browser| {
        let server = Bulkhead::with_mails(2_000).await;
        visit(browser, &server).await;
        browser.click("nav-senders").await;
        browser.click("view-rules").await;
        browser.see("no-rules").await;

        // What is wrong is told, and nothing is stored.
        browser.click("first-rule").await;
        browser.fill("rule-field-name", "Newsletters").await;
        browser.click("rule-save").await;
        let wrong = browser.text("rule-wrong").await;
        assert!(wrong.starts_with("Say which mails"), "{wrong}");
        browser.click("rule-class-newsletter").await;
        browser.click("rule-save").await;
        browser.see("rule-card").await;
        assert_eq!(browser.text("rule-state").await, "Off");
        assert!(!browser.is_enabled("rule-switch").await, "never tested");

        browser.click("rule-test").await;
        browser.see("back-test").await;
        let sure = browser.count("test-sum").await;
        assert!(sure > 0);
        // Beside the dial stand figures that add up, and they move with it.
        let turn = async |percent: u8| {
            browser
                .run(&format!(
                    "const dial = document.querySelector('[data-testid=rule-dial]'); dial.value = {percent}; dial.dispatchEvent(new Event('input', {{bubbles: true}}))"
                ))
                .await;
        };
        turn(99).await;
        let surer = browser.count_until("test-sum", |count| count < sure).await;
        let unsure = browser.count("test-unsure").await;
        turn(50).await;
        let all = browser.count_until("test-sum", |count| count >= sure).await;
        let still_unsure = browser.count("test-unsure").await;
        assert!(all >= surer && unsure - still_unsure >= all - surer);
        let mut sum = 0;
        for part in ["test-same", "test-left", "test-unread", "test-otherwise"] {
            sum += browser.count(part).await;
        }
        assert_eq!(sum, all);
        browser.see("test-unknown").await;
        turn(80).await;
        browser.click("rule-take").await;
        browser.read_until("rule-words", |text| text.contains("80 % sure")).await;

        browser.click("rule-switch").await;
        browser.read_until("rule-state", |text| text == "On").await;
        browser.click("rule-run").await;
        browser.see("preview-count").await;
        let mails = confirm(browser).await;
        assert_eq!(end(browser).await, mails);
        browser.click("close").await;
        browser.see_no("job-dialog").await;
        browser.read_until("rule-runs", |text| text.starts_with("Ran 1 time")).await;

        // Nothing is left to do, and that is said.
        browser.click("rule-run").await;
        let said = browser.text("rule-said").await;
        assert!(said.starts_with("Nothing to do"), "{said}");
        let jobs = server.api.jobs().await;
        server.api.undo(&jobs[0].id).await;
        browser.read_until("rule-runs", |text| text.contains("taken back 1 time")).await;

        // On a schedule: it stays on, and says when it runs next.
        browser.click("rule-edit").await;
        let choose = async |name: &str, value: &str| {
            browser.see(name).await;
            browser
                .run(&format!(
                    "const select = document.querySelector('[data-testid={name}]'); select.value = '{value}'; select.dispatchEvent(new Event('change', {{bubbles: true}}))"
                ))
                .await;
        };
        choose("rule-timing", "weekly").await;
        choose("rule-day", "Friday").await;
        choose("rule-hour", "9").await;
        browser.fill("rule-field-by_itself_most", "40").await;
        browser.submit("rule-field-by_itself_most").await;
        browser.read_until("rule-words", |text| text.ends_with("each Friday at 9:00")).await;
        assert_eq!(browser.text("rule-state").await, "On");
        let next = browser.text("rule-next").await;
        assert!(next.contains(" 9:00"), "{next}");

        // By keys: changed, which switches it off, and deleted by two clicks.
        let press = async |key: &str| {
            browser
                .run(&format!(
                    "document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
                ))
                .await;
        };
        press("e").await;
        browser.fill("rule-field-older_days", "3").await;
        browser.submit("rule-field-older_days").await;
        browser.read_until("rule-words", |text| text.contains("older than 3 days")).await;
        assert_eq!(browser.text("rule-state").await, "Off");
        browser.click("rule-delete").await;
        browser.click("rule-delete").await;
        browser.see("no-rules").await;
        server.stop().await;
    })
    .await;
}
