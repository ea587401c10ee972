//! One execution environment: a process, its Runtime API, and one event at a time.

use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use rustix::process::Signal;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use super::runtime_api::{Event, Line, Said};
use super::watched::{Failure, LARGEST_PAYLOAD, Start, Watched, send};
use crate::REGION;

/// How long a process may take to ask for its first event. AWS allows 10 s on a machine of its own;
/// here it shares the cores with everything else that is tested.
const INIT_LIMIT: Duration = Duration::from_secs(30);
/// How often a frozen environment is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A process that has asked for an event. Whoever drops it kills it.
pub(super) struct Environment {
    process: Child,
    pid: u32,
    line: Line,
    /// Where its start is noted, until its first answer is noted there too.
    start: Option<usize>,
}

type Answer = oneshot::Sender<Result<Bytes, Failure>>;

impl Environment {
    /// Starts a process and waits until it asks for its first event.
    pub(super) async fn start(function: &Watched) -> Result<Self, Failure> {
        let line = Line::open().await;
        let mut line = line.map_err(|error| Failure::Exited(error.to_string()))?;
        let begin = Instant::now();
        let mut process = spawn(function, &line.address)
            .map_err(|error| Failure::Exited(format!("it does not start: {error}")))?;
        let pid = process.id().unwrap_or_default();
        let log = &function.log;
        process
            .stdout
            .take()
            .into_iter()
            .for_each(|pipe| log.follow(pipe));
        process
            .stderr
            .take()
            .into_iter()
            .for_each(|pipe| log.follow(pipe));
        let heard = tokio::select! {
            heard = line.hear() => heard,
            status = process.wait() => return Err(exited(status)),
            () = tokio::time::sleep(INIT_LIMIT) => return Err(Failure::TimedOut),
        };
        match heard {
            (at, Said::Next) => {
                let start = Some(note_start(function, at - begin));
                Ok(Self {
                    process,
                    pid,
                    line,
                    start,
                })
            }
            (_, Said::CannotStart(body)) => Err(Failure::Reported(text(&body))),
            (_, said) => Err(Failure::Exited(format!("it began with {said:?}"))),
        }
    }

    /// The process, as the operating system names it.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether the process is still there.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Hands over one event, passes the answer on, and comes back once the process asks for the next
    /// one. Nothing comes back where the process is gone.
    pub(super) async fn handle(
        mut self,
        function: &Watched,
        request_id: String,
        body: Bytes,
        answer: Answer,
    ) -> Option<Self> {
        let mut answer = Some(answer);
        let begin = Instant::now();
        send(self.pid, Signal::CONT);
        let timeout = function.spec.timeout;
        let event = Event {
            request_id: request_id.clone(),
            function: function.arn(),
            deadline: SystemTime::now() + timeout,
            body,
        };
        if self.line.events.send(event).await.is_err() {
            return None;
        }
        let mut ends = begin + timeout;
        loop {
            let failure = tokio::select! {
                // What was said before the process ended counts.
                biased;
                (at, said) = self.line.hear() => match said {
                    Said::Next => return Some(self.rest()),
                    said => {
                        self.note_first_answer(function, at - begin);
                        pass_on(function, &request_id, said, &mut answer);
                        continue;
                    }
                },
                status = self.process.wait() => exited(status),
                () = tokio::time::sleep_until(ends.into()) => {
                    if function.is_held(self.pid) {
                        thawed(function, self.pid).await;
                        ends = Instant::now() + timeout;
                        continue;
                    }
                    Failure::TimedOut
                }
            };
            if let Some(answer) = answer.take() {
                function.note(&failure);
                let _ = answer.send(Err(failure));
            }
            return None;
        }
    }

    /// Stops the process until there is an event for it.
    fn rest(self) -> Self {
        send(self.pid, Signal::STOP);
        self
    }

    fn note_first_answer(&mut self, function: &Watched, took: Duration) {
        if let Some(start) = self.start.take() {
            let start = &mut function.starts.lock().unwrap()[start];
            start.answered = Some(start.ready + took);
        }
    }
}

/// Notes how long a process took; answers where.
fn note_start(function: &Watched, ready: Duration) -> usize {
    let mut starts = function.starts.lock().unwrap();
    starts.push(Start {
        ready,
        answered: None,
    });
    starts.len() - 1
}

/// Gives whoever waits what the process said about the event.
fn pass_on(function: &Watched, request_id: &str, said: Said, answer: &mut Option<Answer>) {
    let result = match said {
        Said::Answer(id, body) if id == request_id && body.len() <= LARGEST_PAYLOAD => Ok(body),
        Said::Answer(id, _) if id == request_id => Err(Failure::TooLarge),
        Said::Failed(id, body) if id == request_id => Err(Failure::Reported(text(&body))),
        // An answer to something else, or a process that says it cannot start: not what was asked.
        _ => return,
    };
    if let Some(answer) = answer.take() {
        if let Err(failure) = &result {
            function.note(failure);
        }
        let _ = answer.send(result);
    }
}

/// Waits until nobody holds this process any longer.
async fn thawed(function: &Watched, pid: u32) {
    while function.is_held(pid) {
        tokio::time::sleep(LOOK).await;
    }
}

fn spawn(function: &Watched, runtime_api: &str) -> std::io::Result<Child> {
    let spec = &function.spec;
    let name = &spec.name;
    let mut command = Command::new(&spec.binary);
    command
        .env_clear()
        .envs(&spec.variables)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", spec.memory.to_string())
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0")
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("_HANDLER", "bootstrap")
        .env("TZ", ":UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

fn exited(status: std::io::Result<std::process::ExitStatus>) -> Failure {
    Failure::Exited(match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    })
}

fn text(body: &Bytes) -> String {
    String::from_utf8_lossy(body).into_owned()
}
