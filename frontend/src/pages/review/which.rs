//! Whether those are shown that wait, or those that somebody decided.

use yew::prelude::*;

use super::chip::chip;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct WhichProps {
    /// How many wait, and how many were decided.
    pub(super) waiting: u64,
    pub(super) decided: u64,
    /// Whether the latter are shown.
    pub(super) is_decided: bool,
    pub(super) on_which: Callback<bool>,
}

/// The two, of which one is on.
#[component]
pub(super) fn Which(props: &WhichProps) -> Html {
    let one = |label: &'static str, mails: u64, to: bool, testid: &'static str| {
        let is = props.is_decided == to;
        let onclick = props.on_which.reform(move |_: MouseEvent| to);
        chip(label, mails, is, testid.to_owned(), onclick)
    };
    html! {
        <div class="review-chips" role="group" aria-label={words::review_which()}>
            { one(words::review_title(), props.waiting, false, "review-waiting") }
            { one(words::review_which_decided(), props.decided, true, "review-decided") }
        </div>
    }
}
