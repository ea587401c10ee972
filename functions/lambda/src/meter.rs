//! From the engine's facts to metrics.

use std::sync::Arc;

use bulkhead_engine::ports::{Fact, Meter};
use bulkhead_shared::outcome::Counts;

use crate::metrics::{self, Metrics};

/// Notes facts as metrics.
pub struct MetricsMeter(pub Arc<Metrics>);

impl Meter for MetricsMeter {
    fn note(&self, fact: Fact) {
        let metrics = &self.0;
        match fact {
            Fact::JobDrafted { operation, .. } => {
                metrics.note(metrics::JOBS_DRAFTED, 1.0, &[operation.as_str()]);
            }
            Fact::JobEnded {
                operation,
                state,
                counts,
                took,
            } => {
                metrics.note(
                    metrics::JOBS_ENDED,
                    1.0,
                    &[operation.as_str(), state.name()],
                );
                if let Some(took) = took {
                    metrics.note(
                        metrics::JOB_DURATION,
                        took.as_secs_f64(),
                        &[operation.as_str()],
                    );
                }
                if let Some(rate) = success_rate(&counts) {
                    metrics.note(metrics::SUCCESS_RATE, rate, &[]);
                }
            }
            Fact::ItemsEnded { operation, counts } => {
                for (outcome, count) in outcomes(&counts) {
                    if count > 0 {
                        let dimensions = [operation.as_str(), outcome];
                        metrics.note(metrics::ITEMS_ENDED, count as f64, &dimensions);
                    }
                }
            }
            Fact::ChunkWorked { operation, took } => {
                let dimensions = [operation.as_str()];
                metrics.note(metrics::CHUNK_DURATION, took.as_millis_f64(), &dimensions);
            }
            Fact::ProviderThrottled { .. } => metrics.note(metrics::PROVIDER_THROTTLED, 1.0, &[]),
            Fact::BudgetWaited { .. } => metrics.note(metrics::BUDGET_WAITS, 1.0, &[]),
            Fact::RetryPlanned { .. } => metrics.note(metrics::RETRIES_PLANNED, 1.0, &[]),
            Fact::RequestRefused { .. } => metrics.note(metrics::REQUESTS_REFUSED, 1.0, &[]),
        }
    }
}

/// Of what was tried, the part that worked, in percent: what was skipped or never started says nothing
/// about how well it goes.
fn success_rate(counts: &Counts) -> Option<f64> {
    let tried = counts.succeeded + counts.failed + counts.uncertain;
    (tried > 0).then(|| 100.0 * counts.succeeded as f64 / tried as f64)
}

fn outcomes(counts: &Counts) -> [(&'static str, u64); 5] {
    [
        ("succeeded", counts.succeeded),
        ("failed", counts.failed),
        ("skipped", counts.skipped),
        ("cancelled", counts.cancelled),
        ("uncertain", counts.uncertain),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Written;
    use bulkhead_engine::ports::{Limit, Selected};
    use bulkhead_shared::job::State;
    use bulkhead_shared::operations::OperationName;
    use jiff::SignedDuration;

    fn noted(fact: Fact) -> Vec<(String, f64)> {
        let written = Written::default();
        MetricsMeter(written.metrics("test")).note(fact);
        let mut values = Vec::new();
        for line in written.lines() {
            for metric in metrics::ALL {
                if let Some(value) = line[metric.name].as_f64() {
                    let mut name = metric.name.to_owned();
                    for dimension in metric.dimensions {
                        name = format!("{name} {}", line[*dimension].as_str().unwrap());
                    }
                    values.push((name, value));
                }
            }
        }
        values
    }

    fn pairs(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
        let pairs = expected.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    }

    #[test]
    fn the_end_of_a_job_tells_how_it_went() {
        let counts = Counts {
            succeeded: 90,
            failed: 8,
            uncertain: 2,
            skipped: 50,
            ..Counts::default()
        };
        let fact = Fact::JobEnded {
            operation: OperationName::Archive,
            state: State::Completed,
            counts,
            took: Some(SignedDuration::from_millis(2_500)),
        };
        assert_eq!(
            noted(fact),
            pairs(&[
                ("JobsEnded archive completed", 1.0),
                ("JobDuration archive", 2.5),
                ("SuccessRate", 90.0),
            ])
        );
    }

    #[test]
    fn a_draft_that_expired_has_no_duration_and_no_rate() {
        let fact = Fact::JobEnded {
            operation: OperationName::Label,
            state: State::Expired,
            counts: Counts::default(),
            took: None,
        };
        assert_eq!(noted(fact), pairs(&[("JobsEnded label expired", 1.0)]));
    }

    #[test]
    fn items_are_counted_by_operation_and_outcome() {
        let counts = Counts {
            succeeded: 7,
            skipped: 2,
            ..Counts::default()
        };
        let fact = Fact::ItemsEnded {
            operation: OperationName::Undo,
            counts,
        };
        assert_eq!(
            noted(fact),
            pairs(&[
                ("ItemsEnded undo succeeded", 7.0),
                ("ItemsEnded undo skipped", 2.0)
            ])
        );
    }

    #[test]
    fn every_other_fact_is_one_metric() {
        let operation = OperationName::Move;
        let took = SignedDuration::from_millis(1_200);
        for (fact, name, value) in [
            (
                Fact::JobDrafted {
                    operation,
                    selected: Selected::Query,
                },
                "JobsDrafted move",
                1.0,
            ),
            (
                Fact::ChunkWorked { operation, took },
                "ChunkDuration move",
                1_200.0,
            ),
            (
                Fact::ProviderThrottled { operation },
                "ProviderThrottled",
                1.0,
            ),
            (
                Fact::BudgetWaited {
                    operation,
                    wait: took,
                },
                "BudgetWaits",
                1.0,
            ),
            (
                Fact::RetryPlanned {
                    operation,
                    attempts: 2,
                },
                "RetriesPlanned",
                1.0,
            ),
            (
                Fact::RequestRefused {
                    limit: Limit::Requests,
                },
                "RequestsRefused",
                1.0,
            ),
        ] {
            assert_eq!(noted(fact), pairs(&[(name, value)]));
        }
    }
}
