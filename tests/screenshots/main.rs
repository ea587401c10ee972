//! Pictures of every page and state, at three widths and in both themes: `cargo xtask screenshots` builds
//! everything and runs this with the folder they go to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a developer's program: it ends where something is wrong"
)]

use std::fs;
use std::path::{Path, PathBuf};

use bulkhead_tests::browser::{Browser, Theme, View, story};
use bulkhead_tests::tour::{Stop, tour};

#[tokio::main]
async fn main() {
    let folder = std::env::args_os().nth(1).expect("into which folder?");
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder).unwrap();
    story("screenshots", async |browser| {
        tour(browser, async |stop| take(browser, stop, &folder).await).await;
    })
    .await;
}

async fn take(browser: &Browser, stop: Stop, folder: &Path) {
    for theme in Theme::ALL {
        for &size in stop.sizes() {
            browser.look_in(View::of(size, theme)).await;
            let name = format!("{}-{}-{}.png", stop.name, size.0, theme.name());
            fs::write(folder.join(name), browser.picture().await).unwrap();
        }
    }
}
