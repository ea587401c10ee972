//! Data keys that were unwrapped a moment ago, so that a worker that goes through an account's chunks
//! does not ask KMS for each. They are few and stay briefly: who is refused by KMS from now on is
//! refused here soon after.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{Bound, Key};

/// How long a key is kept.
const KEPT: SignedDuration = SignedDuration::from_mins(5);
/// Accounts that one process works on at a time are fewer.
const MOST: usize = 64;

/// Names a data key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) bound: Bound,
    pub(super) wrapped: Vec<u8>,
}

/// The keys, each with the time until which it is kept.
#[derive(Default)]
pub(super) struct Opened(Mutex<HashMap<Name, (Key, Timestamp)>>);

impl Opened {
    pub(super) fn get(&self, name: &Name, now: Timestamp) -> Option<Key> {
        let mut keys = self.keys();
        keys.retain(|_, (_, until)| *until > now);
        keys.get(name).map(|(key, _)| key.clone())
    }

    pub(super) fn keep(&self, name: Name, key: Key, now: Timestamp) {
        let mut keys = self.keys();
        if keys.len() >= MOST {
            let oldest = keys.iter().min_by_key(|(_, (_, until))| *until);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                keys.remove(&oldest);
            }
        }
        keys.insert(name, (key, now + KEPT));
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<Name, (Key, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(n: u8) -> Name {
        Name {
            bound: Bound {
                account: "acc_1".to_owned(),
                owner: None,
            },
            wrapped: vec![n],
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::constant(second, 0)
    }

    #[test]
    fn a_key_is_kept_for_five_minutes_and_for_what_it_is_bound_to_alone() {
        let opened = Opened::default();
        opened.keep(name(1), Key::new([1; 32]), at(0));
        assert_eq!(opened.get(&name(1), at(299)), Some(Key::new([1; 32])));
        assert_eq!(opened.get(&name(2), at(299)), None);
        let other = Name {
            bound: Bound {
                account: "acc_1".to_owned(),
                owner: Some("ann".to_owned()),
            },
            ..name(1)
        };
        assert_eq!(opened.get(&other, at(299)), None);
        assert_eq!(opened.get(&name(1), at(300)), None);
        assert!(opened.keys().is_empty());
    }

    #[test]
    fn the_oldest_key_makes_room() {
        let opened = Opened::default();
        for n in 0..=MOST {
            let n = n as u8;
            opened.keep(name(n), Key::new([n; 32]), at(i64::from(n)));
        }
        assert_eq!(opened.keys().len(), MOST);
        assert_eq!(opened.get(&name(0), at(65)), None);
        assert!(opened.get(&name(1), at(65)).is_some());
    }
}
