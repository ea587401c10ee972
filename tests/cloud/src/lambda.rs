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
mod watched;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use rustix::process::Signal;
use serde_json::Value;
use tokio::sync::oneshot;

use environment::Environment;
pub use log::Log;
pub use watched::{Failure, LARGEST_PAYLOAD, Spec, Start};
use watched::{Watched, send};

/// A function with its environments. Copies are the same function.
#[derive(Clone)]
pub struct Function(Arc<Shared>);

struct Shared {
    watched: Watched,
    idle: Mutex<Vec<Environment>>,
    places: Arc<tokio::sync::Semaphore>,
    busy: Mutex<BTreeMap<u32, String>>,
    invocations: AtomicU64,
}

impl Function {
    /// A function nobody has called yet: no process runs.
    #[must_use]
    pub fn new(spec: Spec) -> Self {
        let places = Arc::new(tokio::sync::Semaphore::new(spec.concurrency));
        Self(Arc::new(Shared {
            watched: Watched::new(spec),
            places,
            idle: Mutex::default(),
            busy: Mutex::default(),
            invocations: AtomicU64::new(0),
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.watched.spec.name
    }

    /// What it is made of.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.0.watched.spec
    }

    /// How long one event may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.0.watched.spec.timeout
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        self.0.watched.arn()
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
                self.0.watched.note(&failure);
                let _ = answer.send(Err(failure));
                return;
            }
        };
        let pid = environment.pid();
        self.0.busy.lock().unwrap().insert(pid, request_id.clone());
        let left = environment
            .handle(&self.0.watched, request_id, event, answer)
            .await;
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
                return Environment::start(&self.0.watched).await;
            };
            if environment.is_alive() {
                return Ok(environment);
            }
        }
    }

    /// What its processes printed.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.0.watched.log
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
        self.0.watched.starts.lock().unwrap().clone()
    }

    /// Every event that ended without an answer.
    #[must_use]
    pub fn failures(&self) -> Vec<Failure> {
        self.0.watched.failures.lock().unwrap().clone()
    }

    /// SIGKILL for every environment that works on an event now; how many there were.
    pub fn kill_busy(&self) -> usize {
        self.signal_busy(Signal::KILL).len()
    }

    /// Freezes every environment that works on an event now, until it is thawed. No timeout ends it
    /// meanwhile: it is as if its host stood still.
    pub fn freeze_busy(&self) -> Frozen {
        let pids = self.signal_busy(Signal::STOP);
        self.0.watched.held.lock().unwrap().extend(&pids);
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
        let mut held = self.function.0.watched.held.lock().unwrap();
        for pid in &self.pids {
            held.remove(pid);
            send(*pid, Signal::CONT);
        }
    }
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
