//! Advice for a whole mailbox: what could be done with all mails of whole senders and lists, computed in the
//! background from the headers that were read and from what the model says of a few mails of each.
//!
//! For a person: [`start`], [`suggestions`], [`accept`], [`dismiss`], [`learned`], [`correct`] and [`forget`]; for a
//! worker: [`run`]. What is suggested is for [`weigh`] to say, which is a pure function; nothing here changes a mail.

mod bundle;
mod decide;
mod leaning;
mod learned;
mod looking;
mod rows;
mod run;
mod show;
mod source;
mod start;
pub mod weigh;

pub(crate) use decide::note_beside;
pub use decide::{accept, dismiss};
pub use leaning::Leanings;
pub use learned::{correct, forget, learned};
pub(crate) use run::run;
pub use show::suggestions;
pub use source::{Source, sources};
pub use start::start;
