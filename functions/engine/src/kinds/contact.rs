//! A contact's state, how two are compared, and what operations make of one.

pub(super) mod card;

use bulkhead_shared::operations::ContactTarget;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::vcard::Card;

use super::duplicate::Kept;
use super::state::State;
use super::version::ItemVersion;

pub use card::says_the_same;

/// A contact as it was seen: its card, byte for byte as the provider has it, or none where it was not there.
/// Where its version is not known only what the card says tells whether it is the same.
pub type ItemState = super::ItemState<Option<Vec<u8>>>;
/// A change of one contact.
pub type Change = super::Change<Option<Vec<u8>>>;
/// What became of the change of one contact.
pub type Effect = super::Effect<Option<Vec<u8>>>;
/// What looking for the effect of an unanswered change of a contact found.
pub type Found = super::Found<Option<Vec<u8>>>;

impl ItemState {
    /// A contact that is there.
    pub fn present(version: Option<ItemVersion>, card: Vec<u8>) -> Self {
        Self {
            state: Some(card),
            version,
            identity: None,
        }
    }

    /// Whether this is still what `seen` was: both not there, or by the version, or where one of them has none
    /// by what the card says.
    pub fn is_as(&self, seen: &Self) -> bool {
        match (&self.state, &seen.state) {
            (None, None) => true,
            (Some(now), Some(then)) => match (&self.version, &seen.version) {
                (Some(now), Some(then)) => now == then,
                _ => says_the_same(now, then),
            },
            _ => false,
        }
    }
}

impl Change {
    /// What the state now tells about a change that was never answered.
    pub fn judge(&self, state: ItemState) -> Found {
        let id = self.id.clone();
        let Some(now) = &state.state else {
            return match (&self.from.state, &self.to) {
                (_, None) => Found::Done { id, state },
                (None, Some(_)) => Found::NotDone { id, state },
                (Some(_), Some(_)) => Found::Missing,
            };
        };
        match &self.to {
            None => Found::NotDone { id, state },
            Some(_) if state.is_as(&self.from) => Found::NotDone { id, state },
            Some(wanted) if says_the_same(now, wanted) => Found::Done { id, state },
            // Neither what it was nor what we wrote: somebody changed it, before us or after us.
            Some(_) => Found::Unclear,
        }
    }
}

/// What an operation makes of a contact that is this now; or why it is not to be touched.
pub(super) fn aim(
    target: &ContactTarget,
    now: &State,
    input: Option<&[u8]>,
) -> Result<State, ItemReason> {
    let now = match now {
        State::Contact(card) => Some(card.as_slice()),
        State::Absent => None,
        _ => return Err(ItemReason::Internal),
    };
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn card(uid: &str, name: &str) -> Vec<u8> {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nEND:VCARD\r\n")
            .into_bytes()
    }

    fn present(version: &str, card: &[u8]) -> ItemState {
        let version = (!version.is_empty()).then(|| ItemVersion::new(version.as_bytes()));
        ItemState::present(version, card.to_vec())
    }

    #[test]
    fn a_contact_is_as_it_was_by_its_version_or_where_one_is_not_known_by_what_it_says() {
        let (old, new) = (card("1", "old"), card("1", "new"));
        let is_absent = ItemState::absent;
        for (now, seen, is_same) in [
            (is_absent(), is_absent(), true),
            (present("a", &old), is_absent(), false),
            (is_absent(), present("a", &old), false),
            (present("a", &new), present("a", &old), true),
            (present("b", &old), present("a", &old), false),
            (present("", &old), present("a", &old), true),
            (present("a", &new), present("", &old), false),
            (present("", &new), present("", &old), false),
        ] {
            assert_eq!(now.is_as(&seen), is_same, "{now:?} {seen:?}");
        }
    }

    #[test]
    fn what_is_there_now_tells_what_became_of_a_change() {
        #[derive(Clone, Copy)]
        enum Told {
            Done,
            NotDone,
            Missing,
            Unclear,
        }
        use Told::{Done, Missing, NotDone, Unclear};
        let (old, new, theirs) = (card("1", "old"), card("1", "new"), card("1", "theirs"));
        let is_absent = ItemState::absent;
        let (seen, written) = (present("a", &old), present("b", &new));
        let cases = [
            // Creating.
            (is_absent(), Some(&new), is_absent(), NotDone),
            (is_absent(), Some(&new), written.clone(), Done),
            (is_absent(), Some(&new), present("b", &theirs), Unclear),
            (
                is_absent(),
                Some(&new),
                present("b", &card("2", "new")),
                Unclear,
            ),
            // Editing.
            (seen.clone(), Some(&new), seen.clone(), NotDone),
            (seen.clone(), Some(&new), written, Done),
            (seen.clone(), Some(&new), present("c", &theirs), Unclear),
            (seen.clone(), Some(&new), is_absent(), Missing),
            (present("", &old), Some(&new), present("c", &old), NotDone),
            // Deleting.
            (seen.clone(), None, is_absent(), Done),
            (seen.clone(), None, seen, NotDone),
        ];
        for (from, to, state, told) in cases {
            let id: bulkhead_shared::ids::ItemId = "/book/1.vcf".parse().unwrap();
            let to = to.cloned();
            let change = Change { id, from, to };
            let (id, now) = (change.id.clone(), state.clone());
            let expected = match told {
                Done => Found::Done { id, state },
                NotDone => Found::NotDone { id, state },
                Missing => Found::Missing,
                Unclear => Found::Unclear,
            };
            assert_eq!(change.judge(now.clone()), expected, "{change:?} {now:?}");
        }
    }
}
