//! HTTP to servers that people name: only where they may be reached, in little time, with short answers.

use std::time::Duration;

use reqwest::{Response, Url};

use crate::bounded_http;
use crate::imap::Reach;

/// The longest that reaching the server may take, and the whole request.
const CONNECT_MOST: Duration = Duration::from_secs(5);
const ANSWER_MOST: Duration = Duration::from_secs(10);
/// Bytes of an answer, most.
const ANSWER_BYTES: usize = 256 << 10;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    /// Not an address that is asked.
    #[error("this is not a place we go to")]
    NotPermitted,
    /// Not reached, or broken off.
    #[error("it cannot be reached, or does not answer")]
    NoAnswer,
    /// More than any honest answer holds.
    #[error("its answer is too large")]
    TooLarge,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Reads an address.
pub(crate) fn get(url: &str, within: Reach) -> impl Future<Output = Result<Answer, WebError>> {
    ask(url.to_owned(), within, None)
}

/// Sends a form.
pub(crate) fn post(
    url: &str,
    within: Reach,
    form: &[(&str, &str)],
) -> impl Future<Output = Result<Answer, WebError>> {
    ask(url.to_owned(), within, Some(encoded(form)))
}

async fn ask(url: String, within: Reach, form: Option<String>) -> Result<Answer, WebError> {
    let url = Url::parse(&url).map_err(|_| WebError::NotPermitted)?;
    if !matches!(url.scheme(), "http" | "https") || !bounded_http::permits(within, &url) {
        return Err(WebError::NotPermitted);
    }
    let security = bounded_http::security(&url);
    let client = bounded_http::client(within, security, CONNECT_MOST, ANSWER_MOST);
    let client = client.map_err(|_| WebError::NoAnswer)?;
    let request = match form {
        Some(form) => client
            .post(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form),
        None => client.get(url),
    };
    let response = request.send().await.map_err(|_| WebError::NoAnswer)?;
    read(response).await
}

async fn read(mut response: Response) -> Result<Answer, WebError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| WebError::NoAnswer)? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(WebError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, body })
}

/// As `application/x-www-form-urlencoded`.
fn encoded(form: &[(&str, &str)]) -> String {
    // Any address will do: only what follows its question mark is taken.
    let url = Url::parse_with_params("http://localhost/", form);
    url.ok()
        .and_then(|url| url.query().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn goes_nowhere_where_it_may_not() {
        for url in [
            "http://127.0.0.1:9/",
            "https://[::1]:9/",
            "https://localhost:9/",
            "http://example.com/",
            "ftp://example.com/",
            "nonsense",
        ] {
            let refused = post(url, Reach::Public, &[]).await;
            assert!(
                matches!(refused, Err(WebError::NotPermitted | WebError::NoAnswer)),
                "{url}"
            );
        }
        let plain = post("http://192.0.2.1/", Reach::Anywhere, &[]).await;
        assert!(matches!(plain, Err(WebError::NotPermitted)));
    }

    #[test]
    fn forms_are_encoded() {
        assert_eq!(encoded(&[("a", "b c&d"), ("e", "ü")]), "a=b+c%26d&e=%C3%BC");
    }
}
