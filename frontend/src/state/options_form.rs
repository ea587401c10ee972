//! The advanced options as a person types them, and back into what a request carries.

use bulkhead_shared::options::{Brake, JobOptions, Settings};
use bulkhead_shared::problem::Invalid;

use crate::words;

/// The fields of the form, as text where text is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsForm {
    /// Items in a chunk.
    pub batch_size: String,
    /// Chunks side by side.
    pub parallel_chunks: String,
    /// Stop at the first failure.
    pub stop_on_error: bool,
    /// Retry passing failures by itself.
    pub retry_failed: bool,
    /// Further attempts after the first.
    pub max_retries: String,
    /// Seconds between batches.
    pub delay: String,
    /// Whether mass failure stops the job.
    pub brake: bool,
    /// …above this share.
    pub brake_percent: String,
    /// …after this many.
    pub brake_after: String,
    /// Days the job can be undone.
    pub undo_days: String,
}

impl From<&Settings> for OptionsForm {
    fn from(settings: &Settings) -> Self {
        Self {
            batch_size: settings.batch_size.to_string(),
            parallel_chunks: settings.parallel_chunks.to_string(),
            stop_on_error: settings.stop_on_error,
            retry_failed: settings.retry_failed,
            max_retries: settings.max_retries.to_string(),
            delay: settings.delay_between_batches.to_string(),
            brake: settings.brake.enabled,
            brake_percent: settings.brake.percent.to_string(),
            brake_after: settings.brake.after.to_string(),
            undo_days: settings.undo_days.to_string(),
        }
    }
}

impl OptionsForm {
    /// The options, or the field that is wrong.
    pub fn read(&self) -> Result<JobOptions, Invalid> {
        let options = JobOptions {
            batch_size: Some(number("options.batch_size", &self.batch_size)?),
            parallel_chunks: Some(number("options.parallel_chunks", &self.parallel_chunks)?),
            stop_on_error: Some(self.stop_on_error),
            retry_failed: Some(self.retry_failed),
            max_retries: Some(number("options.max_retries", &self.max_retries)?),
            delay_between_batches: Some(number("options.delay_between_batches", &self.delay)?),
            brake: Some(Brake {
                enabled: self.brake,
                percent: number("options.brake.percent", &self.brake_percent)?,
                after: number("options.brake.after", &self.brake_after)?,
            }),
            undo_days: Some(number("options.undo_days", &self.undo_days)?),
            protected: None,
        };
        options.validate()?;
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T, Invalid> {
    text.trim()
        .parse()
        .map_err(|_| Invalid::new(field, words::options_form_no_number()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn form() -> OptionsForm {
        OptionsForm::from(&Settings {
            batch_size: 500,
            parallel_chunks: 2,
            stop_on_error: false,
            retry_failed: true,
            max_retries: 2,
            delay_between_batches: 0.5,
            brake: Brake::default(),
            undo_days: 7,
        })
    }

    #[test]
    fn what_is_shown_is_what_is_sent() {
        let options = form().read().unwrap();
        assert_eq!(options.batch_size, Some(500));
        assert_eq!(options.delay_between_batches, Some(0.5));
        assert_eq!(options.brake, Some(Brake::default()));
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let typed = OptionsForm {
            batch_size: "many".into(),
            ..form()
        };
        assert_eq!(typed.read().unwrap_err().field, "options.batch_size");
        let beyond = OptionsForm {
            undo_days: "400".into(),
            ..form()
        };
        let error = beyond.read().unwrap_err();
        assert_eq!(error.field, "options.undo_days");
        assert!(error.message.contains("1 to 14"));
    }
}
