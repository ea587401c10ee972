//! The API, as this program asks it.

use std::path::Path;
use std::time::Duration;

use bulkhead_shared::api::{Accounts, BASE, Confirm, Job, NewJob, Preview};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::problem::Problem;
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_rustls::rustls::crypto::ring;

use super::command::To;
use super::exit::Exit;

/// A request takes at most so long.
const ANSWER_MOST: Duration = Duration::from_secs(60);
/// A server that does not answer while a job runs is asked again for so long: it may be starting again.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two tries.
const AGAIN: Duration = Duration::from_secs(2);
/// Until a job is asked for again where the server does not say.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Why a command cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No server answers there.
    #[error("No Bulkhead answers at {0}; start it, or name another address with --server.")]
    NoServer(String),
    /// It refuses, and says why.
    #[error("{}", said(.0))]
    Refused(Box<Problem>),
    /// Its answer is not understood.
    #[error("The answer of {0} is not Bulkhead's.")]
    Senseless(String),
    /// There is no token.
    #[error(
        "There is no token in {0}; name the server's folder with --data, or set BULKHEAD_TOKEN."
    )]
    NoToken(String),
    /// The account is not known.
    #[error("There is no account “{name}”; there is {there}.")]
    NoAccount { name: String, there: String },
    /// A file cannot be read or written.
    #[error("{path}: {why}.")]
    File { path: String, why: String },
}

impl Failure {
    /// As the shell is told.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::File { .. } | Self::NoAccount { .. } | Self::NoToken(_) => Exit::Usage,
            _ => Exit::Failed,
        }
    }

    /// A file and what is wrong with it.
    pub(crate) fn of_file(path: &Path, why: impl ToString) -> Self {
        Self::File {
            path: path.display().to_string(),
            why: why.to_string(),
        }
    }
}

fn said(problem: &Problem) -> String {
    match problem.detail.as_deref() {
        Some(detail) if !detail.is_empty() => format!("{} {detail}", problem.title),
        _ => problem.title.clone(),
    }
}

/// A server, and who asks.
pub(crate) struct Client {
    http: reqwest::Client,
    server: String,
    token: String,
}

impl Client {
    pub(crate) fn new(to: &To) -> Result<Self, Failure> {
        // Set already is as good.
        let _ = ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(ANSWER_MOST).no_proxy();
        let server = to.server.trim_end_matches('/').to_owned();
        let http = http
            .build()
            .map_err(|_| Failure::Senseless(server.clone()))?;
        let token = match std::env::var("BULKHEAD_TOKEN") {
            Ok(token) => token,
            Err(_) => {
                let path = to.data.join("token");
                std::fs::read_to_string(&path)
                    .map_err(|_| Failure::NoToken(to.data.display().to_string()))?
            }
        };
        Ok(Self {
            http,
            server,
            token: token.trim().to_owned(),
        })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{BASE}{path}", self.server);
        self.http.request(method, url).bearer_auth(&self.token)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let response = request.send().await;
        let response = response.map_err(|_| Failure::NoServer(self.server.clone()))?;
        if response.status().is_success() {
            return Ok(response);
        }
        match response.json::<Problem>().await {
            Ok(problem) => Err(Failure::Refused(Box::new(problem))),
            Err(_) => Err(self.senseless()),
        }
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let response = self.send(request).await?;
        response.json().await.map_err(|_| self.senseless())
    }

    fn senseless(&self) -> Failure {
        Failure::Senseless(self.server.clone())
    }

    /// The account of this id or name.
    pub(crate) async fn account(&self, name: &str) -> Result<AccountId, Failure> {
        let known: Accounts = self.json(self.request(Method::GET, "/accounts")).await?;
        let is_it = |id: &AccountId, called: &str| id.to_string() == name || called == name;
        let mut found = known.accounts.iter();
        match found.find(|account| is_it(&account.id, &account.name)) {
            Some(account) => Ok(account.id.clone()),
            None => {
                let names = known.accounts.iter().map(|account| account.name.as_str());
                let names: Vec<&str> = names.collect();
                Err(Failure::NoAccount {
                    name: name.to_owned(),
                    there: match names.is_empty() {
                        true => "none".to_owned(),
                        false => names.join(", "),
                    },
                })
            }
        }
    }

    /// Drafts a job. `key` names this intention, so that it is drafted once.
    pub(crate) async fn draft(&self, new: &NewJob, key: &str) -> Result<Job, Failure> {
        let request = self.request(Method::POST, "/jobs");
        self.json(request.header("Idempotency-Key", key).json(new))
            .await
    }

    pub(crate) async fn preview(&self, job: &JobId) -> Result<Preview, Failure> {
        self.json(self.request(Method::GET, &format!("/jobs/{job}/preview")))
            .await
    }

    pub(crate) async fn confirm(&self, job: &JobId, yes: &Confirm) -> Result<Job, Failure> {
        self.post(&format!("/jobs/{job}/confirm"), yes).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.json(self.request(Method::POST, path).json(body)).await
    }

    /// Discards a draft.
    pub(crate) async fn discard(&self, job: &JobId) -> Result<(), Failure> {
        self.send(self.request(Method::DELETE, &format!("/jobs/{job}")))
            .await
            .map(drop)
    }

    /// A job as it stands, and when to ask again. A server that is not there is waited for: the job goes on
    /// when it is back.
    pub(crate) async fn job(&self, job: &JobId) -> Result<(Job, Duration), Failure> {
        let begun = tokio::time::Instant::now();
        loop {
            let asked = self
                .send(self.request(Method::GET, &format!("/jobs/{job}")))
                .await;
            match asked {
                Err(Failure::NoServer(_)) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(AGAIN).await;
                }
                answer => {
                    let answer = answer?;
                    let again = answer.headers().get("Ask-Again-Ms");
                    let again = again.and_then(|value| value.to_str().ok()?.parse().ok());
                    let again = again.map_or(ASK_AGAIN, Duration::from_millis);
                    let job = answer.json().await.map_err(|_| self.senseless())?;
                    return Ok((job, again));
                }
            }
        }
    }

    /// All pages of a list below a job.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.json(self.request(Method::GET, path)).await
    }

    /// A file of a job, put where it is to be.
    pub(crate) async fn save(&self, path: &str, file: &Path) -> Result<(), Failure> {
        let mut response = self.send(self.request(Method::GET, path)).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| self.senseless())? {
            bytes.extend_from_slice(&chunk);
        }
        std::fs::write(file, bytes).map_err(|error| Failure::of_file(file, error))
    }
}
