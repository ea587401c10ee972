//! What a change asks for, done: one mailbox or restore at a time, going on where somebody before was stopped.

use bulkhead_engine::kinds::mailbox::{Act, Change, Effect, Found, ItemState, MailboxState};
use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;

use super::Directory;
use super::mailbox::root;
use super::restores::{done, noted};
use crate::imap::fault::Fault;
use crate::imap::session::Session;

impl Directory {
    /// Does what a change asks for.
    pub(super) async fn act(
        &self,
        session: &mut Session,
        change: &Change,
    ) -> Result<Effect, Fault> {
        let id = &change.id;
        match change.act() {
            None => Ok(Effect::Refused(ItemReason::Internal)),
            Some(Act::Recover { mailbox, to }) => self.recover(session, id, &mailbox, to).await,
            Some(Act::Deactivate { mailbox, was }) => {
                self.put_back(session, id, &mailbox, Some(was)).await
            }
            Some(Act::Restore { restoration, how }) => {
                self.restore(session, id, &restoration, how).await
            }
            Some(Act::TakeBack { restoration, .. }) => {
                self.take_back(session, id, &restoration).await
            }
        }
    }

    /// Looks what became of a change. What was begun is brought to an end, which leaves nothing twice.
    pub(super) async fn find_out(
        &self,
        session: &mut Session,
        change: &Change,
    ) -> Result<Found, Fault> {
        let folders = match change.act() {
            None => return Ok(Found::Unclear),
            Some(Act::Recover { mailbox, .. } | Act::Deactivate { mailbox, .. }) => {
                self.scan_for(session, &mailbox, None).await?
            }
            Some(Act::Restore { restoration, .. } | Act::TakeBack { restoration, .. }) => {
                let (source, target) = (&restoration.source, &restoration.target);
                self.scan_for(session, source, Some(target)).await?
            }
        };
        let id = change.id.clone();
        let not_done = |id| Found::NotDone {
            id,
            state: change.from.clone(),
        };
        let begun = match change.act() {
            None => return Ok(Found::Unclear),
            Some(Act::Recover { mailbox, .. }) => match root(&folders, &mailbox) {
                None => return Ok(Found::Missing),
                Some(root) => root.place.deleted.is_none(),
            },
            Some(Act::Deactivate { mailbox, .. }) => match root(&folders, &mailbox) {
                None => return Ok(Found::Missing),
                // The inbox goes last.
                Some(root) => root.place.deleted.is_some(),
            },
            Some(Act::Restore { restoration, how }) => {
                match noted(session, self.naming, &folders, &restoration).await? {
                    None => false,
                    Some(restored) if restored.done => {
                        let is_ours = (restored.rule, &restored.folder) == (how.rule, &how.folder);
                        let state = MailboxState::Restored(done(&restored)?);
                        return Ok(match is_ours {
                            true => Found::Done {
                                id,
                                state: ItemState::present(state),
                            },
                            false => Found::Unclear,
                        });
                    }
                    Some(_) => true,
                }
            }
            Some(Act::TakeBack { restoration, .. }) => {
                noted(session, self.naming, &folders, &restoration)
                    .await?
                    .is_none()
            }
        };
        if !begun {
            return Ok(not_done(id));
        }
        Ok(match self.act(session, change).await? {
            Effect::Done { id, state } => Found::Done { id, state },
            Effect::Missing => Found::Missing,
            // What was copied went out again: another try is told why.
            Effect::Refused(_) | Effect::Unavailable => not_done(id),
            Effect::Changed | Effect::Unknown => Found::Unclear,
        })
    }
}

/// What became of a change that ended in a fault: nothing, where nothing was sent that changes anything.
pub(super) fn failed(fault: Fault, wrote: bool) -> Result<Effect, CallError> {
    match fault {
        Fault::Call(CallError::Refused(reason)) if !wrote => Ok(Effect::Refused(reason)),
        Fault::Call(error) if !wrote => Err(error),
        Fault::Closed | Fault::Io(_) | Fault::Silent if !wrote => {
            // A command that changes may have been under way.
            Err(CallError::Unavailable(fault.to_string()))
        }
        _ => Ok(Effect::Unknown),
    }
}
