//! Metrics as lines of the log, in CloudWatch's embedded metric format: nothing to call, nothing to
//! wait for. The names here are those that the template's alarms and dashboard use.
//!
//! Every combination of dimension values is a metric of its own on the bill, so there are few, and
//! none is about a person, an account or a job. The specification: Amazon CloudWatch User Guide,
//! "Specification: Embedded metric format".

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use bulkhead_engine::ports::Clock;
use serde_json::{Map, Value, json};

/// Where all of them are.
pub const NAMESPACE: &str = "Bulkhead";

/// Of every metric: which deployment it is about.
pub const STAGE: &str = "Stage";
/// An operation's name, `undo`, or `retry`.
pub const OPERATION: &str = "Operation";
/// How items or jobs ended.
pub const OUTCOME: &str = "Outcome";
/// A group of routes: `accounts`, `jobs`, `audit` or `other`.
pub const ROUTE: &str = "Route";

/// A metric's name and unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name in [`NAMESPACE`].
    pub name: &'static str,
    /// One of CloudWatch's units.
    pub unit: &'static str,
    /// Its dimensions besides [`STAGE`].
    pub dimensions: &'static [&'static str],
}

const fn metric(
    name: &'static str,
    unit: &'static str,
    dimensions: &'static [&'static str],
) -> Metric {
    Metric {
        name,
        unit,
        dimensions,
    }
}

/// Drafts made.
pub const JOBS_DRAFTED: Metric = metric("JobsDrafted", "Count", &[OPERATION]);
/// Jobs that reached their last state, by that state.
pub const JOBS_ENDED: Metric = metric("JobsEnded", "Count", &[OPERATION, OUTCOME]);
/// From the confirmation to the end of a job.
pub const JOB_DURATION: Metric = metric("JobDuration", "Seconds", &[OPERATION]);
/// Of each ended job: the part of its items that ended well.
pub const SUCCESS_RATE: Metric = metric("SuccessRate", "Percent", &[]);
/// Items that have their outcome, by outcome.
pub const ITEMS_ENDED: Metric = metric("ItemsEnded", "Count", &[OPERATION, OUTCOME]);
/// One worker's time with one chunk.
pub const CHUNK_DURATION: Metric = metric("ChunkDuration", "Milliseconds", &[OPERATION]);
/// Calls that a provider answered with "slow down".
pub const PROVIDER_THROTTLED: Metric = metric("ProviderThrottled", "Count", &[]);
/// Times that items were put down to be tried again.
pub const RETRIES_PLANNED: Metric = metric("RetriesPlanned", "Count", &[]);
/// Times that work waited for an account's budget.
pub const BUDGET_WAITS: Metric = metric("BudgetWaits", "Count", &[]);
/// From the sending of a message to a worker having it. Waiting on purpose is part of it (backoff, a pause
/// between batches): the alarm looks at the queue's own measure, which begins when a message is ready.
pub const QUEUE_AGE: Metric = metric("QueueAge", "Milliseconds", &[]);
/// Messages that were sent again because the table or the queue asked to wait.
pub const MESSAGES_PUT_OFF: Metric = metric("MessagesPutOff", "Count", &[]);
/// Messages that were left to be delivered again.
pub const MESSAGES_FAILED: Metric = metric("MessagesFailed", "Count", &[]);
/// Messages that failed too often: what they asked for ended with a reason.
pub const MESSAGES_BURIED: Metric = metric("MessagesBuried", "Count", &[]);
/// The time of each request; its sample count is the number of requests.
pub const REQUEST_DURATION: Metric = metric("RequestDuration", "Milliseconds", &[ROUTE]);
/// Requests that were refused with 429, ours to protect everybody.
pub const REQUESTS_REFUSED: Metric = metric("RequestsRefused", "Count", &[]);
/// Jobs that a sweep could not look at.
pub const SWEEPS_FAILED: Metric = metric("SweepsFailed", "Count", &[]);

/// Every metric there is.
pub const ALL: [Metric; 16] = [
    JOBS_DRAFTED,
    JOBS_ENDED,
    JOB_DURATION,
    SUCCESS_RATE,
    ITEMS_ENDED,
    CHUNK_DURATION,
    PROVIDER_THROTTLED,
    RETRIES_PLANNED,
    BUDGET_WAITS,
    QUEUE_AGE,
    MESSAGES_PUT_OFF,
    MESSAGES_FAILED,
    MESSAGES_BURIED,
    REQUEST_DURATION,
    REQUESTS_REFUSED,
    SWEEPS_FAILED,
];

/// Writes metrics of one deployment.
pub struct Metrics {
    stage: String,
    clock: Arc<dyn Clock>,
    out: Mutex<Box<dyn Write + Send>>,
}

impl Metrics {
    /// Metrics of this stage, written to `out`: standard output, which is the function's log.
    pub fn new(
        stage: impl Into<String>,
        clock: Arc<dyn Clock>,
        out: impl Write + Send + 'static,
    ) -> Self {
        Self {
            stage: stage.into(),
            clock,
            out: Mutex::new(Box::new(out)),
        }
    }

    /// Notes one value. `dimensions` are values for [`Metric::dimensions`], in their order.
    pub fn note(&self, metric: Metric, value: f64, dimensions: &[&str]) {
        debug_assert_eq!(metric.dimensions.len(), dimensions.len(), "{}", metric.name);
        // JSON has no such numbers, and a line that is no JSON would be lost as a whole.
        if !value.is_finite() {
            return;
        }
        let mut line = self.line(metric, value, dimensions);
        line.push('\n');
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // A metric that cannot be written is no reason to stop the work it is about.
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }

    fn line(&self, metric: Metric, value: f64, dimensions: &[&str]) -> String {
        let named = metric.dimensions.iter().copied().zip(dimensions.iter());
        let keys: Vec<&str> = [STAGE]
            .into_iter()
            .chain(metric.dimensions.iter().copied())
            .collect();
        let mut root = Map::new();
        root.insert(STAGE.to_owned(), Value::from(self.stage.as_str()));
        for (name, value) in named {
            root.insert(name.to_owned(), Value::from(*value));
        }
        root.insert(metric.name.to_owned(), Value::from(value));
        let about = json!({
            "Timestamp": self.clock.now().as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [keys],
                "Metrics": [{ "Name": metric.name, "Unit": metric.unit }],
            }],
        });
        root.insert("_aws".to_owned(), about);
        Value::Object(root).to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Written;
    use std::collections::HashSet;

    /// CloudWatch's units (API reference, MetricDatum), as far as we use them.
    const UNITS: [&str; 4] = ["Count", "Milliseconds", "Percent", "Seconds"];

    /// The rules of the specification: what breaks one is dropped by CloudWatch without a word.
    fn assert_embedded(line: &Value) {
        let root = line.as_object().unwrap();
        let about = root["_aws"].as_object().unwrap();
        assert!(
            about["Timestamp"].as_u64().unwrap() > 1_700_000_000_000,
            "milliseconds"
        );
        let directives = about["CloudWatchMetrics"].as_array().unwrap();
        assert!(!directives.is_empty());
        for directive in directives {
            assert_eq!(directive["Namespace"], "Bulkhead");
            let sets = directive["Dimensions"].as_array().unwrap();
            assert!(!sets.is_empty());
            for set in sets {
                let keys: Vec<&str> = set
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|key| key.as_str().unwrap())
                    .collect();
                assert!((1..=30).contains(&keys.len()));
                assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
                for key in keys {
                    assert!(
                        (1..=250).contains(&key.len()) && key.is_ascii() && !key.starts_with(':')
                    );
                    let value = root[key].as_str().unwrap();
                    assert!((1..=1_024).contains(&value.len()));
                    assert!(value.is_ascii() && !value.trim().is_empty());
                }
            }
            let metrics = directive["Metrics"].as_array().unwrap();
            assert!((1..=100).contains(&metrics.len()));
            for metric in metrics {
                let name = metric["Name"].as_str().unwrap();
                assert!((1..=1_024).contains(&name.len()));
                assert!(UNITS.contains(&metric["Unit"].as_str().unwrap()));
                assert!(root[name].is_number(), "a member of the root, and a number");
            }
        }
    }

    #[test]
    fn every_metric_keeps_the_rules_of_the_format() {
        let written = Written::default();
        let metrics = written.metrics("prod");
        for metric in ALL {
            let dimensions = vec!["archive"; metric.dimensions.len()];
            metrics.note(metric, 3.5, &dimensions);
        }
        let lines = written.lines();
        assert_eq!(lines.len(), ALL.len());
        for (line, metric) in lines.iter().zip(ALL) {
            assert_embedded(line);
            assert_eq!(line["Stage"], "prod");
            assert_eq!(line[metric.name], 3.5);
            // One set: each further one would be one more metric on the bill.
            assert_eq!(
                line["_aws"]["CloudWatchMetrics"][0]["Dimensions"]
                    .as_array()
                    .unwrap()
                    .len(),
                1
            );
            assert!(line.to_string().len() < 1_000);
        }
    }

    #[test]
    fn names_are_distinct_and_no_dimensions() {
        let mut names: HashSet<&str> = [STAGE, OPERATION, OUTCOME, ROUTE].into();
        for metric in ALL {
            assert!(names.insert(metric.name), "{}", metric.name);
        }
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let written = Written::default();
        let metrics = written.metrics("prod");
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            metrics.note(QUEUE_AGE, value, &[]);
        }
        assert_eq!(written.text(), "");
    }

    #[test]
    fn lines_written_side_by_side_stay_whole() {
        let written = Written::default();
        let metrics = written.metrics("prod");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        metrics.note(BUDGET_WAITS, 1.0, &[]);
                    }
                });
            }
        });
        assert_eq!(written.lines().len(), 400);
    }
}
