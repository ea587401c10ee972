//! Changes, with all the bad luck that the dials ask for.

use bulkhead_engine::kinds::mailbox::{Act, Change, Effect, MailboxState, Restored};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::blockers::{self, Facts};
use bulkhead_shared::kinds::mailbox::rows::{Recovery, Restore};
use bulkhead_shared::kinds::mailbox::{
    Address, Blocker, ConflictRule, Guid, Mailbox, MailboxName, Profile, Restoration, Rights,
    Status,
};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction};

use super::super::call::Call;
use super::super::dials;
use super::super::error::SandboxError;
use super::{KEPT, SandboxDirectory, called, changed, find, later, look, messages, put};

/// Whoever opens the sandbox may do everything.
pub(super) const RIGHTS: Rights = Rights {
    recover: true,
    restore: true,
};

impl SandboxDirectory {
    pub(super) async fn apply(&self, changes: &[Change]) -> Result<Vec<Effect>, CallError> {
        let steps = changes.to_vec();
        let work = move |_: &_, call: &Call<'_>| call.each(&steps, take);
        self.sandbox.call(changes.len(), work).await
    }
}

fn take(call: &Call<'_>, change: &Change) -> Result<Effect, SandboxError> {
    let (transaction, dials, now) = (call.transaction, call.dials, call.now);
    let number = number(&change.id);
    if dials::fails(dials, number) {
        return Ok(Effect::Refused(ItemReason::Refused));
    }
    if dials::fails_for_now(transaction, dials, number)? {
        return Ok(Effect::Unavailable);
    }
    let effect = match change.act() {
        None => return Ok(Effect::Refused(ItemReason::Refused)),
        Some(Act::Recover { mailbox, to }) => recover(transaction, &change.id, &mailbox, to, now)?,
        Some(Act::Deactivate { mailbox, was }) => {
            deactivate(transaction, &change.id, &mailbox, was, now)?
        }
        Some(Act::Restore { restoration, how }) => {
            restore(transaction, &change.id, &restoration, how, now)?
        }
        Some(Act::TakeBack {
            restoration,
            restored,
        }) => take_back(transaction, &change.id, &restoration, restored)?,
    };
    if matches!(effect, Effect::Done { .. }) {
        transaction
            .prepare_cached(
                "INSERT INTO directory_change (id, touched) VALUES (?1, 1)
                 ON CONFLICT (id) DO UPDATE SET touched = touched + 1",
            )?
            .execute([change.id.as_str()])?;
    }
    Ok(effect)
}

fn recover(
    transaction: &Transaction<'_>,
    id: &ItemId,
    guid: &Guid,
    to: &Profile,
    now: Timestamp,
) -> Result<Effect, SandboxError> {
    let Some(source) = look(transaction, guid)? else {
        return Ok(Effect::Missing);
    };
    if !source.is_inactive() {
        return Ok(Effect::Changed);
    }
    let row = Recovery {
        source: guid.clone(),
        profile: to.clone(),
    };
    let named = |text: &str| match Address::read(text) {
        Ok(address) => called(transaction, &address),
        Err(_) => Ok(None),
    };
    let (target, address) = (named(&to.upn)?, named(&to.smtp)?);
    let facts = Facts {
        source: Some(&source),
        target: target.as_ref(),
        address: address.as_ref(),
        rights: RIGHTS,
        rules: &ConflictRule::ALL,
        now,
    };
    if let Some(blocker) = blockers::of_recovery(&row, &facts).first() {
        return Ok(Effect::Refused(blocker.reason()));
    }
    put(
        transaction,
        &Mailbox {
            profile: to.clone(),
            status: Status::Active,
            ..source
        },
    )?;
    Ok(Effect::done(id.clone(), MailboxState::Active(to.clone())))
}

fn deactivate(
    transaction: &Transaction<'_>,
    id: &ItemId,
    guid: &Guid,
    was: &Profile,
    now: Timestamp,
) -> Result<Effect, SandboxError> {
    match look(transaction, guid)? {
        None => Ok(Effect::Missing),
        Some(mailbox) if mailbox.is_inactive() || !mailbox.profile.says_the_same(was) => {
            Ok(Effect::Changed)
        }
        Some(mailbox) => {
            delete(transaction, mailbox, now)?;
            Ok(Effect::done(id.clone(), MailboxState::Inactive))
        }
    }
}

/// Deletes a mailbox: it is kept from now on.
pub(super) fn delete(
    transaction: &Transaction<'_>,
    mailbox: Mailbox,
    now: Timestamp,
) -> Result<(), SandboxError> {
    put(
        transaction,
        &Mailbox {
            status: Status::Inactive {
                deleted_at: Some(now),
                retained_until: Some(later(now, KEPT)),
            },
            ..mailbox
        },
    )
}

fn restore(
    transaction: &Transaction<'_>,
    id: &ItemId,
    restoration: &Restoration,
    how: &Restored,
    now: Timestamp,
) -> Result<Effect, SandboxError> {
    let Some(source) = look(transaction, &restoration.source)? else {
        return Ok(Effect::Missing);
    };
    if known(transaction, restoration)?.is_some() {
        return Ok(Effect::Changed);
    }
    let target = find(transaction, &restoration.target)?;
    let row = Restore {
        source: restoration.source.clone(),
        target: restoration.target.clone(),
        folder: how.folder.clone(),
        rule: Some(how.rule),
    };
    let facts = Facts {
        source: Some(&source),
        target: target.as_ref(),
        address: None,
        rights: RIGHTS,
        rules: &ConflictRule::ALL,
        now,
    };
    let reason = blockers::of_restore(&row, &facts)
        .first()
        .map(Blocker::reason);
    let target = match (reason, target) {
        (None, Some(target)) => target,
        (reason, _) => return Ok(Effect::Refused(reason.unwrap_or(ItemReason::NoSuchTarget))),
    };
    let restored = messages::copy(transaction, &source.guid, &target.guid, how)?;
    changed(transaction)?;
    let facts = serde_json::to_string(&Kept {
        target: target.guid,
        rule: restored.rule,
        folder: restored.folder.clone(),
        copied: restored.copied,
        receipt: restored.receipt.clone(),
    })?;
    transaction
        .prepare_cached("INSERT INTO directory_restored (restoration, facts) VALUES (?1, ?2)")?
        .execute((key(restoration), facts))?;
    Ok(Effect::done(id.clone(), MailboxState::Restored(restored)))
}

fn take_back(
    transaction: &Transaction<'_>,
    id: &ItemId,
    restoration: &Restoration,
    restored: &Restored,
) -> Result<Effect, SandboxError> {
    let Some(kept) = known(transaction, restoration)? else {
        return Ok(Effect::Changed);
    };
    if look(transaction, &kept.target)?.is_none() {
        return Ok(Effect::Missing);
    }
    // A receipt of another restore of the same would take out what is not there.
    if restored.receipt != kept.receipt {
        return Ok(Effect::Changed);
    }
    messages::take_back(transaction, &kept.target, restored)?;
    changed(transaction)?;
    transaction
        .prepare_cached("DELETE FROM directory_restored WHERE restoration = ?1")?
        .execute([key(restoration)])?;
    Ok(Effect::done(id.clone(), MailboxState::NotRestored))
}

/// What the directory knows of a restore.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Kept {
    target: Guid,
    pub(super) rule: ConflictRule,
    pub(super) folder: Option<String>,
    pub(super) copied: u64,
    pub(super) receipt: Vec<u8>,
}

/// What is known of a restore that is there.
pub(super) fn known(
    connection: &rusqlite::Connection,
    restoration: &Restoration,
) -> Result<Option<Kept>, SandboxError> {
    let facts: Option<String> = connection
        .prepare_cached("SELECT facts FROM directory_restored WHERE restoration = ?1")?
        .query_row([key(restoration)], |row| row.get(0))
        .optional()?;
    Ok(facts
        .map(|facts| serde_json::from_str(&facts))
        .transpose()?)
}

fn key(Restoration { source, target }: &Restoration) -> String {
    let target = match target {
        MailboxName::Guid(guid) => guid.to_string(),
        MailboxName::Address(address) => address.key(),
    };
    format!("{source} {target}")
}

/// What the dials pick by: the same for the same item, and none of the mails' or contacts' numbers.
fn number(id: &ItemId) -> i64 {
    let hash = sha256_hex(id.as_str().as_bytes());
    let bits = u64::from_str_radix(hash.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    (bits | 1 << 61).cast_signed()
}
