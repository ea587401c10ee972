//! Mails that wait for a person: those of which a job could not tell what to do with them surely enough, or was not to
//! do it without a question. They are put here when the job ends, kept packed chunk by chunk, and each stays until
//! somebody decides.
//!
//! For a person: [`review`], [`decide`] and [`set_dial`]; for a worker: `file`.

mod act;
mod classes;
mod decide;
mod dial;
mod failed;
mod file;
mod learn;
mod moved;
mod queue;
mod rates;
mod replies;
mod rows;
mod show;
mod standing;

pub use decide::decide;
pub use dial::{dial, set_dial};
pub(crate) use file::{ask_again, file};
pub use show::{Shown, review, size};
pub use standing::standing;
