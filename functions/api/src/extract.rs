//! What handlers take out of a request, each with the problem that says what was wrong with it.

use std::str::FromStr;

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use bulkhead_shared::limits;
use bulkhead_shared::problem::{Code, Invalid};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::explain::explain;
use crate::problem::Refusal;

/// The parameters behind the `?`. An empty one counts as left out.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let text = parts.uri.query().unwrap_or_default();
        let given = form_urlencoded::parse(text.as_bytes()).filter(|(_, value)| !value.is_empty());
        let given = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(given)
            .finish();
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(given.as_bytes()));
        match serde_path_to_error::deserialize(pairs) {
            Ok(value) => Ok(Self(value)),
            Err(error) => {
                let path = error.path().to_string();
                Err(explain(&path, &error.into_inner().to_string()).into())
            }
        }
    }
}

/// The number of rows a page may have; the default if it was left out.
pub(crate) fn page_limit(limit: Option<u32>) -> Result<u32, Invalid> {
    let limit = limit.unwrap_or(limits::PAGE_ITEMS);
    if (1..=limits::PAGE_ITEMS_MOST).contains(&limit) {
        return Ok(limit);
    }
    let most = limits::PAGE_ITEMS_MOST;
    Err(Invalid::new(
        "limit",
        format!("{limit} is out of range: 1 to {most}."),
    ))
}

/// A cursor whose form is known: one that was made up is refused, not guessed at.
pub(crate) fn page_cursor<T: FromStr>(cursor: Option<&str>) -> Result<(), Invalid> {
    match cursor.map(T::from_str) {
        Some(Err(_)) => Err(Invalid::new(
            "cursor",
            "Hand back the cursor of the page before, unchanged.",
        )),
        _ => Ok(()),
    }
}

/// A request's body.
pub(crate) trait Body: DeserializeOwned {
    /// Looks closer at a body that could not be read, where the deserialiser's own error does not
    /// name the field.
    fn look_closer(_body: &Value) -> Result<(), Invalid> {
        Ok(())
    }
}

/// The JSON in the body.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: Body> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::new(Code::UnsupportedMediaType)
                .detail("Send JSON, with the header Content-Type: application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

fn unread(rejection: BytesRejection) -> Refusal {
    if rejection.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        let most = limits::BODY_BYTES;
        return Refusal::new(Code::TooLarge).detail(format!("A body has at most {most} bytes."));
    }
    Refusal::new(Code::Invalid).detail("The body broke off.")
}

fn read<T: Body>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json);
    let (path, error) = match read {
        Ok(value) => match json.end() {
            Ok(()) => return Ok(value),
            Err(error) => (String::new(), error),
        },
        Err(error) => (error.path().to_string(), error.into_inner()),
    };
    if error.classify() != Category::Data {
        return Err(Refusal::new(Code::Invalid).detail(format!("The body is not JSON: {error}.")));
    }
    // A mistake further on may be one of form, which nothing else can be told about.
    let whole: Value = serde_json::from_slice(bytes).map_err(|error| {
        Refusal::new(Code::Invalid).detail(format!("The body is not JSON: {error}."))
    })?;
    T::look_closer(&whole)?;
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let mut invalid = explain(&path, text.strip_suffix(&place).unwrap_or(&text));
    if error.line() > 0 {
        invalid.message.push_str(&format!(
            " (line {}, column {})",
            error.line(),
            error.column()
        ));
    }
    Err(invalid.into())
}
