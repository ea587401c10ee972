//! A `bulkhead` process of a story's own: its folder, its port, its plug.
//!
//! `BULKHEAD_BINARY` and `BULKHEAD_APP` say what to start (`cargo xtask test` sets them); without
//! them it is what `cargo build -p bulkhead` and `cargo xtask app` left in `target`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode, Url};
use tempfile::TempDir;

use crate::api::{Answer, Api, PATIENCE};
pub use crate::ports::free_port;

/// How long a mail of the sandbox may take to be made.
const FILLING: Duration = Duration::from_micros(500);

/// What a story may ask of its server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Mails in the sandbox.
    pub mails: u32,
    /// Contacts in the sandbox.
    pub contacts: u32,
    /// Anything else, as on the command line.
    pub arguments: Vec<String>,
    /// Variables of its environment, beside those of this process.
    pub environment: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mails: 2_000,
            contacts: 0,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }
}

/// A running server, signed in.
pub struct Bulkhead {
    pub api: Api,
    base: Url,
    folder: TempDir,
    options: Options,
    process: Option<Child>,
    stopped: bool,
}

impl Bulkhead {
    /// Starts a server with a sandbox of so many mails.
    pub async fn with_mails(mails: u32) -> Self {
        Self::start(Options {
            mails,
            ..Options::default()
        })
        .await
    }

    /// Starts a server and waits until it answers.
    pub async fn start(options: Options) -> Self {
        let folder = TempDir::with_prefix("bulkhead-story-").unwrap();
        let base = Url::parse(&format!("http://127.0.0.1:{}/", free_port())).unwrap();
        let api = Api::new(base.clone(), String::new());
        let (process, stopped) = (None, false);
        let mut server = Self {
            api,
            base,
            folder,
            options,
            process,
            stopped,
        };
        server.begin().await;
        server
    }

    /// Pulls the plug: SIGKILL, no goodbye.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("the server runs");
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// The process, as the operating system names it.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the server runs").id()
    }

    /// A command of the terminal against this server: to be started, and its output read.
    pub fn terminal(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .arg("--server")
            .arg(self.base.as_str())
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// What database and queue had to do since the start, as the server counts it.
    pub async fn usage(&self) -> Answer {
        let url = self.base.join("local/usage").unwrap();
        let request = self.api.request(Method::GET, "/accounts").build().unwrap();
        let headers = request.headers().clone();
        Api::send(
            bulkhead_cloud::http_client::plain()
                .get(url)
                .headers(headers),
        )
        .await
        .unwrap()
        .success()
    }

    /// Waits until the process ends by itself, as a crash point makes it.
    pub async fn wait_for_crash(&mut self) {
        let process = self.process.as_mut().expect("the server runs");
        let begin = Instant::now();
        while process.try_wait().unwrap().is_none() {
            assert!(begin.elapsed() < PATIENCE, "the process lives on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.process = None;
    }

    /// Starts it again on the same folder and port.
    pub async fn restart(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
        self.begin().await;
    }

    /// The address that signs a browser in once, as the server prints it.
    pub fn printed_address(&self) -> String {
        let log = self.log();
        let mut words = log.split_whitespace();
        let is_address = |word: &&str| word.starts_with("http://") && word.contains("#sign-in=");
        let address = words.rfind(is_address);
        address
            .unwrap_or_else(|| panic!("the server prints no sign-in address:\n{log}"))
            .to_owned()
    }

    /// The same with the token itself, which is good as often as it is needed.
    pub fn sign_in_address(&self) -> String {
        let printed = self.printed_address();
        let place = printed.split('#').next().unwrap_or_default();
        format!("{place}#sign-in={}", self.token())
    }

    /// The address of a page, at the name that the browser signed in at.
    pub fn page(&self, path: &str) -> String {
        let sign_in = Url::parse(&self.sign_in_address()).unwrap();
        sign_in.join(path).unwrap().to_string()
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The folder with everything it keeps.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Ends a story: nothing may be left unfinished, and the log may hold nothing private.
    pub async fn stop(mut self) {
        for job in self.api.jobs().await {
            let settled = job.state.is_ended() || job.confirmed_at.is_none();
            assert!(settled, "left unfinished: {job:#?}");
        }
        assert!(
            !self.log().contains("panicked"),
            "a panic in the log:\n{}",
            self.log()
        );
        self.stopped = true;
        self.kill();
    }

    /// What lets a client in.
    pub fn token(&self) -> String {
        let token = fs::read_to_string(self.data().join("token")).unwrap_or_default();
        token.trim().to_owned()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    async fn begin(&mut self) {
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.log_file())
            .unwrap();
        let mut command = Command::new(binary());
        command
            .arg("--port")
            .arg(self.base.port().unwrap().to_string());
        command
            .arg("--data")
            .arg(self.data())
            .arg("--app")
            .arg(app());
        command.arg("--mails").arg(self.options.mails.to_string());
        command
            .arg("--contacts")
            .arg(self.options.contacts.to_string());
        command.args(&self.options.arguments);
        command.envs(self.options.environment.iter().cloned());
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let started = command.spawn();
        self.process = Some(started.unwrap_or_else(|error| panic!("{:?}: {error}", binary())));
        self.wait_for_an_answer().await;
    }

    async fn wait_for_an_answer(&mut self) {
        let begin = Instant::now();
        // A sandbox is filled before the first answer.
        let patience = PATIENCE + FILLING * self.options.mails;
        loop {
            self.api.sign_in(self.token());
            let answer = Api::send(self.api.request(reqwest::Method::GET, "/accounts")).await;
            if answer.is_ok_and(|answer| answer.status == StatusCode::OK) {
                return;
            }
            let process = self.process.as_mut().expect("it was started");
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the server ended with {status}");
            }
            assert!(begin.elapsed() < patience, "the server does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Bulkhead {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(60).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            eprintln!("── the server's log ends with:\n{}", tail.join("\n"));
        } else {
            assert!(
                self.stopped,
                "a story ends with stop(), which looks for what was left behind"
            );
        }
    }
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

fn binary() -> PathBuf {
    match std::env::var_os("BULKHEAD_BINARY") {
        Some(path) => path.into(),
        None => target().join("debug/bulkhead"),
    }
}

/// The app, as it was built.
pub fn app() -> PathBuf {
    match std::env::var_os("BULKHEAD_APP") {
        Some(path) => path.into(),
        None => target().join("site"),
    }
}
