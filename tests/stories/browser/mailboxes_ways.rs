//! The other ways of bringing mailboxes, and what can be done with them: a template, a table of 10,000 rows, rows pasted of a
//! spreadsheet to be restored, a pick from the list, and what failed tried once more.

use std::fs;

use bulkhead_shared::api::Dials;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use serde_json::Value;

use super::mailboxes::{all_completed, is_free, mailboxes, standing};
use super::{confirm, end, visit};
use crate::steps::speed_up;

const ROWS: usize = 10_000;
/// Rows that may be drawn at any moment.
const DRAWN_MOST: u64 = 100;
/// Scrolls through the rows in sixty steps, a frame each; the most rows that were drawn in one.
const SCROLL: &str = "
    const list = document.querySelector('[data-testid=grid]');
    window.most_drawn = null;
    let step = 0; let most = 0;
    const next = () => {
        most = Math.max(most, list.querySelectorAll('[data-testid=grid-row]').length);
        list.scrollTop = list.scrollHeight * ++step / 60;
        if (step < 60) requestAnimationFrame(next);
        else window.most_drawn = most;
    };
    requestAnimationFrame(next);";
const NOTHING_IN_THE_WAY: &str =
    "return document.querySelectorAll('[data-testid=grid-row][data-state=ready]').length";
const LAST_ROW: &str =
    "return [...document.querySelectorAll('[data-testid=grid-row]')].at(-1)?.dataset.row ?? ''";

/// Pastes as a person does who copied cells: typed, tabs would lead away.
async fn paste(browser: &Browser, text: &str) {
    browser.see("mailbox-paste").await;
    let text = Value::from(text);
    let script = format!(
        "const area = document.querySelector('[data-testid=mailbox-paste]'); area.value = {text};
         area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));"
    );
    browser.run(&script).await;
}

/// From a table that is right to the end of its job; how many were done.
async fn run(browser: &Browser, rows: usize) -> u64 {
    browser.click("look-through").await;
    browser
        .until("see nothing in the way of any row", async || {
            (browser.run(NOTHING_IN_THE_WAY).await == rows).then_some(())
        })
        .await;
    browser.click("directory-preview").await;
    browser.see("sample-becomes").await;
    assert_eq!(confirm(browser).await, rows as u64);
    end(browser).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mailboxes_are_brought_by_a_template_many_rows_a_paste_and_a_pick() {
    story("mailboxes-ways", async |browser| {
        let server = Bulkhead::with_mails(30).await;
        let account = server.api.sandbox().await;
        speed_up(&server, &account).await;
        let inactive = mailboxes(&server, &account, "in:inactive").await;
        let active = mailboxes(&server, &account, "in:active").await;
        let is_taken = |it: &Mailbox| {
            let smtp = &it.profile.smtp;
            active.iter().any(|other| other.profile.smtp == *smtp)
        };
        let free = inactive.iter().filter(|it| is_free(it) && !is_taken(it));
        let free: Vec<&Mailbox> = free.collect();
        let folder = tempfile::tempdir().unwrap();
        visit(browser, &server).await;
        browser.click("nav-mailboxes").await;

        // Its one row is right as it stands.
        browser.see("template").await;
        let template = "const link = document.querySelector('[data-testid=template]');
            return decodeURIComponent(link.href.split(',').slice(1).join(','))";
        let template = browser.run(template).await;
        let file = folder.path().join("template.csv");
        fs::write(&file, template.as_str().unwrap()).unwrap();
        browser
            .pick_files("mailbox-file", file.to_str().unwrap())
            .await;
        standing(browser, "ready", 1).await;
        standing(browser, "wrong", 0).await;
        browser.click("forget").await;

        // Few of many rows are drawn while somebody scrolls through all of them.
        let rows = (1..=ROWS)
            .map(|row| format!("3f2504e0-4f89-41d3-9a0c-{row:012x},u{row}@x.example,User {row}\n"));
        let table = format!(
            "source_guid,target_upn,display_name\n{}",
            rows.collect::<String>()
        );
        let file = folder.path().join("many.csv");
        fs::write(&file, table).unwrap();
        browser
            .pick_files("mailbox-file", file.to_str().unwrap())
            .await;
        standing(browser, "ready", ROWS).await;
        browser.see("grid-row").await;
        browser.run(SCROLL).await;
        let most = browser
            .until("scroll to the end", async || {
                browser.run("return window.most_drawn").await.as_u64()
            })
            .await;
        assert!((1..DRAWN_MOST).contains(&most), "{most} rows");
        let last = Value::from(ROWS.to_string());
        browser
            .until("see the last row", async || {
                (browser.run(LAST_ROW).await == last).then_some(())
            })
            .await;
        browser.click("forget").await;

        // Two are restored, by rules of their own; and taken back.
        browser.click("purpose-restore").await;
        let has_room = |it: &&Mailbox| {
            let left = |quota: u64| quota.saturating_sub(it.bytes.unwrap_or(quota));
            it.quota_bytes.is_none_or(|quota| left(quota) > 100_000_000)
        };
        let targets: Vec<&Mailbox> = active.iter().filter(has_room).take(2).collect();
        let pasted = format!(
            "{}\t{}\tOld mail\tkeep_both\n{}\t{}\t\tkeep_newer\n",
            free[0].guid, targets[0].profile.smtp, free[1].guid, targets[1].guid
        );
        paste(browser, &pasted).await;
        assert_eq!(run(browser, 2).await, 2);
        all_completed(browser, 2).await;
        browser.click("undo").await;
        browser.see("undo-preview").await;
        confirm(browser).await;
        assert_eq!(end(browser).await, 2);

        // Some are picked from the list, some of which fail, and are tried again by one button.
        browser.click("nav-mailboxes").await;
        browser.click("purpose-recover").await;
        browser.see("inactive").await;
        let picked = &free[2..14];
        for mailbox in picked {
            let tick = format!(
                "document.querySelector('[data-guid=\"{}\"]').click()",
                mailbox.guid
            );
            browser.run(&tick).await;
        }
        browser.click("take-picked").await;
        let failing = Dials {
            fail_percent: 40,
            ..Dials::default()
        };
        server.api.turn_dials(&account, &failing).await;
        let done = run(browser, picked.len()).await;
        let failed = browser.count("count-failed").await;
        assert_eq!(done + failed, picked.len() as u64);
        assert!(failed > 0, "nothing failed");
        speed_up(&server, &account).await;
        browser.click("retry-failed").await;
        assert_eq!(confirm(browser).await, failed);
        assert_eq!(end(browser).await, failed);
        let active = mailboxes(&server, &account, "in:active").await;
        for mailbox in picked {
            let now = active.iter().find(|it| it.guid == mailbox.guid);
            assert_eq!(now.unwrap().profile.upn, mailbox.profile.upn);
        }
        server.stop().await;
    })
    .await;
}
