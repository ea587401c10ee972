//! Sets of UIDs: written short, cut to what servers take, and read with a bound on their size.

use super::values::number;

/// Bytes of a set in one command: with the rest of it under the 8 kB that every server takes
/// (RFC 7162, section 4), and some room for a set that loses a few and becomes longer by that.
const SET_BYTES: usize = 6_000;
/// UIDs in one command: Dovecot commits a MOVE 1,000 messages at a time.
pub(super) const SET_UIDS: usize = 1_000;
/// UIDs that are ever taken from one answer: a bound for hostile servers, 20 MB.
const UIDS_MOST: u64 = 5_000_000;

/// Cuts UIDs into sets that fit one command, ascending; each with the UIDs it holds.
pub(super) fn sets(uids: &[u32]) -> Vec<(String, Vec<u32>)> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets = Vec::new();
    let mut rest = sorted.as_slice();
    while !rest.is_empty() {
        let (text, held) = one(rest, SET_BYTES);
        let (now, later) = rest.split_at(held);
        sets.push((text, now.to_vec()));
        rest = later;
    }
    sets
}

/// The set of all these UIDs, for what was cut before.
pub(super) fn set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    one(&sorted, usize::MAX).0
}

/// The longest set from the start of ascending UIDs that fits, and how many UIDs it holds.
fn one(uids: &[u32], bytes: usize) -> (String, usize) {
    let mut text = String::new();
    let mut held = 0;
    while held < uids.len().min(SET_UIDS) && text.len() < bytes {
        let rest = uids.get(held..SET_UIDS.min(uids.len())).unwrap_or_default();
        let Some(&first) = rest.first() else { break };
        let run = rest
            .iter()
            .zip(first..)
            .take_while(|(uid, expected)| *uid == expected)
            .count();
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&first.to_string());
        if let Some(&last) = rest.get(run - 1).filter(|_| run > 1) {
            text.push(':');
            text.push_str(&last.to_string());
        }
        held += run;
    }
    (text, held)
}

/// Reads a set as servers send it, in the order it is written; none if it is none or absurdly large.
pub(super) fn read(text: &str) -> Option<Vec<u32>> {
    let mut ranges = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        let uid = |text: &str| u32::try_from(number(text.as_bytes())?).ok();
        let (first, last) = (uid(first)?, uid(last)?);
        ranges.push((first.min(last), first.max(last)));
    }
    expand(&ranges)
}

/// All UIDs of ranges, in their order; none if there are absurdly many.
pub(super) fn expand(ranges: &[(u32, u32)]) -> Option<Vec<u32>> {
    let total: u64 = ranges
        .iter()
        .map(|(first, last)| u64::from(last.saturating_sub(*first)) + 1)
        .sum();
    (total <= UIDS_MOST).then(|| {
        ranges
            .iter()
            .flat_map(|&(first, last)| first..=last)
            .collect()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_written_short() {
        let sets = sets(&[7, 3, 1, 2, 9, 3]);
        assert_eq!(sets, vec![("1:3,7,9".to_owned(), vec![1, 2, 3, 7, 9])]);
        assert!(super::sets(&[]).is_empty());
    }

    #[test]
    fn sets_are_cut_and_lose_nothing() {
        let every_other: Vec<u32> = (0..5_000).map(|n| 4_000_000_000 + n * 2).collect();
        let cut = sets(&every_other);
        assert!(cut.iter().all(|(text, uids)| text.len() <= SET_BYTES + 24
            && uids.len() <= SET_UIDS
            && read(text).unwrap() == *uids));
        let back: Vec<u32> = cut.into_iter().flat_map(|(_, uids)| uids).collect();
        assert_eq!(back, every_other);
    }

    #[test]
    fn absurd_sets_are_not_expanded() {
        assert_eq!(read("3:1,9"), Some(vec![1, 2, 3, 9]));
        for text in ["", "*", "1:*", "1,,2", "-1", "1:4294967295", "a", "204:+5"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
