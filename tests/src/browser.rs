//! A real browser with one page object: everything is named by its `data-testid`
//! (`frontend/README.md` lists them), and everything waits for a condition, never for a time.
//!
//! A story that fails leaves a picture in `target/screenshots`; one that ends well has to leave
//! the browser's console without errors and without violations of the content policy.

mod view;

use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use futures::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::driver::{free_port, target};

pub use view::{ENTER, ESCAPE, TAB, Theme, View};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a script may run: axe has much to look at on a busy machine.
const SCRIPT_PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// What the browser says of requests that were cut off: the server came to its end, in whichever moment of them, or
/// the page was left while parts of the app were on their way.
const CUT_OFF: [&str; 5] = [
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_SOCKET_NOT_CONNECTED",
    "TypeError: Failed to fetch",
];

/// Run before each page's own scripts: what the content policy refuses is an error in the console.
/// The browser reports refused files there by itself, but not all that it refuses.
const WATCH: &str = "addEventListener('securitypolicyviolation', violation => console.error(\
    'securitypolicyviolation', violation.effectiveDirective, violation.blockedURI));";

/// A browser with one window, closed with its story.
pub struct Browser {
    client: Client,
    driver: Driver,
    session: String,
    expected: Mutex<Vec<String>>,
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
    let mut complaints = browser.complaints().await;
    // The story let its server go while its last page still asked it for news.
    complaints.retain(|complaint| !CUT_OFF.iter().any(|part| complaint.contains(part)));
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
            "goog:chromeOptions": {
                "args": arguments(&driver.profile),
                "prefs": {"download.default_directory": driver.downloads()},
            },
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": SCRIPT_PATIENCE.as_millis() as u64},
        });
        let capabilities: Capabilities = serde_json::from_value(options).unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let session = builder.capabilities(capabilities).connect(&driver.address);
        let client = session.await.expect("Chromium starts");
        let session = client.session_id().await.unwrap().unwrap_or_default();
        let expected = Mutex::default();
        let browser = Self {
            client,
            driver,
            session,
            expected,
        };
        browser.watch_tab().await;
        browser
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
        self.watch_tab().await;
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

    /// Picks files, named line by line, in a field for files.
    pub async fn pick_files(&self, name: &str, paths: &str) {
        self.see(name).await.send_keys(paths).await.unwrap();
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

    /// The words in each of these.
    pub async fn read_all(&self, name: &str) -> Vec<String> {
        let css = selector(name);
        // One that is drawn anew between finding and reading it is found again.
        self.until(&format!("read each {name}"), async || {
            let mut all = Vec::new();
            for element in self.client.find_all(Locator::Css(&css)).await.ok()? {
                all.push(element.text().await.ok()?);
            }
            Some(all)
        })
        .await
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

    /// Runs a script in the page and answers what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Lets the console say this: the story provokes it.
    pub fn expect_complaint(&self, part: &str) {
        self.expected.lock().unwrap().push(part.to_owned());
    }

    /// What the console holds since the last look and no story expects: errors, and what the
    /// content policy refused.
    pub async fn complaints(&self) -> Vec<String> {
        let answer = self.ask_driver("se/log", &json!({"type": "browser"})).await;
        let entries = answer["value"].as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        let expected = self.expected.lock().unwrap();
        severe
            .filter_map(|entry| entry["message"].as_str())
            .filter(|message| !expected.iter().any(|part| message.contains(part)))
            .map(str::to_owned)
            .collect()
    }

    /// Waits for a file to be downloaded whole; answers its name and content.
    ///
    /// Chromium writes to a file with a name of its own, makes an empty one under the name that
    /// was asked for, and renames the first to it: only what lies there alone is whole.
    pub async fn download(&self) -> (String, Vec<u8>) {
        let folder = self.driver.downloads();
        self.until("download a file", async || {
            let files = fs::read_dir(&folder).ok()?.filter_map(Result::ok);
            let files: Vec<PathBuf> = files.map(|file| file.path()).collect();
            let [file] = files.as_slice() else {
                return None;
            };
            if file.extension() == Some("crdownload".as_ref()) {
                return None;
            }
            let name = file.file_name()?.to_str()?.to_owned();
            Some((name, fs::read(file).ok()?))
        })
        .await
    }

    async fn watch_tab(&self) {
        self.run_before_pages(WATCH).await;
    }

    /// Is read by somebody with these locales (BCP 47), the dearest first, from the next page on.
    pub async fn read_by(&self, locales: &[&str]) {
        let languages = json!(locales);
        let script = format!(
            "Object.defineProperty(navigator, 'languages', {{ configurable: true, get: () => {languages} }});"
        );
        self.run_before_pages(&script).await;
    }

    /// Runs a script in each page of this tab from now on, before its own.
    pub async fn run_before_pages(&self, script: &str) {
        let source = json!({"source": script});
        self.tell_devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
    }

    /// A command of the browser's own protocol, and what it answers.
    pub async fn tell_devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.ask_driver("goog/cdp/execute", &body).await["value"].take()
    }

    /// What WebDriver itself does not have.
    async fn ask_driver(&self, command: &str, body: &Value) -> Value {
        let address = format!("{}/session/{}/{command}", self.driver.address, self.session);
        let request = bulkhead_cloud::http_client::plain()
            .post(address)
            .json(body);
        request.send().await.unwrap().json().await.unwrap()
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

    fn downloads(&self) -> PathBuf {
        self.profile.path().join("Downloads")
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
