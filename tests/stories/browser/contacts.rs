//! Contacts: searched, edited and taken back, brought along in a file, and looked through.

use std::fs;

use bulkhead_shared::kinds::CardFact;
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::{Bulkhead, Options};

use super::{confirm, end, search, select_all_matching, visit};

const CONTACTS: u32 = 300;
/// One card that is whole, and one that cannot be reached.
const CARDS: &str = "\
BEGIN:VCARD\r
VERSION:3.0\r
UID:browser-1\r
FN:Zoe Brought\r
EMAIL:zoe@example.org\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
UID:browser-2\r
FN:Zack Brought\r
END:VCARD\r
";

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_edited_taken_back_added_and_looked_through() {
    story("contacts", async |browser| {
        let server = Bulkhead::start(Options {
            mails: 20,
            contacts: CONTACTS,
            ..Options::default()
        })
        .await;
        let api = &server.api;
        let account = api.sandbox().await;
        let before = api.contacts(&account, "").await;
        visit(browser, &server).await;
        let page = server.page(&format!("/accounts/{account}/contacts"));
        browser.open(&page).await;
        browser.see("contact-row").await;
        assert_eq!(browser.count("match-count").await, u64::from(CONTACTS));

        // A word of one field, as the help says it.
        let organisation = |fact: &&CardFact| fact.name == "organisation";
        let mut organisations = before
            .iter()
            .filter_map(|card| card.facts.iter().find(organisation));
        let word = organisations.next().unwrap().value.to_lowercase();
        let word = word.split([',', ' ']).next().unwrap().to_owned();
        let query = format!("org:{word}");
        let matches = api.contacts(&account, &query).await.len() as u64;
        assert!(matches > 0 && matches < u64::from(CONTACTS), "{matches}");
        search(browser, &query, matches).await;

        // All of them: a few that are picked would go at once.
        let matches = u64::from(CONTACTS);
        search(browser, "", matches).await;
        select_all_matching(browser).await;
        browser.click("action-update_contacts").await;
        browser.fill("field-organisation", "Newco").await;
        browser.click("operation-preview").await;
        browser.see("sample-row").await;
        assert_eq!(
            api.contacts(&account, "").await,
            before,
            "the preview touches nothing"
        );
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        assert_eq!(
            api.contacts(&account, "org:newco").await.len() as u64,
            matches
        );
        browser.click("undo").await;
        assert_eq!(confirm(browser).await, matches);
        assert_eq!(end(browser).await, matches);
        assert_eq!(api.contacts(&account, "").await, before);
        browser.click("done").await;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.vcf");
        fs::write(&file, CARDS).unwrap();
        browser.open(&page).await;
        browser.see("contact-row").await;
        browser.click("add-contacts").await;
        browser
            .pick_files("contact-file", &file.display().to_string())
            .await;
        let told = browser
            .read_until("recognised", |text| text.contains("2 contacts"))
            .await;
        assert!(told.contains("people.vcf"), "{told}");
        browser.click("operation-preview").await;
        assert_eq!(confirm(browser).await, 2);
        assert_eq!(end(browser).await, 2);
        browser.click("done").await;

        search(browser, "name:brought", 2).await;
        select_all_matching(browser).await;
        browser.click("action-check_contacts").await;
        assert_eq!(confirm(browser).await, 2);
        assert_eq!(end(browser).await, 2);
        browser.see("findings").await;
        browser
            .until("be told of both contacts", async || {
                (browser.how_many("outcome-result").await == 2).then_some(())
            })
            .await;
        let told = browser.read_all("outcome-row").await;
        let of = |name: &str| told.iter().find(|row| row.contains(name)).unwrap();
        assert!(of("Zoe").contains("complete"), "{told:?}");
        assert!(of("Zack").contains("unreachable"), "{told:?}");
        assert!(of("Zack").contains("neither an e-mail address"), "{told:?}");
        server.stop().await;
    })
    .await;
}
