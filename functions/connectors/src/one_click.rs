//! Asking lists by one request to write no more (RFC 8058): to the page that a mail names, and to no other.
//!
//! The page is a stranger's. So it is asked only on the public internet, encrypted, with nothing that tells who asks;
//! where it leads is not followed, and what it says beside its status is not read.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bulkhead_engine::ports::{CallError, Delivery, OneClick};
use bulkhead_shared::outcome::ItemReason;
use jiff::SignedDuration;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use tokio_rustls::rustls;
use tokio_rustls::rustls::ClientConfig;

use crate::bounded_http::{self, NotPermitted};
use crate::imap::Reach;

/// The longest that reaching the server may take, and the whole request: less than a worker has for one call.
const CONNECT_MOST: Duration = Duration::from_secs(10);
const ANSWER_MOST: Duration = Duration::from_secs(20);
/// No server is waited for longer, whatever it says.
const WAIT_MOST: SignedDuration = SignedDuration::from_hours(1);
/// All that is said (RFC 8058, section 3.2).
const FORM: &str = "List-Unsubscribe=One-Click";
/// Where pages are asked on the public internet.
const PORT: u16 = 443;

/// Asks lists.
pub(crate) struct Lists {
    within: Reach,
    tls: Arc<ClientConfig>,
}

impl Lists {
    pub(crate) fn new(within: Reach, tls: Arc<ClientConfig>) -> Self {
        Self { within, tls }
    }

    fn permits(&self, url: &Url) -> bool {
        url.scheme() == "https"
            && bounded_http::permits(self.within, url)
            && (self.within != Reach::Public || url.port_or_known_default() == Some(PORT))
    }
}

#[async_trait]
impl OneClick for Lists {
    async fn ask(&self, url: &str) -> Result<Delivery, CallError> {
        let not_public = Delivery::Refused(ItemReason::NotPublic);
        let url = match Url::parse(url) {
            Ok(url) if self.permits(&url) => url,
            _ => return Ok(not_public),
        };
        let security = bounded_http::security(&url);
        let tls = Arc::clone(&self.tls);
        let client =
            bounded_http::client_with(tls, self.within, security, CONNECT_MOST, ANSWER_MOST)?;
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(FORM);
        Ok(match request.send().await {
            Ok(response) => answered(&response),
            Err(error) if is_untrusted(&error) => not_public,
            // Nothing was asked yet.
            Err(error) if error.is_connect() || error.is_builder() => Delivery::Unavailable,
            Err(_) => Delivery::Unknown,
        })
    }
}

/// What the status says. A server that says it failed may have done it all the same.
fn answered(response: &Response) -> Delivery {
    let status = response.status();
    match status {
        status if status.is_success() => Delivery::Done,
        // Section 3.1: no such page leads anywhere.
        status if status.is_redirection() => Delivery::Refused(ItemReason::LeadsElsewhere),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => match wait(response) {
            Some(wait) => Delivery::Deferred(wait),
            None => Delivery::Unavailable,
        },
        status if status.is_client_error() => Delivery::Refused(ItemReason::ListRefused),
        _ => Delivery::Unknown,
    }
}

/// How long the server wants to be left alone, where it says that in seconds.
fn wait(response: &Response) -> Option<SignedDuration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u32 = text.trim().parse().ok()?;
    Some(SignedDuration::from_secs(seconds.into()).min(WAIT_MOST))
}

/// Whether the server may not be asked: by where it is, or because it does not prove who it is.
fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let is_certificate = matches!(
        error.downcast_ref(),
        Some(rustls::Error::InvalidCertificate(_))
    );
    // What an error of input and output is made of is not its source.
    let inner = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    error.is::<NotPermitted>()
        || is_certificate
        || inner.is_some_and(|inner| is_untrusted(inner))
        || error.source().is_some_and(is_untrusted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn nothing_is_asked_but_public_servers_at_their_port() {
        let lists = Lists::new(Reach::Public, crate::imap::tls(&[]).unwrap());
        for url in [
            "https://127.0.0.1/u",
            "https://[::1]/u",
            "https://[::ffff:169.254.169.254]/latest/meta-data",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/u",
            "https://192.168.1.1/u",
            "https://[fe80::1]/u",
            "https://0x7f000001/u",
            "https://2130706433/u",
            "https://localhost/u",
            "https://1.1.1.1:8443/u",
            "https://1.1.1.1:22/u",
            "http://1.1.1.1/u",
            "http://1.1.1.1:443/u",
            "ftp://1.1.1.1/u",
            "nonsense",
        ] {
            let answer = lists.ask(url).await.unwrap();
            assert_eq!(answer, Delivery::Refused(ItemReason::NotPublic), "{url}");
        }
    }
}
