//! Addresses that are handed out end at their time.

use std::time::Duration;

use axum::http::Uri;
use axum::response::Response;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::denial::Denial;
use super::service::{Service, parameter};

/// What S3 answers once `X-Amz-Expires` seconds have passed since `X-Amz-Date`.
pub(super) fn expired(uri: &Uri, now: Timestamp) -> Option<Response> {
    let query = uri.query()?;
    let seconds: u64 = parameter(query, "X-Amz-Expires")?.parse().ok()?;
    let date = parameter(query, "X-Amz-Date")?;
    let date = DateTime::strptime("%Y%m%dT%H%M%SZ", &date).ok()?;
    let signed = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let valid = SignedDuration::try_from(Duration::from_secs(seconds)).ok()?;
    (now > signed + valid).then(|| Denial::Expired.answer(&Service::S3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_its_time() {
        let uri: Uri = "/b/k?X-Amz-Date=20261121T100000Z&X-Amz-Expires=60"
            .parse()
            .unwrap();
        let at = |time: &str| expired(&uri, time.parse().unwrap()).is_some();
        assert!(!at("2026-11-21T10:01:00Z"));
        assert!(at("2026-11-21T10:01:01Z"));
        let plain: Uri = "/b/k".parse().unwrap();
        assert!(expired(&plain, Timestamp::MAX).is_none());
    }
}
