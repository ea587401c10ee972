//! A mail's address in its account, taken apart into what many share and the number that is its own: of
//! `12.345.INBOX` the number is 345, and all mails of that folder share the rest.

use bulkhead_shared::ids::ItemId;

/// Bits of a number.
pub(super) const NUMBER_BITS: u32 = 40;

/// What mails share: what stands before the number, and behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around<'a> {
    pub(super) before: &'a str,
    pub(super) behind: &'a str,
}

/// Takes an address apart; none if it has no number, or one that is too large.
pub(super) fn apart(id: &ItemId) -> Option<(Around<'_>, u64)> {
    let text = id.as_str();
    let (mut start, mut end) = run(text, 0)?;
    // Of two numbers at the beginning the first one names the folder's time.
    if start == 0
        && text.get(end..)?.starts_with('.')
        && let Some(second) = run(text, end + 1).filter(|(start, _)| *start == end + 1)
    {
        (start, end) = second;
    }
    let digits = text.get(start..end)?;
    let number: u64 = digits.parse().ok()?;
    let fits = number < 1 << NUMBER_BITS && number.to_string() == digits;
    let around = Around {
        before: text.get(..start)?,
        behind: text.get(end..)?,
    };
    fits.then_some((around, number))
}

/// The address that was taken apart.
pub(super) fn together(around: Around<'_>, number: u64) -> Option<ItemId> {
    format!("{}{number}{}", around.before, around.behind)
        .parse()
        .ok()
}

/// The first run of digits from a place on.
fn run(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let start = rest.find(|c: char| c.is_ascii_digit())? + from;
    let digits = text.get(start..)?.bytes().take_while(u8::is_ascii_digit);
    Some((start, start + digits.count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_comes_together_again() {
        for (text, number) in [
            ("345", 345),
            ("12.345.INBOX", 345),
            ("12.345#0ab1", 345),
            ("12.345.Archive/2024", 345),
            ("m7", 7),
            ("7.x", 7),
            ("0", 0),
        ] {
            let id: ItemId = text.parse().unwrap();
            let (around, found) = apart(&id).unwrap();
            assert_eq!(found, number, "{text}");
            assert_eq!(together(around, found), Some(id));
        }
        for text in ["no number", "007", "99999999999999", "1.007.INBOX"] {
            assert_eq!(apart(&text.parse().unwrap()), None, "{text}");
        }
    }
}
