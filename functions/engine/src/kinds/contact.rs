//! A contact's state, and changes from one state to another.
//!
//! Creating, editing, deleting and every undo are the same thing to a store: bring this contact from
//! the state it was seen in to another one. *Absent* is a state like any other, so a deleted contact
//! comes back by the same change the other way.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::ContactTarget;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::{Card, content_key};

use super::State;
use super::duplicate::Kept;
use super::not_a_state::NotAState;
use super::version::ItemVersion;

/// A contact that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// None where it is not known: then only what the card says tells whether it is the same.
    pub version: Option<ItemVersion>,
    /// The vCard, byte for byte as the provider has it.
    pub card: Vec<u8>,
}

/// A contact as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactState {
    /// It was not there.
    Absent,
    /// It was there.
    Present(Present),
}

/// One contact to be brought from how it was seen to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactChange {
    /// Its address in the account.
    pub id: ItemId,
    /// As it was seen. The store changes nothing if this no longer holds.
    pub from: ContactState,
    /// The card it is to be; none: it is to be gone. Never the same as `from`.
    pub to: Option<Vec<u8>>,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactEffect {
    /// Done. What it is now, from the answer to our own write.
    Done(ContactState),
    /// Not done: somebody changed it, or made it, since it was seen.
    Changed,
    /// Not done: it is no longer there.
    Missing,
    /// Not done, and not worth another attempt.
    Refused(ItemReason),
    /// Not done, for a reason that passes.
    Unavailable,
    /// The call went out and its answer never came: it may be done or not.
    Unknown,
}

/// What looking for the effect of an unanswered change found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactFound {
    /// Our change took effect, and it is this now.
    Done(ContactState),
    /// Our change did not take effect. It is this now.
    NotDone(ContactState),
    /// It is gone, and not by us.
    Missing,
    /// Looking did not tell.
    Unclear,
}

impl State {
    /// Whether a person would take the two for the same. Equal ones are; some providers write anew what
    /// they are given.
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Contact(one), Self::Contact(other)) => says_the_same(one, other),
            _ => self == other,
        }
    }
}

impl Present {
    /// Whether this is still what `seen` was: by the version, or where one of them has none by what the
    /// card says.
    pub fn is_as(&self, seen: &Self) -> bool {
        match (&self.version, &seen.version) {
            (Some(now), Some(then)) => now == then,
            _ => says_the_same(&self.card, &seen.card),
        }
    }
}

impl ContactChange {
    /// What the state now tells about a change that was never answered.
    pub fn judge(&self, now: ContactState) -> ContactFound {
        let ContactState::Present(present) = &now else {
            return match (&self.from, &self.to) {
                (_, None) => ContactFound::Done(now),
                (ContactState::Absent, Some(_)) => ContactFound::NotDone(now),
                (ContactState::Present(_), Some(_)) => ContactFound::Missing,
            };
        };
        let Some(wanted) = &self.to else {
            return ContactFound::NotDone(now);
        };
        let is_as_before = match &self.from {
            ContactState::Present(seen) => present.is_as(seen),
            ContactState::Absent => false,
        };
        if is_as_before {
            ContactFound::NotDone(now)
        } else if says_the_same(&present.card, wanted) {
            ContactFound::Done(now)
        } else {
            // Neither what it was nor what we wrote: somebody changed it, before us or after us.
            ContactFound::Unclear
        }
    }
}

/// What an operation makes of a contact that has this card now, or none; or why it is not to be touched.
pub(super) fn aim(
    target: &ContactTarget,
    now: Option<&[u8]>,
    input: Option<&[u8]>,
) -> Result<State, ItemReason> {
    match (target, now) {
        (ContactTarget::New { .. }, now) => {
            let card = input.ok_or(ItemReason::Internal)?;
            match now {
                Some(theirs) if !says_the_same(theirs, card) => Err(ItemReason::ChangedSince),
                _ => Ok(State::Contact(card.to_vec())),
            }
        }
        (_, None) => Err(ItemReason::Missing),
        (ContactTarget::Merged, Some(now)) => {
            let kept = input.and_then(Kept::decode).ok_or(ItemReason::Internal)?;
            match kept.is_said_by(&State::Contact(now.to_vec())) {
                true => Ok(State::Absent),
                false => Err(ItemReason::ChangedSince),
            }
        }
        (ContactTarget::Gone, Some(_)) => Ok(State::Absent),
        (ContactTarget::Edited(edits), Some(now)) => {
            // What cannot be read cannot be changed without losing something of it.
            let mut card = Card::read(now).map_err(|_| ItemReason::Refused)?;
            for edit in edits {
                edit.apply(&mut card).map_err(|_| ItemReason::Refused)?;
            }
            Ok(State::Contact(card.bytes()))
        }
    }
}

/// The schema that [`encode`] writes.
pub(super) const SCHEMA: u8 = 1;
/// What every stored card begins with, so that an empty card is told apart from none.
const CARD: u8 = 1;

/// A card as it is stored, in [`SCHEMA`].
pub(super) fn encode(card: &[u8]) -> Vec<u8> {
    [&[CARD], card].concat()
}

/// A card from bytes of a schema that was ever released.
pub(super) fn decode(schema: u8, bytes: &[u8]) -> Result<Vec<u8>, NotAState> {
    match (schema, bytes) {
        (SCHEMA, [CARD, card @ ..]) => Ok(card.to_vec()),
        (SCHEMA, _) => Err(NotAState::Damaged("it does not begin like a card".into())),
        (schema, _) => Err(NotAState::Newer(schema)),
    }
}

/// Whether two cards are the same one and say the same. Servers write anew what they are given:
/// Radicale sorts the properties, Cyrus escapes what had no need of it.
pub fn says_the_same(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    match (Card::read(one), Card::read(other)) {
        (Ok(one), Ok(other)) => {
            one.uid() == other.uid() && content_key(&one) == content_key(&other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn card(uid: &str, name: &str) -> Vec<u8> {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nEND:VCARD\r\n")
            .into_bytes()
    }

    fn present(version: &str, card: Vec<u8>) -> ContactState {
        ContactState::Present(Present {
            version: (!version.is_empty()).then(|| ItemVersion::new(version.as_bytes())),
            card,
        })
    }

    #[test]
    fn what_is_there_now_tells_what_became_of_a_change() {
        use ContactFound::{Done, Missing, NotDone, Unclear};
        let (old, new, theirs) = (card("1", "old"), card("1", "new"), card("1", "theirs"));
        let absent = ContactState::Absent;
        let cases = [
            // Creating.
            (
                absent.clone(),
                Some(&new),
                absent.clone(),
                NotDone(absent.clone()),
            ),
            (
                absent.clone(),
                Some(&new),
                present("b", new.clone()),
                Done(present("b", new.clone())),
            ),
            (
                absent.clone(),
                Some(&new),
                present("b", theirs.clone()),
                Unclear,
            ),
            (
                absent.clone(),
                Some(&new),
                present("b", card("2", "new")),
                Unclear,
            ),
            // Editing.
            (
                present("a", old.clone()),
                Some(&new),
                present("a", old.clone()),
                NotDone(present("a", old.clone())),
            ),
            (
                present("a", old.clone()),
                Some(&new),
                present("b", new.clone()),
                Done(present("b", new.clone())),
            ),
            (
                present("a", old.clone()),
                Some(&new),
                present("c", theirs.clone()),
                Unclear,
            ),
            (
                present("a", old.clone()),
                Some(&new),
                absent.clone(),
                Missing,
            ),
            (
                present("", old.clone()),
                Some(&new),
                present("c", old.clone()),
                NotDone(present("c", old.clone())),
            ),
            // Deleting.
            (
                present("a", old.clone()),
                None,
                absent.clone(),
                Done(absent.clone()),
            ),
            (
                present("a", old.clone()),
                None,
                present("a", old.clone()),
                NotDone(present("a", old.clone())),
            ),
        ];
        for (from, to, now, expected) in cases {
            let change = ContactChange {
                id: "/book/1.vcf".parse().unwrap(),
                from,
                to: to.cloned(),
            };
            assert_eq!(change.judge(now.clone()), expected, "{change:?} {now:?}");
        }
    }

    #[test]
    fn a_card_written_anew_says_the_same() {
        let anew = b"BEGIN:VCARD\nVERSION:3.0\nFN:a\nUID:1\nEND:VCARD\n";
        assert!(says_the_same(&card("1", "a"), anew));
        assert!(!says_the_same(&card("2", "a"), anew));
        assert!(says_the_same(b"rubbish", b"rubbish"));
        assert!(!says_the_same(b"rubbish", anew));
    }
}
