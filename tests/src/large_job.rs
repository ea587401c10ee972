//! One large job in a mailbox that keeps receiving mail, while the plug is pulled twice: drafted, confirmed, run
//! to its end, and taken back.

use std::fmt;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{Confirm, Job, NewJob};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Label, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::api::Api;
use crate::driver::Bulkhead;

/// What the job does.
const LABEL: &str = "large";
/// Between two looks; with each a mail arrives.
const PACE: Duration = Duration::from_millis(500);

/// How long each part took, the time without power included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Took {
    pub items: u64,
    /// Mails that arrived meanwhile.
    pub received: u32,
    /// From the request to the frozen draft.
    pub frozen: Duration,
    /// From the request to the answer of the confirmation.
    pub answered: Duration,
    /// From the answer to what was confirmed standing.
    pub checked: Duration,
    /// From there to the end.
    pub run: Duration,
    /// The CSV of all outcomes.
    pub csv: Duration,
    /// From the request for an undo to its frozen draft.
    pub undo_frozen: Duration,
    /// From its confirmation to its end.
    pub undone: Duration,
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            items, received, ..
        } = self;
        writeln!(f, "{items} mails, {received} more arrived meanwhile")?;
        for (what, took) in [
            ("frozen", self.frozen),
            ("yes answered", self.answered),
            ("checked", self.checked),
            ("run", self.run),
            ("results.csv", self.csv),
            ("undo frozen", self.undo_frozen),
            ("undone", self.undone),
        ] {
            writeln!(f, "{what:<14}{:>9.2} s", took.as_secs_f64())?;
        }
        Ok(())
    }
}

/// Lives through all of it. Nothing may take longer than `patience`.
///
/// # Panics
/// When something is not as it has to be.
pub async fn live_through(mails: u32, patience: Duration) -> Took {
    let server = Bulkhead::with_mails(mails).await;
    let account = server.api.sandbox().await;
    let mut life = Life {
        server,
        account,
        patience,
        received: 0,
    };
    let began = Instant::now();
    let drafted = life.draft().await;
    let draft = life
        .until(&drafted, |job| job.state != State::Planning)
        .await;
    assert_eq!(draft.state, State::Draft, "{draft:#?}");
    let frozen = began.elapsed();
    let (answered, checked) = life.confirm(&draft.id).await;
    let began = Instant::now();
    for share in [4, 2] {
        let part = |job: &Job| job.counts.ended() >= job.total / share || job.state.is_ended();
        let job = life.until(&draft.id, part).await;
        assert!(!job.state.is_ended(), "too quick for a middle: {job:#?}");
        life.server.kill();
        life.server.restart().await;
    }
    let job = life.until(&draft.id, |job| job.state.is_ended()).await;
    let run = began.elapsed();
    assert_eq!(job.state, State::Completed, "{job:#?}");
    assert_eq!(job.counts.succeeded, job.total, "{job:#?}");
    assert_eq!(life.labelled().await, job.total);
    let csv = life.csv(&job).await;
    let began = Instant::now();
    let undo = life.undo(&job.id).await;
    let undo_frozen = began.elapsed();
    let began = Instant::now();
    life.confirm(&undo.id).await;
    let undo = life.until(&undo.id, |job| job.state.is_ended()).await;
    let undone = began.elapsed();
    assert_eq!(undo.counts.succeeded, job.total, "{undo:#?}");
    assert_eq!(life.labelled().await, 0);
    let Life {
        server, received, ..
    } = life;
    server.stop().await;
    Took {
        items: job.total,
        received,
        frozen,
        answered,
        checked,
        run,
        csv,
        undo_frozen,
        undone,
    }
}

struct Life {
    server: Bulkhead,
    account: AccountId,
    patience: Duration,
    received: u32,
}

impl Life {
    async fn draft(&self) -> JobId {
        let new = NewJob {
            account: self.account.clone(),
            operation: Operation::Label(Label {
                add: vec![LABEL.to_owned()],
                remove: Vec::new(),
            }),
            selection: Selection::Query {
                query: "in:anywhere".to_owned(),
                except: Vec::new(),
            },
            options: JobOptions::default(),
            confirm: None,
        };
        let drafted: Job = self.server.api.post("/jobs", &new).await.success().json();
        drafted.id
    }

    async fn undo(&mut self, job: &JobId) -> Job {
        let path = format!("/jobs/{job}/undo");
        let drafted = self.server.api.post(&path, &Value::Null).await;
        let drafted: Job = drafted.success().json();
        let planned = |job: &Job| job.state != State::Planning;
        let undo = self.until(&drafted.id, planned).await;
        assert_eq!(undo.state, State::Draft, "{undo:#?}");
        undo
    }

    /// How long the answer took, and the check after it.
    async fn confirm(&mut self, job: &JobId) -> (Duration, Duration) {
        let preview = self.server.api.preview(job).await;
        let yes = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash: preview.drift.map(|drift| drift.hash),
        };
        self.receive().await;
        let began = Instant::now();
        let path = format!("/jobs/{job}/confirm");
        self.server.api.post(&path, &yes).await.success();
        let answered = began.elapsed();
        let job = self.until(job, |job| job.state != State::Checking).await;
        assert!(job.confirmed_at.is_some(), "{job:#?}");
        (answered, began.elapsed() - answered)
    }

    async fn until(&mut self, id: &JobId, wanted: impl Fn(&Job) -> bool) -> Job {
        let began = Instant::now();
        loop {
            let job = self.server.api.job(id).await;
            if wanted(&job) {
                return job;
            }
            assert!(began.elapsed() < self.patience, "not in time: {job:#?}");
            self.receive().await;
            tokio::time::sleep(PACE.min(self.patience / 1_000)).await;
        }
    }

    /// A mail arrives.
    async fn receive(&mut self) {
        self.received += 1;
        let number = self.received;
        let mail = format!(
            "From ann@example.org Mon Jan  5 10:00:00 2026\nFrom: ann@example.org\nSubject: number {number}\n\ntext\n"
        );
        let path = format!("/accounts/{}/import?name=Inbox", self.account);
        let request = self.server.api.request(Method::POST, &path);
        let request = request.header("content-type", "application/octet-stream");
        Api::send(request.body(mail)).await.unwrap().success();
    }

    async fn labelled(&self) -> u64 {
        let query = format!("in:anywhere label:{LABEL}");
        self.server.api.count(&self.account, &query).await
    }

    /// The CSV has a line for each item.
    async fn csv(&self, job: &Job) -> Duration {
        let began = Instant::now();
        let path = format!("/jobs/{}/results.csv", job.id);
        let csv = self.server.api.get(&path).await.success();
        let took = began.elapsed();
        let lines = csv.body.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert_eq!(lines, job.total + 1);
        took
    }
}
