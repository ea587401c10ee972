//! A mail to many, written on its page: a file with mistakes, mended where they are shown, and sent.

use bulkhead_tests::browser::{Browser, story};
use serde_json::json;

use super::confirm;
use crate::outgoing::World;

/// Rows with a mistake each: an address that is none, an empty cell, somebody twice.
const FILE: &str = "E-mail;Name;Amount\nann@example.org;Ann;10 €\nbo at example.org;Bo;20 €\nzoe@example.org;Zoë;\n\
    ann@example.org;Ann again;30 €\ndan@example.org;Dan;40 €\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_many_is_written_mended_and_sent() {
    story("compose", async |browser| {
        let world = World::start().await;
        browser.open(&world.server.sign_in_address()).await;
        browser.see("mail-row").await;
        let path = format!("/accounts/{}/send", world.account);
        browser.open(&world.server.page(&path)).await;
        let file = world.server.data().join("people.csv");
        std::fs::write(&file, FILE).unwrap();
        browser
            .pick_files("compose-file", &file.to_string_lossy())
            .await;
        browser
            .count_until("compose-count", |count| count == 5)
            .await;
        browser
            .fill("compose-from", "Alice <alice@example.org>")
            .await;
        browser.fill("compose-template", "Bills").await;
        browser.fill("compose-subject", "Bill for {{ name }}").await;
        // A name is taken from what is offered, another one is wrong.
        browser.fill("compose-text", "Dear {{ na").await;
        browser.click("compose-offer").await;
        browser.see_no("compose-offer").await;
        type_behind(browser, ",\n\nplease pay {{ ammount }}.").await;
        browser.see("fault-rename").await;
        browser.click("fault-rename").await;
        faults(browser, 3).await;
        mend(browser, "bo@example.org").await;
        faults(browser, 2).await;
        mend(browser, "25 €").await;
        faults(browser, 1).await;
        browser.click("fault-leave-out").await;
        faults(browser, 0).await;
        browser
            .read_until("compose-to", |to| to.contains("ann@example.org"))
            .await;
        browser.fill("compose-row", "3").await;
        browser
            .read_until("compose-body", |text| {
                text == "Dear Zoë,\n\nplease pay 25 €."
            })
            .await;
        // The template is kept, spoilt, and taken up again; and tried with one's own address.
        browser.click("keep-template").await;
        browser.see("kept-version").await;
        browser.fill("compose-subject", "Spoilt").await;
        browser.click("keep-template").await;
        browser
            .read_until("kept-told", |told| told.starts_with("Version 2 of 2"))
            .await;
        choose(browser, "kept-version", "1").await;
        browser
            .read_until("kept-told", |told| told.starts_with("Version 1 of 2"))
            .await;
        faults(browser, 0).await;
        browser
            .read_until("compose-subject-seen", |subject| subject == "Bill for Zoë")
            .await;
        browser.click("test-send").await;
        browser.count_until("test-sent", |count| count == 1).await;
        assert_eq!(world.exim.wait_for(1), 1);
        assert!(world.exim.arrived().contains_key("alice@example.org"));
        // Who wants no more mail is left out, here and in the draft.
        browser.click("suppressed").await;
        browser
            .fill("suppress-addresses", "Dan <dan@EXAMPLE.org>")
            .await;
        browser.click("suppress").await;
        browser.see("suppressed-row").await;
        browser.see("left-out").await;
        browser.click("compose-draft").await;
        assert_eq!(browser.count("preview-count").await, 3);
        browser.count_until("left-out", |count| count == 1).await;
        browser.click("edit-template").await;
        browser
            .count_until("compose-count", |count| count == 4)
            .await;
        browser.click("suppressed").await;
        browser.click("release").await;
        browser.see_no("suppressed-row").await;
        browser.see_no("left-out").await;
        browser.click("compose-draft").await;
        assert_eq!(browser.count("preview-count").await, 4);
        assert_eq!(browser.text("letter-subject").await, "Bill for {{ name }}");
        assert_eq!(browser.text("letter-template").await, "Bills");
        assert_eq!(browser.how_many("sample-row").await, 3);

        // Back to the page, as it was written.
        browser.click("edit-template").await;
        browser
            .count_until("compose-count", |count| count == 4)
            .await;
        faults(browser, 0).await;
        browser.click("compose-draft").await;
        assert_eq!(confirm(browser).await, 4);
        browser.see("mail-line").await;
        browser.see("completion-summary").await;
        assert_eq!(browser.count("count-succeeded").await, 4);
        assert_eq!(world.exim.wait_for(5), 5, "four mails and the test");
        world.stop().await;
    })
    .await;
}

/// What may have arrived or not is shown with what is known of it, and a person decides about each.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_arrived_is_decided_by_a_person() {
    story("open-mails", async |browser| {
        let world = World::start().await;
        let send = json!({"from": "alice@example.org", "subject": "Hi", "text": "Hello", "hold_seconds": 0});
        let rows = [json!({"to": "ann@example.org"}), json!({"to": "bo@example.org"})];
        world.line.swallow(2);
        let job = world.send(&send, &rows).await;
        let job = world.server.api.wait_for_end(&job.id).await;
        assert_eq!(job.counts.uncertain, 2, "{job:#?}");
        browser.open(&world.server.sign_in_address()).await;
        browser.see("mail-row").await;
        browser.open(&world.server.page(&format!("/jobs/{}", job.id))).await;
        browser.see("open-mail").await;
        assert_eq!(browser.how_many("open-mail").await, 2);
        assert_eq!(browser.how_many("retry-failed").await, 0, "never those");
        browser.click("it-arrived").await;
        browser.see("open-mail-said").await;
        browser.click("send-again").await;
        assert_eq!(confirm(browser).await, 1);
        browser.see("completion-summary").await;
        assert_eq!(browser.count("count-succeeded").await, 1);
        assert_eq!(world.exim.wait_for(3), 3);
        world.stop().await;
    })
    .await;
}

pub(super) async fn faults(browser: &Browser, count: u64) {
    let attribute =
        "return document.querySelector('[data-testid=compose-verdict]')?.dataset.faults";
    browser
        .until(&format!("see {count} faults"), async || {
            let told = browser.run(attribute).await;
            (told.as_str()?.parse() == Ok(count)).then_some(())
        })
        .await;
}

/// Writes something else into the first cell with a fault.
pub(super) async fn mend(browser: &Browser, text: &str) {
    browser.fill("fault-cell", text).await;
    browser.press(['\u{E004}']).await;
}

/// Chooses from a list.
pub(super) async fn choose(browser: &Browser, name: &str, value: &str) {
    let script = format!(
        "const list = document.querySelector('[data-testid={name}]'); list.value = '{value}'; \
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    browser.run(&script).await;
}

/// Types on where the caret is.
async fn type_behind(browser: &Browser, text: &str) {
    browser.press(text.chars()).await;
}
