//! A mail to many with files that go along, to people out of an address book; and every element of the three screens
//! that follow.

use std::path::{Path, PathBuf};
use std::process::Command;

use bulkhead_tests::browser::{Browser, story};
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::json;

use super::compose::{choose, faults, mend};
use super::confirm;
use crate::outgoing::World;

/// People with a bill each, of which one is not in the archive.
const PEOPLE: &str = "email;name;bill\nann@example.org;Ann;Rechnung für Ann.pdf\nbo@example.org;Bo;bill 2.pdf\n\
    cy@example.org;;bill 4.pdf\n";

/// An archive as Python's own module writes it: in a folder, packed, and with what a Mac adds.
const ARCHIVE: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    for number, name in enumerate(['Rechnung fu\u{308}r Ann.pdf', 'bill 2.pdf', 'bill 3.pdf'], 1):
        archive.writestr('bills/' + name, ('%PDF-1.7 bill ' + str(number) + '\\n') * 3000)
    archive.writestr('__MACOSX/bills/._bill 2.pdf', 'x')
    archive.writestr('bills/empty.pdf', '')
";

fn archive(folder: &Path) -> PathBuf {
    let path = folder.join("bills.zip");
    let made = Command::new("python3")
        .args(["-c", ARCHIVE])
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_along_with_a_mail_to_many_each_with_whom_it_is_for() {
    story("compose-files", async |browser| {
        let world = World::start().await;
        browser.open(&world.server.sign_in_address()).await;
        browser.see("mail-row").await;
        let path = format!("/accounts/{}/send", world.account);
        browser.open(&world.server.page(&path)).await;
        gathered(browser).await;
        let folder = world.server.data();
        let (people, terms) = (folder.join("people.csv"), folder.join("terms.txt"));
        std::fs::write(&people, PEOPLE).unwrap();
        std::fs::write(&terms, "no terms\n").unwrap();
        browser
            .pick_files("compose-file", &people.to_string_lossy())
            .await;
        browser
            .count_until("compose-count", |count| count == 3)
            .await;
        browser.fill("compose-from", "alice@example.org").await;
        browser.fill("compose-subject", "Your bill").await;
        browser
            .fill(
                "compose-text",
                "Dear {{ name|default(\"you\") }}, please pay.",
            )
            .await;
        faults(browser, 0).await;

        browser.click("attaching").await;
        browser
            .pick_files("attach-files", &terms.to_string_lossy())
            .await;
        browser.see("attached-file").await;
        browser
            .pick_files("attach-archive", &people.to_string_lossy())
            .await;
        browser
            .read_until("attach-trouble", |told| {
                told.contains("no whole zip archive")
            })
            .await;
        browser
            .pick_files("attach-archive", &archive(&folder).to_string_lossy())
            .await;
        browser.count_until("named-files", |count| count == 3).await;
        browser
            .read_until("attach-trouble", |told| {
                told.contains("“empty.pdf” is empty")
            })
            .await;
        // The column shows by itself; one row names what is not there.
        faults(browser, 1).await;
        let fault = browser.text("compose-fault").await;
        assert!(
            fault.contains("Row 3") && fault.contains("“bill 4.pdf”"),
            "{fault}"
        );
        mend(browser, "bill 3.pdf").await;
        faults(browser, 0).await;
        let seen = browser
            .read_until("compose-files-seen", |files| {
                files.contains("Rechnung für Ann.pdf")
            })
            .await;
        assert!(seen.contains("terms.txt (9 bytes)"), "{seen}");

        // Whoever is looked for, and those worth a look.
        browser.fill("compose-find", "bo@ex").await;
        browser
            .read_until("compose-to", |to| to.contains("bo@example.org"))
            .await;
        browser
            .count_until("compose-found", |count| count == 1)
            .await;
        browser.fill("compose-find", "").await;
        narrow(browser, "longest").await;
        browser
            .count_until("compose-found", |count| count == 1)
            .await;
        narrow(browser, "first").await;
        browser
            .count_until("compose-found", |count| count == 3)
            .await;
        narrow(browser, "warnings").await;
        browser
            .count_until("compose-found", |count| count == 0)
            .await;

        browser.click("compose-draft").await;
        let files = browser
            .read_until("letter-files", |files| !files.is_empty())
            .await;
        assert!(
            files.contains("terms.txt") && files.contains("one of 3 for each, as “bill” says"),
            "{files}"
        );
        // Written anew, it has the same files.
        browser.click("edit-template").await;
        browser.count_until("named-files", |count| count == 3).await;
        faults(browser, 0).await;
        browser.click("compose-draft").await;
        assert_eq!(confirm(browser).await, 3);
        browser.see("completion-summary").await;
        assert_eq!(browser.count("count-succeeded").await, 3);
        assert_eq!(world.exim.wait_for(3), 3);
        let arrived = world.exim.arrived();
        for (to, name, number) in [
            ("ann", "Rechnung für Ann.pdf", 1),
            ("bo", "bill 2.pdf", 2),
            ("cy", "bill 3.pdf", 3),
        ] {
            let mail = MessageParser::default()
                .parse(&arrived[&format!("{to}@example.org")][0])
                .unwrap();
            let files: Vec<_> = mail
                .attachments()
                .map(|part| (part.attachment_name().unwrap(), part.contents()))
                .collect();
            let bill = format!("%PDF-1.7 bill {number}\n").repeat(3_000);
            assert_eq!(
                files,
                [("terms.txt", &b"no terms\n"[..]), (name, bill.as_bytes())]
            );
        }
        world.stop().await;
    })
    .await;
}

/// Shows only some of the mails.
async fn narrow(browser: &Browser, which: &str) {
    let script = format!("document.querySelector('[data-testid=which-{which}]').click()");
    browser.run(&script).await;
}

/// Everybody of the sandbox's address book, and then whoever wrote to it.
async fn gathered(browser: &Browser) {
    browser.click("gathering").await;
    browser
        .read_until("gather-from", |places| places.contains("Contacts of"))
        .await;
    browser.click("gather").await;
    let contacts = browser.count_until("gather-found", |count| count > 0).await;
    browser.click("gather-take").await;
    browser
        .count_until("compose-count", |count| count == contacts)
        .await;
    // Nobody comes twice.
    browser.click("gather").await;
    browser.see("gather-found").await;
    browser.click("gather-take").await;
    browser
        .read_until("gather-told", |told| told.starts_with("0 recipients added"))
        .await;
    browser
        .count_until("compose-count", |count| count == contacts)
        .await;
    let place = "return [...document.querySelector('[data-testid=gather-from]').options].find(it => it.text.startsWith('Who wrote')).value";
    let place = browser.run(place).await;
    choose(browser, "gather-from", place.as_str().unwrap()).await;
    browser.fill("gather-search", "in:inbox").await;
    browser.click("gather").await;
    let wrote = browser.count_until("gather-found", |count| count > 0).await;
    browser.click("gather-take").await;
    let all = browser
        .count_until("compose-count", |count| count > contacts)
        .await;
    assert!(all <= contacts + wrote, "{contacts} and {wrote} are {all}");
}

/// Mails in three batches.
const MANY: usize = 75;

#[tokio::test(flavor = "multi_thread")]
async fn the_screens_of_a_mail_to_many_have_every_element() {
    story("compose-screens", async |browser| {
        let world = World::start().await;
        let send = json!({"from": "alice@example.org", "subject": "About {{ n }}", "text": "Dear {{ n }}", "template": "Follow-up",
            "hold_seconds": 0});
        let row = |n: usize| {
            let who = if n == 1 { "reject-u" } else { "u" };
            json!({"to": format!("{who}{n}@example.org"), "n": n.to_string()})
        };
        let rows: Vec<_> = (0..MANY).map(row).collect();
        // With rests, so that it is under way long enough to be looked at, whatever else the machine does.
        let mut job = world.job(&send, &rows);
        job.options.batch_size = Some(25);
        job.options.parallel_chunks = Some(1);
        job.options.delay_between_batches = Some(2.0);
        let draft = world.server.api.draft(&job).await;
        browser.open(&world.server.sign_in_address()).await;
        browser.see("mail-row").await;
        browser.open(&world.server.page(&format!("/jobs/{}", draft.id))).await;

        // Created: count, subject, template, the first three, and three buttons.
        browser.see("letter-facts").await;
        assert_eq!(browser.count("preview-count").await, MANY as u64);
        assert_eq!(browser.text("letter-subject").await, "About {{ n }}");
        assert_eq!(browser.text("letter-template").await, "Follow-up");
        let first = browser.read_all("sample-row").await;
        assert_eq!(first.len(), 3);
        assert!(first[0].contains("u0@example.org") && first[0].contains("About 0"), "{first:?}");
        assert_eq!(browser.text("edit-template").await, "Edit template");
        assert_eq!(browser.text("cancel-draft").await, "Cancel");
        assert!(browser.text("confirm").await.starts_with("Confirm all 75"));
        confirm(browser).await;

        // Under way: how many of how many, a line for each, when it will be done, and a button that stops it.
        browser.see("cancel").await;
        browser.see("time-left").await;
        // Both in one look: a moment later all of those that are shown may have been sent.
        let states = "return [...document.querySelectorAll('[data-testid=mail-line]')].map(it => it.innerText)";
        browser
            .until("see mails that are sent and queued", async || {
                let lines = browser.run(states).await;
                let has = |words: &str| {
                    let mut lines = lines.as_array()?.iter().filter_map(|line| line.as_str());
                    lines.find(|line| line.contains(words)).map(|_| ())
                };
                has("Sent after").and(has("Queued"))
            })
            .await;
        // Lines and counts are asked for apart.
        browser.count_until("count-succeeded", |count| count > 0).await;

        // Done: how many were sent, what failed and why, how long it took, and what can be done now.
        let summary = browser.read_until("completion-summary", |told| told.contains("74")).await;
        assert!(summary.contains("1 not"), "{summary}");
        assert!(!browser.text("total-time").await.is_empty());
        let failed = browser.text("failures").await;
        assert!(failed.contains("Nobody has this address"), "{failed}");
        browser.click("view-details").await;
        browser.see("mail-line").await;
        assert!(browser.how_many("mail-line").await > 3);
        assert_eq!(browser.text("done").await, "Done");
        browser.click("retry-failed").await;
        assert_eq!(browser.count("preview-count").await, 1);
        world.stop().await;
    })
    .await;
}
