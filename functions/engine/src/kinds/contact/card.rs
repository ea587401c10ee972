//! A contact's card, byte for byte as the provider has it: how two are compared, and how one is stored.

use bulkhead_shared::vcard::{Card, content_key};

use crate::kinds::not_a_state::NotAState;

/// The schema that [`encode`] writes.
pub(in crate::kinds) const SCHEMA: u8 = 1;
/// What every stored card begins with, so that an empty card is told apart from none.
const CARD: u8 = 1;

/// A card as it is stored, in [`SCHEMA`].
pub(in crate::kinds) fn encode(card: &[u8]) -> Vec<u8> {
    [&[CARD], card].concat()
}

/// A card from bytes of a schema that was ever released.
pub(in crate::kinds) fn decode(schema: u8, bytes: &[u8]) -> Result<Vec<u8>, NotAState> {
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
    use super::*;

    fn card(uid: &str, name: &str) -> Vec<u8> {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nEND:VCARD\r\n")
            .into_bytes()
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
