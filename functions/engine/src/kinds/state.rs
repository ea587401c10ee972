//! An item's state, whatever its kind, and as bytes: what lies in stored rows, and only the kind looks into.
//!
//! An item that is not there is no bytes, whatever its kind; every other state is some.

use bulkhead_shared::kinds::Kind;

use super::contact::card;
use super::mail::place::{self, Place};
use super::mailbox::mailbox_state::{self, MailboxState};
use super::not_a_state::NotAState;

/// What an item is, as far as operations change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is not there.
    Absent,
    /// A mail: where it is and how it is marked.
    Mail(Place),
    /// A contact: its card, byte for byte as the provider has it.
    Contact(Vec<u8>),
    /// A whole mailbox, or a restore of one into another.
    Mailbox(MailboxState),
}

/// What an item of one kind can be to a store that knows this kind alone: an `Option`, where items of the
/// kind are made and deleted.
pub trait OfKind: Sized {
    /// The same to the engine.
    fn into_state(self) -> State;

    /// The same to the store; none if a store of this kind has no such state.
    fn of(state: &State) -> Option<Self>;
}

/// No mail is made or deleted for good: that is no change of a mailbox that could go back.
impl OfKind for Place {
    fn into_state(self) -> State {
        State::Mail(self)
    }

    fn of(state: &State) -> Option<Self> {
        match state {
            State::Mail(place) => Some(place.clone()),
            _ => None,
        }
    }
}

impl OfKind for Option<Vec<u8>> {
    fn into_state(self) -> State {
        self.map_or(State::Absent, State::Contact)
    }

    fn of(state: &State) -> Option<Self> {
        match state {
            State::Absent => Some(None),
            State::Contact(card) => Some(Some(card.clone())),
            _ => None,
        }
    }
}

impl OfKind for Option<MailboxState> {
    fn into_state(self) -> State {
        self.map_or(State::Absent, State::Mailbox)
    }

    fn of(state: &State) -> Option<Self> {
        match state {
            State::Absent => Some(None),
            State::Mailbox(mailbox) => Some(Some(mailbox.clone())),
            _ => None,
        }
    }
}

impl State {
    /// What the item is; none where it is not there.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Absent => None,
            Self::Mail(_) => Some(Kind::Mail),
            Self::Contact(_) => Some(Kind::Contact),
            Self::Mailbox(_) => Some(Kind::Mailbox),
        }
    }

    /// The folder it is in; none where there are no folders.
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Mail(place) => Some(&place.folder),
            _ => None,
        }
    }

    /// Whether a person would take the two for the same. Equal ones are; some providers write anew what
    /// they are given.
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mail(one), Self::Mail(other)) => one.says_the_same(other),
            (Self::Contact(one), Self::Contact(other)) => card::says_the_same(one, other),
            (Self::Mailbox(one), Self::Mailbox(other)) => one.says_the_same(other),
            _ => self == other,
        }
    }

    /// Whether it is still what a job left, as far as a look tells: what a provider told of its own change
    /// may be more than that.
    pub fn is_still(&self, left: &Self) -> bool {
        match (self, left) {
            (Self::Mail(now), Self::Mail(left)) => now.says_the_same(left),
            (Self::Mailbox(now), Self::Mailbox(left)) => now.says_the_same(left),
            _ => self == left,
        }
    }

    /// About as many bytes as it takes to be stored; never fewer.
    pub fn stored_bytes(&self) -> usize {
        match self {
            // Its length alone; ten bytes are the longest.
            Self::Absent => 10,
            Self::Mail(place) => place.stored_bytes(),
            Self::Contact(card) => card.len() + 20,
            Self::Mailbox(mailbox) => mailbox.stored_bytes(),
        }
    }
}

/// A recipient is not there before, and no state of ours afterwards: there never was one in this schema.
const RECIPIENT_SCHEMA: u8 = 1;

/// The schema that states of this kind are written in today.
pub fn schema(kind: Kind) -> u8 {
    match kind {
        Kind::Mail => place::SCHEMA,
        Kind::Contact => card::SCHEMA,
        Kind::Mailbox => mailbox_state::SCHEMA,
        Kind::Recipient => RECIPIENT_SCHEMA,
    }
}

/// A state as bytes, in the [`schema`] of its kind.
pub fn encode(state: &State) -> Result<Vec<u8>, postcard::Error> {
    match state {
        State::Absent => Ok(Vec::new()),
        State::Mail(place) => place::encode(place),
        State::Contact(bytes) => Ok(card::encode(bytes)),
        State::Mailbox(mailbox) => mailbox_state::encode(mailbox),
    }
}

/// A state from bytes of a schema that was ever released.
pub fn decode(kind: Kind, schema: u8, bytes: &[u8]) -> Result<State, NotAState> {
    match kind {
        _ if bytes.is_empty() => Ok(State::Absent),
        Kind::Mail => place::decode(schema, bytes).map(State::Mail),
        Kind::Contact => card::decode(schema, bytes).map(State::Contact),
        Kind::Mailbox => mailbox_state::decode(schema, bytes).map(State::Mailbox),
        Kind::Recipient => Err(NotAState::Newer(schema)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::mailbox::Restored;
    use crate::testing::mailbox::place;
    use bulkhead_shared::kinds::mailbox::{ConflictRule, Profile};

    fn restored(receipt: &[u8]) -> State {
        State::Mailbox(MailboxState::Restored(Restored {
            rule: ConflictRule::KeepBoth,
            folder: Some("f".repeat(300)),
            copied: u64::MAX,
            receipt: receipt.to_vec(),
        }))
    }

    /// One of each, small and large.
    fn states() -> [(State, Option<Kind>, Option<&'static str>); 10] {
        let profile = || {
            MailboxState::Active(Profile {
                upn: "u".repeat(200),
                smtp: "s".repeat(200),
                display_name: "d".repeat(200),
                first_name: "f".repeat(200),
                last_name: "l".repeat(200),
                department: "e".repeat(200),
                company: "c".repeat(200),
            })
        };
        let long: Vec<String> = (0..40).map(|n| format!("{n}{}", "x".repeat(200))).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        let mailbox = |state| (State::Mailbox(state), Some(Kind::Mailbox), None);
        [
            (State::Absent, None, None),
            (place("", &[]), Some(Kind::Mail), Some("")),
            (place("INBOX", &["\\Seen"]), Some(Kind::Mail), Some("INBOX")),
            (place("A", &long), Some(Kind::Mail), Some("A")),
            (State::Contact(Vec::new()), Some(Kind::Contact), None),
            (State::Contact(vec![7; 5_000]), Some(Kind::Contact), None),
            mailbox(MailboxState::Inactive),
            mailbox(profile()),
            mailbox(MailboxState::Restored(Restored {
                rule: ConflictRule::KeepTarget,
                folder: None,
                copied: 0,
                receipt: vec![7; 5_000],
            })),
            (restored(&[7; 5_000]), Some(Kind::Mailbox), None),
        ]
    }

    #[test]
    fn a_state_is_read_back_by_its_kind_and_takes_no_more_bytes_than_it_says() {
        for (state, kind, folder) in states() {
            assert_eq!((state.kind(), state.folder()), (kind, folder));
            let bytes = encode(&state).unwrap();
            assert!(bytes.len() <= state.stored_bytes(), "{kind:?}");
            for other in [Kind::Mail, Kind::Contact, Kind::Mailbox] {
                let read = decode(other, schema(other), &bytes);
                match kind {
                    Some(kind) if kind != other => assert!(read.ok() != Some(state.clone())),
                    _ => assert_eq!(read.unwrap(), state),
                }
            }
            let newer = decode(kind.unwrap_or(Kind::Mail), 9, &bytes);
            match kind {
                Some(_) => assert!(matches!(newer, Err(NotAState::Newer(9))), "{kind:?}"),
                None => assert_eq!(newer.unwrap(), State::Absent),
            }
        }
    }

    #[test]
    fn to_a_store_of_one_kind_there_are_states_of_that_kind_and_its_absence() {
        for (state, kind, _) in states() {
            let mail = Place::of(&state).map(OfKind::into_state);
            let contact = Option::<Vec<u8>>::of(&state).map(OfKind::into_state);
            let mailbox = Option::<MailboxState>::of(&state).map(OfKind::into_state);
            let is_mail = kind == Some(Kind::Mail);
            assert_eq!(mail, is_mail.then(|| state.clone()));
            let fits = |of| kind.is_none() || kind == Some(of);
            assert_eq!(contact, fits(Kind::Contact).then(|| state.clone()));
            assert_eq!(mailbox, fits(Kind::Mailbox).then(|| state.clone()));
        }
    }

    #[test]
    fn what_a_provider_told_of_its_own_change_is_no_difference() {
        let (one, other) = (restored(b"1:7"), restored(b""));
        assert!(one.is_still(&other) && one.says_the_same(&other));
        let elsewhere = State::Mailbox(MailboxState::NotRestored);
        assert!(!one.is_still(&elsewhere) && !one.says_the_same(&elsewhere));
        // A label in whatever case a server writes it.
        let (ours, theirs) = (place("INBOX", &["work"]), place("INBOX", &["Work"]));
        assert!(ours.is_still(&theirs) && ours.says_the_same(&theirs));
        for other in [place("INBOX", &["Work", "b"]), place("Other", &["work"])] {
            assert!(!ours.is_still(&other) && !ours.says_the_same(&other));
        }
        let card = |name: &str, end: &str| {
            let lines = ["BEGIN:VCARD", "VERSION:3.0", "UID:1", name, "END:VCARD", ""];
            State::Contact(lines.join(end).into_bytes())
        };
        // A card that a server wrote anew says the same, and is not still what was left.
        let (ours, theirs) = (card("FN:a", "\r\n"), card("FN:a", "\n"));
        assert!(ours.says_the_same(&theirs) && !ours.is_still(&theirs));
        assert!(ours.is_still(&ours.clone()));
        assert!(!ours.says_the_same(&card("FN:b", "\r\n")));
        assert!(!ours.says_the_same(&State::Absent));
        assert!(State::Absent.says_the_same(&State::Absent));
    }
}
