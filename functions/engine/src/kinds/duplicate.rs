//! Exact duplicates of contacts: cards of one address book that say the same.
//!
//! Of a group the oldest stays: the one whose REV (RFC 6350, section 6.7.4) is the earliest as it is written,
//! one without a REV after those that have one, and among equals the first by its address. This is one order for
//! all cards, so whatever is selected, a card only gives way to one before it, and the first of all that say the
//! same is never deleted.

use bulkhead_shared::ids::ItemId;
use bulkhead_shared::vcard::{Card, content_key};

use super::State;

/// What stored bytes of this module begin with.
const FORM: u8 = 1;
/// Digits of a date and time, year to second.
const DIGITS: usize = 14;

/// See [`content_key`].
type Key = [u8; 32];

/// What a card says and how old it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    key: Key,
    /// Sorts by age.
    age: Vec<u8>,
}

/// The card that stays when another one goes that says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its address.
    pub id: ItemId,
    key: Key,
}

impl Said {
    /// What an item says; none where there is no card that can be read. What is not understood is no duplicate.
    pub fn of(state: &State) -> Option<Self> {
        let State::Contact(bytes) = state else {
            return None;
        };
        let card = Card::read(bytes).ok()?;
        let rev = card.text("REV");
        let digits = rev.bytes().filter(u8::is_ascii_digit);
        let digits: Vec<u8> = digits.take(DIGITS).collect();
        let age = match digits.is_empty() {
            // After every digit.
            true => vec![u8::MAX],
            false => digits,
        };
        let key = *content_key(&card).as_bytes();
        Some(Self { key, age })
    }

    /// As it is stored while a selection is frozen.
    pub fn encode(&self) -> Vec<u8> {
        [&[FORM][..], &self.key, &self.age].concat()
    }

    /// What [`Said::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (key, age) = parts(bytes)?;
        let age = age.to_vec();
        Some(Self { key, age })
    }

    /// Whether it stays rather than another card that says the same, by their ages and addresses.
    pub fn is_before(&self, id: &ItemId, other: &Self, other_id: &ItemId) -> bool {
        (&self.age, id) < (&other.age, other_id)
    }

    /// The group that a card at this address is in: its address book and what it says.
    pub fn group(&self, id: &ItemId) -> (String, [u8; 32]) {
        let book = id.as_str().rsplit_once('/');
        let book = book.map_or("", |(book, _)| book);
        (book.to_owned(), self.key)
    }

    /// The one that stays, said of the card that says this.
    pub fn kept(&self, id: &ItemId) -> Kept {
        Kept {
            id: id.clone(),
            key: self.key,
        }
    }
}

impl Kept {
    /// Whether an item says what the group says.
    pub fn is_said_by(&self, state: &State) -> bool {
        Said::of(state).is_some_and(|said| said.key == self.key)
    }

    /// As it is stored with the card that goes.
    pub fn encode(&self) -> Vec<u8> {
        [&[FORM][..], &self.key, self.id.as_str().as_bytes()].concat()
    }

    /// What [`Kept::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (key, id) = parts(bytes)?;
        let id = std::str::from_utf8(id).ok()?.parse().ok()?;
        Some(Self { id, key })
    }
}

fn parts(bytes: &[u8]) -> Option<(Key, &[u8])> {
    let rest = bytes.strip_prefix(&[FORM])?;
    let (key, rest) = rest.split_first_chunk()?;
    Some((*key, rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn said(lines: &str) -> Said {
        let text = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n{lines}END:VCARD\r\n");
        Said::of(&State::Contact(text.into_bytes())).unwrap()
    }

    #[test]
    fn the_earliest_rev_is_first_and_then_the_address() {
        let [a, b]: [ItemId; 2] = ["/b/a.vcf", "/b/b.vcf"].map(|id| id.parse().unwrap());
        let old = said("UID:1\r\nREV:2020-03-01T00:00:00Z\r\n");
        let new = said("UID:2\r\nREV:20210101T000000Z\r\n");
        let none = said("UID:3\r\n");
        assert_eq!(old.group(&a), new.group(&b));
        assert!(old.is_before(&b, &new, &a) && !new.is_before(&a, &old, &b));
        assert!(new.is_before(&b, &none, &a) && !none.is_before(&a, &new, &b));
        assert!(none.is_before(&a, &none, &b) && !none.is_before(&b, &none, &a));
        // Nothing gives way to itself.
        assert!(!old.is_before(&a, &old, &a));
    }

    #[test]
    fn another_book_another_word_and_what_is_no_card_are_no_duplicates() {
        let [a, b]: [ItemId; 2] = ["/b/a.vcf", "/c/a.vcf"].map(|id| id.parse().unwrap());
        let one = said("UID:1\r\n");
        assert_ne!(one.group(&a), one.group(&b));
        assert_ne!(one.group(&a), said("TEL:1\r\n").group(&a));
        assert_eq!(Said::of(&State::Contact(b"rubbish".to_vec())), None);
        assert_eq!(Said::of(&State::Absent), None);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let id: ItemId = "/b/ü.vcf".parse().unwrap();
        for said in [said("UID:1\r\n"), said("REV:2020\r\n")] {
            assert_eq!(Said::decode(&said.encode()), Some(said.clone()));
            let kept = said.kept(&id);
            assert_eq!(Kept::decode(&kept.encode()), Some(kept));
        }
        for damaged in [&b""[..], b"\x01short", &[2; 40]] {
            assert_eq!(Said::decode(damaged), None);
            assert_eq!(Kept::decode(damaged), None);
        }
    }
}
