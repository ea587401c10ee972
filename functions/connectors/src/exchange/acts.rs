//! What a change asks for, done by commands.

use bulkhead_engine::kinds::mailbox::{Act, Change, Effect, Found, MailboxState, Restored};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, MailboxName, Profile, Restoration};
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;

use super::Exchange;
use super::fault::{Fault, Refusal};
use super::objects::{self, Object, Progress};

/// A restore that was asked for is looked at so often before the job waits: Exchange takes minutes for the
/// smallest.
const LOOKS: usize = 3;

/// What became of an act.
pub(super) enum Became {
    /// It is decided.
    Effect(Box<Effect>),
    /// Exchange works on it: nothing is to be done but to look again then.
    UnderWay(Timestamp),
}

impl From<Effect> for Became {
    fn from(effect: Effect) -> Self {
        Self::Effect(Box::new(effect))
    }
}

impl Exchange {
    /// Does what a change asks for.
    pub(super) async fn act(&self, change: &Change, tag: &str) -> Result<Became, Fault> {
        let effect = match change.act() {
            None => Effect::Refused(ItemReason::Internal),
            Some(Act::Recover { mailbox, to }) => self.recover(&mailbox, to).await?,
            Some(Act::Deactivate { mailbox, was }) => {
                self.deactivate(&change.id, &mailbox, was).await?
            }
            Some(Act::Restore { restoration, how }) => {
                return self.restore(&change.id, &restoration, how, tag).await;
            }
            // There is no command that tells copies from what was there.
            Some(Act::TakeBack { .. }) => Effect::Refused(ItemReason::Refused),
        };
        Ok(Became::from(effect))
    }

    async fn recover(&self, guid: &Guid, to: &Profile) -> Result<Effect, Fault> {
        let inactive = self.object(guid).await?;
        let Some(inactive) = inactive else {
            return Ok(Effect::Missing);
        };
        if objects::mailbox(&inactive)?.is_inactive() {
            if objects::has_growing_archive(&inactive) {
                return Ok(Effect::Refused(ItemReason::Refused));
            }
            if self.invoker.named(&to.upn).await?.is_some() {
                return Ok(Effect::Refused(ItemReason::AddressTaken));
            }
            self.invoker.recover(&inactive, to).await?;
        }
        match self.recovered(to).await? {
            Some((id, state)) => Ok(Effect::done(id, state)),
            // It says yes, and its other servers do not know of it yet.
            None => Ok(Effect::Unknown),
        }
    }

    /// The mailbox that was recovered as this person's, with all that the row says of them; none if there
    /// is none.
    async fn recovered(&self, to: &Profile) -> Result<Option<(ItemId, MailboxState)>, Fault> {
        let Some(found) = self.invoker.named(&to.upn).await? else {
            return Ok(None);
        };
        let mailbox = objects::mailbox(&found)?;
        if mailbox.is_inactive() {
            return Ok(None);
        }
        self.invoker.complete(to).await?;
        Ok(Some((mailbox.id(), MailboxState::Active(to.clone()))))
    }

    async fn deactivate(&self, id: &ItemId, guid: &Guid, was: &Profile) -> Result<Effect, Fault> {
        let Some(object) = self.object(guid).await? else {
            return Ok(Effect::Missing);
        };
        let mut mailbox = objects::mailbox(&object)?;
        self.add_person(&mut mailbox).await?;
        if mailbox.is_inactive() || !mailbox.profile.says_the_same(was) {
            return Ok(Effect::Changed);
        }
        if !objects::is_kept(&object) {
            // It would be gone after thirty days, and not inactive.
            return Ok(Effect::Refused(ItemReason::Refused));
        }
        self.invoker.remove(guid).await?;
        Ok(Effect::done(id.clone(), MailboxState::Inactive))
    }

    async fn restore(
        &self,
        id: &ItemId,
        restoration: &Restoration,
        how: &Restored,
        tag: &str,
    ) -> Result<Became, Fault> {
        let refused = |reason| Ok(Became::from(Effect::Refused(reason)));
        if self.invoker.requested(restoration).await?.is_none() {
            let Some(source) = self.object(&restoration.source).await? else {
                return Ok(Became::from(Effect::Missing));
            };
            if !objects::mailbox(&source)?.is_inactive() {
                return refused(ItemReason::NotInactive);
            }
            if objects::has_growing_archive(&source) {
                return refused(ItemReason::Refused);
            }
            let target = self.named(&restoration.target).await?;
            let Some(target) = target.filter(|target| !target.is_inactive()) else {
                return refused(ItemReason::NoSuchTarget);
            };
            self.invoker
                .request(restoration, &target.guid, how, tag)
                .await?;
        }
        for _ in 0..LOOKS {
            let Some(request) = self.invoker.requested(restoration).await? else {
                return Ok(Became::from(Effect::Unknown));
            };
            match objects::progress(&request) {
                Progress::UnderWay => tokio::time::sleep(self.pause).await,
                Progress::Completed(copied) => {
                    let restored = Restored {
                        copied,
                        ..how.clone()
                    };
                    let state = MailboxState::Restored(restored);
                    return Ok(Became::from(Effect::done(id.clone(), state)));
                }
                Progress::Failed(copied) => {
                    // One that copied something stays: another one might copy that again.
                    if copied == 0 {
                        self.invoker.forget(&request).await?;
                    }
                    return refused(ItemReason::Refused);
                }
            }
        }
        Ok(Became::UnderWay(Timestamp::now() + self.look_again))
    }

    /// Looks what became of a change. What was begun by half is brought to an end.
    pub(super) async fn find_out(&self, change: &Change, tag: &str) -> Result<Found, Fault> {
        let id = change.id.clone();
        let not_done = Found::NotDone {
            id: id.clone(),
            state: change.from.clone(),
        };
        match change.act() {
            None => Ok(Found::Unclear),
            Some(Act::Recover { mailbox, to }) => {
                let object = self.object(&mailbox).await?;
                let known = object.as_ref().map(objects::mailbox).transpose()?;
                if known.is_some_and(|known| known.is_inactive()) {
                    return Ok(not_done);
                }
                Ok(match self.recovered(to).await? {
                    Some((id, state)) => found(Effect::done(id, state), not_done),
                    None => Found::Unclear,
                })
            }
            Some(Act::Deactivate { mailbox, .. }) => Ok(match self.object(&mailbox).await? {
                None => Found::Missing,
                Some(object) if objects::mailbox(&object)?.is_inactive() => {
                    found(Effect::done(id, MailboxState::Inactive), not_done)
                }
                Some(_) => not_done,
            }),
            Some(Act::Restore { restoration, .. }) => {
                if self.invoker.requested(&restoration).await?.is_none() {
                    return Ok(not_done);
                }
                match self.act(change, tag).await? {
                    Became::Effect(effect) => Ok(found(*effect, not_done)),
                    // The next attempt goes on waiting for it.
                    Became::UnderWay(_) => Ok(not_done),
                }
            }
            Some(Act::TakeBack { .. }) => Ok(not_done),
        }
    }

    async fn object(&self, guid: &Guid) -> Result<Option<Object>, Fault> {
        let found = self.invoker.mailboxes(std::slice::from_ref(guid)).await?;
        Ok(found.into_iter().next())
    }

    /// The mailbox of a name: any by its GUID, one in use by an address.
    pub(super) async fn named(&self, name: &MailboxName) -> Result<Option<Mailbox>, Fault> {
        let object = match name {
            MailboxName::Guid(guid) => self.object(guid).await?,
            MailboxName::Address(address) => self.invoker.named(address.as_str()).await?,
        };
        object.as_ref().map(objects::mailbox).transpose()
    }

    /// Adds what is told of a mailbox's person; of an inactive one nothing is.
    pub(super) async fn add_person(&self, mailbox: &mut Mailbox) -> Result<(), Fault> {
        if mailbox.is_inactive() || mailbox.profile.upn.is_empty() {
            return Ok(());
        }
        if let Some(person) = self.invoker.person(&mailbox.profile.upn).await? {
            objects::add_person(&mut mailbox.profile, &person);
        }
        Ok(())
    }
}

fn found(effect: Effect, not_done: Found) -> Found {
    match effect {
        Effect::Done { id, state } => Found::Done { id, state },
        Effect::Missing => Found::Missing,
        Effect::Refused(_) | Effect::Unavailable => not_done,
        Effect::Changed | Effect::Unknown => Found::Unclear,
    }
}

/// What became of a change that ended in a fault. What was lost may be done or not.
pub(super) fn failed(fault: Fault) -> Result<Effect, CallError> {
    match fault {
        Fault::Refused(Refusal::NotFound) => Ok(Effect::Missing),
        Fault::Refused(refusal) => Ok(Effect::Refused(refusal.reason())),
        Fault::Lost(_) | Fault::Senseless => Ok(Effect::Unknown),
        fault => Err(fault.into()),
    }
}
