//! What a mail is about, told on this machine: a hashed bag of words and characters beside signals from its
//! headers, and one row of weights for each class. It knows no network, clock or file, and every step of it
//! is exact arithmetic, so that it says the same on every machine and in a browser.
//!
//! [`classify`] is all that others need. The weights were trained by `cargo xtask train` and are data of this
//! crate; `data/README.md` says where they come from.

mod exact;
mod features;
mod read;
mod signal;
mod verdict;
mod weights;

#[cfg(feature = "train")]
pub mod training;

pub use read::MESSAGE_BYTES;
pub use signal::Signal;
pub use verdict::Verdict;

use features::Features;
use read::Mail;
use weights::Weights;

/// What a mail is about. Takes the message from its beginning; what goes beyond [`MESSAGE_BYTES`] is not
/// looked at. Anything is taken: what is no mail is of class [`bulkhead_shared::class::Class::Other`], with no
/// confidence.
pub fn classify(message: &[u8]) -> Verdict {
    let mail = Mail::read(message);
    verdict::of(Weights::shipped(), &mail, &Features::of(&mail))
}
