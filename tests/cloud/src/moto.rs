//! moto, an implementation of AWS that others wrote: the second opinion on SQS, and what answers KMS,
//! S3 and CloudFormation. Each server here is a process of its own that starts empty.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::task;

/// Python starts slowly where many start at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no moto.
#[derive(Debug, thiserror::Error)]
pub enum MotoError {
    /// The tools are not installed.
    #[error("{0} cannot be started: run `cargo xtask infra` to install it")]
    Missing(PathBuf, #[source] std::io::Error),
    /// It started and then ended, or said nothing for a minute.
    #[error("moto_server does not listen; it said:\n{0}")]
    Silent(String),
}

/// A running server; it ends with this.
#[derive(Debug)]
pub struct Moto {
    url: String,
    process: Child,
    log: Log,
}

type Log = Arc<Mutex<Vec<String>>>;

impl Moto {
    /// Starts `moto_server` from the folder `BULKHEAD_TOOLS`, on a port of the system's choice, and
    /// waits until it listens.
    pub async fn start() -> Result<Self, MotoError> {
        let started = task::spawn_blocking(Self::start_and_wait).await;
        started.unwrap_or_else(|error| Err(MotoError::Silent(error.to_string())))
    }

    fn start_and_wait() -> Result<Self, MotoError> {
        let program = tools().join("moto_server");
        let mut process = Command::new(&program)
            .args(["--host", "127.0.0.1", "--port", "0"])
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| MotoError::Missing(program, error))?;
        let log = Log::default();
        let (found, url) = mpsc::channel();
        if let Some(output) = process.stderr.take() {
            let log = log.clone();
            std::thread::spawn(move || read(output, &log, &found));
        }
        // Kept from here on, so that it is ended whatever comes.
        let mut moto = Self {
            url: String::new(),
            process,
            log,
        };
        moto.url = url
            .recv_timeout(PATIENCE)
            .map_err(|_| MotoError::Silent(moto.log().join("\n")))?;
        Ok(moto)
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it has said so far, line by line: among others what of a template it left out.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // Nothing is left to do if it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where the Python tools are.
#[must_use]
pub fn tools() -> PathBuf {
    std::env::var_os("BULKHEAD_TOOLS").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../target/tools/bin"
            ))
        },
        PathBuf::from,
    )
}

/// Keeps what the server says, and tells its address as soon as it says it.
fn read(output: ChildStderr, log: &Log, found: &mpsc::Sender<String>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some((_, url)) = line.split_once("Running on ") {
            // Nobody listens after the first time.
            let _ = found.send(url.trim().to_owned());
        }
        log.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}
