//! What may be set for one job, its ranges, and what holds where nothing is set.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::abilities::Abilities;
use crate::kinds::Kind;
use crate::limits;
use crate::operations::Task;
use crate::problem::Invalid;
use crate::words;

/// A job's options as a client sends them; what is left out gets the connector's best.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobOptions {
    /// Items in a batch, which is what goes into one call to the provider, 1 to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    /// Chunks worked on side by side, 1 to 16: so many batches are under way at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_chunks: Option<u32>,
    /// Stop the whole job at the first item that fails. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_on_error: Option<bool>,
    /// Try again by itself what failed for a passing reason. Default: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_failed: Option<bool>,
    /// Further attempts after the first, 0 to 10. Default: 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
    /// Seconds between two batches of one lane, 0 to 300. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_between_batches: Option<f64>,
    /// When mass failure stops the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brake: Option<Brake>,
    /// Days the job can be undone, 1 to 14. Default: 7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_days: Option<u32>,
    /// For mails that a search finds: what becomes of protected ones. Default: they are taken, and the preview says
    /// how many are starred and answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected: Option<Protected>,
}

/// What becomes of protected mails that a search finds: starred and answered ones, and those of senders and with
/// labels that were said to be always kept. What the search itself names (`is:starred`, a label, a whole address) is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Protected {
    /// They are no part of the job, and the preview counts them.
    KeepOut,
    /// They are taken like any other.
    Take,
}

/// Stops a job in which too much fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Brake {
    /// Off: let everything fail that fails.
    pub enabled: bool,
    /// Stops when more than this share of what was tried has failed, 1 to 100.
    pub percent: u32,
    /// …but not before this many items were tried.
    pub after: u32,
}

impl Default for Brake {
    /// More than half failed, after at least 100.
    fn default() -> Self {
        Self {
            enabled: true,
            percent: 50,
            after: 100,
        }
    }
}

impl Brake {
    /// Whether these numbers trip it.
    pub fn trips(&self, tried: u64, failed: u64) -> bool {
        self.enabled
            && tried >= u64::from(self.after)
            && failed * 100 > tried * u64::from(self.percent)
    }
}

/// A job's options with nothing left open: what the worker reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// Items in a batch.
    pub batch_size: u32,
    /// Chunks side by side, and so batches.
    pub parallel_chunks: u32,
    /// Stop at the first failure.
    pub stop_on_error: bool,
    /// Retry passing failures by itself.
    pub retry_failed: bool,
    /// Further attempts after the first.
    pub max_retries: u32,
    /// Seconds between two batches of one lane.
    pub delay_between_batches: f64,
    /// When mass failure stops the job.
    pub brake: Brake,
    /// Days the job can be undone.
    pub undo_days: u32,
}

impl JobOptions {
    /// Checks every range. The error names the field and the range.
    pub fn validate(&self) -> Result<(), Invalid> {
        within("options.batch_size", self.batch_size, &limits::BATCH_SIZE)?;
        within(
            "options.parallel_chunks",
            self.parallel_chunks,
            &limits::PARALLEL_CHUNKS,
        )?;
        within(
            "options.max_retries",
            self.max_retries,
            &limits::MAX_RETRIES,
        )?;
        within(
            "options.delay_between_batches",
            self.delay_between_batches,
            &limits::DELAY_SECONDS,
        )?;
        within("options.undo_days", self.undo_days, &limits::UNDO_DAYS)?;
        within(
            "options.brake.percent",
            self.brake.map(|b| b.percent),
            &limits::BRAKE_PERCENT,
        )?;
        within(
            "options.brake.after",
            self.brake.map(|b| b.after),
            &limits::BRAKE_AFTER,
        )
    }

    /// The same for items of this kind, whose batches may have to be smaller.
    pub fn validate_for(&self, kind: Kind) -> Result<(), Invalid> {
        self.validate()?;
        within("options.batch_size", self.batch_size, &kind.batch_sizes())
    }

    /// Fills what is left open with what the connector declares best, and with what suits items of this kind.
    pub fn settle(&self, abilities: &Abilities, kind: Kind, task: Task) -> Settings {
        Settings {
            batch_size: self.batch_size.unwrap_or(abilities.batch_size),
            parallel_chunks: self.parallel_chunks.unwrap_or(abilities.parallel_chunks),
            stop_on_error: self.stop_on_error.unwrap_or(false),
            retry_failed: self.retry_failed.unwrap_or(true),
            max_retries: self.max_retries.unwrap_or(kind.max_retries()),
            delay_between_batches: self
                .delay_between_batches
                .unwrap_or(delay_seconds(kind, task)),
            brake: self.brake.unwrap_or_default(),
            undo_days: self.undo_days.unwrap_or(limits::UNDO_DAYS_DEFAULT),
        }
    }
}

/// Seconds between two batches unless a job says otherwise.
fn delay_seconds(kind: Kind, task: Task) -> f64 {
    match (kind, task) {
        (Kind::Mailbox, Task::Change) => limits::MAILBOX_DELAY_SECONDS_DEFAULT,
        _ => 0.0,
    }
}

fn within<T: PartialOrd + Display>(
    field: &'static str,
    value: Option<T>,
    range: &RangeInclusive<T>,
) -> Result<(), Invalid> {
    match value {
        Some(value) if !range.contains(&value) => Err(Invalid::new(
            field,
            words::options_out_of_range(
                &value.to_string(),
                &range.start().to_string(),
                &range.end().to_string(),
            ),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_no_option_is_refused() {
        let nan = JobOptions {
            delay_between_batches: Some(f64::NAN),
            ..JobOptions::default()
        };
        assert!(nan.validate().is_err());
        assert!(serde_json::from_str::<JobOptions>(r#"{"batchsize": 5}"#).is_err());
    }

    #[test]
    fn each_range_has_both_its_ends_and_nothing_beyond() {
        let of = |field: &str, value: &str| {
            let text = format!(r#"{{"{field}":{value}}}"#);
            let options: JobOptions = serde_json::from_str(&text).unwrap();
            options
                .validate()
                .map_err(|wrong| (wrong.field, wrong.message))
        };
        for (field, least, most, below, above) in [
            ("batch_size", "1", "1000", "0", "1001"),
            ("parallel_chunks", "1", "16", "0", "17"),
            ("delay_between_batches", "0", "300", "-0.5", "300.5"),
            ("undo_days", "1", "14", "0", "15"),
        ] {
            assert_eq!(
                (of(field, least), of(field, most)),
                (Ok(()), Ok(())),
                "{field}"
            );
            for wrong in [below, above] {
                let told = format!("{wrong} is out of range: {least} to {most}.");
                let field_of = format!("options.{field}");
                assert_eq!(of(field, wrong), Err((field_of, told)), "{field}");
            }
        }
        for retries in ["0", "10"] {
            assert_eq!(of("max_retries", retries), Ok(()));
        }
        let told = "11 is out of range: 0 to 10.".to_owned();
        assert_eq!(
            of("max_retries", "11"),
            Err(("options.max_retries".to_owned(), told))
        );
        for (brake, wrong) in [
            (r#"{"percent":1}"#, ""),
            (r#"{"percent":100}"#, ""),
            (r#"{"percent":0}"#, "options.brake.percent"),
            (r#"{"percent":101}"#, "options.brake.percent"),
            (r#"{"after":1}"#, ""),
            (r#"{"after":1000000}"#, ""),
            (r#"{"after":0}"#, "options.brake.after"),
            (r#"{"after":1000001}"#, "options.brake.after"),
        ] {
            let field = of("brake", brake).err().map(|(field, _)| field);
            assert_eq!(field.unwrap_or_default(), wrong, "{brake}");
        }
    }

    #[test]
    fn only_mailboxes_that_are_changed_wait_between_batches() {
        for &kind in Kind::ALL {
            for task in [Task::Change, Task::Deliver, Task::Compute, Task::Export] {
                let waits = (kind, task) == (Kind::Mailbox, Task::Change);
                let seconds = if waits { 1.0 } else { 0.0 };
                let is_so = delay_seconds(kind, task).total_cmp(&seconds).is_eq();
                assert!(is_so, "{kind:?} {task:?}");
            }
        }
    }

    #[test]
    fn batches_of_contacts_are_smaller() {
        let of = |batch_size| JobOptions {
            batch_size: Some(batch_size),
            ..JobOptions::default()
        };
        assert_eq!(of(1_000).validate_for(Kind::Mail), Ok(()));
        assert_eq!(of(50).validate_for(Kind::Contact), Ok(()));
        let error = of(51).validate_for(Kind::Contact).unwrap_err();
        assert_eq!(error.message, "51 is out of range: 1 to 50.");
    }

    #[test]
    fn the_brake_trips_above_its_share_and_not_before_its_number() {
        let brake = Brake::default();
        assert!(!brake.trips(99, 99));
        assert!(!brake.trips(100, 50));
        assert!(brake.trips(100, 51));
        assert!(
            !Brake {
                enabled: false,
                ..brake
            }
            .trips(1_000, 1_000)
        );
    }
}
