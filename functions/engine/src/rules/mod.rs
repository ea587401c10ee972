//! Rules: what a person wants done with mails of a kind, again and again. A rule acts only after a back-test of exactly
//! what it says, each of its runs is an ordinary job, and too many runs that were taken back pause it.
//!
//! For a person: [`rules`], [`save`], [`look`] and [`draft`]; for a worker: [`run`]. What becomes of a mail is for
//! [`judge`] to say, which is pure; nothing here changes a mail.

mod draft;
mod judge;
mod look;
mod rows;
mod run;
mod save;
mod show;
mod sight;
mod unknown;

pub use draft::draft;
pub use look::look;
pub(crate) use run::run;
pub use save::save;
pub use show::rules;
