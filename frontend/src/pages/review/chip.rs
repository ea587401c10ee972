//! A choice of what is shown, with how many mails that are.

use yew::prelude::*;

use crate::copy::numbers::thousands;

/// The button of it. `is`: it is what is shown.
pub(super) fn chip(
    label: &'static str,
    mails: u64,
    is: bool,
    testid: String,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" class={classes!("chip", "review-chip", is.then_some("on"))} aria-pressed={is.to_string()} {onclick} data-testid={testid}>
            { label }<span class="muted">{ format!(" {}", thousands(mails)) }</span>
        </button>
    }
}
