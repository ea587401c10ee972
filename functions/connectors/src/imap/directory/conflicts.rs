//! What becomes of each mail of a folder that is restored into another one.

use std::collections::BTreeMap;

use super::mails::Mail;
use bulkhead_shared::kinds::mailbox::ConflictRule;

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Decision {
    /// UIDs in the source that are copied.
    pub(super) copy: Vec<u32>,
    /// UIDs in the target that make room.
    pub(super) replace: Vec<u32>,
}

/// What a rule makes of the mails of two folders. Two with one Message-ID are the same mail; where there is
/// none, two of the same bytes. What is in the target to the byte is never copied again, unless both are to
/// be there.
pub(super) fn decide(rule: ConflictRule, source: &[Mail], target: &[Mail]) -> Decision {
    let mut there: BTreeMap<&str, Vec<&Mail>> = BTreeMap::new();
    for mail in target {
        there.entry(mail.key()).or_default().push(mail);
    }
    let mut decision = Decision::default();
    for mail in source {
        let same = match rule {
            ConflictRule::KeepBoth => None,
            _ => there.get(mail.key()),
        };
        let Some(same) = same else {
            decision.copy.push(mail.uid);
            continue;
        };
        let is_there = same.iter().any(|theirs| theirs.content == mail.content);
        let newest = same.iter().filter_map(|theirs| theirs.received).max();
        let wins = match rule {
            ConflictRule::KeepSource => true,
            ConflictRule::KeepNewer => mail.received > newest,
            ConflictRule::KeepTarget | ConflictRule::KeepBoth => false,
        };
        if wins && !is_there {
            decision.copy.push(mail.uid);
            decision
                .replace
                .extend(same.iter().map(|theirs| theirs.uid));
        }
    }
    decision.replace.sort_unstable();
    decision.replace.dedup();
    decision
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn mail(uid: u32, id: &str, content: &str, received: i64) -> Mail {
        Mail {
            uid,
            content: content.to_owned(),
            message_id: (!id.is_empty()).then(|| id.to_owned()),
            received: Timestamp::from_second(received).ok(),
            seen: false,
        }
    }

    #[test]
    fn each_rule_keeps_what_it_says() {
        let source = [
            mail(1, "<new>", "a", 10),
            mail(2, "<same>", "b", 10),
            mail(3, "<newer>", "c", 20),
            mail(4, "<older>", "d", 5),
            mail(5, "", "e", 10),
            mail(6, "", "f", 10),
        ];
        let target = [
            mail(12, "<same>", "b", 10),
            mail(13, "<newer>", "c2", 10),
            mail(14, "<older>", "d2", 10),
            mail(15, "<older>", "d3", 11),
            mail(16, "", "e", 10),
        ];
        let decide = |rule| {
            let decision = decide(rule, &source, &target);
            (decision.copy, decision.replace)
        };
        assert_eq!(decide(ConflictRule::KeepTarget), (vec![1, 6], vec![]));
        assert_eq!(
            decide(ConflictRule::KeepSource),
            (vec![1, 3, 4, 6], vec![13, 14, 15])
        );
        assert_eq!(decide(ConflictRule::KeepNewer), (vec![1, 3, 6], vec![13]));
        assert_eq!(
            decide(ConflictRule::KeepBoth),
            (vec![1, 2, 3, 4, 5, 6], vec![])
        );
    }
}
