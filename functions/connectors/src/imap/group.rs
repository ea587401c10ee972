//! Changes that are made together.

use std::collections::BTreeMap;

use bulkhead_engine::kinds::mail::Effect;
use bulkhead_shared::outcome::ItemReason;

use super::fault::Refusal;
use super::plan::Alike;
use super::session::Opened;

/// Changes that are alike, while they are made.
pub(super) struct Group<'a> {
    pub(super) alike: &'a Alike,
    pub(super) source: &'a Opened,
    pub(super) claim: String,
    pub(super) effects: &'a mut BTreeMap<usize, Effect>,
}

/// What a refusal means for one item.
pub(super) fn refused(refusal: Refusal) -> Effect {
    match refusal {
        Refusal::NoFolder => Effect::Refused(ItemReason::NoSuchFolder),
        Refusal::Final(reason) => Effect::Refused(reason),
        Refusal::Passing | Refusal::SomeGone | Refusal::Throttled(_) => Effect::Unavailable,
        Refusal::Charset | Refusal::NotUnderstood => Effect::Refused(ItemReason::Refused),
    }
}
