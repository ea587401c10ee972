//! A mail is read beside the list, and nothing that its sender put into it acts, shows pictures or asks anybody.

use std::fs;

use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;

use super::{on_the_first, search, visit};

/// Tries all that a mail can try.
const HOSTILE: &str = "\
From mallory@example.org Mon Jan  5 10:00:00 2026
From: Mallory <mallory@example.org>
To: ann@example.org
Subject: unsafe at any speed
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/html; charset=utf-8

<style>p { background: url(/api/v1/reached-by-style) }</style>
<base href=\"/api/v1/reached-by-base/\">
<p onclick=\"parent.acted = 1\" style=\"color: red\">Words that <b>stay</b></p>
<div style=\"display: none\">words for the list</div>
<script>parent.acted = 2</script>
<img src=\"/api/v1/reached-by-picture\" onerror=\"parent.acted = 3\" alt=\"a picture\">
<svg onload=\"parent.acted = 4\"><script>parent.acted = 5</script></svg>
<iframe srcdoc=\"<script>parent.parent.acted = 6</script>\"></iframe>
<form action=\"/sign-out\" method=\"post\"><button>Sign out</button>a form</form>
<meta http-equiv=\"refresh\" content=\"0; url=/jobs\">
<a href=\"javascript:parent.acted = 7\">bad link</a> <a href=\"https://example.org/\">good link</a>
--m
Content-Type: application/pdf
Content-Disposition: attachment; filename=\"bill.pdf\"
Content-Transfer-Encoding: base64

aGVsbG8=
--m--

";

/// What is in the frame, as the browser has it.
const INSIDE: &str = "
    const frame = document.querySelector('[data-testid=read-frame]');
    return frame?.contentDocument?.body?.innerHTML.includes('stay') ? frame.contentDocument.body.innerHTML : null;";
/// Addresses that were asked for, in the app or in the frame.
const ASKED: &str = "
    const frame = document.querySelector('[data-testid=read-frame]');
    return [performance, frame.contentWindow.performance]
        .flatMap(of => of.getEntriesByType('resource').map(entry => entry.name)).join(' ');";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_says_what_it_says_and_does_nothing() {
    story("reading", async |browser| {
        let server = Bulkhead::with_mails(50).await;
        visit(browser, &server).await;
        let folder = tempfile::tempdir().unwrap();
        let mbox = folder.path().join("hostile.mbox");
        fs::write(&mbox, HOSTILE).unwrap();
        browser.click("import").await;
        browser
            .pick_files("import-files", &mbox.display().to_string())
            .await;
        browser.see("import-report").await;
        browser.click("close").await;
        search(browser, "subject:unsafe", 1).await;

        browser.click("mail-row").await;
        browser
            .read_until("read-subject", |text| text == "unsafe at any speed")
            .await;
        let file = browser.text("read-file").await;
        assert!(file.contains("bill.pdf") && file.contains("5 B"), "{file}");
        harmless(browser).await;

        browser.click("read-text").await;
        browser
            .read_until("read-words", |text| text.contains("Words that stay"))
            .await;
        browser.click("read-source").await;
        browser
            .read_until("read-words", |text| text.contains("parent.acted = 2"))
            .await;
        browser.click("read-close").await;
        browser.see_no("reader").await;
        assert_eq!(browser.how_many("toolbar").await, 0, "nothing was ticked");

        next_and_previous(browser).await;
        server.stop().await;
    })
    .await;
}

async fn harmless(browser: &Browser) {
    let inside = browser
        .until("show the HTML", async || {
            browser.run(INSIDE).await.as_str().map(str::to_owned)
        })
        .await;
    for shown in [
        "<b>stay</b>",
        "a picture",
        "a form",
        "good link",
        "bad link",
    ] {
        assert!(inside.contains(shown), "{shown}: {inside}");
    }
    for gone in [
        "script",
        "style",
        "onclick",
        "svg",
        "<img",
        "<form",
        "words for",
        "Sign out",
        "meta",
    ] {
        assert!(!inside.contains(gone), "{gone}: {inside}");
    }
    assert!(browser.run("return window.acted ?? null").await.is_null());
    let asked = browser
        .until("have asked for the frame's own style", async || {
            let asked = browser.run(ASKED).await.to_string();
            asked.contains("/reading.css").then_some(asked)
        })
        .await;
    assert!(!asked.contains("reached-by"), "{asked}");
}

/// From the search with the keyboard alone, as with the buttons.
async fn next_and_previous(browser: &Browser) {
    search(browser, "in:anywhere", 51).await;
    on_the_first(browser).await;
    browser.run(&press("Enter")).await;
    let subject = browser.text("read-subject").await;
    assert!(!browser.is_enabled("read-previous").await);
    browser.click("read-next").await;
    let second = browser
        .read_until("read-subject", |text| text != subject)
        .await;
    browser.run(&press("k")).await;
    browser
        .read_until("read-subject", |text| text == subject)
        .await;
    browser.run(&press("j")).await;
    browser
        .read_until("read-subject", |text| text == second)
        .await;
    browser.run(&press("Escape")).await;
    browser.see_no("reader").await;
}

fn press(key: &str) -> String {
    format!(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
    )
}
