//! What a change of a mailbox asks for, and what operations make of one.
//!
//! Two things are items here. A mailbox, under its GUID, is inactive or active: a recovery brings it from one to
//! the other, and its undo back. A restore, under source and target, is there or not: its undo takes out again
//! what it copied.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{Guid, Profile, Restoration};
use bulkhead_shared::operations::MailboxTarget;
use bulkhead_shared::operations::mailbox::Brought;
use bulkhead_shared::outcome::ItemReason;

use super::state::State;

pub mod mailbox_state;

pub use mailbox_state::{MailboxState, Restored};

/// A mailbox or restore as it was seen; none where it is not there.
pub type ItemState = super::ItemState<Option<MailboxState>>;
/// A change of one of them.
pub type Change = super::Change<Option<MailboxState>>;
/// What became of the change of one of them.
pub type Effect = super::Effect<Option<MailboxState>>;
/// What looking for the effect of an unanswered change of one of them found.
pub type Found = super::Found<Option<MailboxState>>;

/// What a change asks a directory to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<'a> {
    /// Make the inactive mailbox an active one of this person.
    Recover { mailbox: Guid, to: &'a Profile },
    /// Make the mailbox inactive again that was recovered as this person's.
    Deactivate { mailbox: Guid, was: &'a Profile },
    /// Copy the source's content into the target.
    Restore {
        restoration: Restoration,
        how: &'a Restored,
    },
    /// Take out of the target what this restore copied, and nothing else.
    TakeBack {
        restoration: Restoration,
        restored: &'a Restored,
    },
}

impl Change {
    /// What it asks for; none where no directory can do that.
    pub fn act(&self) -> Option<Act<'_>> {
        let mailbox = || Guid::of_item(&self.id);
        let restoration = || Restoration::of(&self.id);
        match (self.from.state.as_ref()?, self.to.as_ref()?) {
            (MailboxState::Inactive, MailboxState::Active(to)) => Some(Act::Recover {
                mailbox: mailbox()?,
                to,
            }),
            (MailboxState::Active(was), MailboxState::Inactive) => Some(Act::Deactivate {
                mailbox: mailbox()?,
                was,
            }),
            (MailboxState::NotRestored, MailboxState::Restored(how)) => Some(Act::Restore {
                restoration: restoration()?,
                how,
            }),
            (MailboxState::Restored(restored), MailboxState::NotRestored) => Some(Act::TakeBack {
                restoration: restoration()?,
                restored,
            }),
            _ => None,
        }
    }

    /// What the state now tells about a change that was never answered.
    pub fn judge(&self, state: ItemState) -> Found {
        let id = self.id.clone();
        let says = |wanted: &Option<MailboxState>| match (&state.state, wanted) {
            (Some(now), Some(wanted)) => now.says_the_same(wanted),
            (now, wanted) => now == wanted,
        };
        if says(&self.to) {
            Found::Done { id, state }
        } else if says(&self.from.state) {
            Found::NotDone { id, state }
        } else if state.state.is_none() {
            Found::Missing
        } else {
            Found::Unclear
        }
    }
}

impl ItemState {
    /// One that is there.
    pub fn present(mailbox: MailboxState) -> Self {
        Self {
            state: Some(mailbox),
            version: None,
            identity: None,
        }
    }
}

impl Effect {
    /// Done, under this id, and this now.
    pub fn done(id: ItemId, mailbox: MailboxState) -> Self {
        Self::Done {
            id,
            state: ItemState::present(mailbox),
        }
    }
}

/// What an operation makes of a mailbox that is this now; or why it is not to be touched.
pub(super) fn aim(
    target: &MailboxTarget,
    now: &State,
    input: Option<&[u8]>,
) -> Result<State, ItemReason> {
    let brought = input
        .and_then(Brought::decode)
        .ok_or(ItemReason::Internal)?;
    let now = match now {
        State::Absent => return Err(ItemReason::Missing),
        State::Mailbox(mailbox) => mailbox,
        _ => return Err(ItemReason::Internal),
    };
    let to = match (target, brought.row.recovery(), brought.row.restore()) {
        (MailboxTarget::Recovered, Some(row), _) => {
            let to = MailboxState::Active(row.profile.clone());
            match now {
                MailboxState::Inactive => to,
                now if now.says_the_same(&to) => return Err(ItemReason::AlreadyDone),
                MailboxState::Active(_) => return Err(ItemReason::NotInactive),
                _ => return Err(ItemReason::Internal),
            }
        }
        (MailboxTarget::Restored { rule }, _, Some(row)) => match now {
            MailboxState::NotRestored => MailboxState::Restored(Restored {
                rule: row.rule.unwrap_or(*rule),
                folder: row.folder.clone(),
                copied: 0,
                receipt: Vec::new(),
            }),
            // By this rule or another one: the content is there.
            MailboxState::Restored(_) => return Err(ItemReason::AlreadyDone),
            _ => return Err(ItemReason::Internal),
        },
        _ => return Err(ItemReason::Internal),
    };
    Ok(State::Mailbox(to))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bulkhead_shared::kinds::mailbox::rows::{Recovery, Restore};
    use bulkhead_shared::kinds::mailbox::{ConflictRule, MailboxName};
    use bulkhead_shared::operations::mailbox::MailboxRow;

    use super::*;

    fn guid() -> Guid {
        Guid::of_bytes([7; 16])
    }

    fn active(name: &str) -> MailboxState {
        MailboxState::Active(Profile {
            upn: "ann@x.example".to_owned(),
            smtp: "ann@x.example".to_owned(),
            display_name: name.to_owned(),
            ..Profile::default()
        })
    }

    fn restored(rule: ConflictRule, receipt: &[u8]) -> MailboxState {
        MailboxState::Restored(Restored {
            rule,
            folder: Some("Old/2025".to_owned()),
            copied: receipt.len() as u64,
            receipt: receipt.to_vec(),
        })
    }

    #[test]
    fn a_change_says_what_it_asks_for() {
        let restoration = Restoration {
            source: guid(),
            target: MailboxName::read("bob@x.example").unwrap(),
        };
        let change = |id: &ItemId, from: MailboxState, to: MailboxState| Change {
            id: id.clone(),
            from: ItemState::present(from),
            to: Some(to),
        };
        let (mailbox, restore) = (guid().item_id(), restoration.id().unwrap());
        let recover = change(&mailbox, MailboxState::Inactive, active("Ann"));
        assert!(matches!(recover.act(), Some(Act::Recover { .. })));
        let back = change(&mailbox, active("Ann"), MailboxState::Inactive);
        assert!(matches!(back.act(), Some(Act::Deactivate { .. })));
        let copied = restored(ConflictRule::KeepBoth, b"1");
        let copy = change(&restore, MailboxState::NotRestored, copied.clone());
        assert!(
            matches!(copy.act(), Some(Act::Restore { restoration: of, .. }) if of == restoration)
        );
        let out = change(&restore, copied.clone(), MailboxState::NotRestored);
        assert!(matches!(out.act(), Some(Act::TakeBack { .. })));
        assert_eq!(
            change(&mailbox, MailboxState::NotRestored, copied).act(),
            None
        );
        assert_eq!(change(&mailbox, active("Ann"), active("Bob")).act(), None);
    }

    #[test]
    fn a_mailbox_becomes_what_its_row_asks_for_if_it_is_what_can_become_that() {
        let brought = |row: MailboxRow| {
            let brought = Brought {
                number: 1,
                row,
                cells: Vec::new(),
                clash: None,
            };
            brought.encode()
        };
        let MailboxState::Active(profile) = active("Ann") else {
            panic!("it is")
        };
        let recovery = brought(MailboxRow::Recover(Recovery {
            source: guid(),
            profile,
        }));
        let restore = |rule, folder: Option<&str>| {
            brought(MailboxRow::Restore(Restore {
                source: guid(),
                target: MailboxName::read("bob@x.example").unwrap(),
                folder: folder.map(str::to_owned),
                rule,
            }))
        };
        let both = MailboxTarget::Restored {
            rule: ConflictRule::KeepBoth,
        };
        let to_be = |rule, folder: Option<&str>| {
            MailboxState::Restored(Restored {
                rule,
                folder: folder.map(str::to_owned),
                copied: 0,
                receipt: Vec::new(),
            })
        };
        let there = restored(ConflictRule::KeepTarget, b"1");
        let in_capitals = MailboxState::Active(Profile {
            upn: "ANN@X.example".to_owned(),
            smtp: "Ann@x.example".to_owned(),
            display_name: "Ann".to_owned(),
            ..Profile::default()
        });
        use ConflictRule::{KeepBoth, KeepSource};
        use ItemReason::{AlreadyDone, Internal, Missing, NotInactive};
        use MailboxState::{Inactive, NotRestored};
        let recovered = MailboxTarget::Recovered;
        for (target, now, input, told) in [
            (&recovered, Some(Inactive), &recovery, Ok(active("Ann"))),
            (&recovered, Some(active("Ann")), &recovery, Err(AlreadyDone)),
            // However somebody writes addresses.
            (&recovered, Some(in_capitals), &recovery, Err(AlreadyDone)),
            (&recovered, Some(active("Bob")), &recovery, Err(NotInactive)),
            (&recovered, Some(NotRestored), &recovery, Err(Internal)),
            (&recovered, None, &recovery, Err(Missing)),
            (
                &recovered,
                Some(Inactive),
                &restore(None, None),
                Err(Internal),
            ),
            (&recovered, Some(Inactive), &b"?".to_vec(), Err(Internal)),
            (
                &both,
                Some(NotRestored),
                &restore(None, None),
                Ok(to_be(KeepBoth, None)),
            ),
            (
                &both,
                Some(NotRestored),
                &restore(Some(KeepSource), Some("Old")),
                Ok(to_be(KeepSource, Some("Old"))),
            ),
            (&both, Some(there), &restore(None, None), Err(AlreadyDone)),
            (&both, Some(Inactive), &restore(None, None), Err(Internal)),
            (&both, Some(NotRestored), &recovery, Err(Internal)),
        ] {
            let now = now.map_or(State::Absent, State::Mailbox);
            let aimed = aim(target, &now, Some(input));
            assert_eq!(aimed, told.map(State::Mailbox), "{target:?} {now:?}");
        }
        let mail = State::Contact(Vec::new());
        assert_eq!(aim(&recovered, &mail, Some(&recovery)), Err(Internal));
        assert_eq!(
            aim(&recovered, &State::Mailbox(Inactive), None),
            Err(Internal)
        );
    }

    #[test]
    fn what_is_there_now_tells_what_became_of_a_change() {
        let change = Change {
            id: guid().item_id(),
            from: ItemState::present(MailboxState::Inactive),
            to: Some(active("Ann")),
        };
        let found = |now: Option<MailboxState>| {
            change.judge(ItemState {
                state: now,
                version: None,
                identity: None,
            })
        };
        assert!(matches!(found(Some(active("Ann"))), Found::Done { .. }));
        assert!(matches!(
            found(Some(MailboxState::Inactive)),
            Found::NotDone { .. }
        ));
        assert_eq!(found(Some(active("Bob"))), Found::Unclear);
        assert_eq!(found(None), Found::Missing);
    }
}
