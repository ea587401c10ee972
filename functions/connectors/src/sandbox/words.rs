//! Finds words in texts, several times as fast as SQLite's own `instr`, which compares byte by byte at each place.

use memchr::memmem::Finder;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::FromSqlError;

/// Whether any of these texts holds the first one: `holds(word, text, …)`.
pub(super) const HOLDS: &str = "holds";

/// Lets a connection use it.
pub(super) fn find_words(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(HOLDS, -1, flags, |call| {
        let word = call.get_or_create_aux(0, |word| {
            Ok::<_, FromSqlError>(Finder::new(word.as_bytes()?).into_owned())
        })?;
        for place in 1..call.len() {
            if word.find(call.get_raw(place).as_bytes()?).is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_word_is_found_in_any_of_the_texts_and_nowhere_else() {
        let connection = Connection::open_in_memory().unwrap();
        find_words(&connection).unwrap();
        let mut holds = connection
            .prepare("SELECT holds(?1, 'the quick', '', 'bröwn föx')")
            .unwrap();
        for (word, is) in [
            ("quick", true),
            ("bröwn", true),
            ("öx", true),
            ("", true),
            ("quickbr", false),
            ("brown", false),
            ("Quick", false),
        ] {
            let found: bool = holds.query_row([word], |row| row.get(0)).unwrap();
            assert_eq!(found, is, "{word}");
        }
        let among_none: bool = connection
            .query_row("SELECT holds('a')", [], |row| row.get(0))
            .unwrap();
        assert!(!among_none);
    }
}
