//! Answers to searches: SEARCH, SORT and ESEARCH. What cannot be read is an error, never "nothing found".

use super::fault::Fault;
use super::uids;
use super::values::number;

/// The UIDs of `SEARCH 1 2 3` or `SORT 1 2 3`, in their order; servers put blanks where they like.
pub(super) fn listed(rest: &[u8]) -> Result<Vec<u32>, Fault> {
    let mut words = rest
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .skip(1);
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case(b"(MODSEQ") {
            // RFC 7162, section 3.1.5: the highest of those found, at the end.
            let modseq = words.next().and_then(|word| word.strip_suffix(b")"));
            return match (modseq.and_then(number), words.next()) {
                (Some(_), None) => Ok(found),
                _ => Err(Fault::Senseless),
            };
        }
        found.push(uid(word).ok_or(Fault::Senseless)?);
    }
    Ok(found)
}

fn uid(word: &[u8]) -> Option<u32> {
    let uid = u32::try_from(number(word)?).ok()?;
    (uid > 0).then_some(uid)
}

/// The UIDs of `ESEARCH (TAG "b3") UID ALL 1:3,9`, ascending.
pub(super) fn extended(rest: &[u8], tag: &str) -> Result<Vec<u32>, Fault> {
    let text = std::str::from_utf8(rest).map_err(|_| Fault::Senseless)?;
    let mut text = text
        .trim()
        .get("ESEARCH".len()..)
        .unwrap_or_default()
        .trim_start();
    if let Some(after) = text.strip_prefix('(') {
        let (correlator, after) = after.split_once(')').ok_or(Fault::Senseless)?;
        let mut words = correlator.split_ascii_whitespace();
        let (name, value) = (words.next(), words.next());
        let is_ours = name.is_some_and(|name| name.eq_ignore_ascii_case("TAG"))
            && value.is_some_and(|value| value.trim_matches('"') == tag);
        if !is_ours {
            return Err(Fault::Senseless);
        }
        text = after;
    }
    let mut words = text.split_ascii_whitespace();
    // Without this the numbers would be of another kind.
    if !words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("UID"))
    {
        return Err(Fault::Senseless);
    }
    let mut found = Vec::new();
    while let Some(name) = words.next() {
        let value = words.next().ok_or(Fault::Senseless)?;
        match name.to_ascii_uppercase().as_str() {
            "ALL" => found = uids::read(value).ok_or(Fault::Senseless)?,
            // What else was not asked for, and tells nothing we need.
            "MIN" | "MAX" | "COUNT" => drop(number(value.as_bytes()).ok_or(Fault::Senseless)?),
            "MODSEQ" => {}
            // In parentheses, as SEARCH has it, though ESEARCH has it bare.
            "(MODSEQ" if value.ends_with(')') => {}
            _ => return Err(Fault::Senseless),
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.first() == Some(&0) {
        return Err(Fault::Senseless);
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn blanks_stand_where_they_like() {
        for text in [
            "SORT 1 2 3 \r\n",
            "search  1  2 3\r\n",
            "SEARCH 1 2 3 (MODSEQ 9)\r\n",
            "SORT 1\t2 3\n",
        ] {
            assert_eq!(listed(text.as_bytes()).unwrap(), [1, 2, 3], "{text}");
        }
        assert!(listed(b"SEARCH\r\n").unwrap().is_empty());
        assert!(listed(b"SEARCH \r\n").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in [
            "SEARCH x",
            "SEARCH 1 2,3",
            "SEARCH 1 -2",
            "SEARCH 0",
            "SEARCH 1 4294967296",
            "SORT 1 NIL",
            "SEARCH 1 (MODSEQ",
            "SEARCH 1 (MODSEQ 5",
            "SEARCH 1 (MODSEQ 5) 2",
            "SEARCH 1 \u{ff11}",
        ] {
            assert!(
                matches!(listed(text.as_bytes()), Err(Fault::Senseless)),
                "{text}"
            );
        }
        for text in [
            "ESEARCH (TAG \"b4\") UID ALL 1",
            "ESEARCH (TAG \"b3\" UID ALL 1",
            "ESEARCH (TAG \"b3\") ALL 1:3",
            "ESEARCH (TAG \"b3\") UID ALL",
            "ESEARCH (TAG \"b3\") UID ALL 1:x",
            "ESEARCH (TAG \"b3\") UID ALL 0:3",
            "ESEARCH (TAG \"b3\") UID ALL 1:4294967295",
            "ESEARCH (TAG \"b3\") UID AL 1:3",
            "ESEARCH",
        ] {
            assert!(
                matches!(extended(text.as_bytes(), "b3"), Err(Fault::Senseless)),
                "{text}"
            );
        }
    }

    #[test]
    fn reads_extended_searches() {
        let read = |text: &str| extended(text.as_bytes(), "b3").unwrap();
        assert_eq!(read("ESEARCH (TAG \"b3\") UID ALL 1:3,9\r\n"), [1, 2, 3, 9]);
        assert_eq!(read("ESEARCH UID COUNT 2 ALL 9,1\r\n"), [1, 9]);
        // One server puts what it was not asked for in parentheses.
        assert_eq!(
            read("ESEARCH (TAG \"b3\") UID ALL 1:2 (MODSEQ 9)\r\n"),
            [1, 2]
        );
        assert!(read("ESEARCH (TAG b3) UID\r\n").is_empty());
    }

    #[test]
    fn half_a_million_in_one_line() {
        let numbers: Vec<String> = (1..=600_000u32)
            .map(|n| (n + 4_000_000_000 / 2).to_string())
            .collect();
        let line = format!("SEARCH {}\r\n", numbers.join(" "));
        assert_eq!(listed(line.as_bytes()).unwrap().len(), 600_000);
    }
}
