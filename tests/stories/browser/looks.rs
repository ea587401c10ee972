//! How the app looks is chosen once and kept, also for a mail that is open; the tab tells how the jobs stand, and a
//! narrow window has them at its foot.

use std::fs;

use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_tests::browser::{Browser, Theme, View, story};
use bulkhead_tests::driver::Bulkhead;
use serde_json::json;

use super::{search, visit};
use crate::steps::{run_into_the_middle, speed_up};

/// Two mails: the first long and formatted, with a subject that has no place to break.
const MAILS: &str = "\
From mallory@example.org Mon Jan  5 10:00:00 2026
From: Mallory <mallory@example.org>
To: ann@example.org
Subject: unbreakable-SUBJECT
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Top</p>LINES

From bob@example.org Mon Jan  5 09:00:00 2026
From: Bob <bob@example.org>
To: ann@example.org
Subject: unbreakable too

Short.

";
const PAGE: &str = "return [document.documentElement.dataset.theme ?? null, getComputedStyle(document.body).backgroundColor];";
const FRAME: &str = "
    const frame = document.querySelector('[data-testid=read-frame]')?.contentDocument;
    return frame?.body ? getComputedStyle(frame.body).backgroundColor : null;";
const ROW: &str =
    "return document.querySelector('[data-testid=mail-row]').getBoundingClientRect().height;";
const TITLE: &str =
    "return [document.title, document.querySelector('link[rel=icon]').getAttribute('href')];";
const SCROLLED: &str = "
    const seen = document.querySelector('.reader-scroll');
    seen.scrollTop = 400;
    return seen.scrollTop;";
const PLACE: &str = "return document.querySelector('.reader-scroll').scrollTop;";
const DARK: &str = "rgb(21, 27, 34)";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_holds_for_the_page_and_the_mail_that_is_open() {
    story("looks", async |browser| {
        let server = Bulkhead::with_mails(50).await;
        visit(browser, &server).await;
        bring(browser).await;
        search(browser, "subject:unbreakable", 2).await;
        assert_eq!(browser.sticks_out().await, Vec::<String>::new());
        browser.click("mail-row").await;
        until(browser, FRAME, &json!("rgb(255, 255, 255)")).await;

        choose(browser, "look-theme-dark").await;
        until(browser, FRAME, &json!(DARK)).await;
        choose(browser, "look-density-compact").await;
        until(browser, ROW, &json!(32)).await;
        choose(browser, "look-density-roomy").await;
        until(browser, ROW, &json!(44)).await;

        browser.click("read-source").await;
        browser.see("read-words").await;
        assert!(browser.run(SCROLLED).await.as_f64().unwrap() > 0.0);
        browser.click("read-next").await;
        browser
            .read_until("read-subject", |text| text == "unbreakable too")
            .await;
        until(browser, PLACE, &json!(0)).await;

        browser.reload().await;
        browser.see("mail-row").await;
        let page = browser.run(PAGE).await;
        assert_eq!(page[0], "dark");
        until(browser, ROW, &json!(44)).await;
        choose(browser, "look-theme-").await;
        let page = browser.run(PAGE).await;
        assert_eq!(page, json!([null, "rgb(243, 245, 247)"]));
        server.stop().await;
    })
    .await;
}

async fn bring(browser: &Browser) {
    let folder = tempfile::tempdir().unwrap();
    let mbox = folder.path().join("two.mbox");
    let lines = "<p>another line</p>\n".repeat(200);
    let mails = MAILS.replace("SUBJECT", &"x".repeat(900));
    fs::write(&mbox, mails.replace("LINES", &lines)).unwrap();
    browser.click("import").await;
    let files = mbox.display().to_string();
    browser.pick_files("import-files", &files).await;
    browser.see("import-report").await;
    browser.click("close").await;
}

async fn choose(browser: &Browser, look: &str) {
    browser.click("account-menu").await;
    browser.see("account-menu-panel").await;
    browser
        .run(&format!(
            "document.querySelector('[data-testid={look}]').click()"
        ))
        .await;
    browser.click("account-menu").await;
}

async fn until(browser: &Browser, script: &str, wanted: &serde_json::Value) {
    browser
        .until(&format!("{wanted}"), async || {
            (&browser.run(script).await == wanted).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tab_and_a_narrow_window_tell_how_the_jobs_stand() {
    story("standing", async |browser| {
        let server = Bulkhead::with_mails(4_000).await;
        let account = server.api.sandbox().await;
        visit(browser, &server).await;
        let quiet = browser
            .until("have a title", async || {
                let title = browser.run(TITLE).await;
                let is_told = title[0].as_str().unwrap().contains("Sandbox");
                is_told.then_some(title)
            })
            .await;
        assert_eq!(quiet[1], "/favicon.svg");
        let operation = Operation::Archive(Archive {});
        run_into_the_middle(&server, &account, operation, "in:inbox").await;
        browser.reload().await;
        let told = browser
            .until("tell of the job", async || {
                let title = browser.run(TITLE).await;
                // The title comes after the icon, once the page is drawn.
                let is_told = title[0].as_str().unwrap().contains("% · ");
                (is_told && title[1] == "/favicon-working.svg").then_some(title)
            })
            .await;
        assert!(
            told[0]
                .as_str()
                .unwrap()
                .ends_with(quiet[0].as_str().unwrap()),
            "{told}"
        );
        let narrow = View::of(View::SIZES[0], Theme::Light);
        browser.look_in(narrow).await;
        browser
            .read_until("tray", |text| text.starts_with("1 job under way"))
            .await;
        browser.click("tray").await;
        browser.see("sidebar-job").await;
        browser.look_as_before().await;
        speed_up(&server, &account).await;
        browser
            .until("tell that it has ended", async || {
                (browser.run(TITLE).await == quiet).then_some(())
            })
            .await;
        server.stop().await;
    })
    .await;
}
