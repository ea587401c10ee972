//! Deciding about many at once: those that are ticked, or all that match.

use bulkhead_shared::api::ReviewVerdict;
use bulkhead_shared::ids::ItemId;
use yew::prelude::*;

use super::told::Told;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct ManyProps {
    /// Mails on the screen.
    pub(super) shown: Vec<ItemId>,
    pub(super) ticked: Vec<ItemId>,
    /// All that match.
    pub(super) matching: u64,
    pub(super) is_busy: bool,
    pub(super) on_told: Callback<Told>,
}

/// The bar above the mails.
#[component]
pub(super) fn Many(props: &ManyProps) -> Html {
    let disabled = props.is_busy;
    let is_more = props.matching > props.shown.len() as u64;
    let meant = match props.ticked.is_empty() {
        true => props.shown.clone(),
        false => props.ticked.clone(),
    };
    // What a person sees is what is meant, as long as that is all.
    let tell = |verdict: ReviewVerdict| match props.ticked.is_empty() && is_more {
        true => Told::DecideAll(verdict),
        false => Told::Decide(meant.clone(), verdict),
    };
    let button = |class: &'static str,
                  label: &'static str,
                  testid: &'static str,
                  verdict: ReviewVerdict| {
        let told = tell(verdict);
        let onclick = props.on_told.reform(move |_: MouseEvent| told.clone());
        html! { <button type="button" class={classes!("button", "small", class)} {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    let (text, accept, dismiss) = match props.ticked.len() as u64 {
        0 if is_more => (
            words::review_many_shown(props.shown.len() as u64, props.matching),
            words::review_many_accept_matching(),
            words::review_many_dismiss_matching(),
        ),
        0 => (
            words::review_many_wait(props.matching),
            words::review_many_accept_all(),
            words::review_many_dismiss_all(),
        ),
        ticked => (
            words::review_many_ticked(ticked),
            words::review_many_accept(),
            words::dismiss(),
        ),
    };
    html! {
        <div class="senders-sum review-many" role="toolbar" aria-label={words::review_many()} data-testid="review-many">
            <span role="status" data-testid="review-sum" data-count={props.matching.to_string()}>{ text }</span>
            <span class="spring" />
            { button("link-button", dismiss, "review-dismiss-many", ReviewVerdict::Dismiss {}) }
            { button("", accept, "review-accept-many", ReviewVerdict::Accept {}) }
        </div>
    }
}
