//! Copying against an S3 that says what a test wants.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode as Status;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use object_store::Attributes;
use object_store::path::Path;

use super::super::Store;
use super::super::plan::Part;
use super::*;

const COPIED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n   \n\
    <CopyPartResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
    <LastModified>2026-11-21T10:00:00.000Z</LastModified>\
    <ETag>&quot;9b2cf535f27731c974343645a3985328&quot;</ETag></CopyPartResult>";
const BROKEN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Error><Code>InternalError</Code><Message>Please try again.</Message>\
    <RequestId>656c76696e6727</RequestId></Error>";

/// What comes of a try.
#[derive(Clone, Copy)]
enum Said {
    Answer(u16, &'static str),
    Nothing,
    Disconnected,
}

/// What a try asked for.
#[derive(Clone)]
struct Asked {
    address: String,
    source: String,
    range: Option<String>,
}

#[derive(Clone, Default)]
struct Saying {
    left: Arc<Mutex<VecDeque<Said>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl fmt::Debug for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Saying")
    }
}

impl HttpConnector for Saying {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name| request.headers().get(name).map(str::to_owned);
        if request.method() == "PUT" {
            self.asked.lock().unwrap().push(Asked {
                address: request.uri().to_owned(),
                source: header("x-amz-copy-source").unwrap(),
                range: header("x-amz-copy-source-range"),
            });
        }
        let said = match request.method() {
            "POST" => Said::Answer(200, "<X><UploadId>u/1</UploadId></X>"),
            "DELETE" => Said::Answer(204, ""),
            _ => self.left.lock().unwrap().pop_front().unwrap(),
        };
        match said {
            Said::Answer(status, body) => {
                let status = Status::try_from(status).unwrap();
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
            }
            Said::Nothing => HttpConnectorFuture::new(std::future::pending()),
            Said::Disconnected => {
                HttpConnectorFuture::ready(Err(ConnectorError::io("cut off".into())))
            }
        }
    }
}

/// What comes of copying some bytes of a part of 9 MiB, and what S3 was asked.
async fn copy(said: &[Said], bytes: Range<u64>) -> (Result<PartId, NotCopied>, Vec<Asked>) {
    let saying = Saying::default();
    saying.left.lock().unwrap().extend(said);
    let credentials = Credentials::new("key", "secret", Some("token".to_owned()), None, "test");
    let store = Store {
        bucket: "exports",
        region: "eu-central-1",
        endpoint: None,
        credentials: &credentials,
        connector: SharedHttpConnector::new(saying.clone()),
    };
    let parts = S3Parts::open(store, Arc::new(|| Timestamp::UNIX_EPOCH)).unwrap();
    let path = Path::from("jobs/j/files/f.mbox");
    let upload = Upload::begin(parts.store.clone(), path, Attributes::new());
    let upload = upload.await.unwrap();
    let part = Part {
        path: Path::from("jobs/j/parts/a +1"),
        bytes: 9 << 20,
    };
    let stretch = Stretch { part: &part, bytes };
    let copied = parts.copy(&upload, 6, &stretch).await;
    assert_eq!(saying.left.lock().unwrap().len(), 0, "all was asked");
    let asked = saying.asked.lock().unwrap().clone();
    (copied, asked)
}

#[tokio::test]
async fn asks_for_exactly_the_bytes() {
    let (copied, asked) = copy(&[Said::Answer(200, COPIED)], 5..8_000_000).await;
    let tag = "\"9b2cf535f27731c974343645a3985328\"";
    assert_eq!(copied.unwrap().content_id, tag);
    let Asked {
        address,
        source,
        range,
    } = &asked[0];
    let begins = "https://exports.s3.eu-central-1.amazonaws.com/jobs/j/files/f.mbox?";
    assert!(address.starts_with(begins), "{address}");
    for part in ["partNumber=7&", "uploadId=u%2F1&", "X-Amz-Security-Token="] {
        assert!(address.contains(part), "{part} in {address}");
    }
    let signed = "X-Amz-SignedHeaders=host%3Bx-amz-copy-source%3Bx-amz-copy-source-range";
    assert!(address.contains(signed), "{address}");
    assert_eq!(source, "exports/jobs/j/parts/a%20%2B1");
    assert_eq!(range.as_deref(), Some("bytes=5-7999999"));

    let (_, whole) = copy(&[Said::Answer(200, COPIED)], 0..9 << 20).await;
    assert_eq!(whole[0].range, None, "all of it, whatever its length");
}

#[tokio::test(start_paused = true)]
async fn tries_again_what_may_pass() {
    let (copied, asked) = copy(
        &[
            Said::Answer(503, "<Error><Code>SlowDown</Code></Error>"),
            Said::Answer(500, "an answer of something in between"),
            // After the head was sent.
            Said::Answer(200, BROKEN),
            Said::Answer(200, "<CopyPartResult><ETag>&quot;9b2c"),
            Said::Disconnected,
            Said::Nothing,
            Said::Answer(200, COPIED),
        ],
        0..9 << 20,
    )
    .await;
    assert!(copied.is_ok(), "{copied:?}");
    assert_eq!(asked.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn gives_up_at_last() {
    let said = [Said::Answer(200, BROKEN); 1 + TRIES_MORE as usize];
    let (copied, _) = copy(&said, 0..9 << 20).await;
    let error = copied.unwrap_err().to_string();
    assert_eq!(error, "S3 answered 200 OK: InternalError");
}

#[tokio::test]
async fn does_not_ask_again_for_what_is_refused() {
    let refused = "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>";
    let (copied, asked) = copy(&[Said::Answer(403, refused)], 0..9 << 20).await;
    let error = copied.unwrap_err().to_string();
    assert_eq!(error, "S3 answered 403 Forbidden: AccessDenied");
    assert_eq!(asked.len(), 1);
}
