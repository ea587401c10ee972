//! What a back-test cannot know, in sentences for the person who reads its figures.

use bulkhead_shared::rules::Past;

use super::sight::Sight;
use crate::records::Tally;

/// Mails that are looked at, most.
pub(super) const MAILS_MOST: u64 = 10_000;

/// What is not known of these figures.
pub(super) fn unknown(sight: &Sight, past: &Past, looked: u64, tally: &Tally) -> Vec<String> {
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
    if !sight.knows_answered {
        unknown.push(
            "Whom you ever answered is known once the page Senders was opened; until then only answered mails are protected, and not their senders.".to_owned(),
        );
    }
    unknown.push("Rules before it are not taken into account; when it runs, they are.".to_owned());
    unknown
}
