//! HTTP that goes only where servers may be reached: the one place where its client is made.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::Security;
use jiff::{SignedDuration, Timestamp};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Url};
use tokio_rustls::rustls::ClientConfig;

use crate::imap::Reach;

/// The address is none that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("not permitted")]
pub(crate) struct NotPermitted;

/// A client that reaches servers within these bounds, follows no redirects, and takes so long at the most to
/// connect and for a whole answer. An address that is no name is checked by [`permits`] alone.
pub(crate) fn client(
    within: Reach,
    security: Security,
    connect_most: Duration,
    answer_most: Duration,
) -> Result<Client, CallError> {
    client_with(
        crate::imap::tls(&[])?,
        within,
        security,
        connect_most,
        answer_most,
    )
}

/// The same, trusting what this TLS trusts.
pub(crate) fn client_with(
    tls: Arc<ClientConfig>,
    within: Reach,
    security: Security,
    connect_most: Duration,
    answer_most: Duration,
) -> Result<Client, CallError> {
    Client::builder()
        .tls_backend_preconfigured(Arc::unwrap_or_clone(tls))
        .dns_resolver(Permitted { within, security })
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .connect_timeout(connect_most)
        .timeout(answer_most)
        .user_agent(concat!("Bulkhead/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| CallError::Unavailable("HTTP cannot be set up here".to_owned()))
}

/// Whether a request to this may be made: by its port, and where it is no name by its address. A name is looked up
/// and checked by the client.
pub(crate) fn permits(within: Reach, url: &Url) -> bool {
    let address = host(url).parse::<IpAddr>();
    within.permits_web_port(url.port_or_known_default())
        && address.map_or(true, |address| within.permits(address, security(url)))
}

/// How what is asked of this address travels.
pub(crate) fn security(url: &Url) -> Security {
    match url.scheme() {
        "https" => Security::Tls,
        _ => Security::None,
    }
}

/// The host as the system looks it up: an IPv6 address without brackets.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned()
}

/// Whether a request came nowhere because its name leads to where nobody may go.
pub(crate) fn was_not_permitted(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<NotPermitted>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// `Retry-After` as a time: seconds, or a date (RFC 9110, section 10.2.3). A longer wait than `most` is not believed;
/// parts of a second, which some servers name, are a whole one.
pub(crate) fn retry_after(headers: &HeaderMap, most: SignedDuration) -> Option<Timestamp> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let now = Timestamp::now();
    let wait = match text.parse::<f64>() {
        Ok(seconds) => SignedDuration::try_from_secs_f64(seconds.ceil()).ok()?,
        Err(_) => jiff::fmt::rfc2822::parse(text)
            .ok()?
            .timestamp()
            .duration_since(now),
    };
    now.checked_add(wait.clamp(SignedDuration::ZERO, most)).ok()
}

/// Looks names up and leaves out what may not be connected to.
struct Permitted {
    within: Reach,
    security: Security,
}

impl Resolve for Permitted {
    fn resolve(&self, name: Name) -> Resolving {
        let (within, security) = (self.within, self.security);
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted = addresses.filter(|address| within.permits(address.ip(), security));
            let permitted: Vec<SocketAddr> = permitted.collect();
            if permitted.is_empty() {
                return Err(NotPermitted.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date_and_never_believed_for_ever() {
        let wait = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            let until = retry_after(&headers, SignedDuration::from_hours(1))?;
            Some(until.duration_since(Timestamp::now()).as_secs_f64().round() as i64)
        };
        assert_eq!(wait("12"), Some(12));
        assert_eq!(wait("0.2"), Some(1));
        assert_eq!(wait("-5"), Some(0));
        assert_eq!(wait("86400"), Some(3_600));
        assert_eq!(wait("Fri, 01 Jan 2100 00:00:00 GMT"), Some(3_600));
        assert_eq!(wait("Sat, 01 Jan 2000 00:00:00 GMT"), Some(0));
        for nonsense in ["", "soon", "NaN", "1e300"] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }
}
