//! Changes, with all the bad luck that the dials ask for.

use bulkhead_engine::kinds::contact::{Change, Effect};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::Card;
use sha2::{Digest, Sha256};

use super::super::call::Call;
use super::super::dials;
use super::super::error::SandboxError;
use super::{SandboxContacts, is_ours, state, write};

impl SandboxContacts {
    pub(super) async fn apply(&self, changes: &[Change]) -> Result<Vec<Effect>, CallError> {
        let steps = changes.to_vec();
        let work = move |_: &_, call: &Call<'_>| call.each(&steps, take);
        self.sandbox.call(changes.len(), work).await
    }
}

fn take(call: &Call<'_>, change: &Change) -> Result<Effect, SandboxError> {
    let (transaction, dials) = (call.transaction, call.dials);
    if !is_ours(&change.id) {
        return Ok(match change.from.state {
            None => Effect::Refused(ItemReason::NoSuchFolder),
            Some(_) => Effect::Missing,
        });
    }
    if change
        .to
        .as_ref()
        .is_some_and(|card| Card::read(card).is_err())
    {
        return Ok(Effect::Refused(ItemReason::Refused));
    }
    let number = number(&change.id);
    if dials::fails(dials, number) {
        return Ok(Effect::Refused(ItemReason::Refused));
    }
    if dials::fails_for_now(transaction, dials, number)? {
        return Ok(Effect::Unavailable);
    }
    let now = state(transaction, &change.id)?;
    match (&change.from.state, &now.state) {
        _ if now.is_as(&change.from) => {}
        (Some(_), None) => return Ok(Effect::Missing),
        _ => return Ok(Effect::Changed),
    }
    transaction
        .prepare_cached(
            "INSERT INTO contact_change (id, touched) VALUES (?1, 1)
             ON CONFLICT (id) DO UPDATE SET touched = touched + 1",
        )?
        .execute([change.id.as_str()])?;
    let state = write(transaction, &change.id, change.to.as_deref())?;
    let id = change.id.clone();
    Ok(Effect::Done { id, state })
}

/// What the dials pick by: the same for the same contact, and none of the mails' numbers.
fn number(id: &ItemId) -> i64 {
    let hash = Sha256::digest(id.as_str());
    let bits = hash
        .iter()
        .take(8)
        .fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
    (bits | 1 << 62).cast_signed()
}
