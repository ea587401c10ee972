//! Mails through Amazon SES (its API v2): one recipient a call, the finished bytes as they are.
//!
//! The API knows nothing by which a call that comes again is told from a new one, so none is repeated here: what was
//! not answered is open. SES puts a Message-ID of its own in the place of ours (Amazon SES developer guide, “header
//! fields”), so that is what reports of such a mail name; its answer tells the part before the `@`, which is kept.

mod judge;
mod quota;

use std::error::Error as StdError;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use bulkhead_engine::ports::{CallError, Delivery, Letter, Outlet};
use bulkhead_shared::abilities::Allowance;
use http::{StatusCode, header};
use jiff::Timestamp;
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpClient, HttpError, HttpRequestBody};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::bounds::CALL;
use crate::s3::Connector;
use judge::judge;
use quota::Account;

/// As signatures name it.
const SERVICE: &str = "ses";
/// Where mails are taken.
const MAILS: &str = "/v2/email/outbound-emails";
/// Where the limits are told.
const ACCOUNT: &str = "/v2/email/account";
/// So long what was told of them is good: who else sends through the same account shows in it by then.
const TOLD_FOR: Duration = Duration::from_secs(60);
/// The header in which AWS names an error.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// Who may send: whoever signs in at this mail server under an address of this domain. That is what shows that the
/// address is theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Senders {
    /// What SES has verified.
    pub domain: String,
    /// The mail server's name.
    pub mail_server: String,
}

/// SES, in one region.
pub struct Ses {
    senders: Senders,
    http: HttpClient,
    credential: AwsCredential,
    region: String,
    endpoint: String,
    told: Mutex<Option<(Instant, Option<Allowance>)>>,
}

impl std::fmt::Debug for Ses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ses").finish_non_exhaustive()
    }
}

impl Ses {
    /// Asks nobody yet. `endpoint`: somewhere else than AWS.
    pub(crate) fn new(
        senders: Senders,
        region: &str,
        endpoint: Option<String>,
        credentials: &Credentials,
        connector: SharedHttpConnector,
    ) -> Self {
        let endpoint = endpoint.unwrap_or_else(|| format!("https://email.{region}.amazonaws.com"));
        Self {
            senders,
            http: HttpClient::new(Connector(connector)),
            credential: AwsCredential {
                key_id: credentials.access_key_id().to_owned(),
                secret_key: credentials.secret_access_key().to_owned(),
                token: credentials.session_token().map(str::to_owned),
            },
            region: region.to_owned(),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            told: Mutex::default(),
        }
    }

    fn request(&self, letter: &Letter) -> Option<http::Request<HttpRequestBody>> {
        let body = json!({
            "FromEmailAddress": letter.envelope.from,
            "Destination": {"ToAddresses": [letter.envelope.to]},
            "Content": {"Raw": {"Data": aws_smithy_types::base64::encode(&letter.bytes)}},
        });
        let request = http::Request::post(format!("{}{MAILS}", self.endpoint))
            .header(header::CONTENT_TYPE, "application/json")
            .body(HttpRequestBody::from(body.to_string()));
        self.signed(request.ok()?)
    }

    fn signed(
        &self,
        mut request: http::Request<HttpRequestBody>,
    ) -> Option<http::Request<HttpRequestBody>> {
        let signs = AwsAuthorizer::new(&self.credential, SERVICE, &self.region);
        signs.try_authorize(&mut request, None).ok()?;
        Some(request)
    }

    /// Asks for the limits; none if they are not told.
    async fn ask(&self) -> Option<Allowance> {
        let request = http::Request::get(format!("{}{ACCOUNT}", self.endpoint));
        let request = request.body(HttpRequestBody::empty()).ok()?;
        let asking = async {
            let answer = self.http.execute(self.signed(request)?).await.ok()?;
            let is_told = answer.status() == StatusCode::OK;
            let body = answer.into_body().bytes().await.ok()?;
            let account: Account = serde_json::from_slice(&body).ok()?;
            is_told.then(|| account.allowance())
        };
        let told = timeout(CALL, asking).await.ok().flatten();
        if told.is_none() {
            tracing::warn!("Amazon SES does not tell its limits; the usual ones are kept.");
        }
        told
    }
}

#[async_trait]
impl Outlet for Ses {
    fn name(&self) -> &'static str {
        "Amazon SES"
    }

    fn serves(&self, mail_server: &str, user: &str) -> bool {
        let domain = user.rsplit_once('@').map_or("", |(_, domain)| domain);
        mail_server.eq_ignore_ascii_case(&self.senders.mail_server)
            && domain.eq_ignore_ascii_case(&self.senders.domain)
    }

    async fn allowance(&self) -> Option<Allowance> {
        let told = || self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, allowance)) = *told()
            && at.elapsed() < TOLD_FOR
        {
            return allowance;
        }
        let allowance = self.ask().await;
        *told() = Some((Instant::now(), allowance));
        allowance
    }

    async fn hand_over(&self, letter: &Letter) -> Result<Delivery, CallError> {
        let Some(request) = self.request(letter) else {
            return Ok(Delivery::Unavailable);
        };
        let answered = timeout(CALL, self.http.execute(request));
        let answer = match answered.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if never_sent(&error) => return Ok(Delivery::Unavailable),
            Ok(Err(_)) | Err(_) => return Ok(Delivery::Unknown),
        };
        let status = answer.status();
        let named = answer.headers().get(ERROR_TYPE);
        let named = named.and_then(|value| value.to_str().ok());
        let named = named.unwrap_or_default().to_owned();
        // What it says is known by its status; the rest are details.
        let body = timeout(CALL, answer.into_body().bytes()).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status == StatusCode::OK {
            let theirs = body["MessageId"].as_str().and_then(|id| id.parse().ok());
            return Ok(theirs.map_or(Delivery::Done, Delivery::DoneAs));
        }
        judge(status.as_u16(), &named, &body, Timestamp::now())
    }
}

/// Whether a call failed before anybody heard of it: there was no connection.
fn never_sent(error: &HttpError) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| {
            matches!(
                io.kind(),
                ErrorKind::ConnectionRefused
                    | ErrorKind::HostUnreachable
                    | ErrorKind::NetworkUnreachable
                    | ErrorKind::NetworkDown
            )
        }) {
            return true;
        }
        cause = error.source();
    }
    false
}
