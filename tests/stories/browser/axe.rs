//! Nobody is kept out: axe finds nothing on any page, dialog and state, at any width, in either theme.

use std::sync::Mutex;

use bulkhead_tests::axe::{Rules, violations};
use bulkhead_tests::browser::{Browser, Theme, View, story};
use bulkhead_tests::tour::{Stop, tour};

#[tokio::test(flavor = "multi_thread")]
async fn finds_nothing_on_any_page_at_any_width_in_either_theme() {
    story("axe", async |browser| {
        let found = Mutex::new(Vec::new());
        tour(browser, async |stop| {
            let here = look_at(browser, stop).await;
            found.lock().unwrap().extend(here);
        })
        .await;
        let found = found.into_inner().unwrap();
        assert!(
            found.is_empty(),
            "{} violations:\n{}",
            found.len(),
            found.join("\n")
        );
    })
    .await;
}

/// All rules at each width in one theme. Colours are the same at every width, so the other theme's are looked at
/// in one.
async fn look_at(browser: &Browser, stop: Stop) -> Vec<String> {
    let sizes = stop.sizes();
    let light = sizes.iter().map(|&size| (size, Theme::Light, Rules::All));
    let dark = sizes
        .last()
        .map(|&size| (size, Theme::Dark, Rules::Colours));
    let mut found = Vec::new();
    for (size, theme, rules) in light.chain(dark) {
        browser.look_in(View::of(size, theme)).await;
        let here = violations(browser, rules).await;
        let (name, width, theme) = (stop.name, size.0, theme.name());
        found.extend(
            here.iter()
                .map(|it| format!("{name} at {width}, {theme}: {it}")),
        );
    }
    found
}
