//! Workbooks, read for a browser, whose code would grow by a third if it read them itself.

use axum::body::Body;
use bulkhead_shared::api::Workbook;
use bulkhead_shared::csv::Limits;
use bulkhead_shared::problem::Code;
use futures::StreamExt;

use crate::auth::Person;
use crate::openapi::{OfEveryone, OfFiles, OfInput, OfPeople};
use crate::problem::Refusal;
use crate::route::{Route, route};
use crate::workbook::{self, Unread};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(read)]
}

/// The rows of a workbook (`.xlsx`), as text.
///
/// The body is the file as it is, at most 10 MiB (behind API Gateway about 4.4 MB). Of its sheets the first one that is
/// shown and has rows is read; at most 50,000 rows of 300 columns. Nothing of it is kept.
#[utoipa::path(post, path = "/workbooks", operation_id = "read_workbook", tag = "mailboxes",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
        (status = 200, description = "The rows.", body = Workbook),
        OfInput, OfFiles, OfPeople, OfEveryone,
    ))]
async fn read(Person(_): Person, body: Body) -> Result<axum::Json<Workbook>, Refusal> {
    let limits = Limits::default();
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        let broken = |_| Refusal::new(Code::Invalid).detail("The file broke off.");
        bytes.extend_from_slice(&piece.map_err(broken)?);
        if bytes.len() > limits.bytes {
            return Err(Refusal::new(Code::TooLarge).detail("A workbook has at most 10 MiB."));
        }
    }
    workbook::read(bytes, limits)
        .map(axum::Json)
        .map_err(|unread| {
            let code = match unread {
                Unread::TooLarge => Code::TooLarge,
                _ => Code::Invalid,
            };
            Refusal::new(code).detail(unread.to_string())
        })
}
