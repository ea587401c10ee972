//! Files of mail, picked in the app: they come in, and what came of each is told.

use std::fs;

use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::{search, visit};

const MBOX: &str = "\
From ann@example.org Mon Jan  5 10:00:00 2026
From: ann@example.org
Subject: brought along

text

From ann@example.org Mon Jan  5 11:00:00 2026
From: ann@example.org
X-Mozilla-Status: 0009
Subject: deleted

text
";

#[tokio::test]
async fn files_come_in_and_what_came_of_them_is_told() {
    story("import", async |browser| {
        let server = Bulkhead::with_mails(50).await;
        visit(browser, &server).await;
        let folder = tempfile::tempdir().unwrap();
        let (mbox, outlook) = (folder.path().join("Reisen"), folder.path().join("old.pst"));
        fs::write(&mbox, MBOX).unwrap();
        fs::write(&outlook, "!BDN").unwrap();
        browser.click("import").await;
        let files = format!("{}\n{}", mbox.display(), outlook.display());
        browser.pick_files("import-files", &files).await;
        browser
            .until("be told of both files", async || {
                (browser.how_many("import-report").await == 2).then_some(())
            })
            .await;
        let told = browser.read_all("import-file").await;
        for (file, words) in told.iter().zip([
            ["Reisen", "1 mail came in; 1 left out.", "message 2 at byte"],
            [
                "old.pst",
                "0 mails came in; 1 left out.",
                "only Outlook reads",
            ],
        ]) {
            for word in words {
                assert!(file.contains(word), "{word}: {file}");
            }
        }
        browser.click("close").await;
        search(browser, "subject:brought", 1).await;
        server.stop().await;
    })
    .await;
}
