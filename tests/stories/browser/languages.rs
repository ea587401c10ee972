//! Who reads German is told everything in German, and who reads neither language gets English.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;

use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::tour::tour;
use serde_json::json;

use super::visit;

/// All that is read on a page, by eye or by ear.
const READ: &str = "
    const read = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) read.add(walker.currentNode.data.trim());
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        for (const it of document.querySelectorAll(`[${name}]`)) read.add(it.getAttribute(name).trim());
    read.add(document.title);
    return [...read];";
/// Folders and labels are called as they were named, by whomever, and a language as those call it who speak it.
const NAMES: [&str; 8] = [
    "Archive", "Drafts", "Sent", "Trash", "Work", "Family", "receipts", "English",
];
const LANGUAGE: &str = "return document.documentElement.lang;";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_on_any_page_is_left_in_english_for_who_reads_german() {
    story("german", async |browser| {
        browser.read_by(&["de-DE", "en"]).await;
        let english = said_otherwise_in_german();
        assert!(english.len() > 1_000, "{} texts", english.len());
        let telling: Vec<&String> = english.iter().filter(|it| is_telling(it)).collect();
        let left = Mutex::new(BTreeSet::new());
        tour(browser, async |stop| {
            let read: Vec<String> = serde_json::from_value(browser.run(READ).await).unwrap();
            let here = read.iter().map(String::as_str);
            let is_english = |text: &str| {
                english.contains(text) || telling.iter().any(|it| text.contains(it.as_str()))
            };
            let here = here.filter(|text| is_english(text) && !NAMES.contains(text));
            let here = here.map(|text| format!("{}: {text}", stop.name));
            left.lock().unwrap().extend(here);
        })
        .await;
        assert_eq!(browser.run(LANGUAGE).await, json!("de"));
        let left = left.into_inner().unwrap();
        let left: Vec<_> = left.into_iter().collect();
        assert!(left.is_empty(), "in English:\n{}", left.join("\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_the_readers_until_one_is_chosen() {
    story("languages", async |browser| {
        browser.read_by(&["fr-FR", "de-AT"]).await;
        let server = Bulkhead::with_mails(3_000).await;
        visit(browser, &server).await;
        assert_eq!(browser.run(LANGUAGE).await, json!("de"));
        assert_eq!(count_as_read(browser).await, "1 975");
        choose(browser, "language-en", "en").await;
        assert_eq!(count_as_read(browser).await, "1,975");
        browser.reload().await;
        browser.see("mail-row").await;
        assert_eq!(browser.run(LANGUAGE).await, json!("en"));
        choose(browser, "language-system", "de").await;
        browser.read_by(&["fr-FR"]).await;
        browser.reload().await;
        browser.see("mail-row").await;
        assert_eq!(browser.run(LANGUAGE).await, json!("en"));
        server.stop().await;
    })
    .await;
}

/// WebDriver reads a blank that holds the line as any other.
async fn count_as_read(browser: &Browser) -> String {
    let text = browser.text("match-count").await;
    let is_of_it = |letter: char| letter.is_ascii_digit() || !letter.is_alphabetic();
    text.trim()
        .chars()
        .take_while(|it| is_of_it(*it))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Chooses one, which begins the app anew, and waits until this language is spoken.
async fn choose(browser: &Browser, language: &str, spoken: &str) {
    browser.click("account-menu").await;
    browser.see("account-menu-panel").await;
    let click = format!("document.querySelector('[data-testid={language}]').click()");
    browser.run(&click).await;
    browser
        .until(&format!("be spoken to in {spoken}"), async || {
            (browser.run(LANGUAGE).await == json!(spoken)).then_some(())
        })
        .await;
    browser.see("mail-row").await;
}

/// What German says in other words: texts without values, and what stands between values if it tells.
fn said_otherwise_in_german() -> BTreeSet<String> {
    let of = |file: &str| -> BTreeSet<String> {
        let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).unwrap();
        let said = text.lines().filter(|line| !line.starts_with('#'));
        let said = said.map(|line| line.split_once(" = ").map_or(line, |(_, said)| said));
        said.flat_map(pieces).collect()
    };
    let mut english = BTreeSet::new();
    let mut german = BTreeSet::new();
    for folder in ["frontend", "shared", "functions"] {
        english.extend(of(&format!("{folder}/words/en.ftl")));
        german.extend(of(&format!("{folder}/words/de.ftl")));
    }
    &english - &german
}

/// All of a text, or what stands between its values.
fn pieces(said: &str) -> Vec<String> {
    if !said.contains(['{', '}', '<']) {
        return vec![said.trim().to_owned()];
    }
    let between = said
        .split('{')
        .map(|piece| piece.split_once('}').map_or(piece, |it| it.1));
    let between = between.flat_map(|piece| piece.split(['<', '>', ']']));
    let between = between.map(|piece| piece.trim().to_owned());
    between.filter(|piece| is_telling(piece)).collect()
}

/// Whether it is found inside of other texts only if it was said there.
fn is_telling(text: &str) -> bool {
    text.split(' ').filter(|word| word.len() > 1).count() >= 4
}
