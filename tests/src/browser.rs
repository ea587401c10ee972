//! A real browser with one page object: everything is named by its `data-testid`
//! (`frontend/README.md` lists them), and everything waits for a condition, never for a time.
//!
//! A story that fails leaves a picture in `target/screenshots`; one that ends well has to leave
//! the browser's console without errors and without refusals of the content policy.

use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use futures::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{free_port, target};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// A browser with one window, closed with its story.
pub struct Browser {
    client: Client,
    driver: Driver,
}

struct Driver {
    process: Child,
    address: String,
    // Everything the browser keeps, gone with it.
    profile: TempDir,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Tells a story in a browser of its own.
pub async fn story(name: &str, tell: impl AsyncFnOnce(&Browser)) {
    let browser = Browser::start().await;
    let told = AssertUnwindSafe(tell(&browser)).catch_unwind().await;
    let complaints = browser.complaints().await;
    if told.is_err() {
        browser.take_picture(name).await;
        eprintln!("── the browser's console: {complaints:#?}");
    }
    // The session first: a killed chromedriver leaves its browser behind.
    browser.client.close().await.unwrap();
    if let Err(panic) = told {
        resume_unwind(panic);
    }
    assert!(
        complaints.is_empty(),
        "in the browser's console: {complaints:#?}"
    );
}

impl Browser {
    async fn start() -> Self {
        let driver = Driver::start().await;
        let options = json!({
            "goog:chromeOptions": {"args": arguments(&driver.profile)},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let capabilities: Capabilities = serde_json::from_value(options).unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let session = builder.capabilities(capabilities).connect(&driver.address);
        let client = session.await.expect("Chromium starts");
        Self { client, driver }
    }

    /// Goes to an address.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// The page's address.
    pub async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Presses reload.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Presses Back.
    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Opens a second tab and goes there; answers the first for [`Browser::turn_to`].
    pub async fn open_tab(&self, address: &str) -> WindowHandle {
        let first = self.client.window().await.unwrap();
        let second = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(second.handle).await.unwrap();
        self.open(address).await;
        first
    }

    /// Turns to another tab.
    pub async fn turn_to(&self, tab: WindowHandle) {
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Waits until it is on the screen.
    pub async fn see(&self, name: &str) -> Element {
        self.until(&format!("see {name}"), async || {
            let element = self.find(name).await?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    /// Waits until it is no longer on the screen.
    pub async fn see_no(&self, name: &str) {
        self.until(&format!("see no {name}"), async || {
            match self.find(name).await {
                None => Some(()),
                Some(element) => (!element.is_displayed().await.ok()?).then_some(()),
            }
        })
        .await;
    }

    /// Presses it as soon as it can be pressed.
    pub async fn click(&self, name: &str) {
        self.until(&format!("click {name}"), async || {
            let element = self.find(name).await?;
            let ready = element.is_displayed().await.ok()? && element.is_enabled().await.ok()?;
            if ready {
                element.click().await.ok()
            } else {
                None
            }
        })
        .await;
    }

    /// Whether it can be pressed now.
    pub async fn is_enabled(&self, name: &str) -> bool {
        self.see(name).await.is_enabled().await.unwrap()
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.see(name).await;
        // Control-A and typing over it is what a person does, and what frameworks listen for.
        let select_all = "\u{E009}a\u{E000}";
        field
            .send_keys(&format!("{select_all}\u{E017}{text}"))
            .await
            .unwrap();
    }

    /// Presses Enter in a field.
    pub async fn submit(&self, name: &str) {
        self.see(name).await.send_keys("\u{E007}").await.unwrap();
    }

    /// The words in it.
    pub async fn text(&self, name: &str) -> String {
        self.until(&format!("read {name}"), async || {
            self.find(name).await?.text().await.ok()
        })
        .await
    }

    /// Waits until the words in it are as wanted, and answers them.
    pub async fn read_until(&self, name: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.until(&format!("read what is wanted in {name}"), async || {
            let text = self.find(name).await?.text().await.ok()?;
            wanted(&text).then_some(text)
        })
        .await
    }

    /// The exact number it shows (`data-count`).
    pub async fn count(&self, name: &str) -> u64 {
        self.count_until(name, |_| true).await
    }

    /// Waits until the number it shows is as wanted.
    pub async fn count_until(&self, name: &str, wanted: impl Fn(u64) -> bool) -> u64 {
        self.until(&format!("read the wanted number in {name}"), async || {
            let element = self.find(name).await?;
            let count = element.attr("data-count").await.ok()??.parse().ok()?;
            wanted(count).then_some(count)
        })
        .await
    }

    /// How many of them there are now.
    pub async fn how_many(&self, name: &str) -> usize {
        let css = selector(name);
        self.client
            .find_all(Locator::Css(&css))
            .await
            .unwrap()
            .len()
    }

    /// Looks again and again until there is an answer.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain to {what}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn find(&self, name: &str) -> Option<Element> {
        self.client.find(Locator::Css(&selector(name))).await.ok()
    }

    /// Errors in the console, refusals of the content policy among them.
    async fn complaints(&self) -> Vec<String> {
        let session = self.client.session_id().await.unwrap().unwrap_or_default();
        let address = format!("{}/session/{session}/se/log", self.driver.address);
        let request = bulkhead_cloud::http_client::plain()
            .post(address)
            .json(&json!({"type": "browser"}));
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let entries = answer["value"].as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        severe
            .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
            .collect()
    }

    async fn take_picture(&self, name: &str) {
        let folder = target().join("screenshots");
        let file = folder.join(format!("{name}.png"));
        match self.client.screenshot().await {
            Ok(picture) => {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, picture).unwrap();
                eprintln!("── a picture of it: {}", file.display());
            }
            Err(error) => eprintln!("── no picture of it: {error}"),
        }
    }
}

impl Driver {
    async fn start() -> Self {
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command
            .spawn()
            .expect("chromedriver is installed (cargo xtask test)");
        let address = format!("http://127.0.0.1:{port}");
        let profile = TempDir::with_prefix("bulkhead-browser-").unwrap();
        let driver = Self {
            process,
            address,
            profile,
        };
        let begin = Instant::now();
        let http = bulkhead_cloud::http_client::plain();
        let status = format!("{}/status", driver.address);
        while http.get(&status).send().await.is_err() {
            assert!(begin.elapsed() < PATIENCE, "chromedriver does not answer");
            tokio::time::sleep(PAUSE).await;
        }
        driver
    }
}

/// No window, no sandbox (a container's root has none), and no talk with anybody but the server.
fn arguments(profile: &TempDir) -> Vec<String> {
    let fixed = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        "--lang=en-GB",
    ];
    let mut arguments: Vec<String> = fixed.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments
}

fn selector(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}
