//! What every function has around its work: a start that says what is missing, and for each invocation a
//! span that carries its id in every line of the log.
//!
//! The functions run on one thread: each handles one event at a time, waits for others most of it, and has
//! less than one processor on AWS. More threads would only make a start slower.

use std::process::ExitCode;

use bulkhead_engine::error::chain;
use jiff::Timestamp;
use lambda_runtime::{Context, Error, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::{Instrument, Span};

use crate::logs;

/// Runs a function until AWS ends it. What stops it before that is told once, in the log.
pub async fn run(function: impl Future<Output = Result<(), Error>>) -> ExitCode {
    logs::start();
    match function.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = chain(error.as_ref()), "This function cannot run.");
            ExitCode::FAILURE
        }
    }
}

/// Hands every event to `handle`, with the time at which AWS ends the invocation, finished or not.
pub async fn serve<Event, Answer, Problem, Handling>(
    function: &'static str,
    handle: impl Fn(Event, Timestamp) -> Handling,
) -> Result<(), Error>
where
    Event: DeserializeOwned,
    Answer: Serialize,
    Problem: Into<Error>,
    Handling: Future<Output = Result<Answer, Problem>>,
{
    let service = service_fn(|event: LambdaEvent<Value>| {
        let span = span(function, &event.context);
        let deadline = deadline(&event.context);
        let handling = read(event.payload).map(|event| handle(event, deadline));
        async move { handling?.await.map_err(Into::into) }.instrument(span)
    });
    Runtime::new(service).run().await
}

/// An event is none that this function is for.
#[derive(Debug, thiserror::Error)]
#[error("the event has another shape than this function's events")]
pub(crate) struct Strange;

/// The event in what was handed over. The runtime would do that too, but quote what it cannot read, in the
/// log as well as in the answer (invariant 10).
pub(crate) fn read<Event: DeserializeOwned>(payload: Value) -> Result<Event, Strange> {
    serde_json::from_value(payload).map_err(|_| {
        tracing::error!("An event has another shape than this function's events.");
        Strange
    })
}

/// The span of an invocation of this function.
pub(crate) fn span(function: &'static str, context: &Context) -> Span {
    tracing::info_span!("invocation", function, aws.request_id = context.request_id)
}

/// When AWS ends the invocation.
pub(crate) fn deadline(context: &Context) -> Timestamp {
    i64::try_from(context.deadline)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aws_lambda_events::sqs::SqsEvent;
    use lambda_http::request::LambdaRequest;
    use serde_json::json;

    use super::*;
    use crate::testing::Written;

    #[test]
    fn invariant_10_an_event_of_another_shape_is_not_quoted() {
        let log = Written::default();
        let strange = [
            json!("the subject of a mail"),
            json!({ "Records": "the subject of a mail" }),
            json!({ "Records": [{ "eventSource": 7, "body": ["the subject of a mail"] }] }),
        ];
        tracing::subscriber::with_default(logs::to("trace", log.clone()), || {
            for event in &strange {
                let error = read::<SqsEvent>(event.clone()).unwrap_err();
                let told = format!("{error} {error:?}");
                assert!(!told.contains("subject"), "{told}");
                assert!(read::<LambdaRequest>(event.clone()).is_err());
            }
        });
        assert_eq!(log.lines().len(), 2 * strange.len());
        assert!(!log.text().contains("subject"), "{}", log.text());
    }
}
