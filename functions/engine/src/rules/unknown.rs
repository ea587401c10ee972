//! What a back-test cannot know, in sentences for the person who reads its figures.

use bulkhead_shared::rules::Past;

use crate::records::Tally;

/// Mails that are looked at, most.
pub(super) const MAILS_MOST: u64 = 10_000;

/// What is not known of these figures, for which so many mails were looked at. `knows_answered` says that it is known
/// who was ever answered.
pub(super) fn unknown(
    knows_answered: bool,
    past: &Past,
    looked: u64,
    tally: &Tally,
) -> Vec<String> {
    let mut unknown = vec![
        "Mails that were deleted for good are not there to be counted.".to_owned(),
        "Whether you did it, another program or a job of yours: a mailbox does not tell."
            .to_owned(),
    ];
    if !past.left_out.is_empty() {
        unknown.push(format!(
            "How mails were when they came is not kept, so “{}” of its search was left out: it may have touched fewer.",
            past.left_out.join(", ")
        ));
    }
    if looked >= MAILS_MOST {
        unknown.push("It finds 10,000 mails or more; those beyond were not looked at.".to_owned());
    }
    if tally.untold > 0 {
        unknown.push(format!(
            "Of {} mails nobody could tell what they are about; the rule leaves them alone.",
            tally.untold
        ));
    }
    if tally.unsearched {
        unknown.push("Something could not be searched, and is not counted.".to_owned());
    }
    if !knows_answered {
        unknown.push(
            "Whom you ever answered is known once the page Senders was opened; until then only answered mails are protected, and not their senders.".to_owned(),
        );
    }
    unknown.push("Rules before it are not taken into account; when it runs, they are.".to_owned());
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::query::Query;

    #[test]
    fn each_thing_that_cannot_be_known_is_told_and_no_other() {
        let past = |left_out: &[&str]| Past {
            query: Query::parse("in:inbox").unwrap(),
            left_out: left_out.iter().map(|it| (*it).to_owned()).collect(),
        };
        let always = [
            "Mails that were deleted",
            "Whether you did it",
            "Rules before it",
        ];
        let tally = |untold, unsearched| Tally {
            untold,
            unsearched,
            ..Tally::default()
        };
        let few = MAILS_MOST - 1;
        for (knows, left_out, looked, tally, besides) in [
            (true, vec![], few, tally(0, false), None),
            (
                false,
                vec![],
                0,
                tally(0, false),
                Some("Whom you ever answered"),
            ),
            (
                true,
                vec!["is:unread", "in:inbox"],
                0,
                tally(0, false),
                Some("How mails were when they came is not kept, so “is:unread, in:inbox”"),
            ),
            (
                true,
                vec![],
                MAILS_MOST,
                tally(0, false),
                Some("It finds 10,000 mails"),
            ),
            (
                true,
                vec![],
                0,
                tally(1, false),
                Some("Of 1 mails nobody could tell"),
            ),
            (
                true,
                vec![],
                0,
                tally(0, true),
                Some("Something could not be searched"),
            ),
        ] {
            let told = unknown(knows, &past(&left_out), looked, &tally);
            let others = told
                .iter()
                .filter(|it| !always.iter().any(|one| it.starts_with(one)));
            let others: Vec<_> = others.collect();
            assert_eq!(told.len() - others.len(), always.len(), "{told:?}");
            assert_eq!(others.len(), usize::from(besides.is_some()), "{told:?}");
            assert!(
                besides.is_none_or(|besides| others[0].starts_with(besides)),
                "{told:?}"
            );
        }
    }
}
