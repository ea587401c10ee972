//! Deciding about many at once: those that are ticked, or all that match.

use bulkhead_shared::api::ReviewVerdict;
use bulkhead_shared::ids::ItemId;
use yew::prelude::*;

use super::told::Told;
use crate::copy::numbers::thousands;

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
    let (words, accept, dismiss) = match props.ticked.len() as u64 {
        0 if is_more => (
            format!(
                "{} of {}",
                thousands(props.shown.len() as u64),
                thousands(props.matching)
            ),
            "Accept all that match…",
            "Dismiss all that match",
        ),
        0 => (
            format!("{} wait", thousands(props.matching)),
            "Accept all…",
            "Dismiss all",
        ),
        ticked => (format!("{} ticked", thousands(ticked)), "Accept", "Dismiss"),
    };
    html! {
        <div class="senders-sum review-many" role="toolbar" aria-label="Many at once" data-testid="review-many">
            <span role="status" data-testid="review-sum" data-count={props.matching.to_string()}>{ words }</span>
            <span class="spring" />
            { button("link-button", dismiss, "review-dismiss-many", ReviewVerdict::Dismiss {}) }
            { button("", accept, "review-accept-many", ReviewVerdict::Accept {}) }
        </div>
    }
}
