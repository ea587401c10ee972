//! One request: where it may go, how long it may take, how much may come back.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::ports::{CallError, Clock};
use bulkhead_shared::api::Security;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response, Url};

use super::DavConnection;
use super::fault::{self, Fault, Status};
use super::xml;
use crate::bounded_http::{client, host, permits, security};
use crate::imap::Reach;

/// The longest that reaching the server may take.
const CONNECT_MOST: Duration = Duration::from_secs(10);
/// The longest that a request may take, answer and all.
const ANSWER_MOST: Duration = Duration::from_secs(30);
/// Bytes of an answer, most: reports ask for fifty cards, of which a few have a photo.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// Redirects of one request, most.
const REDIRECTS: u32 = 5;
/// A wait longer than this is not believed: it is asked again after it.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(1);

/// A request.
pub(super) struct Ask<'a> {
    /// The method, such as `PROPFIND`.
    pub(super) method: &'static str,
    pub(super) url: &'a Url,
    /// How deep below the address.
    pub(super) depth: Option<&'static str>,
    /// The body and its type.
    pub(super) body: Option<(&'static str, Vec<u8>)>,
    /// A condition: a header's name and its value.
    pub(super) condition: Option<(&'static str, String)>,
}

/// An answer that says yes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// See [`xml::etag`].
    pub(super) etag: Option<String>,
    pub(super) body: Vec<u8>,
    /// Where it came from after redirects.
    pub(super) url: Url,
}

/// The way to one server with one person's credentials.
pub(super) struct Http {
    client: Client,
    pub(super) start: Url,
    within: Reach,
    credentials: HeaderValue,
    clock: Arc<dyn Clock>,
    /// Until when the server asked to wait.
    wait: Mutex<Option<Timestamp>>,
}

impl Http {
    pub(super) async fn new(
        to: &DavConnection,
        within: Reach,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CallError> {
        let unsupported = |text: &str| CallError::Unsupported(text.to_owned());
        let text = to.url.trim();
        let text = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let start = Url::parse(&text).map_err(|_| unsupported("This is no web address."))?;
        if !matches!(start.scheme(), "http" | "https") || start.host_str().is_none() {
            return Err(unsupported(
                "An address book's address begins with https://.",
            ));
        }
        if !start.username().is_empty() || start.password().is_some() {
            return Err(unsupported(
                "Name and password do not belong into the address.",
            ));
        }
        let credentials = STANDARD.encode(format!("{}:{}", to.user, to.password));
        let mut credentials = HeaderValue::try_from(format!("Basic {credentials}"))
            .map_err(|_| unsupported("Name or password cannot be sent."))?;
        credentials.set_sensitive(true);
        let client = client(within, security(&start), CONNECT_MOST, ANSWER_MOST)?;
        let http = Self {
            client,
            start,
            within,
            credentials,
            clock,
            wait: Mutex::default(),
        };
        http.may_be_reached().await?;
        Ok(http)
    }

    /// Says in words that a server is out of bounds, before anything is sent. Each connection checks it
    /// again for the addresses that it is made to.
    async fn may_be_reached(&self) -> Result<(), CallError> {
        let host = host(&self.start);
        let addresses = tokio::net::lookup_host((host.as_str(), 0)).await;
        let addresses = addresses
            .map_err(|_| CallError::Unavailable("there is no server of this name".to_owned()))?;
        let security = security(&self.start);
        let is_port = self
            .within
            .permits_web_port(self.start.port_or_known_default());
        if !is_port && security != Security::None {
            return Err(CallError::Unsupported(
                "Servers of contacts are reached only at the ports 443 and 8443.".to_owned(),
            ));
        }
        let mut addresses = addresses.map(|address| address.ip());
        if addresses.any(|address| self.within.permits(address, security)) {
            return Ok(());
        }
        let text = match (self.within, security) {
            (Reach::Public, Security::None) => "Servers are reached only with https.",
            (Reach::Public, _) => "This server is not on the public internet.",
            (Reach::Anywhere, _) => {
                "Without https a server is reached only on this machine itself."
            }
        };
        Err(CallError::Unsupported(text.to_owned()))
    }

    /// Asks, without following redirects; answers that say no are faults.
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Result<Answer, Fault> {
        self.wait_is_over()?;
        let response = self.send(&ask).await?;
        self.answer(response, ask.url.clone()).await
    }

    /// The same for reading: follows redirects within [`Http::follows`].
    pub(super) async fn ask_along(&self, ask: Ask<'_>) -> Result<Answer, Fault> {
        let mut url = ask.url.clone();
        for _ in 0..=REDIRECTS {
            self.wait_is_over()?;
            let here = Ask {
                url: &url,
                body: ask.body.clone(),
                condition: ask.condition.clone(),
                ..ask
            };
            let response = self.send(&here).await?;
            if !response.status().is_redirection() {
                return self.answer(response, url).await;
            }
            let location = response.headers().get(LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            url = next
                .filter(|next| self.follows(next))
                .ok_or_else(|| refused(response.status().as_u16()))?;
        }
        Err(refused(310))
    }

    /// Whether credentials may be sent to this address: the server that was named, or, encrypted, one of
    /// the same owner (a provider's address books may be on `p42-contacts` beside `contacts`).
    pub(super) fn follows(&self, url: &Url) -> bool {
        let same_host = url.host_str() == self.start.host_str();
        if same_host && url.scheme() == self.start.scheme() {
            return url.port_or_known_default() == self.start.port_or_known_default()
                || url.scheme() == "https";
        }
        url.scheme() == "https" && (same_host || same_owner(url, &self.start))
    }

    async fn send(&self, ask: &Ask<'_>) -> Result<Response, Fault> {
        if !permits(self.within, ask.url) {
            return Err(Fault::NotSent("this is not a place we go to"));
        }
        let method = Method::from_bytes(ask.method.as_bytes())
            .map_err(|_| Fault::NotSent("this is no method"))?;
        let mut request = self.client.request(method, ask.url.clone());
        request = request.header(AUTHORIZATION, self.credentials.clone());
        if let Some(depth) = ask.depth {
            request = request.header("Depth", depth);
        }
        if let Some((name, value)) = &ask.condition {
            let value = HeaderValue::try_from(value)
                .map_err(|_| Fault::NotSent("the server's version cannot be sent back"))?;
            request = request.header(*name, value);
        }
        if let Some((content_type, body)) = &ask.body {
            request = request
                .header(CONTENT_TYPE, *content_type)
                .body(body.clone());
        }
        request.send().await.map_err(|error| fault::of(&error))
    }

    async fn answer(&self, mut response: Response, url: Url) -> Result<Answer, Fault> {
        let status = response.status();
        let until = self.until(response.headers());
        let etag = response.headers().get(ETAG);
        let etag = etag
            .and_then(|value| value.to_str().ok())
            .and_then(xml::etag);
        let mut body = Vec::new();
        loop {
            // A refusal needs no body: what could not be read of one is not missed.
            let chunk = match response.chunk().await {
                Ok(chunk) => chunk,
                Err(_) if !status.is_success() => None,
                Err(error) => return Err(fault::of(&error)),
            };
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(Fault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(Answer {
                status: status.as_u16(),
                etag,
                body,
                url,
            });
        }
        let status = Status {
            code: status.as_u16(),
            until,
            condition: xml::condition(&body),
        };
        if matches!(status.code, 429 | 503) && status.until.is_some() {
            *lock(&self.wait) = status.until;
        }
        Err(Fault::Status(status))
    }

    /// Nothing is sent while the server asks to wait.
    fn wait_is_over(&self) -> Result<(), Fault> {
        let mut wait = lock(&self.wait);
        match *wait {
            Some(until) if self.clock.now() < until => {
                Err(Fault::Call(CallError::Throttled { until: Some(until) }))
            }
            _ => {
                *wait = None;
                Ok(())
            }
        }
    }

    /// `Retry-After` as a time: seconds, or a date (RFC 9110, section 10.2.3).
    fn until(&self, headers: &HeaderMap) -> Option<Timestamp> {
        let text = headers.get("Retry-After")?.to_str().ok()?.trim();
        let now = self.clock.now();
        let wait = match text.parse::<u32>() {
            Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
            Err(_) => {
                let date = jiff::fmt::rfc2822::parse(text).ok()?;
                date.timestamp().duration_since(now)
            }
        };
        now.checked_add(wait.clamp(SignedDuration::ZERO, WAIT_MOST))
            .ok()
    }
}

fn refused(code: u16) -> Fault {
    Fault::Status(Status {
        code,
        until: None,
        condition: None,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether both are known to have one owner. What has none that can be told has nothing to do with any other.
fn same_owner(one: &Url, other: &Url) -> bool {
    owner(one).is_some_and(|owner_of_one| owner(other) == Some(owner_of_one))
}

/// The end of a host's name that one owner has: two labels, or three where the second is as short as
/// in `co.uk`. An address has none.
fn owner(url: &Url) -> Option<String> {
    let host = host(url);
    if host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let labels: Vec<&str> = host.rsplit('.').collect();
    let count = match labels.get(1) {
        Some(second) if second.len() > 3 => 2,
        _ => 3,
    };
    let labels = labels.get(..count)?;
    Some(labels.join("."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_owner_has_the_end_of_a_name() {
        let same = |one: &str, other: &str| {
            let url = |host: &str| Url::parse(&format!("https://{host}")).unwrap();
            same_owner(&url(one), &url(other))
        };
        assert!(same("contacts.icloud.com", "p42-contacts.icloud.com"));
        assert!(!same("a.example.co.uk", "evil.co.uk"));
        assert!(!same("anna.com", "berta.com"));
        // Nobody's, so nobody else gets the credentials: too short to tell from `co.uk`, or no name.
        for nobodys in ["a.com", "127.0.0.1", "localhost"] {
            assert!(!same(nobodys, "b.com"), "{nobodys}");
            assert!(!same(nobodys, "10.0.0.1"), "{nobodys}");
            assert!(!same(nobodys, nobodys), "{nobodys}");
        }
    }
}
