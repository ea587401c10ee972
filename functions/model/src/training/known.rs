//! Mails whose class is known.

use bulkhead_shared::class::Class;

use crate::features::Features;
use crate::read::Mail;

/// A mail whose class is known.
pub(super) struct Known {
    pub(super) class: Class,
    /// A fifth of all mails each: which one is told by the mail itself, so that it never changes.
    pub(super) fifth: u8,
    pub(super) message: Vec<u8>,
}

/// Kept for measuring; training never sees it.
pub(super) const HELD_OUT: u8 = 0;
/// Kept for correcting how sure the weights are of themselves.
pub(super) const FOR_CONFIDENCE: u8 = 1;

/// An example as training sees it.
pub(super) struct Example {
    pub(super) class: usize,
    pub(super) features: Features,
}

impl Example {
    pub(super) fn of(known: &Known) -> Self {
        Self {
            class: known.class as usize,
            features: Features::of(&Mail::read(&known.message)),
        }
    }
}
