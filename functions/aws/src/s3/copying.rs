//! Lets S3 copy bytes of one file into another by itself (`UploadPartCopy`). The library has no call for
//! this, but signs it.

use std::ops::Range;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, StatusCode};
use object_store::client::{HttpError, HttpRequestBody};
use object_store::multipart::PartId;
use object_store::signer::{SignedUrlOptions, Signer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::DeError;
use serde::Deserialize;
use tokio::time::error::Elapsed;

use super::S3Parts;
use super::plan::Stretch;
use super::upload::Upload;
use crate::pause::pause;

const SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");
const RANGE: HeaderName = HeaderName::from_static("x-amz-copy-source-range");

/// How long one try may take; a piece takes a second or two.
const TRY: Duration = Duration::from_secs(10);
/// How long a signature is good for, with room for clocks that differ.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// Further tries after the first: with the waits between them, about as patient as the library's own.
const TRIES_MORE: u32 = 7;

/// What is escaped in a name in the header: all that an address would, but for slashes.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotCopied {
    #[error("the request cannot be made")]
    NoRequest(#[from] http::Error),
    #[error("the request cannot be signed")]
    Unsigned(#[from] object_store::Error),
    #[error("S3 took too long")]
    Late(#[from] Elapsed),
    #[error("S3 cannot be reached")]
    Unreachable(#[from] HttpError),
    #[error("S3 answered {status}: {code}")]
    Refused { status: StatusCode, code: String },
    #[error("S3's answer cannot be read")]
    Unreadable(#[from] DeError),
}

/// What S3 answers. Copying takes time, so that `200 OK` may be sent before it turns out to fail.
#[derive(Debug, PartialEq, Eq, Deserialize)]
enum Answer {
    CopyPartResult {
        #[serde(rename = "ETag")]
        tag: String,
    },
    Error {
        #[serde(rename = "Code")]
        code: String,
    },
}

impl S3Parts {
    /// Copies the piece at this place of an upload, counted from 0.
    pub(super) async fn copy(
        &self,
        upload: &Upload,
        place: usize,
        stretch: &Stretch<'_>,
    ) -> Result<PartId, NotCopied> {
        let mut tries = 0..TRIES_MORE;
        loop {
            let copying = self.try_to_copy(upload, place, stretch);
            let tried = tokio::time::timeout(TRY, copying).await;
            match tried.unwrap_or_else(|late| Err(late.into())) {
                Err(error) if error.may_pass() && pause(&mut tries).await => {}
                ended => return ended,
            }
        }
    }

    async fn try_to_copy(
        &self,
        upload: &Upload,
        place: usize,
        stretch: &Stretch<'_>,
    ) -> Result<PartId, NotCopied> {
        let number = (place + 1).to_string();
        let query = [("partNumber", number.as_str()), ("uploadId", upload.id())];
        let mut options = SignedUrlOptions::new().with_query(query);
        options.signed_headers = self.named(stretch)?;
        let address = self
            .store
            .signed_url_opts(Method::PUT, upload.path(), SIGNED_FOR, &options)
            .await?;
        let mut request = Request::put(address.as_str()).body(HttpRequestBody::empty())?;
        *request.headers_mut() = options.signed_headers;
        let answer = self.http.execute(request).await?;
        let status = answer.status();
        read(status, &answer.into_body().bytes().await?)
    }

    /// The headers that say what to copy.
    fn named(&self, stretch: &Stretch<'_>) -> Result<HeaderMap, http::Error> {
        let path = utf8_percent_encode(stretch.part.path.as_ref(), &ESCAPED);
        let source = format!("{}/{path}", self.bucket);
        let mut headers = HeaderMap::from_iter([(SOURCE, HeaderValue::try_from(source)?)]);
        if !stretch.is_whole() {
            let Range { start, end } = &stretch.bytes;
            // S3 counts the last byte in.
            let range = format!("bytes={start}-{}", end - 1);
            headers.insert(RANGE, HeaderValue::try_from(range)?);
        }
        Ok(headers)
    }
}

fn read(status: StatusCode, body: &[u8]) -> Result<PartId, NotCopied> {
    let answer = quick_xml::de::from_reader(body);
    let code = match answer {
        Ok(Answer::CopyPartResult { tag }) if status.is_success() => {
            return Ok(PartId { content_id: tag });
        }
        Err(error) if status.is_success() => return Err(error.into()),
        Ok(Answer::Error { code }) => code,
        // Something between here and S3 may answer in other words.
        Ok(Answer::CopyPartResult { .. }) | Err(_) => String::new(),
    };
    Err(NotCopied::Refused { status, code })
}

impl NotCopied {
    /// Whether it is worth another try. What fails after `200 OK` has failed in the middle.
    fn may_pass(&self) -> bool {
        match self {
            Self::Late(_) | Self::Unreachable(_) | Self::Unreadable(_) => true,
            Self::Refused { status, .. } => {
                status.is_success()
                    || status.is_server_error()
                    || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::NoRequest(_) | Self::Unsigned(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
