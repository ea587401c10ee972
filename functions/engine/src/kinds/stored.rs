//! States as bytes: what lies in stored rows, and only the kind looks into.
//!
//! An item that is not there is no bytes, whatever its kind; every other state is some.

use bulkhead_shared::kinds::Kind;

use super::not_a_state::NotAState;
use super::{State, contact, mail};

/// The schema that states of this kind are written in today.
pub fn schema(kind: Kind) -> u8 {
    match kind {
        Kind::Mail => mail::SCHEMA,
        Kind::Contact => contact::SCHEMA,
    }
}

/// A state as bytes, in the [`schema`] of its kind.
pub fn encode(state: &State) -> Result<Vec<u8>, postcard::Error> {
    match state {
        State::Absent => Ok(Vec::new()),
        State::Mail(place) => mail::encode(place),
        State::Contact(card) => Ok(contact::encode(card)),
    }
}

/// A state from bytes of a schema that was ever released.
pub fn decode(kind: Kind, schema: u8, bytes: &[u8]) -> Result<State, NotAState> {
    match kind {
        _ if bytes.is_empty() => Ok(State::Absent),
        Kind::Mail => mail::decode(schema, bytes).map(State::Mail),
        Kind::Contact => contact::decode(schema, bytes).map(State::Contact),
    }
}
