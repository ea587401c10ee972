//! The front: one address for DynamoDB, SQS, KMS, SES and S3. It knows who calls by the access key that a
//! request is signed with, notes what they do, and lets them do only what their role allows.
//! Signatures are not checked.

mod denial;
mod deploy;
mod forward;
mod needs;
mod presigned;
mod service;

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header, request};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;

use crate::clock::Clock;
use crate::dynamo::Dynamo;
use crate::moto::Moto;
use crate::often::Often;
use crate::policy::{Access, Policies};
use crate::sqs::{Served, Sqs};
use crate::{REGION, policy};
use denial::Denial;
use service::Service;

/// Who may do everything: the test itself.
pub const ADMINISTRATOR: &str = "administrator";

/// More than any request to DynamoDB (16 MB), SQS or KMS may have.
const MOST_BYTES: usize = 17 << 20;

/// Something that was done, or tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The access key it was signed with.
    pub who: String,
    /// What IAM was asked. A transaction is a call for each of its parts.
    pub access: Access,
    /// Whether the policies let them.
    pub allowed: bool,
}

/// What goes wrong with somebody's calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Which calls: an action with wildcards, such as `dynamodb:*`.
    pub actions: String,
    /// They take so much longer.
    pub delay: Duration,
    /// They are throttled, and nothing was done.
    pub throttled: Often,
    /// They are answered with an error of the service, and nothing was done.
    pub broken: Often,
    /// They are answered with an error of the service though everything was done.
    pub lost_answers: Often,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            actions: "*".to_owned(),
            delay: Duration::ZERO,
            throttled: Often::Never,
            broken: Often::Never,
            lost_answers: Often::Never,
        }
    }
}

/// AWS, as long as this is kept.
pub struct Aws {
    served: Served,
    shared: Arc<Shared>,
}

struct Shared {
    dynamo: Dynamo,
    sqs: Sqs,
    moto: Option<Moto>,
    forward: forward::Client,
    state: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    /// Everybody may do everything as long as there are none.
    policies: Option<Policies>,
    calls: Vec<Call>,
    troubles: Vec<(String, Trouble)>,
    sending: Sending,
}

/// How many mails SES takes. Told, and not kept: moto takes any number, and does not tell.
#[derive(Clone, Copy, Debug)]
pub struct Sending {
    /// In a second.
    pub rate: f64,
    /// In 24 hours.
    pub most: f64,
    /// Sent in the last 24 hours.
    pub sent: f64,
}

impl Default for Sending {
    /// "If your account is in the sandbox" (Amazon SES developer guide, "Service quotas").
    fn default() -> Self {
        Self {
            rate: 1.0,
            most: 200.0,
            sent: 0.0,
        }
    }
}

impl IntoResponse for Sending {
    /// As `GetAccount` answers.
    fn into_response(self) -> Response {
        let quota = json!({"MaxSendRate": self.rate, "Max24HourSend": self.most, "SentLast24Hours": self.sent});
        Json(json!({"SendQuota": quota, "SendingEnabled": true, "ProductionAccessEnabled": false}))
            .into_response()
    }
}

impl Aws {
    /// Listens on a port of the system's choice. Without moto there is no KMS and no S3.
    pub async fn start(dynamo: Dynamo, sqs: Sqs, moto: Option<Moto>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            dynamo,
            sqs,
            moto,
            forward: forward::client(),
            state: Mutex::default(),
        });
        let served = Served::start(|base| {
            let state = (shared.clone(), base.to_owned());
            Router::new().fallback(answer).with_state(state)
        })
        .await?;
        Ok(Self { served, shared })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.served.url
    }

    /// The address of a queue here.
    #[must_use]
    pub fn queue_url(&self, name: &str) -> String {
        self.served.queue(name)
    }

    /// The tables.
    #[must_use]
    pub fn dynamo(&self) -> &Dynamo {
        &self.shared.dynamo
    }

    /// The queues.
    #[must_use]
    pub fn sqs(&self) -> &Sqs {
        &self.shared.sqs
    }

    /// What answers KMS and S3, if anything does.
    #[must_use]
    pub fn moto(&self) -> Option<&Moto> {
        self.shared.moto.as_ref()
    }

    /// The clock that queues and handed-out addresses go by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.shared.sqs.clock()
    }

    /// What the AWS SDK of somebody's process needs in its environment.
    #[must_use]
    pub fn environment(&self, who: &str) -> Vec<(String, String)> {
        let url = self.url();
        [
            ("AWS_ENDPOINT_URL", url),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", who),
            ("AWS_SECRET_ACCESS_KEY", "not checked"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// From now on everybody may do only what these allow, but for the [`ADMINISTRATOR`].
    pub fn enforce(&self, policies: Policies) {
        self.shared.notes().policies = Some(policies);
    }

    /// Notes that somebody does something that does not come over HTTP, such as Lambda's polling of
    /// a queue with the function's role, and tells whether they may.
    pub fn permit(&self, who: &str, access: Access) -> bool {
        self.shared.permit(who, vec![access]).is_ok()
    }

    /// Everything that was done or tried so far, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.shared.notes().calls.clone()
    }

    /// What somebody was not allowed: action and resource.
    #[must_use]
    pub fn denied(&self) -> BTreeSet<(String, String, String)> {
        let notes = self.shared.notes();
        let denied = notes.calls.iter().filter(|call| !call.allowed).cloned();
        denied
            .map(|call| (call.who, call.access.action, call.access.resource))
            .collect()
    }

    /// What the policies allow somebody and they have not needed so far: action and resource.
    #[must_use]
    pub fn unused(&self, who: &str) -> BTreeSet<(String, String)> {
        let notes = self.shared.notes();
        let own = notes.calls.iter().filter(|call| call.who == who);
        let needed: Vec<Access> = own.map(|call| call.access.clone()).collect();
        let policies = notes.policies.as_ref();
        policies.map_or_else(BTreeSet::new, |it| it.unused(who, &needed))
    }

    /// Forgets what was done so far.
    pub fn forget_calls(&self) {
        self.shared.notes().calls.clear();
    }

    /// Makes somebody's calls slow or fail, beside what troubles they have already.
    pub fn trouble(&self, who: &str, trouble: Trouble) {
        let mut notes = self.shared.notes();
        notes.troubles.push((who.to_owned(), trouble));
    }

    /// From now on SES says that it takes so many mails.
    pub fn sending(&self, sending: Sending) {
        self.shared.notes().sending = sending;
    }

    /// Ends all troubles.
    pub fn calm(&self) {
        self.shared.notes().troubles.clear();
    }
}

impl Shared {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what somebody wants; the first thing that they may not do otherwise.
    fn permit(&self, who: &str, wanted: Vec<Access>) -> Result<(), Access> {
        let mut notes = self.notes();
        let mut refused = None;
        for access in wanted {
            let allowed = notes.allow(who, &access);
            if !allowed {
                refused.get_or_insert(access.clone());
            }
            notes.calls.push(Call {
                who: who.to_owned(),
                access,
                allowed,
            });
        }
        refused.map_or(Ok(()), Err)
    }

    async fn perform(
        &self,
        service: &Service,
        parts: request::Parts,
        body: Body,
        bytes: Bytes,
        base: &str,
    ) -> Response {
        match service {
            Service::Dynamo(operation) => {
                let (dynamo, operation) = (self.dynamo.clone(), operation.clone());
                let answering =
                    tokio::task::spawn_blocking(move || dynamo.answer(&operation, &bytes));
                match answering.await {
                    Ok(answer) => answer.into_response(),
                    Err(_) => Denial::Broken.answer(service),
                }
            }
            Service::Sqs(action) => self.sqs.answer(action, &bytes, base).await.into_response(),
            Service::Ses if needs::asks_for_account(&parts) => self.notes().sending.into_response(),
            Service::Kms(_) | Service::Ses | Service::S3 => match &self.moto {
                Some(moto) => forward::forward(&self.forward, moto.url(), parts, body).await,
                None => Denial::NotHere.answer(service),
            },
        }
    }
}

impl Notes {
    fn allow(&self, who: &str, access: &Access) -> bool {
        let policies = self.policies.as_ref();
        who == ADMINISTRATOR || policies.is_none_or(|policies| policies.allow(who, access))
    }

    /// What goes wrong this time with somebody doing this.
    fn strike(&mut self, who: &str, wanted: &[Access]) -> Strike {
        let mut strike = Strike::default();
        let own = self.troubles.iter_mut().filter(|(whose, _)| whose == who);
        for (_, trouble) in own {
            let mut actions = wanted.iter().map(|access| &access.action);
            if actions.any(|action| policy::is_like(&trouble.actions, action)) {
                strike.delay += trouble.delay;
                strike.throttled |= trouble.throttled.strikes();
                strike.broken |= trouble.broken.strikes();
                strike.lost |= trouble.lost_answers.strikes();
            }
        }
        strike
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Strike {
    delay: Duration,
    throttled: bool,
    broken: bool,
    lost: bool,
}

async fn answer(State((shared, base)): State<(Arc<Shared>, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let service = Service::of(&parts.headers);
    let who = service::caller(&parts);
    if let Some(expired) = presigned::expired(&parts.uri, shared.sqs.clock().now()) {
        return expired;
    }
    // Files are passed on as they come; everything else is read first.
    let (bytes, body) = match service {
        Service::S3 => (Bytes::new(), body),
        _ => match to_bytes(body, MOST_BYTES).await {
            Ok(bytes) => (bytes.clone(), Body::from(bytes)),
            Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        },
    };
    let wanted = needs::of(&service, &parts, &bytes, &shared.dynamo);
    if let Err(refused) = shared.permit(&who, wanted.clone()) {
        return Denial::Forbidden(&who, &refused).answer(&service);
    }
    let strike = shared.notes().strike(&who, &wanted);
    tokio::time::sleep(strike.delay).await;
    if strike.throttled {
        return Denial::Throttled.answer(&service);
    }
    if strike.broken {
        return Denial::Broken.answer(&service);
    }
    let response = shared.perform(&service, parts, body, bytes, &base).await;
    if strike.lost {
        return Denial::Broken.answer(&service);
    }
    // "If you do not have the s3:ListBucket permission, S3 returns 403" for what is not there.
    let may_not_know = || {
        let bucket = needs::listing(&wanted);
        bucket.filter(|listing| !shared.notes().allow(&who, listing))
    };
    match (response.status(), may_not_know()) {
        (StatusCode::NOT_FOUND, Some(listing)) => {
            Denial::Forbidden(&who, &listing).answer(&service)
        }
        _ => response,
    }
}

impl IntoResponse for crate::dynamo::Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let json = [(header::CONTENT_TYPE, "application/x-amz-json-1.0")];
        (status, json, self.body).into_response()
    }
}
