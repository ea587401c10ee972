//! Rules for CSV that leaves or enters the system.

use std::borrow::Cow;

/// Guards a cell against being taken for a formula: spreadsheets run what begins with one of these
/// characters (OWASP, CSV Injection). An apostrophe in front makes it text.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_is_made_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(guard(cell), format!("'{cell}"));
        }
        for cell in ["", "Re: =1", "a@b", "12"] {
            assert_eq!(guard(cell), cell);
        }
    }
}
