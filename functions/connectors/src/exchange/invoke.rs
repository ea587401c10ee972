//! One command of Exchange's own administration, by the API that its PowerShell module uses: `InvokeCommand`
//! with the command's name and parameters, answered by objects, page by page.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bulkhead_engine::ports::CallError;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::{Fault, Refusal};
use super::tokens::Tokens;
use crate::bounded_http::{self, retry_after};
use crate::imap::Reach;

/// The longest that reaching Exchange may take.
const CONNECT_MOST: Duration = Duration::from_secs(10);
/// Bytes of a page, most: a thousand mailboxes with all that is told of them.
const ANSWER_BYTES: usize = 64 << 20;
/// Objects on a page.
const PAGE: u32 = 1_000;
/// Pages of one answer, most: a hundred thousand objects.
const PAGES_MOST: usize = 100;
/// Redirects of one command, most: to the region where the organisation is.
const REDIRECTS_MOST: usize = 3;
/// A wait longer than this is not believed; it is asked again after it.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(1);
/// How long to wait where Exchange asks for it and names no time.
const WAIT: SignedDuration = SignedDuration::from_secs(60);
/// Hosts that the token is sent to besides the one that it is for.
const ITS_OWN: [&str; 3] = [".outlook.com", ".office365.com", ".office.com"];

/// Parameters of a command.
pub(super) type Parameters = Map<String, Value>;

/// The way to one organisation.
pub(super) struct Invoker {
    client: Client,
    tokens: Tokens,
    start: Url,
    anchor: String,
    /// Until when Exchange asked to wait.
    wait: Mutex<Option<Timestamp>>,
}

#[derive(Deserialize)]
struct Page {
    value: Vec<Map<String, Value>>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Invoker {
    pub(super) fn new(
        host: &str,
        tenant: &str,
        tokens: Tokens,
        reach: Reach,
        answer_most: Duration,
    ) -> Result<Self, CallError> {
        let start = Url::parse(&format!("{host}/adminapi/beta/{tenant}/InvokeCommand"));
        let start = start.map_err(|_| {
            CallError::Unsupported("The organisation is named by its id or by a domain.".to_owned())
        })?;
        if !bounded_http::permits(reach, &start) {
            return Err(CallError::Unsupported(
                "This is not a place we go to.".to_owned(),
            ));
        }
        let security = bounded_http::security(&start);
        Ok(Self {
            client: bounded_http::client(reach, security, CONNECT_MOST, answer_most)?,
            tokens,
            start,
            // Where nobody is signed in, the organisation's own mailbox says which server it is for.
            anchor: format!("APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"),
            wait: Mutex::default(),
        })
    }

    /// Runs a command; all objects of its answer.
    pub(super) async fn run(
        &self,
        command: &str,
        parameters: Parameters,
    ) -> Result<Vec<Map<String, Value>>, Fault> {
        let input = json!({ "CmdletName": command, "Parameters": parameters });
        let body = json!({ "CmdletInput": input }).to_string();
        let mut objects = Vec::new();
        let mut url = self.start.clone();
        for _ in 0..PAGES_MOST {
            let page = self.page(&url, command, &body).await?;
            objects.extend(page.value);
            let Some(next) = page.next else {
                return Ok(objects);
            };
            url = self.next(&url, &next)?;
        }
        Err(Fault::Senseless)
    }

    /// A page may be on another of Exchange's hosts, and on nobody else's.
    fn next(&self, from: &Url, link: &str) -> Result<Url, Fault> {
        let url = from.join(link).map_err(|_| Fault::Senseless)?;
        let same = url.origin() == self.start.origin();
        let host = url.host_str().unwrap_or_default();
        let is_its_own =
            url.scheme() == "https" && ITS_OWN.iter().any(|ending| host.ends_with(ending));
        match same || is_its_own {
            true => Ok(url),
            false => Err(Fault::Senseless),
        }
    }

    async fn page(&self, url: &Url, command: &str, body: &str) -> Result<Page, Fault> {
        self.wait_is_over()?;
        let mut token = self.token(None).await?;
        let mut url = url.clone();
        let mut renewed = false;
        for _ in 0..=REDIRECTS_MOST {
            let response = self.send(&url, command, body, &token).await?;
            let status = response.status();
            if status.is_redirection() {
                let location = response.headers().get(LOCATION);
                let location = location.and_then(|value| value.to_str().ok());
                url = self.next(&url, location.ok_or(Fault::Senseless)?)?;
            } else if status == StatusCode::UNAUTHORIZED && !renewed {
                // It may have ended earlier than was said.
                (token, renewed) = (self.token(Some(&token)).await?, true);
            } else {
                return self.read(response).await;
            }
        }
        Err(Fault::Senseless)
    }

    async fn token(&self, refused: Option<&str>) -> Result<String, Fault> {
        self.tokens
            .good(refused)
            .await
            .map_err(|error| match error {
                CallError::Throttled { until } => Fault::Throttled(until),
                CallError::SignIn => Fault::SignIn,
                _ => Fault::NotSent("Entra gives out no token for now"),
            })
    }

    async fn send(
        &self,
        url: &Url,
        command: &str,
        body: &str,
        token: &str,
    ) -> Result<Response, Fault> {
        self.client
            .post(url.clone())
            .bearer_auth(token)
            .header("Content-Type", "application/json")
            .header("Prefer", format!("odata.maxpagesize={PAGE}"))
            .header("X-ResponseFormat", "json")
            .header("X-CmdletName", command)
            .header("X-AnchorMailbox", &self.anchor)
            .body(body.to_owned())
            .send()
            .await
            .map_err(|error| match error.is_connect() || error.is_builder() {
                true => Fault::NotSent("Exchange cannot be reached"),
                false => Fault::Lost("Exchange did not answer"),
            })
    }

    async fn read(&self, mut response: Response) -> Result<Page, Fault> {
        let status = response.status();
        let until = retry_after(response.headers(), WAIT_MOST);
        let mut body = Vec::new();
        loop {
            let chunk = match response.chunk().await {
                Ok(chunk) => chunk,
                Err(_) if status == StatusCode::TOO_MANY_REQUESTS => None,
                Err(_) => return Err(Fault::Lost("Exchange's answer broke off")),
            };
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(Fault::Senseless);
            }
            body.extend_from_slice(&chunk);
        }
        match status.as_u16() {
            200..=299 => serde_json::from_slice(&body).map_err(|_| Fault::Senseless),
            429 => Err(self.asked_to_wait(until)),
            // A wait that is named means that nothing was begun.
            503 if until.is_some() => Err(self.asked_to_wait(until)),
            401 => Err(Fault::SignIn),
            500.. => Err(Fault::Lost("Exchange broke down")),
            code => match Refusal::read(code, &body) {
                Some(refusal) => Err(Fault::Refused(refusal)),
                None => Err(Fault::Senseless),
            },
        }
    }

    fn asked_to_wait(&self, until: Option<Timestamp>) -> Fault {
        let until = until.unwrap_or_else(|| Timestamp::now() + WAIT);
        *self.wait.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        Fault::Throttled(Some(until))
    }

    /// Nothing is sent while Exchange asks to wait.
    fn wait_is_over(&self) -> Result<(), Fault> {
        let mut wait = self.wait.lock().unwrap_or_else(PoisonError::into_inner);
        match *wait {
            Some(until) if Timestamp::now() < until => Err(Fault::Throttled(Some(until))),
            _ => {
                *wait = None;
                Ok(())
            }
        }
    }
}
