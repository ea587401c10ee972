//! Rules for CSV that leaves or enters the system.

use std::borrow::Cow;

/// What spreadsheets run, as beginnings of a cell.
const RUNS: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// Guards a cell against being taken for a formula: spreadsheets run what begins with one of these
/// characters (OWASP, CSV Injection). An apostrophe in front makes it text.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(RUNS) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the guard that [`guard`] may have put before it.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(inner) if inner.starts_with(RUNS) => inner,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_is_made_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(guard(cell), format!("'{cell}"));
            assert_eq!(unguard(&guard(cell)), cell);
        }
        for cell in ["", "Re: =1", "a@b", "12", "'tis"] {
            assert_eq!(guard(cell), cell);
            assert_eq!(unguard(cell), cell);
        }
    }
}
