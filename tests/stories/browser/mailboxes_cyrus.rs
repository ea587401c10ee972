//! Deleted mailboxes of a real Cyrus brought back on the screen: the account is connected, ten mistakes in a workbook of
//! Excel are mended, Bulkhead dies in the middle of a batch, and what owners see in the end is what they saw before.

use std::time::{Duration, Instant};

use bulkhead_shared::api::AccountKind;
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::imap_client::Client;
use bulkhead_tests::servers::leavers;
use bulkhead_tests::workbook::workbook;

use super::mailboxes::{HEADERS, mailboxes, standing};
use super::{confirm, end, visit};

/// Mailboxes, unless `BULKHEAD_MAILBOXES` says how many.
const USERS: usize = 12;
/// How long it may take to get as far as to die.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(5);

fn users() -> usize {
    let named = std::env::var("BULKHEAD_MAILBOXES");
    named.map_or(USERS, |count| count.parse().unwrap())
}

/// Connects the mail system as its administrator would, by the form.
async fn connect(browser: &Browser, server: &Bulkhead, cyrus: &Cyrus, users: usize) -> AccountId {
    cyrus.let_in("admin");
    browser.click("nav-connect").await;
    browser.see("connect-name").await;
    // What is pressed lies unseen above its words.
    let press = "document.querySelector('[data-testid=connect-cyrus]').click()";
    browser.run(press).await;
    browser.fill("connect-name", "Cyrus").await;
    browser.fill("connect-user", "admin").await;
    browser.fill("connect-host", "127.0.0.1").await;
    // Choosing in a list is typing what it is to be.
    let protection = browser.see("connect-security").await;
    protection.send_keys("None").await.unwrap();
    let port = cyrus.imap_port.to_string();
    browser.fill("connect-port", &port).await;
    browser.fill("connect-password", cyrus.password).await;
    browser.click("connect-test").await;
    let found = browser.text("connect-result").await;
    assert!(found.ends_with(&format!("{users} deleted.")), "{found}");
    browser.click("connect-submit").await;
    browser
        .until("come to the account", async || {
            let accounts = server.api.accounts().await;
            let connected = accounts.iter().find(|it| it.kind == AccountKind::Cyrus)?;
            let address = browser.address().await;
            address
                .contains(&connected.id.to_string())
                .then(|| connected.id.clone())
        })
        .await
}

/// Waits until so many of them are back.
fn wait_for(admin: &mut Client, back: usize) {
    let begun = Instant::now();
    while admin.command("LIST \"\" \"user/back%\"").len() < back {
        assert!(begun.elapsed() < PATIENCE, "nothing is brought back");
        std::thread::sleep(LOOK);
    }
}

/// Waits for the end of the last job, which takes longer the more mailboxes there are.
async fn ended(server: &Bulkhead) {
    let begun = Instant::now();
    while server
        .api
        .jobs()
        .await
        .iter()
        .any(|job| !job.state.is_ended())
    {
        assert!(begun.elapsed() < PATIENCE, "no end of it");
        tokio::time::sleep(LOOK * 20).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mailboxes_of_a_cyrus_are_recovered_through_mistakes_and_a_death_half_way() {
    story("mailboxes-cyrus", async |browser| {
        let users = users();
        let cyrus = Cyrus::start_naming(Names::Slashes);
        let mut maker = cyrus.admin();
        let before = leavers::delete_users(&cyrus, &mut maker, users);
        maker.command("CREATE user/taken");
        let as_deleted = leavers::folders(&cyrus);
        let mut server = Bulkhead::with_mails(10).await;
        visit(browser, &server).await;
        let account = connect(browser, &server, &cyrus, users).await;

        let inactive = mailboxes(&server, &account, "in:inactive").await;
        let right: Vec<Vec<String>> = (0..users)
            .map(|n| {
                let user = format!("old{n:02}");
                let left = inactive.iter().find(|it| it.profile.upn == user).unwrap();
                let upn = format!("back{n:02}@x.example");
                let name = format!("Jürgen {n}");
                let cells = [format!("T-{n}"), left.guid.to_string(), upn, name];
                cells.into_iter().chain(["Vertrieb".to_owned()]).collect()
            })
            .collect();
        let mistakes = [
            (1, 1, "7.39E+07"),
            (2, 1, "#N/A"),
            (3, 1, "3f2504e0-4f89-41d3-9a0c-0305e82c330"),
            (4, 2, "back03"),
            (5, 2, "back04@@x.example"),
            (6, 3, ""),
            (7, 2, ""),
            (8, 2, "back 07@x.example"),
            (10, 1, &right[8][1].clone()),
            (11, 2, &right[8][2].clone()),
        ];
        let mut brought = right.clone();
        for (row, column, text) in mistakes {
            brought[row - 1][column] = text.to_owned();
        }
        // Nothing is wrong with this in itself: only the mail system knows that somebody has it.
        brought[users - 1][2] = "taken@x.example".to_owned();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leavers.xlsx");
        let headers = HEADERS.map(str::to_owned).to_vec();
        let rows = [vec![headers], brought].concat();
        std::fs::write(&file, workbook(&rows)).unwrap();

        browser.click("nav-mailboxes").await;
        let path = file.to_str().unwrap();
        browser.pick_files("mailbox-file", path).await;
        standing(browser, "wrong", mistakes.len()).await;
        let recognised = browser.text("recognised").await;
        assert!(!recognised.contains("commas"), "{recognised}");
        for (place, (row, column, _)) in mistakes.into_iter().enumerate() {
            let cell = format!("cell-{row}-{}", HEADERS[column].to_lowercase());
            browser.fill(&cell, &right[row - 1][column]).await;
            standing(browser, "wrong", mistakes.len() - place - 1).await;
        }
        browser.click("look-through").await;
        standing(browser, "blocked", 1).await;
        // A cell that is not wrong in itself is a text until somebody goes there.
        browser.click(&format!("text-{users}-target_upn")).await;
        let cell = format!("cell-{users}-target_upn");
        browser.fill(&cell, &right[users - 1][2]).await;
        standing(browser, "ready", users).await;
        assert_eq!(leavers::folders(&cyrus), as_deleted, "nothing was touched");

        browser.click("directory-preview").await;
        browser.see("sample-becomes").await;
        assert_eq!(confirm(browser).await, users as u64);
        // Dies while it is at it, as Cyrus itself sees it.
        let mut admin = cyrus.admin();
        wait_for(&mut admin, users / 3);
        server.kill();
        let deleted = admin.command("LIST \"\" \"DELETED/*\"").len();
        assert!(deleted > 0, "it died too late");
        server.restart().await;
        ended(&server).await;
        assert_eq!(end(browser).await, users as u64);
        let completed =
            "return document.querySelectorAll('[data-testid=row][data-state=completed]').length";
        browser
            .until("see every row completed", async || {
                let rows = browser.run(completed).await;
                (rows == users).then_some(())
            })
            .await;

        // Every row of the results is right, and each owner has what they had.
        browser.click("results-csv").await;
        let (_, results) = browser.download().await;
        let grid = Grid::read(&results, Limits::default()).unwrap();
        assert_eq!(grid.rows.len(), users);
        let active = mailboxes(&server, &account, "in:active").await;
        for (n, (row, brought)) in grid.rows.iter().zip(&right).enumerate() {
            assert_eq!(row.cells[0], (n + 1).to_string());
            assert_eq!(row.cells[1..3], brought[1..3]);
            assert_eq!(row.cells[3..5], ["completed", ""]);
            assert_eq!(row.cells[8..], brought[..]);
            let found = active.iter().find(|it| it.guid.to_string() == brought[1]);
            let profile = &found.unwrap().profile;
            assert_eq!(
                (&profile.upn, &profile.display_name),
                (&brought[2], &brought[3])
            );
            let user = format!("back{n:02}");
            let seen = leavers::seen(&cyrus, &user);
            assert_eq!(
                seen,
                before[n],
                "{user}\n{}",
                leavers::explained(&cyrus, &user)
            );
        }

        // And back, under the very names that they had.
        browser.click("undo").await;
        browser.see("undo-preview").await;
        confirm(browser).await;
        ended(&server).await;
        assert_eq!(end(browser).await, users as u64);
        assert_eq!(leavers::folders(&cyrus), as_deleted);
        server.stop().await;
    })
    .await;
}
