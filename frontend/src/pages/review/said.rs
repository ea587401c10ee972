//! What came of the last decision, where no job tells it.

use bulkhead_shared::api::{DecideReview, ReviewDecided, ReviewPick, ReviewVerdict};
use bulkhead_shared::ids::ItemId;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::words;

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    text: String,
    /// The mails that can be put back.
    back: Vec<ItemId>,
}

/// What there is to tell; nothing where a job tells it.
pub(super) fn said(wanted: &DecideReview, decided: &ReviewDecided) -> Option<Said> {
    let mut parts = Vec::new();
    let mails = decided.mails;
    match &wanted.verdict {
        ReviewVerdict::Dismiss {} => parts.push(words::review_said_dismissed(mails)),
        ReviewVerdict::Reopen {} => parts.push(words::review_said_reopened(mails)),
        ReviewVerdict::Class { .. } => parts.push(words::review_said_class(mails)),
        ReviewVerdict::Accept {} | ReviewVerdict::Instead { .. } => {
            if decided.jobs.is_empty() && mails > 0 {
                parts.push(words::review_said_left(mails));
            }
        }
    }
    let mut beside = |count: u64, say: fn(u64) -> String| {
        if count > 0 {
            parts.push(say(count));
        }
    };
    beside(decided.gone.len() as u64, words::review_said_gone);
    beside(decided.settled.len() as u64, words::review_said_settled);
    beside(decided.left, words::review_said_more);
    if parts.is_empty() {
        return None;
    }
    let back = match (&wanted.verdict, &wanted.mails) {
        (ReviewVerdict::Dismiss {}, ReviewPick::Ids { ids }) => ids.clone(),
        _ => Vec::new(),
    };
    Some(Said {
        text: parts.join(" "),
        back,
    })
}

#[derive(Properties, PartialEq)]
pub(super) struct SaidNoteProps {
    pub(super) said: Said,
    /// Puts mails back.
    pub(super) on_back: Callback<Vec<ItemId>>,
}

/// It, with the way back.
#[component]
pub(super) fn SaidNote(props: &SaidNoteProps) -> Html {
    let back = props.said.back.clone();
    let is_back = !back.is_empty();
    let onclick = props.on_back.reform(move |_: MouseEvent| back.clone());
    html! {
        <div class="note" role="status" data-testid="review-said">
            <Icon glyph={Glyph::Check} />
            <div class="note-text"><p>{ &props.said.text }</p></div>
            if is_back { <button type="button" class="button small" {onclick} data-testid="review-put-back">{ words::review_said_put_back() }</button> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(mails: u64, gone: usize) -> ReviewDecided {
        let id: ItemId = "a".parse().unwrap_or_else(|_| unreachable!());
        ReviewDecided {
            mails,
            jobs: Vec::new(),
            gone: vec![id; gone],
            settled: Vec::new(),
            left: 0,
        }
    }

    fn wanted(verdict: ReviewVerdict) -> DecideReview {
        let ids = "a".parse().into_iter().collect();
        let mails = ReviewPick::Ids { ids };
        DecideReview {
            mails,
            verdict,
            draft_only: false,
        }
    }

    #[test]
    fn what_was_not_done_is_never_told_as_done() {
        let accept = wanted(ReviewVerdict::Accept {});
        let gone = said(&accept, &decided(0, 1)).map(|said| said.text);
        assert_eq!(
            gone.as_deref(),
            Some("1 no longer there: nothing was done.")
        );
        assert_eq!(said(&accept, &decided(0, 0)), None);
        let dismissed = said(&wanted(ReviewVerdict::Dismiss {}), &decided(1, 0));
        let dismissed = dismissed.map(|said| (said.text, said.back.len()));
        assert_eq!(dismissed, Some(("1 mail dismissed.".to_owned(), 1)));
    }
}
