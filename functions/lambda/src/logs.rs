//! Logs as lines of JSON on standard output, each with the spans it belongs to: the invocation, the
//! message, the job. They name jobs and chunks, never content (invariant 10).
//!
//! Lambda takes a line that is JSON with `level` and `timestamp` at its top as it is, also where its own
//! format is set to JSON, and can filter by `level` (Lambda Developer Guide, "Log-level filtering").
//! Lines without `level`, as metrics are, count as INFO: a filter above that would lose them.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Starts logging. `RUST_LOG` says how much; without it, what is worth knowing.
pub fn start() {
    let wanted = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    tracing_subscriber::registry()
        .with(layer(wanted, io::stdout))
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // Where, not what: the message may quote the value that was in the way.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "Something panicked; this is a fault in bulkhead.");
    }));
}

fn layer<S, W>(wanted: EnvFilter, out: W) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_writer(out)
        .with_filter(wanted.and(filter_fn(is_quiet)))
}

/// Below INFO, libraries log what they send and receive; that is content, whatever anybody asks for.
fn is_quiet(about: &Metadata<'_>) -> bool {
    about.target().starts_with("bulkhead") || *about.level() <= Level::INFO
}

/// The same, with this filter and to there.
#[cfg(test)]
pub(crate) fn to(wanted: &str, out: crate::testing::Written) -> impl Subscriber + Send + Sync {
    tracing_subscriber::registry().with(layer(EnvFilter::new(wanted), out))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Written;

    #[test]
    fn lines_have_what_lambda_looks_for_and_their_spans() {
        let log = Written::default();
        tracing::subscriber::with_default(to("info", log.clone()), || {
            let span =
                tracing::info_span!("invocation", function = "worker", aws.request_id = "r-1");
            let _inside = span.enter();
            tracing::warn!(job.id = "arc_1", "Something.");
        });
        let line = &log.lines()[0];
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "Something.");
        assert_eq!(line["job.id"], "arc_1");
        assert_eq!(line["spans"][0]["function"], "worker");
        assert_eq!(line["spans"][0]["aws.request_id"], "r-1");
        let time = line["timestamp"].as_str().unwrap();
        assert!(
            time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
            "{time}"
        );
    }

    #[test]
    fn invariant_10_libraries_never_log_what_they_send() {
        let log = Written::default();
        tracing::subscriber::with_default(to("trace", log.clone()), || {
            tracing::debug!(target: "aws_smithy_runtime", "the body of a call");
            tracing::trace!(target: "hyper", "the body of a call");
            tracing::info!(target: "aws_smithy_runtime", "a library");
            tracing::debug!(target: "bulkhead_engine::work", "ours");
        });
        let lines = log.lines();
        let said: Vec<&str> = lines
            .iter()
            .map(|line| line["message"].as_str().unwrap())
            .collect();
        assert_eq!(said, ["a library", "ours"]);
    }
}
