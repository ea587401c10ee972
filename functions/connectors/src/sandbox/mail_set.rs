//! A set of mails that a search names by itself: a bit for each mail there ever was, so that a hundred thousand of them
//! travel as twelve kilobytes and each is looked up without a comparison.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;

/// Whether a set holds a mail: `is_in(set, number)`.
pub(super) const IS_IN: &str = "is_in";

/// Numbers of mails, each in one bit of its own: as many bits as the largest of them says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct MailSet(Vec<u8>);

impl MailSet {
    /// Adds a mail; a number that no mail can have is left out.
    pub(super) fn insert(&mut self, number: i64) {
        if let Some((byte, bit)) = place(number) {
            if byte >= self.0.len() {
                self.0.resize(byte + 1, 0);
            }
            if let Some(bits) = self.0.get_mut(byte) {
                *bits |= bit;
            }
        }
    }
}

impl FromIterator<i64> for MailSet {
    fn from_iter<I: IntoIterator<Item = i64>>(numbers: I) -> Self {
        let mut set = Self::default();
        for number in numbers {
            set.insert(number);
        }
        set
    }
}

impl From<MailSet> for Value {
    fn from(set: MailSet) -> Self {
        Self::Blob(set.0)
    }
}

/// Lets a connection look into sets.
pub(super) fn look_into_sets(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(IS_IN, 2, flags, |call| {
        let set = call.get_raw(0).as_blob()?;
        let place = place(call.get_raw(1).as_i64()?);
        Ok(place.is_some_and(|(byte, bit)| set.get(byte).is_some_and(|bits| bits & bit != 0)))
    })
}

/// The byte and the bit in it.
fn place(number: i64) -> Option<(usize, u8)> {
    let number = usize::try_from(number).ok()?;
    Some((number / 8, 1 << (number % 8)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it_and_nothing_else() {
        let connection = Connection::open_in_memory().unwrap();
        look_into_sets(&connection).unwrap();
        let mut holds = connection.prepare("SELECT is_in(?1, ?2)").unwrap();
        let mut holds = |set: &MailSet, number: i64| -> bool {
            let row = (Value::from(set.clone()), number);
            holds.query_row(row, |row| row.get(0)).unwrap()
        };
        let set: MailSet = [1, 8, 100_000, -3].into_iter().collect();
        for inside in [1, 8, 100_000] {
            assert!(holds(&set, inside), "{inside}");
        }
        for outside in [0, 2, 7, 9, 16, 99_999, 100_001, -1, -3, i64::MIN, i64::MAX] {
            assert!(!holds(&set, outside), "{outside}");
        }
        assert!(!holds(&MailSet::default(), 1));
    }
}
