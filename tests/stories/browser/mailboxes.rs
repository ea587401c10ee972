//! Deleted mailboxes brought back from a file that Excel saved, on the screen: ten mistakes are mended, the server is
//! lost half-way, and every row of the results is right.

use std::fs;
use std::path::Path;

use bulkhead_shared::api::Mailboxes;
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use jiff::Timestamp;

use super::{confirm, end, visit};

const ROWS: usize = 30;
pub(super) const HEADERS: [&str; 5] = [
    "Ticket",
    "Source_GUID",
    "Target_UPN",
    "Display_Name",
    "Department",
];

pub(super) async fn mailboxes(server: &Bulkhead, account: &AccountId, query: &str) -> Vec<Mailbox> {
    let path = format!("/accounts/{account}/mailboxes?limit=500&q={query}");
    let page: Mailboxes = server.api.get(&path).await.success().json();
    page.mailboxes
}

/// Those that nothing stands in the way of, and of a size that any quota holds.
pub(super) fn is_free(mailbox: &Mailbox) -> bool {
    !mailbox.on_hold && !mailbox.is_over(Timestamp::now()) && mailbox.bytes < Some(100_000_000)
}

/// As Excel saves a table where people write numbers with a comma: windows-1252, semicolons, CRLF, an empty row.
fn save(path: &Path, rows: &[Vec<String>]) {
    let lines = rows.iter().map(|row| row.join(";"));
    let lines: Vec<String> = lines.collect();
    let text = format!(
        "{}\r\n{}\r\n;;;;\r\n",
        HEADERS.join(";"),
        lines.join("\r\n")
    );
    let bytes = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap());
    fs::write(path, bytes.collect::<Vec<u8>>()).unwrap();
}

/// Waits until so many rows of the table on the screen stand like this.
pub(super) async fn standing(browser: &Browser, what: &str, rows: usize) {
    let script =
        format!("return document.querySelector('[data-testid=table]')?.dataset.{what} ?? ''");
    browser
        .until(&format!("see {rows} rows {what}"), async || {
            let count = browser.run(&script).await;
            (count.as_str() == Some(&rows.to_string())).then_some(())
        })
        .await;
}

/// Waits until there are so many rows of a job on the screen, and each says that it was completed. They come a moment after
/// its end.
pub(super) async fn all_completed(browser: &Browser, rows: usize) {
    browser
        .until(&format!("see {rows} rows completed"), async || {
            let shown = browser.read_all("row").await;
            let all = shown.iter().all(|row| row.contains("completed"));
            (all && shown.len() == rows).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mailboxes_are_recovered_from_a_file_through_mistakes_and_a_lost_server() {
    story("mailboxes", async |browser| {
        let mut server = Bulkhead::with_mails(30).await;
        let account = server.api.sandbox().await;
        let inactive = mailboxes(&server, &account, "in:inactive").await;
        let mut free = inactive.iter().filter(|mailbox| is_free(mailbox));
        let held = inactive.iter().find(|mailbox| mailbox.on_hold).unwrap();
        let mut right: Vec<Vec<String>> = (1..ROWS)
            .map(|n| {
                let guid = free.next().unwrap().guid.to_string();
                let upn = format!("back{n:02}@company.example");
                let cells = [format!("T-{n}"), guid, upn, format!("Jürgen {n}")];
                cells.into_iter().chain(["Vertrieb".to_owned()]).collect()
            })
            .collect();
        let blocked = [
            "T-30",
            &held.guid.to_string(),
            "back30@company.example",
            "Held",
            "",
        ];
        right.push(blocked.map(str::to_owned).to_vec());
        let mistakes = [
            (1, 1, "7,39E+07"),
            (2, 1, "#N/A"),
            (3, 1, "3f2504e0-4f89-41d3-9a0c-0305e82c330"),
            (4, 2, "back04"),
            (5, 2, "back05@@company.example"),
            (6, 3, ""),
            (7, 2, ""),
            (8, 2, "back 08@company.example"),
            (18, 1, &right[16][1].clone()),
            (20, 2, &right[18][2].clone()),
        ];
        let mut wrong = right.clone();
        for (row, column, text) in mistakes {
            wrong[row - 1][column] = text.to_owned();
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leavers.csv");
        save(&file, &wrong);

        visit(browser, &server).await;
        browser.click("nav-mailboxes").await;
        browser
            .pick_files("mailbox-file", file.to_str().unwrap())
            .await;
        standing(browser, "wrong", mistakes.len()).await;
        let recognised = browser.text("recognised").await;
        for sign in ["Windows-1252", "semicolons", "CRLF", "1 empty row"] {
            assert!(recognised.contains(sign), "{recognised}");
        }
        // Wrong ones are on top, each with what would be right.
        let rows = browser
            .until("see the rows that are wrong", async || {
                let rows = browser.read_all("grid-said").await;
                (rows.len() >= mistakes.len()).then_some(rows)
            })
            .await;
        assert!(
            rows[0].contains("is a number that a spreadsheet made of an id"),
            "{rows:?}"
        );
        assert!(rows[8].contains("names the same mailbox"), "{rows:?}");
        for (place, (row, column, _)) in mistakes.into_iter().enumerate() {
            let name = HEADERS[column].to_lowercase();
            let cell = format!("cell-{row}-{name}");
            browser.fill(&cell, &right[row - 1][column]).await;
            standing(browser, "wrong", mistakes.len() - place - 1).await;
        }

        // The directory has something against one, which is taken out.
        browser.click("look-through").await;
        standing(browser, "blocked", 1).await;
        standing(browser, "ready", ROWS - 1).await;
        browser.click("take-out-30").await;
        browser.see_no("take-out-30").await;
        assert_eq!(
            mailboxes(&server, &account, "in:inactive").await,
            inactive,
            "nothing was touched"
        );

        browser.click("directory-preview").await;
        browser.see("sample-becomes").await;
        assert_eq!(confirm(browser).await, ROWS as u64 - 1);
        browser.see("row").await;
        let job = server.api.jobs().await[0].id.clone();
        server
            .api
            .wait_until(&job, "be half done", |job| job.counts.succeeded >= 10)
            .await;
        server.restart().await;
        assert_eq!(end(browser).await, ROWS as u64 - 1);
        all_completed(browser, ROWS - 1).await;

        // Every row of the results is right, and so is the directory.
        browser.click("results-csv").await;
        let (_, results) = browser.download().await;
        let grid = Grid::read(&results, Limits::default()).unwrap();
        assert_eq!(grid.rows.len(), ROWS - 1);
        let active = mailboxes(&server, &account, "in:active").await;
        for (n, (row, brought)) in grid.rows.iter().zip(&right).enumerate() {
            assert_eq!(row.cells[0], (n + 1).to_string());
            assert_eq!((&row.cells[1], &row.cells[2]), (&brought[1], &brought[2]));
            assert_eq!(
                (row.cells[3].as_str(), row.cells[4].as_str()),
                ("completed", "")
            );
            assert_eq!(
                row.cells[8..],
                brought[..],
                "what was brought stands behind"
            );
            let found = active
                .iter()
                .find(|mailbox| mailbox.guid.to_string() == brought[1]);
            let profile = &found.unwrap().profile;
            assert_eq!(
                (&profile.upn, &profile.display_name),
                (&brought[2], &brought[3])
            );
        }

        // Brought again, only what is not done is left to do.
        let text = String::from_utf8(results)
            .unwrap()
            .replacen(",completed,", ",failed,", 1);
        let again = folder.path().join("leavers.results.csv");
        fs::write(&again, text).unwrap();
        browser.click("nav-mailboxes").await;
        browser
            .pick_files("mailbox-file", again.to_str().unwrap())
            .await;
        standing(browser, "done", ROWS - 2).await;
        standing(browser, "ready", 1).await;

        // And back.
        browser
            .open(&server.page(&format!("/accounts/{account}/mailboxes/jobs/{job}")))
            .await;
        browser.click("undo").await;
        browser.see("undo-preview").await;
        confirm(browser).await;
        assert_eq!(end(browser).await, ROWS as u64 - 1);
        let left = mailboxes(&server, &account, "in:inactive").await;
        assert_eq!(left.len(), inactive.len());
        server.stop().await;
    })
    .await;
}
