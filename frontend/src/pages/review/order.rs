//! The order of the queue, said: what something would be done with comes first.

use bulkhead_shared::api::ReviewMail;
use bulkhead_shared::proposal::Proposal;
use yew::prelude::*;

use crate::words;

/// What the mails of a part of the queue have in common.
fn part(mail: &ReviewMail) -> &'static str {
    match mail.proposal {
        Proposal::Archive | Proposal::Trash | Proposal::LabelReceipt | Proposal::Reply => {
            words::review_part_acts()
        }
        Proposal::Review => words::review_part_untold(),
        Proposal::Keep => words::review_part_kept(),
    }
}

/// The heading before the mail at this place, where a part begins and the list has more than one.
pub(super) fn heading(mails: &[ReviewMail], at: usize) -> Html {
    let begins = |place: usize| {
        let before = place.checked_sub(1).and_then(|before| mails.get(before));
        let this = mails.get(place).map(part);
        this.filter(|this| before.map(part) != Some(*this))
    };
    let is_alone = (1..mails.len()).all(|place| begins(place).is_none());
    match begins(at).filter(|_| !is_alone) {
        Some(part) => {
            html! { <li class="review-part muted small" data-testid="review-part">{ part }</li> }
        }
        None => Html::default(),
    }
}
