//! What a function is made of, and what is seen of its environments while they work.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::log::Log;
use crate::{ACCOUNT, REGION};

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

/// What its environments and whoever calls it share.
pub(super) struct Watched {
    pub(super) spec: Spec,
    pub(super) log: Log,
    pub(super) held: Mutex<HashSet<u32>>,
    pub(super) starts: Mutex<Vec<Start>>,
    pub(super) failures: Mutex<Vec<Failure>>,
}

impl Watched {
    pub(super) fn new(spec: Spec) -> Self {
        Self {
            spec,
            log: Log::default(),
            held: Mutex::default(),
            starts: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    pub(super) fn arn(&self) -> String {
        let name = &self.spec.name;
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
    }

    pub(super) fn note(&self, failure: &Failure) {
        self.failures.lock().unwrap().push(failure.clone());
    }

    pub(super) fn is_held(&self, pid: u32) -> bool {
        self.held.lock().unwrap().contains(&pid)
    }
}

/// Whether there was such a process to get the signal.
pub(super) fn send(pid: u32, signal: Signal) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| kill_process(pid, signal).is_ok())
}
