//! A function on Lambda: a built binary, run in as many environments as there are events at a time.
//!
//! Each environment is a process of its own below its own Runtime API and handles one event at a
//! time. Between two events it is stopped (SIGSTOP), as on AWS, so that what a function leaves for
//! later stays undone here too. A test may kill environments in the midst of their work, or freeze
//! them past a lease and thaw them.
//!
//! This is our own and not the crate `lambda-simulator`: that runs one process for each simulator,
//! freezes it only while it waits, and lets nobody read what it prints.

mod environment;
mod log;
mod runtime_api;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{ACCOUNT, REGION};
use environment::Environment;
pub use log::Log;

/// The largest event and the largest answer, in bytes (Lambda's quota for synchronous calls).
pub const LARGEST_PAYLOAD: usize = 6 * 1024 * 1024;

/// What a function is made of.
#[derive(Debug, Clone)]
pub struct Spec {
    pub name: String,
    /// The program.
    pub binary: PathBuf,
    /// Its environment variables, credentials included; it sees no others but Lambda's own.
    pub variables: BTreeMap<String, String>,
    /// How long one event may take.
    pub timeout: Duration,
    /// Memory in MiB. It is only told to the function.
    pub memory: u32,
    /// How many environments there may be at a time.
    pub concurrency: usize,
}

/// Why an event has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// All environments are busy (`TooManyRequestsException`).
    Throttled,
    /// The event or the answer is over 6 MB.
    TooLarge,
    /// It took longer than the function's timeout; the environment is gone.
    TimedOut,
    /// The process ended before it answered.
    Exited(String),
    /// The function says that it failed.
    Reported(String),
}

/// How long one environment took to get going.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From the start of the process to its first call for an event.
    pub ready: Duration,
    /// From the start of the process to its first answer, the wait for an event taken off.
    pub answered: Option<Duration>,
}

/// A function with its environments. Copies are the same function.
#[derive(Clone)]
pub struct Function(Arc<Shared>);

struct Shared {
    spec: Spec,
    log: Log,
    idle: Mutex<Vec<Environment>>,
    places: Arc<tokio::sync::Semaphore>,
    busy: Mutex<BTreeMap<u32, String>>,
    held: Mutex<HashSet<u32>>,
    starts: Mutex<Vec<Start>>,
    failures: Mutex<Vec<Failure>>,
    invocations: AtomicU64,
}

impl Function {
    /// A function nobody has called yet: no process runs.
    #[must_use]
    pub fn new(spec: Spec) -> Self {
        let places = Arc::new(tokio::sync::Semaphore::new(spec.concurrency));
        Self(Arc::new(Shared {
            spec,
            places,
            log: Log::default(),
            idle: Mutex::default(),
            busy: Mutex::default(),
            held: Mutex::default(),
            starts: Mutex::default(),
            failures: Mutex::default(),
            invocations: AtomicU64::new(0),
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.spec.name
    }

    /// What it is made of.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.0.spec
    }

    /// How long one event may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.0.spec.timeout
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.name())
    }

    /// Hands it an event and waits for the answer. The function goes on if the caller does not wait.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn invoke(&self, event: &Value) -> Result<Bytes, Failure> {
        let event = Bytes::from(event.to_string());
        if event.len() > LARGEST_PAYLOAD {
            return Err(Failure::TooLarge);
        }
        let Ok(place) = Arc::clone(&self.0.places).try_acquire_owned() else {
            return Err(Failure::Throttled);
        };
        let (answer, answered) = oneshot::channel();
        let function = self.clone();
        tokio::spawn(async move {
            function.serve(event, answer).await;
            drop(place);
        });
        let answer = answered.await;
        answer.unwrap_or_else(|_| Err(Failure::Exited("the environment is gone".to_owned())))
    }

    /// One event in one environment, up to its call for the next one.
    async fn serve(&self, event: Bytes, answer: oneshot::Sender<Result<Bytes, Failure>>) {
        let number = self.0.invocations.fetch_add(1, Ordering::SeqCst);
        let request_id = request_id(number);
        let environment = match self.environment().await {
            Ok(environment) => environment,
            Err(failure) => {
                self.note(&failure);
                let _ = answer.send(Err(failure));
                return;
            }
        };
        let pid = environment.pid();
        self.0.busy.lock().unwrap().insert(pid, request_id.clone());
        let left = environment.handle(self, request_id, event, answer).await;
        self.0.busy.lock().unwrap().remove(&pid);
        if let Some(environment) = left {
            self.0.idle.lock().unwrap().push(environment);
        }
    }

    /// A waiting environment, or a new one.
    async fn environment(&self) -> Result<Environment, Failure> {
        loop {
            let waiting = self.0.idle.lock().unwrap().pop();
            let Some(mut environment) = waiting else {
                return Environment::start(self).await;
            };
            if environment.is_alive() {
                return Ok(environment);
            }
        }
    }

    /// What its processes printed.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// How many events it was given so far.
    #[must_use]
    pub fn invocations(&self) -> u64 {
        self.0.invocations.load(Ordering::SeqCst)
    }

    /// How many events are being worked on.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.0.busy.lock().unwrap().len()
    }

    /// How each environment started, in order.
    #[must_use]
    pub fn starts(&self) -> Vec<Start> {
        self.0.starts.lock().unwrap().clone()
    }

    /// Every event that ended without an answer.
    #[must_use]
    pub fn failures(&self) -> Vec<Failure> {
        self.0.failures.lock().unwrap().clone()
    }

    /// SIGKILL for every environment that works on an event now; how many there were.
    pub fn kill_busy(&self) -> usize {
        self.signal_busy(Signal::KILL).len()
    }

    /// Freezes every environment that works on an event now, until it is thawed. No timeout ends it
    /// meanwhile: it is as if its host stood still.
    pub fn freeze_busy(&self) -> Frozen {
        let pids = self.signal_busy(Signal::STOP);
        self.0.held.lock().unwrap().extend(&pids);
        Frozen {
            function: self.clone(),
            pids,
        }
    }

    /// Ends all waiting environments, as AWS does when it likes.
    pub fn recycle(&self) {
        self.0.idle.lock().unwrap().clear();
    }

    fn signal_busy(&self, signal: Signal) -> Vec<u32> {
        let busy = self.0.busy.lock().unwrap();
        let pids = busy.keys().copied();
        pids.filter(|pid| send(*pid, signal)).collect()
    }

    fn note(&self, failure: &Failure) {
        self.0.failures.lock().unwrap().push(failure.clone());
    }

    fn is_held(&self, pid: u32) -> bool {
        self.0.held.lock().unwrap().contains(&pid)
    }
}

/// Environments that stand still in the midst of their work.
#[must_use = "they stand still until they are thawed"]
pub struct Frozen {
    function: Function,
    pids: Vec<u32>,
}

impl Frozen {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pids.len()
    }

    /// Lets them go on where they were. They have their whole timeout once more, so that they live
    /// long enough to do what they should not.
    pub fn thaw(self) {}
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let mut held = self.function.0.held.lock().unwrap();
        for pid in &self.pids {
            held.remove(pid);
            send(*pid, Signal::CONT);
        }
    }
}

/// Whether there was such a process to get the signal.
fn send(pid: u32, signal: Signal) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
}

/// A request id of the usual form.
fn request_id(number: u64) -> String {
    let [a, b]: [u64; 2] = rand::random();
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        number & 0xffff,
        a & 0xfff,
        (a >> 12) & 0xfff,
        b >> 16
    )
}
