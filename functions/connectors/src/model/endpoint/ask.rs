//! One question to a server, and what becomes of it: bounded in bytes and time, and nothing of it in any log.

use std::sync::PoisonError;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::TokensSpent;
use bulkhead_shared::outcome::ItemReason;
use jiff::{SignedDuration, Timestamp};
use reqwest::Response;

use super::Endpoint;
use super::answer::Completion;
use super::dialect::Dialect;
use super::prompt::{Again, Question};
use crate::bounded_http::{retry_after, was_not_permitted};

/// Bytes of an answer, most: twenty mails take two thousand, and a model may think aloud before.
const ANSWER_BYTES: usize = 256 << 10;
/// What is tried with one question, most: each part of the words that a server may not know is left out once.
const TRIES: usize = 6;
/// The longest wait that is believed.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// What was answered.
pub(super) struct Answered<T> {
    pub(super) said: T,
    /// The answer ended before its end.
    pub(super) was_cut: bool,
}

/// What a server sent.
struct Sent {
    status: u16,
    until: Option<Timestamp>,
    body: Vec<u8>,
}

impl Endpoint {
    /// Asks, in the words that the server understands.
    pub(super) async fn ask<Q: Question>(
        &self,
        asked: &Q,
        again: Again,
        spent: &mut TokensSpent,
    ) -> Result<Answered<Q::Said>, CallError> {
        let mut dialect = match again {
            Again::Unusable => self.dialect().after_nonsense(),
            Again::No | Again::Partly | Again::Unfit(_) | Again::Cut => self.dialect(),
        };
        for _ in 0..TRIES {
            let body = dialect.body(&self.connection.model, asked, again);
            let sent = self.send(&body, spent).await?;
            match sent.status {
                200..=299 => {
                    let answered = self.read(&sent, asked, spent)?;
                    if asked.is_answered(&answered.said) {
                        self.remember(dialect, again == Again::Cut);
                    }
                    return Ok(answered);
                }
                400 | 422 | 501 => {
                    let text = String::from_utf8_lossy(&sent.body);
                    match dialect.after_refusal(&text) {
                        Some(next) => dialect = next,
                        None => return Err(refused()),
                    }
                }
                status => return Err(failure(status, sent.until, &sent.body)),
            }
        }
        Err(refused())
    }

    fn dialect(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer that can be used came in these words. Only now: what was left out of a request that is refused for another reason may
    /// be understood after all.
    fn remember(&self, dialect: Dialect, needed_room: bool) {
        let mut known = self.dialect.lock().unwrap_or_else(PoisonError::into_inner);
        let needs_room = known.with_room || needed_room;
        *known = dialect;
        known.with_room = needs_room;
    }

    async fn send(
        &self,
        body: &serde_json::Value,
        spent: &mut TokensSpent,
    ) -> Result<Sent, CallError> {
        let mut request = self.client.post(self.url.clone()).json(body);
        if let Some(key) = &self.connection.key {
            request = request.bearer_auth(key);
        }
        // An error of the client names the address, which is nobody's business in a log.
        let response = request.send().await.map_err(|error| {
            if was_not_permitted(&error) {
                return refused();
            }
            if !error.is_connect() {
                spent.requests += 1;
                spent.untold += 1;
            }
            gone()
        })?;
        let (status, until) = (
            response.status().as_u16(),
            retry_after(response.headers(), WAIT_MOST),
        );
        match read_body(response).await {
            Some(body) => Ok(Sent {
                status,
                until,
                body,
            }),
            None => {
                if (200..300).contains(&status) {
                    spent.requests += 1;
                    spent.untold += 1;
                    return Err(gone());
                }
                Err(failure(status, until, b""))
            }
        }
    }

    /// What a good answer says: nothing that can be used if it is no answer of such a server at all.
    fn read<Q: Question>(
        &self,
        sent: &Sent,
        asked: &Q,
        spent: &mut TokensSpent,
    ) -> Result<Answered<Q::Said>, CallError> {
        let nothing = || Answered {
            said: asked.read(None),
            was_cut: false,
        };
        let Ok(completion) = serde_json::from_slice::<Completion>(&sent.body) else {
            spent.requests += 1;
            spent.untold += 1;
            return Ok(nothing());
        };
        *spent += completion.spent();
        if let Some(refusal) = &completion.error {
            // Some relays answer well and say in it that whom they asked did not.
            let status = refusal
                .code
                .as_u64()
                .and_then(|code| u16::try_from(code).ok());
            return match status {
                Some(status) => Err(failure(status, sent.until, &sent.body)),
                None => Ok(nothing()),
            };
        }
        Ok(Answered {
            said: asked.read(completion.content()),
            was_cut: completion.was_cut(),
        })
    }
}

/// Whole, or none if it broke off or has no end.
async fn read_body(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

fn failure(status: u16, until: Option<Timestamp>, body: &[u8]) -> CallError {
    match status {
        401 | 403 => CallError::SignIn,
        429 if is_used_up(body) => refused(),
        429 => CallError::Throttled { until },
        503 if until.is_some() => CallError::Throttled { until },
        408 | 409 | 425 | 500.. => gone(),
        _ => refused(),
    }
}

/// Whether no wait helps, because what was paid for is used up. OpenAI says so with the status of a wait, and these codes.
fn is_used_up(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let codes = [
        "insufficient_quota",
        "credit_balance_exhausted",
        "spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    ];
    codes.iter().any(|code| text.contains(code))
}

fn gone() -> CallError {
    CallError::Unavailable("the model does not answer".to_owned())
}

fn refused() -> CallError {
    CallError::Refused(ItemReason::ModelRefused)
}
