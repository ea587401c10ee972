//! Guarding cells against spreadsheets that run what they read, and taking that guard off again: one to one.

use std::borrow::Cow;

/// Beginnings of a cell that are guarded: what spreadsheets run, and the guard itself.
const GUARDED: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\'',
];

/// Guards a cell against being taken for a formula: spreadsheets run what begins with one of these
/// characters (OWASP, CSV Injection). An apostrophe in front makes it text. A cell that begins with
/// an apostrophe of its own gets one more, so that no two cells look the same and [`unguard`] gives
/// back every cell as it was.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(GUARDED) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Takes off the one apostrophe that [`guard`] put in front. A cell that [`guard`] cannot have written
/// (`'tis`, from somebody else's table) is as it was.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(inner) if inner.starts_with(GUARDED) => inner,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_would_run_is_made_text() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"));
        }
        for cell in ["", "Re: =1", "a@b", "12", "it's", "\"=1\""] {
            assert_eq!(guard(cell), cell);
            assert_eq!(unguard(cell), cell);
        }
        assert_eq!(unguard("'tis"), "'tis");
    }

    #[test]
    fn two_cells_that_differ_never_become_one() {
        assert_eq!(guard("=SUM(A1:A9)"), "'=SUM(A1:A9)");
        assert_eq!(guard("'=SUM(A1:A9)"), "''=SUM(A1:A9)");
        assert_eq!(guard("'"), "''");
    }

    #[test]
    fn every_cell_is_read_back_as_it_was() {
        // All cells of up to four of the characters that matter, and one that does not.
        let letters = ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "x"];
        let mut cells = vec![String::new()];
        for length in 0..4 {
            let longest: Vec<String> = cells
                .iter()
                .filter(|cell| cell.chars().count() == length)
                .cloned()
                .collect();
            for cell in longest {
                cells.extend(letters.iter().map(|letter| format!("{cell}{letter}")));
            }
        }
        let guarded: BTreeSet<String> = cells.iter().map(|c| guard(c).into_owned()).collect();
        assert_eq!(guarded.len(), cells.len());
        for cell in &cells {
            let guarded = guard(cell);
            assert_eq!(unguard(&guarded), cell);
            assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']));
        }
    }
}
