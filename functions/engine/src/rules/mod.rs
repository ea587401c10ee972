//! Rules: what a person wants done with mails of a kind, again and again. A rule acts only after a back-test of exactly
//! what it says, each of its runs is an ordinary job, and too many runs that were taken back pause it.
//!
//! For a person: [`rules`], [`save`], [`look`], [`draft`] and [`opened`]; for a worker: [`run`]; for the sweep:
//! [`turns`](turns::turns), which begins the turns of rules that run by themselves. What becomes of a mail is for
//! [`judge`] to say, and when a turn is for [`schedule`], which are pure; nothing here changes a mail.

mod act;
mod arrived;
mod draft;
mod judge;
mod look;
mod rows;
mod run;
mod runs;
mod save;
mod schedule;
mod show;
mod sight;
mod turns;
mod unknown;

pub use draft::draft;
pub use look::look;
pub(crate) use run::run;
pub use save::save;
pub use show::rules;
pub use turns::opened;
pub(crate) use turns::turns;
